"""What can go wrong in a download, and what to tell the user."""

import errno
from pathlib import Path


class DownloadError(RuntimeError):
    """The data can't be had this way; the message says what to do."""


class RefusedError(Exception):
    """A mirror is of no use in this run, and asking it again is no use either."""


class BrokenConnectionError(Exception):
    """A mirror does not deliver just now.

    Args:
        message: why.
        wait: seconds after which it wants to be asked again.
    """

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait


class DamagedArchiveError(Exception):
    """The bytes are not those of the archive that is wanted."""


def explain_os_error(error: OSError, root: Path) -> str:
    """Say what the file system did not allow, and what to do about it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return (
            f"the disk is full: {root} can't be written; free some space, or choose a "
            "folder on another disk with --root. What came so far is kept, and the "
            "same command goes on from there"
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{error.filename or root} can't be used ({error.strerror}); make the "
            "folder yours, or choose another one with --root"
        )
    return (
        f"{error.filename or root}: {error.strerror or error}; nothing is lost, the "
        "same command goes on from there"
    )
