"""Read a target: an image file whose values or colors name the classes."""

from pathlib import Path

import numpy as np
from PIL import Image

from course_utils.datasets.class_files import UNKNOWN, FolderClasses
from course_utils.datasets.photographs import open_image, orientation_of, upright
from course_utils.labels import IGNORE_INDEX

SUFFIXES = (".png", ".bmp", ".tif", ".tiff")
"""Suffixes of files that keep every value: JPEG changes values along borders."""

_NEITHER = -2  # of a color: no class and not void
_SCALES = {2: 85, 4: 17}  # what PIL multiplies values of 2 and 4 bits by


def read_target(path: Path, classes: FolderClasses) -> Image.Image:
    """Read a target as class indices and void, a palette or gray image of 8 bits.

    Gray and palette images are read by their values, color images by their colors, and
    only if every one of them belongs to a class or to void.

    Args:
        path: Image file.
        classes: Classes of its folder, and what its pixels say.

    Raises:
        FileNotFoundError: There is no such file.
        OSError: The file can't be read, such as for a lack of permission.
        ValueError: The file is no image, or what it holds is not clear.
    """
    with open_image(path) as opened:
        opened.load()
        image = upright(opened, orientation_of(opened))
    if opened.format in ("JPEG", "MPO"):
        raise ValueError(
            f"{path} must hold every value as it was drawn, but is a JPEG under "
            "another name, which changes values along borders; export the masks as PNG"
        )
    if image.mode in ("LA", "RGBA", "PA"):
        image = _without_alpha(image, path)
    if image.mode == "P" and classes.read_by == "color":
        image = image.convert("RGB")
    if image.mode == "RGB":
        return _read_colors(image, path, classes)
    values = _values(image, path)
    if image.mode == "P" and classes.read_by != "index":
        _check_palette(image, path, classes)
    _check_values(values, path, classes)
    if image.mode in ("P", "L") and classes.are_indices and values.dtype == np.uint8:
        return Image.fromarray(values) if image.mode == "L" else image
    return Image.fromarray(classes.meanings[values].astype(np.uint8))


def _without_alpha(image: Image.Image, path: Path) -> Image.Image:
    """Drop a channel that says that nothing is transparent."""
    if image.getchannel("A").getextrema()[0] < 255:
        raise ValueError(
            f"{path} must not be transparent anywhere, got mode {image.mode} with "
            "transparent pixels; export it without transparency"
        )
    return image.convert("L" if image.mode == "LA" else "RGB")


def _values(image: Image.Image, path: Path) -> np.ndarray:
    """Return the values of a gray or palette image, integer, (H, W)."""
    if image.mode == "1":
        return np.asarray(image).astype(np.uint8)
    if image.mode == "L" and (scale := _SCALES.get(_bits_of_gray(path))):
        return np.asarray(image) // scale
    if image.mode in ("P", "L") or image.mode.startswith("I"):
        return np.asarray(image)
    raise ValueError(
        f"{path} must be an 8-bit palette or gray PNG whose pixels are class indices, "
        f"or have the exact colors of the classes, got mode {image.mode}; export it as "
        "such a PNG"
    )


def _bits_of_gray(path: Path) -> int:
    """Read the bits of a value of a gray PNG; 8 for other files."""
    with path.open("rb") as file:
        header = file.read(26)
    is_gray_png = header.startswith(b"\x89PNG") and header[12:16] == b"IHDR"
    return header[24] if is_gray_png and header[25] == 0 else 8


def _check_values(values: np.ndarray, path: Path, classes: FolderClasses) -> None:
    """Refuse values that mean nothing."""
    if values.dtype == np.uint8:
        present = np.flatnonzero(np.bincount(values.ravel(), minlength=256))
    else:
        present = np.unique(values)
    allowed = classes.values
    wrong = [value for value in present.tolist() if value not in allowed]
    if not wrong:
        return
    last = classes.label_set.num_classes - 1
    needed = f"class indices from 0 to {last} or {IGNORE_INDEX} for void"
    if not classes.are_indices:
        needed = f"values that {classes.source} declares ({_some(allowed)})"
    raise ValueError(
        f"{path} must hold {needed}, got {_some(wrong)}; "
        f"{_advice_on_values(wrong, classes)} ({_in_use(classes)})"
    )


