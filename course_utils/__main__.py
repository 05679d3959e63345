"""Run a command: ``python -m course_utils``."""

import os
import sys


def _run() -> int:
    """Prepare the process before anything else is imported, then run the command."""
    try:
        from course_utils.cli.terminal import ignore_interruptions, prepare_terminal

        prepare_terminal()
        from course_utils.cli.main import main
    except KeyboardInterrupt:
        os.write(2, b"\nstopped\n")
        return 130
    try:
        return main()
    finally:
        ignore_interruptions()


if __name__ == "__main__":
    sys.exit(_run())
