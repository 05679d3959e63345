"""Checks of notebook 06: its exercises, its debug clinic, and their references."""
