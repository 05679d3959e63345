"""Paint the actors on the canvas, from the farthest to the nearest."""

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
from course_utils.datasets.scenes.placement import Actor

_CLEAR = 30
"""Gray levels by which an object differs from what is behind it, camouflage apart."""


def _draw(actor: Actor, canvas: Canvas) -> tuple[Image.Image, tuple[int, int]]:
    """Return the flat RGBA picture of an actor and where its left top corner is."""
    kind, rng = KINDS[actor.kind], Random(actor.look)
    thickest = 3 * canvas.zoom if actor.kind in THIN else canvas.unit
    pen = Pen(
        height=actor.height * canvas.unit,
        width=kind.width,
        hairline=(canvas.zoom, thickest),
    )
    kind.paint(pen, rng)
    picture = pen.picture
    if actor.mirrored:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if kind.stands == "sky":
        picture = picture.rotate(rng.uniform(-13, 13), Image.Resampling.BICUBIC)
    top, left = round(actor.box[0] * canvas.unit), round(actor.left * canvas.unit)
    if "context" in actor.flags:  # blobs that are equal have to meet the pixels equally
        top, left = (round(v / canvas.zoom) * canvas.zoom for v in (top, left))
    return picture, (left - pen.margin, top - pen.margin)


def _crop(image: Image.Image, picture: Image.Image, at: tuple[int, int]) -> Image.Image:
    (left, top), (width, height) = at, picture.size
    return image.crop((left, top, left + width, top + height))


def _clip(
    picture: Image.Image, at: tuple[int, int], size: tuple[int, int]
) -> tuple[Image.Image, tuple[int, int]]:
    """Cut off what is outside a canvas of ``size``; most of a train is."""
    left, top = max(0, -at[0]), max(0, -at[1])
    right = max(left + 1, min(picture.width, size[0] - at[0]))
    bottom = max(top + 1, min(picture.height, size[1] - at[1]))
    return picture.crop((left, top, right, bottom)), (at[0] + left, at[1] + top)


def _stand_out(picture: Image.Image, behind: Image.Image) -> Image.Image:
    """Lighten or darken a picture that comes close to the color behind it."""
    mask = solid_mask(picture)
    own = ImageStat.Stat(picture.convert("RGB"), mask).mean
    other = ImageStat.Stat(behind, mask).mean
    if max(abs(a - b) for a, b in zip(own, other, strict=True)) >= _CLEAR:
        return picture
    gain = 1.28 if sum(own) > sum(other) and sum(own) < 560 else 0.74
    clear = picture.point(
        [min(255, round(v * gain)) for v in range(256)] * 3 + [*range(256)]
    )
    clear.putalpha(picture.getchannel("A"))
    return clear


def _hide(picture: Image.Image, behind: Image.Image) -> Image.Image:
    """Dye a picture in the mean color behind it; its light and dark parts stay."""
    mask, gray = solid_mask(picture), picture.convert("L")
    mean = ImageStat.Stat(gray, mask).mean[0]
    dye = tuple(round(value) for value in ImageStat.Stat(behind, mask).mean)
    base = 114 if sum(dye) > 390 else 144  # a little off, or nobody could find it
    gray = gray.point(lambda value: round(base + 0.55 * (value - mean)))
    around = behind.filter(ImageFilter.BoxBlur(behind.height // 6))
    cloth = Image.blend(Image.new("RGB", behind.size, dye), around, 0.45)
    hidden = ImageChops.overlay(cloth, gray.convert("RGB"))
    hidden.putalpha(picture.getchannel("A"))
    return hidden


def _mirror_bicycle(actor: Actor, canvas: Canvas) -> None:
    """Paint a bicycle, mirrored and pale, into the pane of a ``tour_bus``."""
    left, top, right, bottom = PANE
    rng, size = Random(f"{actor.look} mirrored"), actor.height * canvas.unit
    height = 0.92 * (bottom - top) * size
    pen = Pen(height=height, width=1.65, hairline=(1.3 * canvas.zoom, 3 * canvas.zoom))
    bicycle(pen, rng)
    picture = pen.picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    room = (right - left) * size - 1.65 * height
    x = left if not actor.mirrored else KINDS[actor.kind].width - right
    at = (
        round(actor.left * canvas.unit + x * size + rng.uniform(0.1, 0.9) * room),
        round(actor.box[0] * canvas.unit + bottom * size - 1.02 * height),
    )
    at = (at[0] - pen.margin, at[1] - pen.margin)
    mask = solid_mask(picture)
    pale = Image.blend(picture.convert("RGB"), _crop(canvas.picture, picture, at), 0.3)
    canvas.picture.paste(pale, at, mask)
    canvas.mirrored.paste(255, at, mask)


def _paint_actor(actor: Actor, canvas: Canvas, owner: int) -> None:
    """Paint one actor with its shadow; its pixels then belong to ``owner``."""
    kind = KINDS[actor.kind]
    flat, at = _draw(actor, canvas)
    if kind.stands != "sky" and not actor.flags & {"context", "camouflage"}:
        width, foot = round(kind.width * actor.height * canvas.unit), actor.foot
        left, y = round(actor.left * canvas.unit), round(foot * canvas.unit)
        thickness = max(1, round(0.05 * actor.height * canvas.unit))
        cast_shadow(canvas, (left, y - thickness, left + width, y + thickness // 2))
    flat, at = _clip(flat, at, canvas.picture.size)
    behind = _crop(canvas.picture, flat, at)
    if "camouflage" in actor.flags:
        flat = _hide(flat, behind)
    elif owner and not actor.flags & {"context", "texture_twin"}:
        flat = _stand_out(flat, behind)
    paste(canvas, light_up(flat, canvas, at), at, owner)
    if "reflection" in actor.flags:
        _mirror_bicycle(actor, canvas)


def paint_actors(canvas: Canvas, actors: list[Actor]) -> list[Actor]:
    """Paint the actors; return those that are objects, the k-th owned by k + 1."""
    objects: list[Actor] = []
    for actor in actors:
        is_object = KINDS[actor.kind].class_index > 0
        if is_object:
            objects.append(actor)
        _paint_actor(actor, canvas, len(objects) if is_object else 0)
    return objects
