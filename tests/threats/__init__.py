"""Tests of what a specification that nobody trusts must not bring reqc to do."""
