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
    train,
    tune,
)

_COMMANDS = [doctor, download, train, evaluate, predict, benchmark, reproduce]
_COMMANDS += [release, record, stamp, tune]  # for authors


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
    except (OSError, ValueError, RuntimeError) as error:
        parser.exit(2, f"course_utils: {error}\n")
    except KeyboardInterrupt:
        parser.exit(130, "\nstopped; run the same command again to continue\n")
