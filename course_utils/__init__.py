"""What the notebooks of the course import: one module a topic, nothing hidden."""

__version__ = "0.1.0"
