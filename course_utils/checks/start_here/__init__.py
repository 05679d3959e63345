"""Checks of notebook 00: its exercises, its debug clinic, and their references."""
