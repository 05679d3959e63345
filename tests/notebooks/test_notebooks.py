"""The taught notebooks as they are stored."""

from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
COMPARED = "nbval-check-output"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_cells_whose_output_is_compared_hold_one(path):
    """Without a stored output and a count, nbval compares nothing."""
    cells = nbformat.read(path, as_version=4).cells
    compared = [cell for cell in cells if COMPARED in cell.metadata.get("tags", [])]
    assert compared
    empty = [
        cell.id for cell in compared if not cell.outputs or not cell.execution_count
    ]
    assert not empty, "execute the notebook, or take the tag away"
