"""The ground: grass, road, pavement, water, sand, track, terrace."""

from collections.abc import Callable
from random import Random

from PIL import ImageDraw

from course_utils.datasets.scenes.canvas import Canvas, fill_gradient
from course_utils.datasets.scenes.layout import Layout, Strip
from course_utils.datasets.scenes.painters.pen import Color, mix, shade

_GRASSES: tuple[Color, ...] = (
    (110, 150, 70),
    (136, 156, 72),
    (90, 138, 84),
    (168, 156, 86),
)
_PETALS: tuple[Color, ...] = (
    (250, 246, 236),
    (240, 206, 92),
    (216, 104, 96),
    (170, 126, 186),
)
_PAVINGS: tuple[Color, ...] = ((190, 182, 168), (168, 162, 158), (196, 172, 146))


class _Brush:
    """Draws on one strip, in units; marks get larger towards the lower edge."""

    def __init__(self, canvas: Canvas, layout: Layout, strip: Strip) -> None:
        self.canvas, self.layout, self.strip = canvas, layout, strip
        self.draw = ImageDraw.Draw(canvas.picture)

    def base(self, far: Color, near: Color, rough: float) -> None:
        fill_gradient(self.canvas, self.strip.top, self.strip.bottom, far, near, rough)

    def nearness(self, y: float) -> float:
        depth = self.layout.height - self.layout.horizon
        return max(0.0, (y - self.layout.horizon) / depth)

    def line(
        self, x0: float, y0: float, x1: float, y1: float, width: float, color
    ) -> None:
        unit = self.canvas.unit
        stroke = max(1, round(width * unit))
        self.draw.line([x0 * unit, y0 * unit, x1 * unit, y1 * unit], color, stroke)

    def speck(self, x: float, y: float, rx: float, ry: float, color: Color) -> None:
        unit = self.canvas.unit
        box = [(x - rx) * unit, (y - ry) * unit, (x + rx) * unit, (y + ry) * unit]
        self.draw.ellipse(box, fill=color)

    def somewhere(self, rng: Random) -> tuple[float, float]:
        y = rng.uniform(self.strip.top, self.strip.bottom)
        return rng.uniform(0, self.layout.width), y

    def count(self, density: float) -> int:
        """Return the number of marks for a density per square unit."""
        return round(density * self.layout.width * (self.strip.bottom - self.strip.top))


def _grass(brush: _Brush, rng: Random) -> None:
    green = rng.choice(_GRASSES)
    haze = mix(green, brush.canvas.daylight.skyline, 0.35)
    far, near = (
        mix(haze, shade(green, 0.96), min(1, 1.2 * brush.nearness(y)))
        for y in (brush.strip.top, brush.strip.bottom)
    )
    brush.base(far, near, 0.5)
    for _ in range(brush.count(7)):
        x, y = brush.somewhere(rng)
        size = 0.03 + 0.12 * brush.nearness(y)
        brush.line(x, y, x + size, y, 0.12 * size, shade(near, rng.uniform(0.9, 1.08)))
    for _ in range(brush.count(420)):
        x, y = brush.somewhere(rng)
        size = 0.008 + 0.035 * brush.nearness(y)
        lean = rng.uniform(-0.5, 0.5) * size
        color = shade(near, rng.uniform(0.72, 1.22))
        brush.line(x, y, x + lean, y - size, 0.004, color)
    petal = rng.choice(_PETALS)
    for _ in range(brush.count(rng.choice((0, 40, 110)))):
        x, y = brush.somewhere(rng)
        size = 0.003 + 0.007 * brush.nearness(y)
        brush.speck(x, y, size, 0.8 * size, petal)


def _road(brush: _Brush, rng: Random) -> None:
    gray = rng.choice(((112, 112, 116), (128, 124, 122), (98, 102, 110)))
    brush.base(mix(gray, brush.canvas.daylight.skyline, 0.15), gray, 0.5)
    for _ in range(brush.count(60)):
        x, y = brush.somewhere(rng)
        brush.speck(x, y, 0.006, 0.002, shade(gray, rng.uniform(0.8, 1.2)))
    top, bottom = brush.strip.top, brush.strip.bottom
    depth = bottom - top
    x, middle = rng.uniform(-0.2, 0), top + 0.42 * depth
    while x < brush.layout.width:
        brush.line(x, middle, x + 0.14, middle, 0.03 * depth + 0.004, (226, 222, 208))
        x += 0.26
    for y, width in ((top + 0.01, 0.012), (bottom - 0.012, 0.024)):
        brush.line(0, y, brush.layout.width, y, width, (198, 194, 184))
        y += width / 2
        brush.line(0, y, brush.layout.width, y, 0.006, shade(gray, 0.7))


