"""Paint the objects on the canvas, from the farthest to the nearest."""

from random import Random

from PIL import Image, ImageChops, ImageFilter, ImageStat

from course_utils.datasets.scenes.canvas import (
    Canvas,
    cast_shadow,
    light_up,
    paste,
    solid_mask,
)
from course_utils.datasets.scenes.catalog import KINDS, THIN
from course_utils.datasets.scenes.painters.pen import Pen
from course_utils.datasets.scenes.painters.road import PANE, bicycle
from course_utils.datasets.scenes.placement import Placement

_LEAST_CONTRAST = 30
"""Gray levels between an object and what is behind it, unless it is camouflaged."""


def _object_pen(height: float, width: float, hairline: tuple[float, float]) -> Pen:
    """Return a pen for an empty picture of one object with a margin; canvas pixels."""
    margin = 3 + round(0.06 * height)
    size = (round(width) + 2 * margin, round(height) + 2 * margin)
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    return Pen(picture, height, (margin, margin), hairline)


def _draw(placement: Placement, canvas: Canvas) -> tuple[Image.Image, tuple[int, int]]:
    """Return the flat RGBA picture of an object and its top left corner."""
    kind, rng = KINDS[placement.kind], Random(placement.look)
    thickest = 3 * canvas.zoom if placement.kind in THIN else canvas.unit
    height = placement.height * canvas.unit
    pen = _object_pen(height, kind.width * height, (canvas.zoom, thickest))
    kind.paint(pen, rng)
    picture = pen.picture
    if placement.mirrored:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if kind.stands == "sky":
        picture = picture.rotate(rng.uniform(-13, 13), Image.Resampling.BICUBIC)
    top, left = (round(v * canvas.unit) for v in placement.box[:2])
    if "context" in placement.flags:  # equal blobs must meet the pixels alike
        top, left = (round(v / canvas.zoom) * canvas.zoom for v in (top, left))
    return picture, (left - pen.origin[0], top - pen.origin[1])


def _crop(image: Image.Image, picture: Image.Image, at: tuple[int, int]) -> Image.Image:
    (left, top), (width, height) = at, picture.size
    return image.crop((left, top, left + width, top + height))


def _clip(
    picture: Image.Image, at: tuple[int, int], size: tuple[int, int]
) -> tuple[Image.Image, tuple[int, int]]:
    """Cut off what is outside a canvas of ``size``, such as most of a train."""
    left, top = max(0, -at[0]), max(0, -at[1])
    right = max(left + 1, min(picture.width, size[0] - at[0]))
    bottom = max(top + 1, min(picture.height, size[1] - at[1]))
    return picture.crop((left, top, right, bottom)), (at[0] + left, at[1] + top)


def _stand_out(picture: Image.Image, behind: Image.Image) -> Image.Image:
    """Lighten or darken a picture that has nearly the color behind it."""
    mask = solid_mask(picture)
    own = ImageStat.Stat(picture.convert("RGB"), mask).mean
    other = ImageStat.Stat(behind, mask).mean
    if max(abs(a - b) for a, b in zip(own, other, strict=True)) >= _LEAST_CONTRAST:
        return picture
    gain = 1.28 if sum(own) > sum(other) and sum(own) < 560 else 0.74
    curve = [min(255, round(v * gain)) for v in range(256)]
    return picture.point(curve * 3 + [*range(256)])  # alpha stays as it is


def _camouflage(picture: Image.Image, behind: Image.Image) -> Image.Image:
    """Dye a picture in the mean color behind it; its light and dark parts remain."""
    mask, gray = solid_mask(picture), picture.convert("L")
    mean = ImageStat.Stat(gray, mask).mean[0]
    dye = tuple(round(value) for value in ImageStat.Stat(behind, mask).mean)
    # Its gray is a little off, so that it is hard to find but not impossible
    base = 114 if sum(dye) > 390 else 144
    gray = gray.point(lambda value: round(base + 0.55 * (value - mean)))
    around = behind.filter(ImageFilter.BoxBlur(behind.height // 6))
    dyed = Image.blend(Image.new("RGB", behind.size, dye), around, 0.45)
    hidden = ImageChops.overlay(dyed, gray.convert("RGB"))
    hidden.putalpha(picture.getchannel("A"))
    return hidden


def _mirror_bicycle(bus: Placement, canvas: Canvas) -> None:
    """Paint a bicycle, mirrored and pale, into the window of a ``tour_bus``."""
    left, top, right, bottom = PANE
    rng, size = Random(f"{bus.look} mirrored"), bus.height * canvas.unit
    height = 0.92 * (bottom - top) * size
    pen = _object_pen(height, 1.65 * height, (1.3 * canvas.zoom, 3 * canvas.zoom))
    bicycle(pen, rng)
    picture = pen.picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    space = (right - left) * size - 1.65 * height
    x = KINDS[bus.kind].width - right if bus.mirrored else left
    x = round(bus.left * canvas.unit + x * size + rng.uniform(0.1, 0.9) * space)
    y = round(bus.box[0] * canvas.unit + bottom * size - 1.02 * height)
    at = (x - pen.origin[0], y - pen.origin[1])
    mask = solid_mask(picture)
    pale = Image.blend(picture.convert("RGB"), _crop(canvas.picture, picture, at), 0.3)
    canvas.picture.paste(pale, at, mask)
    canvas.mirrored.paste(255, at, mask)


def _paint(placement: Placement, canvas: Canvas, owner: int) -> None:
    """Paint one object with its shadow; its pixels then belong to ``owner``."""
    kind = KINDS[placement.kind]
    flat, at = _draw(placement, canvas)
    if kind.stands != "sky" and not placement.flags & {"context", "camouflage"}:
        width = round(kind.width * placement.height * canvas.unit)
        left, foot = (round(v * canvas.unit) for v in (placement.left, placement.foot))
        depth = max(1, round(0.05 * placement.height * canvas.unit))
        cast_shadow(canvas, (left, foot - depth, left + width, foot + depth // 2))
    flat, at = _clip(flat, at, canvas.picture.size)
    behind = _crop(canvas.picture, flat, at)
    if "camouflage" in placement.flags:
        flat = _camouflage(flat, behind)
    elif owner and not placement.flags & {"context", "texture_twin"}:
        flat = _stand_out(flat, behind)
    paste(canvas, light_up(flat, canvas, at), at, owner)
    if "reflection" in placement.flags:
        _mirror_bicycle(placement, canvas)


def paint_objects(canvas: Canvas, placements: list[Placement]) -> list[Placement]:
    """Paint all placements in their order.

    Returns:
        Those that are not of class background: ``objects[k - 1]`` owns the pixels that
        hold k in ``canvas.owners``.
    """
    objects: list[Placement] = []
    for placement in placements:
        is_object = KINDS[placement.kind].class_index > 0
        if is_object:
            objects.append(placement)
        _paint(placement, canvas, len(objects) if is_object else 0)
    return objects
