"""What happens when JupyterLab saves a learner's copy, as ``make lab`` starts it."""

from typing import Any


def leave_out_version(model: dict[str, Any], **_: Any) -> None:
    """Take the version of Python out of a learner's copy that is about to be saved.

    JupyterLab writes it into every notebook that is opened. It differs from one machine
    to the next, so copies that nobody worked in would count as changed, and git would
    refuse to replace them by those of a new edition. Other notebooks are left alone.

    Args:
        model: What Jupyter saves: "type", and "content", changed in place.
    """
    if model["type"] != "notebook" or not isinstance(model.get("content"), dict):
        return
    metadata = model["content"].get("metadata", {})
    if "course" in metadata:
        metadata.get("language_info", {}).pop("version", None)
