"""The html target: the page as one self-contained document, with switches for the options."""
