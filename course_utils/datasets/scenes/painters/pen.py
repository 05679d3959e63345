"""A pen that draws in the coordinates of an object or of the scene.

In an object's coordinates, x runs to the right from 0 and y down from 0 (top) to 1
(feet), so 1 is the height of the object. Objects face right; ``painting`` mirrors those
that face left. Points are pairs (x, y), or a text as in SVG: "0,0.5 1,0.5 0.5,1".
"""

import math
from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageColor, ImageDraw

Color = tuple[int, int, int]
_Points = str | Sequence[tuple[float, float]]


def shade(color: Color, gain: float) -> Color:
    """Multiply a color; above 1 lightens, below 1 darkens."""
    return tuple(min(255, max(0, round(value * gain))) for value in color)


def mix(color: Color, other: Color, proportion: float) -> Color:
    """Blend two colors; at ``proportion`` 0 the first, at 1 the other."""
    pairs = zip(color, other, strict=True)
    return tuple(round(a + (b - a) * proportion) for a, b in pairs)


def palette(text: str) -> tuple[Color, ...]:
    """Read colors written as "#rrggbb", separated by spaces."""
    return tuple(ImageColor.getrgb(word) for word in text.split())


@cache
def _spline_weights(steps: int) -> list[tuple[float, float, float, float]]:
    """Weigh four neighbors along one segment of a Catmull-Rom curve."""
    return [
        (
            ((2 - t) * t - 1) * t / 2,
            ((3 * t - 5) * t * t + 2) / 2,
            ((4 - 3 * t) * t + 1) * t / 2,
            (t - 1) * t * t / 2,
        )
        for t in (step / steps for step in range(steps))
    ]


@cache
def _parse(text: str) -> list[tuple[float, float]]:
    x_y = (point.split(",") for point in text.split())
    return [(float(x), float(y)) for x, y in x_y]


def _smooth(points: _Points, closed: bool = True, steps: int = 5) -> _Points:
    """Run a Catmull-Rom curve through points, ``steps`` points a segment."""
    points = _parse(points) if isinstance(points, str) else points
    ring = [*points, *points[:3]] if closed else [points[0], *points, points[-1]]
    curve = []
    for k in range(len(ring) - 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = ring[k : k + 4]
        for a, b, c, d in _spline_weights(steps):
            x = a * ax + b * bx + c * cx + d * dx
            curve.append((x, a * ay + b * by + c * cy + d * dy))
    return curve if closed else [*curve, points[-1]]


class Pen:
    """Draws on a picture, in units of ``scale`` pixels from an origin in the picture.

    Args:
        picture: Picture to draw on, RGB or RGBA.
        scale: Length of one unit, in pixels.
        origin: Pixel (x, y) of the picture at which the coordinates are 0.
        hairline: Thinnest and thickest line, in pixels.
    """

    def __init__(
        self,
        picture: Image.Image,
        scale: float,
        origin: tuple[float, float] = (0, 0),
        hairline: tuple[float, float] = (1, math.inf),
    ) -> None:
        self.picture, self.scale = picture, scale
        self.origin, self.hairline = origin, hairline
        self._draw = ImageDraw.Draw(picture)

    def moved(self, x: float, y: float) -> "Pen":
        """Return a pen for the same picture, whose origin is at (x, y) of this one."""
        return Pen(self.picture, self.scale, self._pixels([(x, y)])[0], self.hairline)

    def _pixels(self, points: _Points) -> list[tuple[float, float]]:
        points = _parse(points) if isinstance(points, str) else points
        left, top = self.origin
        return [(x * self.scale + left, y * self.scale + top) for x, y in points]

    def polygon(self, points: _Points, color: Color) -> None:
        """Fill a polygon."""
        self._draw.polygon(self._pixels(points), fill=color)

    def blob(self, points: _Points, color: Color) -> None:
        """Fill a closed curve that runs smoothly through the points."""
        self.polygon(_smooth(points), color)

    def ellipse(self, x: float, y: float, rx: float, ry: float, color: Color) -> None:
        """Fill an ellipse with center (x, y) and half-axes (rx, ry)."""
        box = self._pixels([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse(box, fill=color)

    def disc(self, x: float, y: float, radius: float, color: Color) -> None:
        """Fill a circle."""
        self.ellipse(x, y, radius, radius, color)

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        color: Color,
        radius: float = 0.0,
    ) -> None:
        """Fill a rectangle whose corners are rounded by ``radius``."""
        box = self._pixels([(left, top), (right, bottom)])
        self._draw.rounded_rectangle(box, radius=radius * self.scale, fill=color)

    def _stroke(self, width: float) -> int:
        thinnest, thickest = self.hairline
        return round(min(max(width * self.scale, thinnest), thickest))

    def dash(
        self, x0: float, y0: float, x1: float, y1: float, width: float, color: Color
    ) -> None:
        """Draw a straight line with square ends."""
        ends = self._pixels([(x0, y0), (x1, y1)])
        self._draw.line(ends, fill=color, width=self._stroke(width))

    def line(self, points: _Points, width: float, color: Color) -> None:
        """Draw a line with round ends and joints."""
        pixels, stroke = self._pixels(points), self._stroke(width)
        self._draw.line(pixels, fill=color, width=stroke)
        radius = stroke / 2 - 0.5
        for x, y in pixels if stroke > 3 else ():
            box = [x - radius, y - radius, x + radius, y + radius]
            self._draw.ellipse(box, fill=color)

    def strand(self, points: _Points, width: float, color: Color) -> None:
        """Draw a line that bends smoothly through the points."""
        self.line(_smooth(points, closed=False, steps=4), width, color)

    def ring(
        self, x: float, y: float, radius: float, width: float, color: Color
    ) -> None:
        """Draw a circle's outline, its outer edge at ``radius``."""
        box = self._pixels([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.ellipse(box, outline=color, width=self._stroke(width))
