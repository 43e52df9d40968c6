"""Tests of what reqc says about bad specifications."""
