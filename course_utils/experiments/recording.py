"""Run a notebook with several seeds and store what its claims measured."""

import json
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbclient
import nbformat
import torch

from course_utils.arguments import PATH, checked, each, whole
from course_utils.experiments import claims
from course_utils.files import write_whole
from course_utils.settings import provenance


@checked(notebook=PATH, seeds=each(whole(0)), jobs=whole(1))
def record(notebook: Path, seeds: Sequence[int], *, jobs: int = 1) -> list[Path]:
    """Run a notebook once per seed and store the figures of its claims.

    ``COURSE_RUN`` and ``COURSE_DATA`` choose the run level and the data.

    Args:
        notebook: File of the taught notebook.
        seeds: Seeds of the runs.
        jobs: Number of runs at a time, spread over the GPUs if there are several.

    Returns:
        The files written, one for each run level and data (here, one).

    Raises:
        FileNotFoundError: The notebook does not exist.
        ValueError: The notebook shows no ``VerdictTable``, or ``jobs`` is below 1.
        RuntimeError: A cell of the notebook failed.
    """
    if not notebook.is_file():
        raise FileNotFoundError(f"{notebook} must be a notebook, but does not exist")
    figures: dict[str, dict[str, dict[str, float]]] = {}
    with ThreadPoolExecutor(jobs) as pool:
        runs = [pool.submit(_run, notebook, s, turn) for turn, s in enumerate(seeds)]
        for seed, run in zip(seeds, runs, strict=True):
            for name, values in run.result().items():
                figures.setdefault(name, {})[str(seed)] = values
    if not figures:
        raise ValueError(f"{notebook} must show a VerdictTable, but shows none")
    for name, by_seed in figures.items():
        text = json.dumps({**provenance(), "seeds": by_seed}, indent=1)
        with write_whole(claims.RESULTS / name) as file:
            file.write(f"{text}\n".encode())
    return [claims.RESULTS / name for name in figures]


def _run(notebook: Path, seed: int, turn: int) -> dict[str, dict[str, float]]:
    """Run a notebook with a seed; return its figures by file name."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "COURSE_SEED": str(seed),
            "COURSE_RESULTS": folder,
            "COURSE_CHECKPOINTS": str(Path(folder, "checkpoints")),
        }
        if torch.cuda.device_count() > 1:
            gpu = turn % torch.cuda.device_count()
            environment["CUDA_VISIBLE_DEVICES"] = str(gpu)
        try:
            content = nbformat.read(notebook, as_version=4)
        except (ValueError, AttributeError) as error:  # text, or JSON of something else
            raise ValueError(
                f"{notebook} must be a notebook, but is something else ({error})"
            ) from None
        client = nbclient.NotebookClient(
            content, timeout=None, resources={"metadata": {"path": notebook.parent}}
        )
        try:
            client.execute(env=environment)
        except nbclient.exceptions.CellExecutionError as error:
            raise RuntimeError(
                f"{notebook} failed with seed {seed}:\n{error}"
            ) from None
        files = sorted(Path(folder).glob("*.json"))
        return {file.name: json.loads(file.read_text()) for file in files}
