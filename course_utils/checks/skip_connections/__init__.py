"""Checks of notebook 04: its exercises, its debug clinic, and their references."""
