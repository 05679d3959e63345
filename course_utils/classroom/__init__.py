"""Copies of the notebooks for learners and instructors."""
