"""The explanations: a page for each code, the one source of `reqc explain` and of the documents."""
