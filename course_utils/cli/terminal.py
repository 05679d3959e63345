"""What a command needs of its process: Ctrl-C, pipes that end early, and odd names."""

import errno
import io
import os
import signal
import sys
from types import FrameType


def prepare_terminal() -> None:
    """Let Ctrl-C end in one line, and a reader that has gone end no work.

    Called once, by ``python -m course_utils``, before anything large is imported.
    """
    process = os.getpid()

    def stop(number: int, frame: FrameType | None) -> None:
        if _is_importing(frame):
            # Libraries turn an interruption of their import into errors of all kinds;
            # no work has begun that would have to be ended well
            if os.getpid() == process:  # not one that loads data for it
                os.write(2, b"\nstopped\n")
            os._exit(130)
        raise KeyboardInterrupt

    signal.signal(signal.SIGINT, stop)
    for name in ("stdout", "stderr"):
        if isinstance(stream := getattr(sys, name), io.TextIOWrapper):
            patient = _PatientStream(
                stream.detach(),
                encoding=stream.encoding,
                errors="backslashreplace",  # names that the terminal has no letters for
                line_buffering=stream.line_buffering,
                write_through=stream.write_through,
            )
            setattr(sys, name, patient)
            setattr(sys, f"__{name}__", patient)


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if "importlib._bootstrap" in frame.f_code.co_filename:
            return True
        frame = frame.f_back
    return False


def ignore_interruptions() -> None:
    """Let a late Ctrl-C not disturb the end of a process whose work is over."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


class _PatientStream(io.TextIOWrapper):
    """Text stream that drops what nobody reads any more.

    After ``| head -1`` has ended, a training goes on, and says nothing.
    """

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError as error:
            self._drop(error)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            self._drop(error)

    def _drop(self, error: OSError) -> None:
        if error.errno not in (errno.EPIPE, errno.EINVAL):  # the latter on Windows
            raise error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.fileno())
        os.close(nowhere)


def printable(text: object) -> str:
    """Escape what a terminal would obey or can't show, such as a line break."""
    return "".join(
        c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text)
    )
