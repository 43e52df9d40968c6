"""Tests of the second evaluator and of what it reads."""
