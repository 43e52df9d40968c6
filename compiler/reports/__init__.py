"""Diagnostics in the forms that programs read: a module for each, with one function `render`."""
