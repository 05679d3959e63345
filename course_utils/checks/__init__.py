"""Checks of the reader's answers, one module a notebook."""
