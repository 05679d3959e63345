"""Checks of notebook 01: its exercises, its debug clinic, and their references."""
