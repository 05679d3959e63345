"""The canvas: a picture and, for each of its pixels, the object that owns it."""

from dataclasses import dataclass
from numbers import Integral

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from course_utils.datasets.scenes.daylight import Daylight
from course_utils.datasets.scenes.painters.pen import Color, mix

_SMALLEST, _LARGEST = 64, 512
"""Smallest and largest side of a scene, in pixels."""


@dataclass
class Canvas:
    """A scene in the making, ``zoom`` times as large as the image.

    Attributes:
        picture: Colors, mode RGB.
        owners: Number of the object that each pixel shows, mode L; 0 is background, and
            objects with larger numbers are nearer.
        mirrored: Reflection, mode L; 255 where one was painted.
        mottle: Noise around 128 that roughens every surface, mode L.
        unit: Short side of the picture, in canvas pixels.
        zoom: Side of an image pixel, in canvas pixels.
        daylight: Light that falls on everything.
    """

    picture: Image.Image
    owners: Image.Image
    mirrored: Image.Image
    mottle: Image.Image
    unit: int
    zoom: int
    daylight: Daylight


def check_size(size: int | tuple[int, int]) -> tuple[int, int]:
    """Return (H, W) of a size, given as an int or as (H, W).

    Raises:
        ValueError: A side is not an integer from 64 to 512.
    """
    sides = size if isinstance(size, tuple | list) else (size, size)
    fits = [isinstance(s, Integral) and _SMALLEST <= s <= _LARGEST for s in sides]
    if len(sides) != 2 or not all(fits):
        raise ValueError(
            f"size must be an int or (height, width), from {_SMALLEST} to {_LARGEST} "
            f"pixels, got {size!r}; render at a size in this range and resize"
        )
    return int(sides[0]), int(sides[1])


def _make_mottle(size: tuple[int, int], unit: int, seed: int) -> Image.Image:
    """Sum coarse and fine noise, mean 128; (W, H) in canvas pixels.

    The grids of noise are fixed in units, so that one seed looks the same at all sizes.
    """
    rng = np.random.Generator(np.random.PCG64([seed, 1]))
    layers = []
    for cells in (9, 120):
        shape = [max(2, round(cells * side / unit)) for side in reversed(size)]
        values = rng.integers(0, 256, size=shape, dtype=np.uint8)
        layers.append(Image.fromarray(values).resize(size, Image.Resampling.BILINEAR))
    return Image.blend(*layers, 0.6)


def prepare_canvas(sides: tuple[int, int], daylight: Daylight, seed: int) -> Canvas:
    """Return an empty canvas for an image of (H, W) pixels; the smaller, the finer."""
    short = min(sides)
    zoom = 4 if short <= 160 else 3 if short <= 256 else 2
    size, unit = (zoom * sides[1], zoom * sides[0]), zoom * short
    return Canvas(
        picture=Image.new("RGB", size),
        owners=Image.new("L", size, 0),
        mirrored=Image.new("L", size, 0),
        mottle=_make_mottle(size, unit, seed),
        unit=unit,
        zoom=zoom,
        daylight=daylight,
    )


def fill_gradient(
    canvas: Canvas, top: float, bottom: float, upper: Color, lower: Color, rough: float
) -> None:
    """Fill the picture between two y (units) with a gradient, roughened by noise.

    Args:
        canvas: Canvas to draw on.
        top: Upper edge, in units.
        bottom: Lower edge, in units.
        upper: Color at the upper edge.
        lower: Color at the lower edge.
        rough: Strength of the noise, 0 for none.
    """
    start, end = round(top * canvas.unit), round(bottom * canvas.unit)
    column = Image.new("RGB", (1, 32))
    for y in range(32):
        column.putpixel((0, y), mix(upper, lower, y / 31))
    size = (canvas.picture.width, max(1, end - start))
    surface = column.resize((1, size[1]), Image.Resampling.BILINEAR)
    surface = surface.resize(size, Image.Resampling.NEAREST)
    if rough:
        noise = canvas.mottle.crop((0, start, size[0], start + size[1]))
        noise = noise.point(lambda value: round(128 + (value - 128) * rough))
        surface = ImageChops.overlay(surface, Image.merge("RGB", [noise] * 3))
    canvas.picture.paste(surface, (0, start))


def light_up(picture: Image.Image, canvas: Canvas, at: tuple[int, int]) -> Image.Image:
    """Give a flat RGBA picture volume: a lit side, a shaded side and a rough skin."""
    daylight, (width, height) = canvas.daylight, picture.size
    alpha = picture.getchannel("A")
    depth = max(1, round(0.05 * min(width, height)))
    bump = alpha.filter(ImageFilter.BoxBlur(depth))
    lit = ImageChops.offset(bump, -daylight.side * depth, depth)
    relief = np.asarray(ImageChops.subtract(bump, lit, 1, 128), dtype=np.int16) - 128
    top, left = at[1] % 64, at[0] % 64
    skin = np.asarray(canvas.mottle.crop((left, top, left + width, top + height)))
    gain = 128 + (relief * round(40 * daylight.relief) >> 8)
    gain += (skin.astype(np.int16) - 128) * 18 >> 7
    colors = np.asarray(picture.convert("RGB"), dtype=np.uint16)
    colors = colors * gain.astype(np.uint16)[..., None] >> 7
    shaded = Image.fromarray(np.minimum(colors, 255).astype(np.uint8))
    shaded.putalpha(alpha)
    return shaded


def cast_shadow(canvas: Canvas, box: tuple[int, int, int, int]) -> None:
    """Darken the ground in a soft ellipse; ``box`` is left, top, right, bottom."""
    width, height = box[2] - box[0], box[3] - box[1]
    blur = max(1, height // 4)
    size = (width + 4 * blur, height + 4 * blur)
    soft = Image.new("L", size, 0)
    ImageDraw.Draw(soft).ellipse(
        [2 * blur, 2 * blur, size[0] - 2 * blur, size[1] - 2 * blur],
        fill=round(255 * canvas.daylight.shadow),
    )
    soft = soft.filter(ImageFilter.BoxBlur(blur))
    canvas.picture.paste((24, 26, 44), (box[0] - 2 * blur, box[1] - 2 * blur), soft)


def solid_mask(picture: Image.Image) -> Image.Image:
    """Return the alpha channel with every value 0 or 255."""
    return picture.getchannel("A").point(lambda value: 255 if value > 127 else 0)


def paste(
    canvas: Canvas, picture: Image.Image, at: tuple[int, int], owner: int
) -> None:
    """Paste an RGBA picture with its top left corner at (x, y); ``owner`` owns it."""
    mask = solid_mask(picture)
    canvas.picture.paste(picture.convert("RGB"), at, mask)
    canvas.owners.paste(owner, at, mask)
