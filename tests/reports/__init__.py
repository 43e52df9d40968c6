"""Tests of the forms of diagnostics for programs."""