def _tiles(brush: _Brush, rng: Random) -> None:
    stone = rng.choice(_PAVINGS)
    brush.base(mix(stone, brush.canvas.daylight.skyline, 0.2), stone, 0.4)
    joint, y, width = shade(stone, 0.84), brush.strip.top, brush.layout.width
    vanish = (rng.uniform(0.3, 0.7) * width, brush.layout.horizon - 0.35)
    while y < brush.strip.bottom:
        step = 0.03 + 0.09 * brush.nearness(y)
        end, x = min(y + step, brush.strip.bottom), -width
        while x < 2 * width:
            slope = (x - vanish[0]) / (brush.layout.height - vanish[1])
            ends = [vanish[0] + slope * (v - vanish[1]) for v in (y, end)]
            brush.line(ends[0], y, ends[1], end, 0.004, joint)
            if rng.random() < 0.1:
                left, middle = ends[0], (y + end) / 2
                color = shade(stone, rng.uniform(0.94, 1.05))
                brush.line(left + 0.02, middle, left + 0.08, middle, 0.5 * step, color)
            x += 0.19
        brush.line(0, y, width, y, 0.004, joint)
        y += step


def _water(brush: _Brush, rng: Random) -> None:
    sky = brush.canvas.daylight
    blue = rng.choice(((58, 108, 140), (70, 128, 138), (66, 96, 132)))
    deep = mix(blue, sky.zenith, 0.25)
    brush.base(mix(sky.skyline, deep, 0.3), deep, 0.25)
    for _ in range(brush.count(260)):
        x, y = brush.somewhere(rng)
        length = 0.02 + 0.1 * brush.nearness(y)
        color = mix(sky.skyline, deep, rng.choice((0.25, 0.5, 1.2)))
        brush.line(x, y, x + length, y, 0.003 + 0.006 * brush.nearness(y), color)


def _sand(brush: _Brush, rng: Random) -> None:
    sand = rng.choice(((222, 200, 158), (206, 184, 148)))
    brush.base(shade(sand, 0.9), sand, 0.4)
    for _ in range(brush.count(160)):
        x, y = brush.somewhere(rng)
        size = 0.002 + 0.005 * brush.nearness(y)
        brush.speck(x, y, 1.6 * size, size, shade(sand, rng.choice((0.8, 0.9, 1.1))))
    x = 0.0
    while x < brush.layout.width:  # foam where the water ends
        brush.speck(x, brush.strip.top, 0.06, rng.uniform(0.004, 0.01), (240, 242, 238))
        x += 0.07


def _track(brush: _Brush, rng: Random) -> None:
    gravel = rng.choice(((132, 124, 116), (120, 112, 110)))
    brush.base(gravel, shade(gravel, 0.9), 0.8)
    top, bottom = brush.strip.top, brush.strip.bottom
    depth, x = bottom - top, -0.02
    while x < brush.layout.width:
        near, far = bottom - 0.1 * depth, top + 0.3 * depth
        brush.line(x, near, x + 0.016, far, 0.02, (92, 74, 62))
        x += 0.06
    for y in (top + 0.42 * depth, bottom - 0.25 * depth):
        brush.line(0, y + 0.006, brush.layout.width, y + 0.006, 0.008, (70, 64, 62))
        brush.line(0, y, brush.layout.width, y, 0.007, (188, 186, 184))


_SURFACES: dict[str, Callable[[_Brush, Random], None]] = {
    "grass": _grass,
    "road": _road,
    "pavement": _tiles,
    "terrace": _tiles,
    "water": _water,
    "sand": _sand,
    "track": _track,
}


def paint_ground(canvas: Canvas, layout: Layout, rng: Random) -> None:
    """Paint every strip of the layout, from far to near."""
    look = rng.random()
    for strip in layout.strips:
        # One look for all strips, so that both pavements of a street are alike
        _SURFACES[strip.surface](_Brush(canvas, layout, strip), Random(f"{look}"))
