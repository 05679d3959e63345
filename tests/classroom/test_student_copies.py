import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

EXERCISES = Path(__file__).parents[2] / "notebooks" / "exercises"
COPIES = sorted(EXERCISES.glob("*.ipynb"))


def printed_by(cell):
    return "".join(output.get("text", "") for output in cell.get("outputs", []))


@pytest.mark.notebooks
@pytest.mark.parametrize("path", COPIES, ids=lambda path: path.stem)
def test_an_unsolved_copy_runs_to_its_end_and_says_what_is_open(path, monkeypatch):
    for name, value in {"RUN": "ci", "DATA": "scenes", "WEIGHTS": "none"}.items():
        monkeypatch.setenv(f"COURSE_{name}", value)
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        kernel_name="python3",
        timeout=300,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    tags = [tag for cell in notebook.cells for tag in cell.metadata.get("tags", [])]
    wanted = {tag for tag in tags if tag.startswith("exercise-")}
    text = "".join(printed_by(cell) for cell in notebook.cells)
    found = re.findall(r"^exercise (\d+\.\d+) is still open$", text, re.MULTILINE)
    assert {f"exercise-{number}" for number in found} == wanted
