"""Tests of the explanations, by their own examples."""
