"""A pen that draws one object, in the object's own coordinates.

x runs to the right from 0, y runs down from 0 (top) to 1 (feet), so 1 is the height of
the object. Objects face right; ``painting`` mirrors those that face left.
"""

from collections.abc import Sequence
from functools import cache

from PIL import Image, ImageDraw

Color = tuple[int, int, int]
_Points = Sequence[tuple[float, float]]


def shade(color: Color, gain: float) -> Color:
    """Multiply a color; above 1 lightens, below 1 darkens."""
    red, green, blue = (min(255, max(0, round(value * gain))) for value in color)
    return red, green, blue


def mix(color: Color, other: Color, proportion: float) -> Color:
    """Blend two colors; at ``proportion`` 0 the first, at 1 the other."""
    red, green, blue = (
        round(a + (b - a) * proportion) for a, b in zip(color, other, strict=True)
    )
    return red, green, blue


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


def _smooth(points: _Points, closed: bool = True, steps: int = 5) -> _Points:
    """Run a Catmull-Rom curve through points, ``steps`` points a segment."""
    ring = [*points, *points[:3]] if closed else [points[0], *points, points[-1]]
    weights, curve = _spline_weights(steps), []
    for k in range(len(ring) - 3):
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = ring[k : k + 4]
        for a, b, c, d in weights:
            x = a * ax + b * bx + c * cx + d * dx
            curve.append((x, a * ay + b * by + c * cy + d * dy))
    return curve if closed else [*curve, points[-1]]


class Pen:
    """Draws on a transparent RGBA picture that fits one object and a margin.

    Args:
        height: Height of the object, in canvas pixels.
        width: Width of the object, in its heights.
        hairline: Thinnest and thickest line that ``line`` draws, in canvas pixels.
    """

    def __init__(
        self, *, height: float, width: float, hairline: tuple[float, float]
    ) -> None:
        self.scale, self.width, self.hairline = height, width, hairline
        self.margin = 3 + round(0.06 * height)
        sides = (round(side) + 2 * self.margin for side in (width * height, height))
        self.picture = Image.new("RGBA", tuple(sides), (0, 0, 0, 0))
        self._draw = ImageDraw.Draw(self.picture)

    def _pixels(self, points: _Points) -> list[tuple[float, float]]:
        scale, margin = self.scale, self.margin
        return [(x * scale + margin, y * scale + margin) for x, y in points]

    def polygon(self, *rows: _Points, color: Color) -> None:
        """Fill a polygon; its corners may come in several rows."""
        corners = self._pixels([point for row in rows for point in row])
        self._draw.polygon(corners, fill=(*color, 255))

    def blob(self, *rows: _Points, color: Color) -> None:
        """Fill a closed curve that runs smoothly through the points of the rows."""
        self.polygon(_smooth([point for row in rows for point in row]), color=color)

    def ellipse(self, x: float, y: float, rx: float, ry: float, color: Color) -> None:
        """Fill an ellipse with center (x, y) and half-axes (rx, ry)."""
        box = self._pixels([(x - rx, y - ry), (x + rx, y + ry)])
        self._draw.ellipse([*box[0], *box[1]], fill=(*color, 255))

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
        self._draw.rounded_rectangle(
            [*box[0], *box[1]], radius=radius * self.scale, fill=(*color, 255)
        )

    def _stroke(self, width: float) -> int:
        thinnest, thickest = self.hairline
        return round(min(max(width * self.scale, thinnest), thickest))

    def line(self, points: _Points, width: float, color: Color) -> None:
        """Draw a line with round ends and joints."""
        pixels, stroke = self._pixels(points), self._stroke(width)
        self._draw.line(pixels, fill=(*color, 255), width=stroke)
        radius = stroke / 2 - 0.5
        for x, y in pixels if stroke > 3 else ():
            self._draw.ellipse(
                [x - radius, y - radius, x + radius, y + radius], fill=(*color, 255)
            )

    def strand(self, points: _Points, width: float, color: Color) -> None:
        """Draw a line that bends smoothly through the points."""
        self.line(_smooth(points, closed=False, steps=4), width, color)

    def ring(
        self, x: float, y: float, radius: float, width: float, color: Color
    ) -> None:
        """Draw a circle's outline, its outer edge at ``radius``."""
        box = self._pixels([(x - radius, y - radius), (x + radius, y + radius)])
        self._draw.ellipse(
            [*box[0], *box[1]], outline=(*color, 255), width=self._stroke(width)
        )
