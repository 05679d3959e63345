"""Commands of the course: python -m course_utils COMMAND."""

import argparse
from collections.abc import Sequence

from course_utils.cli import (
    benchmark,
    doctor,
    download,
    evaluate,
    predict,
    record,
    release,
    reproduce,
    stamp,
    study,
    train,
    tune,
)
from course_utils.cli.terminal import printable

_COMMANDS = [doctor, download, train, evaluate, predict, benchmark, reproduce]
_COMMANDS += [release, record, study, tune, stamp]  # for authors


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m course_utils", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for module in _COMMANDS:
        module.add_to(commands)
    args = parser.parse_args(argv)
    try:
        return args.run(args) or 0
    except ImportError as error:
        from course_utils.environment import examine, report

        print(report(examine()))
        parser.exit(2, f"course_utils: a package can't be imported ({error})\n")
    except (OSError, ValueError, RuntimeError, ArithmeticError, MemoryError) as error:
        lines = map(printable, _message(error).split("\n"))
        parser.exit(2, "course_utils: {}\n".format("\n".join(lines)))
    except KeyboardInterrupt:
        advice = "; run the same command again to continue" if args.resumes else ""
        parser.exit(130, f"\nstopped{advice}\n")


def _message(error: Exception) -> str:
    """Say what went wrong, in the words of the system where they are its own."""
    if isinstance(error, MemoryError):
        return "there is too little memory for this; take smaller images or batches"
    if isinstance(error, OSError) and error.errno and error.filename:
        return f"{error.filename} can't be used ({error.strerror})"
    return str(error)
