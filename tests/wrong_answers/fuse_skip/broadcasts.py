"""deep is not enlarged: broadcasting hides it for one cell only."""

HINT = "Enlarge deep"


def fuse_skip(deep, skip):
    return deep + skip
