"""Write results/README.md: python tools/write_results.py.

The page holds the benchmark's tables, the reproduction beside its published number, and
the verdicts of the taught notebooks beside the stored figures they rest on.
"""

import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from course_utils.experiments.benchmark.pictures import save_picture
from course_utils.experiments.benchmark.store import Benchmark, load_benchmark
from course_utils.experiments.benchmark.tables import markdown_table
from course_utils.experiments.claims import RESULTS, format_spread, load_figures
from course_utils.files import write_whole
from course_utils.settings import COURSE_ROOT

LEVEL = "full"
"""Run level of the results in the report."""
PICTURE = "docs/pictures/benchmark.png"
HEADINGS = {"scenes": "Drawn scenes", "voc": "VOC 2012", "camvid": "CamVid"}
INTRODUCTION = """\
# Results

Everything the course has measured and stored at the run level `full`. It gives away what
the notebooks find out, so work through them first.

`python tools/write_results.py` writes this page from the files beside it and
from the verdicts in the taught notebooks, and a test compares the two: change the results,
not the page.

| file | contents | written by the command |
|---|---|---|
| `NOTEBOOK_DATA_LEVEL.json` | figures behind the claims of a notebook, for every seed | `record` |
| `07_one_wall_DATA_LEVEL_seedN.json` | figures of the benchmark, one file a seed | `benchmark` |
| `predictions/` | the benchmark's predictions of drawn scenes, as palette PNG: pixels are class indices | `benchmark` |
| `reproduce_*.json` | report of a long training by a published recipe | `reproduce` |
| `tuning/MODEL.json` | mean IoU on held-out training scenes by optimizer and learning rate; the sweep by which the optimizer was chosen | `tune` |

Each JSON file names the commit, the device and the versions it was made with."""  # noqa: E501
BENCHMARK = """\
## The benchmark

Ten systems, trained on the same data for the same number of steps with the same learning
rates; notebook 07 discusses them. Nets built on VGG16 begin with the start weights named
below a table, all others at random. The published numbers come from other data, ImageNet
weights and days of training: they are no target for the column beside them.

On a GPU the seed fixes the start of a training but not its end, so small differences mean
nothing."""  # noqa: E501
REPRODUCTION = """\
## Beside a published table

`python -m course_utils reproduce` trains by the recipe of FC-DenseNet's authors, who train
for hundreds of epochs. A training that stops after a few shows what the first epochs bring,
not what the net can do. For the same net after the benchmark's short training, see CamVid
above.

| mean IoU on CamVid, % | trained for | val, running averages | val, batch statistics | published, test |
|---|---|---|---|---|"""  # noqa: E501
CLAIMS = """\
## The claims of the notebooks

Each notebook tests common claims and gives a verdict. The figures are means over seeds,
with the lowest and the highest value in parentheses. A short training is what a notebook
has time for, not what a net can do: compare within a notebook only."""  # noqa: E501


def main() -> None:
    """Write the page and its picture."""
    paths = [RESULTS / "README.md", COURSE_ROOT / PICTURE]
    save_picture(load_benchmark(LEVEL, "scenes"), paths[1])
    with write_whole(paths[0]) as file:
        file.write(report().encode())
    print(f"written {paths[0]} and {paths[1]}")


def report() -> str:
    """Show everything that is stored on one page of Markdown."""
    benchmarks = [load_benchmark(LEVEL, data) for data in HEADINGS]
    parts = [INTRODUCTION, BENCHMARK]
    parts += [benchmark_section(one) for one in benchmarks if one.systems]
    rows = [reproduction_row(p) for p in sorted(RESULTS.glob("reproduce_*"))]
    parts += ["\n".join([REPRODUCTION, *rows]), CLAIMS]
    notebooks = sorted((COURSE_ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    parts += [section for path in notebooks if (section := claims_section(path))]
    return "\n\n".join(parts) + "\n"


def benchmark_section(benchmark: Benchmark) -> str:
    """Show the tables of one data set, and the picture if there is one."""
    parts = [f"### {HEADINGS[benchmark.data]}"]
    if benchmark.shown:
        alt = "Scenes in columns; in rows the image, the target and each prediction"
        parts.append(f"![{alt}](../{PICTURE})")
    found = [
        f"{system.title} {sum(e['found'] for e in benchmark.entries(system))}"
        for system in benchmark.systems
    ]
    number = sum(e["large"] for e in benchmark.entries(benchmark.systems[0]))
    note = f"Large objects found, of {number} over all seeds: {', '.join(found)}."
    return "\n\n".join([*parts, markdown_table(benchmark), note])


def reproduction_row(path: Path) -> str:
    """Set a long training beside the number its authors report."""
    stored = json.loads(path.read_text())
    statistics = (
        stored,
        stored["batch_statistics"],
        stored["published_on_camvid_test"],
    )
    scores = [f"{100 * s['mean_iou']:.1f}" if s else "" for s in statistics]
    runs = stored["runs"]
    devices = ", ".join(dict.fromkeys(run["device"] for run in runs))
    commits = ", ".join(dict.fromkeys(run["commit"] for run in runs))
    cells = [
        f"{stored['model']}, longer side {stored['size']} pixels",
        f"{stored['epochs']} epochs in {len(runs)} runs, {stored['minutes']:.0f} "
        f"minutes on {devices}, commit {commits}",
        *scores,
    ]
    return f"| {' | '.join(cells)} |"


def claims_section(notebook: Path) -> str:
    """Set a notebook's verdicts beside the stored figures; empty if it has none."""
    if notebook.stem.startswith("07"):
        seeds = load_benchmark(LEVEL, "scenes").figures()
        source = "Figures of the benchmark on drawn scenes, above."
    else:
        stored = load_figures(notebook.stem, LEVEL, "scenes")
        seeds = stored.pop("seeds", {})
        source = "Made with " + ", ".join(f"{k} {v}" for k, v in stored.items()) + "."
    rows = [
        f"| {text} | {verdict} | {figures(names, seeds.values())} |"
        for text, names, verdict in verdicts(notebook)
    ]
    if not (rows and seeds):
        return ""
    head = ["| claim | verdict | figures |", "|---|---|---|"]
    link = f"### [{notebook.stem}](../notebooks/{notebook.name})"
    return "\n\n".join([link, "\n".join(head + rows), source])


def figures(names: list[str], seeds: Iterable[dict[str, float | None]]) -> str:
    """Write the stored figures of a claim, one a line."""
    lines = []
    for name in names:
        values = [seed[name] for seed in seeds if seed.get(name) is not None]
        spread = format_spread(name, values) if values else "nothing stored"
        lines.append(f"{name}: {spread}")
    return "<br>".join(lines)


def verdicts(notebook: Path) -> Iterator[tuple[str, list[str], str]]:
    """Read claims, names of their figures and verdicts off a notebook's last table.

    The text of a ``VerdictTable`` has a block for each claim: its text, its figures in
    this run, those stored, and the verdict.
    """
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    outputs = [o for c in cells if c["id"] == "verdict" for o in c.get("outputs", [])]
    for output in outputs:
        text = "".join(output.get("data", {}).get("text/plain", ""))
        for block in filter(None, text.strip().split("\n\n")):
            claim, *lines, verdict = map(str.strip, block.splitlines())
            live = itertools.takewhile(lambda s: not s.startswith("stored: "), lines)
            names = [line.rpartition(": ")[0] for line in live]
            yield claim, names, verdict.removeprefix("-> ")


if __name__ == "__main__":
    main()
