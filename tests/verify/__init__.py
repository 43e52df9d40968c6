"""Tests of the comparison of artefacts with what their specification compiles to."""
