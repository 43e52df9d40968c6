"""The compiler: from the text of a specification to the four small languages."""