def _advice_on_values(wrong: list[int], classes: FolderClasses) -> str:
    if wrong[-1] > 255:
        return "export it with 8 bits per pixel"
    advice = (
        "name the classes of this data set in classes.txt, one per line in the order "
        "of their values, or with the value before the name"
    )
    if wrong == [classes.label_set.num_classes] and classes.source:
        return f"{advice}; is the background, value 0, missing from its first line?"
    return advice


def _in_use(classes: FolderClasses) -> str:
    source = f"from {classes.source}" if classes.source else "since no file names them"
    number = classes.label_set.num_classes
    return f"{classes.label_set.name} is in use, {number} classes, {source}"


def _some(values: list, number: int = 8) -> str:
    """List the first few of many."""
    return ", ".join(map(str, values[:number])) + (", …" * (len(values) > number))


def _read_colors(image: Image.Image, path: Path, classes: FolderClasses) -> Image.Image:
    """Map exact colors to class indices and void."""
    rgb = np.asarray(image)
    codes = rgb.astype(np.int32) @ np.array([1 << 16, 1 << 8, 1], dtype=np.int32)
    meanings = np.full(1 << 24, _NEITHER, dtype=np.int16)
    for (red, green, blue), meaning in classes.colors.items():
        meanings[red << 16 | green << 8 | blue] = meaning
    found = meanings[codes]
    if (found != _NEITHER).all():
        return Image.fromarray(found.astype(np.uint8))
    if (rgb == rgb[..., :1]).all() and classes.read_by != "color":
        gray = rgb[..., 0]  # in a file for colors
        _check_values(gray, path, classes)
        return Image.fromarray(classes.meanings[gray].astype(np.uint8))
    strange = codes[found == _NEITHER]
    share = max(0.1, 100 * len(strange) / codes.size)
    colors = [tuple(int(code).to_bytes(3, "big")) for code in np.unique(strange)]
    raise ValueError(
        f"{path}, mode {image.mode}, must have the exact colors of its classes, got "
        f"{len(colors)} others in {share:.1f} % of its pixels ({_some(colors, 3)}); "
        f"{_advice_on_colors(classes)}"
    )


def _advice_on_colors(classes: FolderClasses) -> str:
    declare = "write the color of each class behind its name in classes.txt"
    if not classes.colors:
        first = classes.label_set.names[0]
        return f"{declare}, as in '{first} 0 0 0', or export the values of the classes"
    return (
        f"{declare} if they are those of classes ({_in_use(classes)}); if they are in "
        "between, export it again as PNG, without smoothing or resizing"
    )


def _check_palette(image: Image.Image, path: Path, classes: FolderClasses) -> None:
    """Refuse a palette in which the colors of the classes stand at other indices."""
    palette = np.reshape(image.getpalette("RGB") or [], (-1, 3)).tolist()
    present = [value for value, count in enumerate(image.histogram()) if count]
    colors = {v: tuple(palette[v]) for v in present if v < len(palette)}
    if all(color == (value,) * 3 for value, color in colors.items()):
        return  # gray levels
    by_color = {v: classes.colors.get(color, UNKNOWN) for v, color in colors.items()}
    moved = [v for v, k in by_color.items() if k not in (UNKNOWN, classes.meanings[v])]
    if moved:
        names = dict(enumerate(classes.label_set.names))
        names |= {IGNORE_INDEX: "void", UNKNOWN: "no class"}
        mapping = [
            f"{v} ({names[int(classes.meanings[v])]}) has the color of "
            f"{names[by_color[v]]}"
            for v in moved
        ]
        raise ValueError(
            f"{path} must have the palette of its classes, but {len(moved)} of its "
            f"{len(present)} indices have another class's color, as after an image "
            f"editor: {_some(mapping, 3)}; write the line '# read by color' into "
            "classes.txt to go by the colors, or '# read by index' to go by the "
            "indices (the file may hold nothing else)"
        )
