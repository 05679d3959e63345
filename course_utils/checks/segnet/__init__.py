"""Checks of notebook 03: its exercises, its debug clinic, and their references."""
