"""Checks of notebook 05: its exercises, its debug clinic, and their references."""
