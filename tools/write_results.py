"""Write results/README.md: python tools/write_results.py.

The page holds the benchmark's tables, the reproduction beside its published number, and
the verdicts on every notebook's claims beside the stored figures they rest on.
"""

import json
from pathlib import Path

from course_utils.experiments.benchmark.pictures import save_picture
from course_utils.experiments.benchmark.store import Benchmark, load_benchmark
from course_utils.experiments.benchmark.systems import SYSTEMS
from course_utils.experiments.benchmark.tables import markdown_table
from course_utils.experiments.claims import (
    CLAIMS,
    REMARKS,
    Claim,
    Evidence,
    Remark,
    evidence_of,
    judge,
    load_evidence,
    show_stored,
)
from course_utils.experiments.claims.evidence import RESULTS
from course_utils.files import write_whole
from course_utils.settings import COURSE_ROOT, PHOTOGRAPHS

LEVEL = "full"
"""Run level of the results in the report."""
PICTURE = "docs/pictures/benchmark.png"
HEADINGS = {"scenes": "Drawn scenes", "voc": "VOC 2012", "camvid": "CamVid"}
INTRODUCTION = """\
# Results

Everything the course has measured and stored at the run level `full`. It gives away what
the notebooks find out, so work through them first.

`python tools/write_results.py` writes this page from the files beside it, and a test
compares the two: change the results, not the page.

| file | contents | written by the command |
|---|---|---|
| `NOTEBOOK_DATA_LEVEL.json` | figures behind the claims of a notebook, for every seed | `record` |
| `07_one_wall_DATA_LEVEL_seedN.json` | figures of the benchmark, one file a seed | `benchmark` |
| `predictions/` | the benchmark's predictions of drawn scenes, as palette PNG: pixels are class indices | `benchmark` |
| `studies/NAME_LEVEL.json` | figures of a study, by seed ([what they are](studies/README.md)) | `study` |
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
VERDICTS = """\
## The claims of the notebooks

Each notebook tests common claims. A verdict looks at all seeds together, and compares nets
of the same seed with each other:

| verdict | what it says |
|---|---|
| holds | what the claim asks for is there in every seed |
| holds only ... | so it is, but not without this restriction |
| refuted | it is there in no seed |
| no difference | in every seed the two are within the margin, or the seeds disagree about which is ahead |
| undecided | it is there in some seeds, and the others lean the same way; or there is one seed only |
| too weak to tell | a net scores less than three times as much as one that always says the most frequent class, or moves by more than 3 points when trained for twice the steps |
| can't be tested here | what it compares with is so near to 0 or 100 % that nothing could be ahead by twice the margin |

The figures are means over seeds, with the lowest and the highest value in parentheses. A
short training is what a notebook has time for, not what a net can do: compare within a
notebook only. Where no figure at twice the steps is stored, nobody has looked whether a net
was still learning. Rows without a verdict are remarks."""  # noqa: E501


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
    parts += ["\n".join([REPRODUCTION, *rows]), VERDICTS]
    parts += [section for name in CLAIMS if (section := claims_section(name))]
    return "\n\n".join(parts) + "\n"


def benchmark_section(benchmark: Benchmark) -> str:
    """Show the tables of one data set, and the picture if there is one."""
    parts = [f"### {HEADINGS[benchmark.data]}"]
    if benchmark.shown:
        alt = "Scenes in columns; in rows the image, the target and each prediction"
        parts.append(f"![{alt}](../{PICTURE})")
    found = []
    for system in benchmark.systems:
        entries = benchmark.entries(system)
        number, all_large = (sum(e[key] for e in entries) for key in ("found", "large"))
        found.append(f"{system.title} {number} of {all_large}")
    note = f"Large objects found, over all seeds: {', '.join(found)}."
    parts += [markdown_table(benchmark), note]
    if waiting := not_trained(benchmark):
        seeds = " ".join(map(str, benchmark.seeds))
        command = (
            f"COURSE_RUN={LEVEL} COURSE_DATA={benchmark.data} python -m course_utils "
            f"benchmark --seeds {seeds}"
        )
        parts.append(
            f"**Not trained yet by this recipe:** {', '.join(waiting)}. The command "
            f"`{command}` adds them."
        )
    return "\n\n".join(parts)


def not_trained(benchmark: Benchmark) -> list[str]:
    """List the systems that lack a seed, with the seeds that they lack."""
    waiting = []
    for system in SYSTEMS:
        lacking = [
            str(seed)
            for seed, entries in benchmark.seeds.items()
            if system.key not in entries
        ]
        if lacking:
            waiting.append(f"{system.title} (seed {', '.join(lacking)})")
    return waiting


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


def claims_section(notebook: str) -> str:
    """Judge a notebook's claims by its stored figures; empty if there are none."""
    if notebook == "07_one_wall":
        evidence = load_benchmark(LEVEL, "scenes").evidence()
        source = "Figures of the benchmark on drawn scenes, above."
    else:
        evidence = load_evidence(notebook, LEVEL, "scenes")
        made = ", ".join(f"{k} {v}" for k, v in evidence.made_with.items())
        source = f"Made with {made}."
    if not evidence.seeds:
        return ""
    head = ["| claim | verdict | figures |", "|---|---|---|"]
    claims = [claim_row(claim, evidence) for claim in CLAIMS[notebook]]
    remarks = [f"| {r.text} | | {figures(r, evidence)} |" for r in REMARKS[notebook]]
    link = f"### [{notebook}](../notebooks/{notebook}.ipynb)"
    return "\n\n".join([link, "\n".join(head + claims + remarks), source])


def claim_row(claim: Claim, evidence: Evidence) -> str:
    """Set a verdict and what it stands on beside the stored figures of a claim."""
    verdict = judge(claim, evidence_of(claim, evidence, LEVEL))
    basis = f"<br>({verdict.basis})" if verdict.basis else ""
    return f"| {claim.text} | {verdict}{basis} | {figures(claim, evidence)} |"


def figures(entry: Claim | Remark, evidence: Evidence) -> str:
    """Write the stored figures of a claim or remark, one a line."""
    found = evidence_of(entry, evidence, LEVEL)
    elsewhere = [load_benchmark(LEVEL, data).evidence() for data in PHOTOGRAPHS]
    lines = (f"{name}: {show_stored(name, found, elsewhere)}" for name in entry.figures)
    return "<br>".join(lines)


if __name__ == "__main__":
    main()
