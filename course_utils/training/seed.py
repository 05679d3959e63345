"""The seed of all random numbers."""

from accelerate import utils

from course_utils.arguments import checked, whole


@checked(seed=whole(0, 2**32 - 1))
def set_seed(seed: int) -> None:
    """Seed the random numbers of Python, NumPy and torch, on every device.

    Args:
        seed: Seed, from 0 up.
    """
    utils.set_seed(seed)
