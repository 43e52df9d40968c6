"""Tests of the trace of documents to their sources."""
