"""A copy that was only opened and saved in JupyterLab stays as it was, byte by byte."""

import copy
import re
import shutil
from pathlib import Path

import pytest
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelspec import get_kernel_dict
from jupyter_server.services.contents.largefilemanager import LargeFileManager

from course_utils.classroom.saving import leave_out_version

ROOT = Path(__file__).parents[2]
COPIES = sorted((ROOT / "notebooks" / "exercises").glob("*.ipynb"))
HOOK = re.search(
    r"--ContentsManager\.pre_save_hook=(\S+)", (ROOT / "Makefile").read_text("utf-8")
)[1]


def open_in_lab(manager, name):
    """Load a notebook and note in it what JupyterLab does once its kernel runs.

    See _updateLanguage and _updateSpec of its notebook panel. The browser test saves a
    copy in JupyterLab itself.
    """
    content = manager.get(name, type="notebook")["content"]
    kernel = get_kernel_dict()
    content["metadata"]["kernelspec"] = {
        "name": "python3",
        **{key: kernel[key] for key in ("display_name", "language")},
    }
    content["metadata"]["language_info"] = copy.deepcopy(IPythonKernel.language_info)
    return {"type": "notebook", "format": "json", "content": content}


@pytest.mark.parametrize("path", COPIES, ids=lambda path: path.stem)
def test_opening_and_saving_changes_nothing(path, tmp_path):
    shutil.copy(path, tmp_path)
    manager = LargeFileManager(root_dir=str(tmp_path), pre_save_hook=HOOK)
    model = open_in_lab(manager, path.name)
    assert "version" in model["content"]["metadata"]["language_info"]
    manager.save(model, path.name)
    assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_version_of_other_notebooks_stays():
    content = {"metadata": {"language_info": {"name": "python", "version": "3.12"}}}
    model = {"type": "notebook", "content": content}
    before = copy.deepcopy(model)
    leave_out_version(model, path="mine.ipynb", contents_manager=None)
    assert model == before


@pytest.mark.parametrize(
    "model",
    [
        {"type": "file", "content": "text"},
        {"type": "notebook", "content": None},
        {"type": "notebook", "content": {}},
        {"type": "notebook", "content": {"metadata": {"course": {}}}},
    ],
)
def test_whatever_is_saved_can_be_saved(model):
    leave_out_version(model, path="a", contents_manager=None)
