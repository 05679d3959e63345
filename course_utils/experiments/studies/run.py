"""Run studies seed by seed, and store what they measure."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from course_utils.arguments import (
    PATH,
    TEXT,
    a,
    checked,
    each,
    optional,
    whole,
)
from course_utils.datasets.course import course_data
from course_utils.experiments.claims.evidence import study_file
from course_utils.experiments.studies import (
    connections,
    context_modules,
    decoders,
    fields,
    indices,
    reflections,
    skips,
    twins,
    windows,
)
from course_utils.experiments.studies.store import StudyFile
from course_utils.experiments.studies.trial import Trial, make_protocol, settings_of
from course_utils.settings import RunLevel

STUDIES: dict[str, Callable[[Trial], None]] = {
    "skips": skips.measure,
    "decoders": decoders.measure,
    "windows": windows.measure,
    "indices": indices.measure,
    "reflections": reflections.measure,
    "context_modules": context_modules.measure,
    "twins": twins.measure,
    "fields": fields.measure,
    "connections": connections.measure,
}
"""Function that measures one seed of each study. Nets that several studies need are
trained by the first of them."""


@checked(
    run=a("RunLevel"),
    names=each(TEXT, least=0),
    seeds=each(whole(0)),
    folder=optional(PATH),
)
def run_studies(
    run: RunLevel,
    *,
    names: Sequence[str] = (),
    seeds: Sequence[int] = (0,),
    folder: Path | None = None,
) -> list[Path]:
    """Run studies on scenes, and store their figures as they are known.

    Nets are half as wide as the run level's. What is stored is not trained again.
    Several processes can share the work if each has its own seeds or studies.

    Args:
        run: Run level; its seed is not used.
        names: Keys of ``STUDIES``; all by default.
        seeds: Seeds of the trainings.
        folder: Folder to write to; ``results`` of the course by default. Each study has
            a file in its subfolder ``studies``.

    Returns:
        The files written.

    Raises:
        ValueError: A study is unknown, a seed is negative, or stored figures were made
            with other settings.
    """
    names = check_choice(names, seeds)
    run = replace(run, base_channels=run.base_channels // 2)
    data = course_data(run, choice="scenes")
    protocol = make_protocol(run, data)
    settings = settings_of(protocol)
    files = {name: study_file(name, run.name, folder) for name in names}
    stored = {name: StudyFile(path, settings) for name, path in files.items()}
    for seed in dict.fromkeys(seeds):
        for name in names:
            started = time.monotonic()
            STUDIES[name](Trial(stored[name], protocol, seed))
            seconds = time.monotonic() - started
            print(f"{name}, seed {seed}: {seconds:.0f} s", flush=True)
    return list(files.values())


def check_choice(names: Sequence[str], seeds: Sequence[int]) -> list[str]:
    """Refuse unknown studies and impossible seeds; return the names, all if none.

    Raises:
        ValueError: A study is unknown, a seed is negative, or there are no seeds.
    """
    if unknown := [name for name in names if name not in STUDIES]:
        raise ValueError(
            f"studies must be some of {', '.join(STUDIES)}, got {unknown[0]!r}"
        )
    if not seeds or min(seeds) < 0:
        raise ValueError(f"seeds must be one or more numbers from 0 up, got {seeds}")
    return list(dict.fromkeys(names or STUDIES))
