"""What the notebooks of the course import: one room a topic, nothing hidden.

The command ``stamp`` writes the address and the tag below, here, into the notebooks and
into the README. YOUR_ACCOUNT stands for whoever publishes the course: no GitHub account
can have that name.
"""

__version__ = "0.1.0"
REPOSITORY = "https://github.com/YOUR_ACCOUNT/semantic-segmentation-course"
TAG = "v0.1.0"
