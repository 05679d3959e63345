"""How a command is added to the command line."""

import argparse
import inspect
from collections.abc import Callable
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def add_command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int | None],
    *,
    example: str,
) -> argparse.ArgumentParser:
    """Add a command whose help is its docstring, and an example to copy.

    Args:
        commands: of the parser of ``python -m course_utils``.
        name: of the command.
        run: does it, and returns an exit status or nothing; raises OSError, ValueError
            or RuntimeError if it can't.
        example: its arguments, as one would type them.
    """
    text = inspect.cleandoc(run.__doc__ or "")
    parser = commands.add_parser(
        name,
        help=text.partition("\n")[0],
        description=text,
        epilog=f"example:\n  python -m course_utils {name} {example}".rstrip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser
