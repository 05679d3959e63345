"""Parsers of the commands.

Building them imports no torch, so that help and wrong arguments are answered at once: a
command imports what it needs when it runs.
"""

import argparse
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from course_utils.arguments import Rule, number, whole

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
MODEL_NAMES = (
    *("fcn32s", "fcn16s", "fcn8s", "deconvnet", "segnet", "unet"),
    *("fc_densenet56", "fc_densenet67", "fc_densenet103", "deeplab_v1", "dilatednet"),
)
"""Names that ``models.create_model`` knows; importing them from there takes seconds."""

SEED, COUNT, RATE = whole(0), whole(1), number(above=0)
"""Rules of the numbers that several commands take."""


def following(rule: Rule, read: Callable[[str], float] = int) -> Callable[[str], float]:
    """Make the type of an argument whose number keeps a rule.

    Args:
        rule: Rule of the number.
        read: Function that makes the number of what was typed, ``int`` or ``float``.
    """

    def parse(text: str) -> float:
        try:
            value = read(text)
        except ValueError:
            message = f"must be {rule.kind}, got {text!r}"
            raise argparse.ArgumentTypeError(message) from None
        try:
            rule.check("", value)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error).lstrip()) from None
        return value

    return parse


def add_command(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], int | None],
    *,
    example: str,
    resumes: bool = False,
) -> argparse.ArgumentParser:
    """Add a command whose help is the docstring of its function.

    Args:
        commands: Commands of the parser of ``python -m course_utils``.
        name: Name of the command.
        run: Function that runs it and returns an exit status or None; it raises
            OSError, ValueError or RuntimeError if it can't.
        example: Arguments of an example, as one would type them.
        resumes: Whether the same command goes on where it was stopped.

    Returns:
        Parser of the command, to which arguments can be added.
    """
    text = inspect.cleandoc(run.__doc__ or "")
    parser = commands.add_parser(
        name,
        help=text.partition("\n")[0],
        description=text,
        epilog=f"example:\n  python -m course_utils {name} {example}".rstrip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run, resumes=resumes)
    return parser


def add_model_name(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names a model of the course."""
    text = f"model to train, one of {', '.join(MODEL_NAMES)}"
    parser.add_argument("model", choices=MODEL_NAMES, metavar="MODEL", help=text)


def add_trained_model(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names the file of a trained model."""
    text = "file of a trained model, as the command train writes it"
    parser.add_argument("model", type=Path, metavar="FILE", help=text)


def require_file(path: Path) -> None:
    """Refuse a missing file at once, before a command imports torch.

    Raises:
        FileNotFoundError: There is no such file.
    """
    if not path.is_file():
        found = "is a folder" if path.is_dir() else "is not there"
        raise FileNotFoundError(f"{path} must be an existing file, but {found}")
