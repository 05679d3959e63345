"""The command download."""

import argparse
from pathlib import Path

from course_utils.cli.parser import Commands, add_command
from course_utils.datasets.download import download_camvid, download_voc_subset


def download(args: argparse.Namespace) -> None:
    """Get the photographs of VOC 2012 or CamVid.

    An interrupted download goes on where it stopped: run the same command again. VOC's
    archive takes 2 GB until the pairs are taken out of it; they take about 100 MB.
    """
    if args.data == "voc":
        download_voc_subset(args.root, source=args.source, all_pairs=args.all_pairs)
        return
    if args.all_pairs:
        print("camvid has no subset: --all changes nothing")
    download_camvid(args.root, source=args.source)


def add_to(commands: Commands) -> None:
    """Add the command to the command line."""
    example = "voc --from ~/Downloads/VOCtrainval_11-May-2012.tar"
    command = add_command(commands, "download", download, example=example)
    command.add_argument("data", choices=("voc", "camvid"), help="which data set")
    text = "take it from this archive, folder (VOCdevkit) or zip, without a network"
    command.add_argument("--from", dest="source", type=Path, metavar="PATH", help=text)
    text = "the folder to put it into (default: data/voc or data/camvid of the course)"
    command.add_argument("--root", type=Path, metavar="DIR", help=text)
    text = "all 2,913 official pairs of VOC, not the course's 900"
    command.add_argument("--all", dest="all_pairs", action="store_true", help=text)
