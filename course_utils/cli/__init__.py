"""The commands of the course, one module each."""
