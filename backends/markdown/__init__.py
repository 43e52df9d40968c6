"""The markdown target: the page as a document for people, in CommonMark with tables."""
