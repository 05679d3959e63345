"""Checks of notebook 02: its exercises, its debug clinic, and their references."""
