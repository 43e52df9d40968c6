"""The specifications that come with reqc."""
