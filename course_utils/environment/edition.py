"""Which edition of the course this is, and where it is published.

``python -m course_utils stamp --repository URL --tag TAG`` writes both here, into the
notebooks and into the README. YOUR_ACCOUNT stands for whoever publishes the course; no
account of GitHub can have that name.
"""

REPOSITORY = "https://github.com/YOUR_ACCOUNT/semantic-segmentation-course"
"""Address of the public repository."""
TAG = "v0.1.0"
"""Git tag of this edition."""
