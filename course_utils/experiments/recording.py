"""Run a notebook with several seeds and store what its claims measured."""

import json
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import nbclient
import nbformat
import torch

from course_utils.arguments import PATH, checked, each, whole
from course_utils.experiments.claims import evidence
from course_utils.files import keep_result, plan_outputs, write_whole
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
        ValueError: The notebook measures nothing for a ``VerdictTable``, or ``jobs`` is
            below 1.
        RuntimeError: A cell of the notebook failed.
    """
    if not notebook.is_file():
        raise FileNotFoundError(f"{notebook} must be a notebook, but does not exist")
    new = evidence.RESULTS / f"{notebook.stem}.json"  # its folder can be written to
    plan_outputs([new], replaced=[new])
    stored: dict[str, dict[str, dict]] = {}
    for seed, written in zip(seeds, _run_all(notebook, seeds, jobs), strict=True):
        for name, found in written.items():
            file = stored.setdefault(name, {"steps": found["steps"], "seeds": {}})
            file["seeds"][str(seed)] = found["figures"]
    if not stored:
        raise ValueError(
            f"{notebook} must measure figures for a VerdictTable, but measures none"
        )
    for name, content in stored.items():
        text = json.dumps({**provenance(), **content}, indent=1)
        keep_result(evidence.RESULTS / name, partial(_write, text=text))
    return [evidence.RESULTS / name for name in stored]


def _write(path: Path, text: str) -> None:
    with write_whole(path) as file:
        file.write(f"{text}\n".encode())


def _run_all(
    notebook: Path, seeds: Sequence[int], jobs: int
) -> list[dict[str, dict[str, dict]]]:
    """Run a notebook with every seed; after an error, begin no further run."""
    pool = ThreadPoolExecutor(jobs)
    try:
        runs = [pool.submit(_run, notebook, s, turn) for turn, s in enumerate(seeds)]
        return [run.result() for run in runs]
    finally:
        pool.shutdown(cancel_futures=True)


def _run(notebook: Path, seed: int, turn: int) -> dict[str, dict[str, dict]]:
    """Run a notebook with a seed; return "figures" and "steps" by file name."""
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
