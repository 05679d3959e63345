"""The command download."""

import argparse
from pathlib import Path

from course_utils.cli.parser import Commands, add_command
from course_utils.settings import PHOTOGRAPHS


def _download_photographs(args: argparse.Namespace) -> None:
    """Download the photographs of VOC 2012 or CamVid.

    If a download is interrupted, run the same command again: it resumes where it
    stopped. VOC's archive is 2 GB; the course keeps about 100 MB of it and deletes the
    rest.
    """
    if args.source and not args.source.expanduser().exists():
        raise FileNotFoundError(
            f"--from must be an archive or a folder, but {args.source} is not there "
            "(No such file or directory)"
        )
    from course_utils.datasets.download import download

    if args.data == "camvid" and args.all_pairs:
        print("camvid has no subset: --all changes nothing")
    download(args.data, args.root, source=args.source, all_pairs=args.all_pairs)


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "voc --from ~/Downloads/VOCtrainval_11-May-2012.tar"
    command = add_command(
        commands, "download", _download_photographs, example=example, resumes=True
    )
    text = f"data set, {' or '.join(PHOTOGRAPHS)}"
    command.add_argument("data", choices=PHOTOGRAPHS, metavar="DATA", help=text)
    text = "archive, folder (VOCdevkit) or zip to read from (default: the internet)"
    command.add_argument("--from", dest="source", type=Path, metavar="PATH", help=text)
    text = "folder to write to (default: data/voc or data/camvid of the course)"
    command.add_argument("--root", type=Path, metavar="DIR", help=text)
    text = "keep all 2,913 pairs of VOC (default: the course's subset of 900)"
    command.add_argument("--all", dest="all_pairs", action="store_true", help=text)
