"""The ground: grass, road, pavement, water, sand, track, terrace."""

from collections.abc import Callable, Iterator
from random import Random

from course_utils.datasets.scenes.canvas import Canvas, fill_gradient
from course_utils.datasets.scenes.layout import Layout, Strip
from course_utils.datasets.scenes.painters.pen import Color, Pen, mix, palette, shade

_GRASSES = palette("#6e9646 #889c48 #5a8a54 #a89c56")
_PETALS = palette("#faf6ec #f0ce5c #d86860 #aa7eba")
_PAVINGS = palette("#beb6a8 #a8a29e #c4ac92")


class _Brush(Pen):
    """A pen, in units, for one strip; marks get larger towards the lower edge."""

    def __init__(self, canvas: Canvas, layout: Layout, strip: Strip) -> None:
        super().__init__(canvas.picture, canvas.unit)
        self.canvas, self.layout, self.width = canvas, layout, layout.width
        self.top, self.bottom = strip.top, strip.bottom

    def base(self, far: Color, near: Color, rough: float) -> None:
        fill_gradient(self.canvas, self.top, self.bottom, far, near, rough)

    def nearness(self, y: float) -> float:
        depth = self.layout.height - self.layout.horizon
        return max(0.0, (y - self.layout.horizon) / depth)

    def scatter(self, density: float, rng: Random) -> Iterator[tuple[float, float]]:
        """Draw positions (x, y), ``density`` of them per square unit."""
        for _ in range(round(density * self.width * (self.bottom - self.top))):
            y = rng.uniform(self.top, self.bottom)
            yield rng.uniform(0, self.width), y


def _grass(brush: _Brush, rng: Random) -> None:
    green = rng.choice(_GRASSES)
    haze = mix(green, brush.canvas.daylight.skyline, 0.35)
    far, near = (
        mix(haze, shade(green, 0.96), min(1, 1.2 * brush.nearness(y)))
        for y in (brush.top, brush.bottom)
    )
    brush.base(far, near, 0.5)
    for x, y in brush.scatter(7, rng):
        size = 0.03 + 0.12 * brush.nearness(y)
        brush.dash(x, y, x + size, y, 0.12 * size, shade(near, rng.uniform(0.9, 1.08)))
    for x, y in brush.scatter(420, rng):
        size = 0.008 + 0.035 * brush.nearness(y)
        lean = rng.uniform(-0.5, 0.5) * size
        color = shade(near, rng.uniform(0.72, 1.22))
        brush.dash(x, y, x + lean, y - size, 0.004, color)
    petal = rng.choice(_PETALS)
    for x, y in brush.scatter(rng.choice((0, 40, 110)), rng):
        size = 0.003 + 0.007 * brush.nearness(y)
        brush.ellipse(x, y, size, 0.8 * size, petal)


def _road(brush: _Brush, rng: Random) -> None:
    gray = rng.choice(((112, 112, 116), (128, 124, 122), (98, 102, 110)))
    brush.base(mix(gray, brush.canvas.daylight.skyline, 0.15), gray, 0.5)
    for x, y in brush.scatter(60, rng):
        brush.ellipse(x, y, 0.006, 0.002, shade(gray, rng.uniform(0.8, 1.2)))
    top, bottom = brush.top, brush.bottom
    depth = bottom - top
    x, middle = rng.uniform(-0.2, 0), top + 0.42 * depth
    while x < brush.width:
        brush.dash(x, middle, x + 0.14, middle, 0.03 * depth + 0.004, (226, 222, 208))
        x += 0.26
    for y, width in ((top + 0.01, 0.012), (bottom - 0.012, 0.024)):
        brush.dash(0, y, brush.width, y, width, (198, 194, 184))
        y += width / 2
        brush.dash(0, y, brush.width, y, 0.006, shade(gray, 0.7))


def _tiles(brush: _Brush, rng: Random) -> None:
    stone = rng.choice(_PAVINGS)
    brush.base(mix(stone, brush.canvas.daylight.skyline, 0.2), stone, 0.4)
    joint, y, width = shade(stone, 0.84), brush.top, brush.width
    vanish = (rng.uniform(0.3, 0.7) * width, brush.layout.horizon - 0.35)
    while y < brush.bottom:
        step = 0.03 + 0.09 * brush.nearness(y)
        end, x = min(y + step, brush.bottom), -width
        while x < 2 * width:
            slope = (x - vanish[0]) / (brush.layout.height - vanish[1])
            ends = [vanish[0] + slope * (v - vanish[1]) for v in (y, end)]
            brush.dash(ends[0], y, ends[1], end, 0.004, joint)
            if rng.random() < 0.1:
                left, middle = ends[0], (y + end) / 2
                color = shade(stone, rng.uniform(0.94, 1.05))
                brush.dash(left + 0.02, middle, left + 0.08, middle, 0.5 * step, color)
            x += 0.19
        brush.dash(0, y, width, y, 0.004, joint)
        y += step


def _water(brush: _Brush, rng: Random) -> None:
    sky = brush.canvas.daylight
    blue = rng.choice(((58, 108, 140), (70, 128, 138), (66, 96, 132)))
    deep = mix(blue, sky.zenith, 0.25)
    brush.base(mix(sky.skyline, deep, 0.3), deep, 0.25)
    for x, y in brush.scatter(260, rng):
        length = 0.02 + 0.1 * brush.nearness(y)
        color = mix(sky.skyline, deep, rng.choice((0.25, 0.5, 1.2)))
        brush.dash(x, y, x + length, y, 0.003 + 0.006 * brush.nearness(y), color)


def _sand(brush: _Brush, rng: Random) -> None:
    sand = rng.choice(((222, 200, 158), (206, 184, 148)))
    brush.base(shade(sand, 0.9), sand, 0.4)
    for x, y in brush.scatter(160, rng):
        size = 0.002 + 0.005 * brush.nearness(y)
        brush.ellipse(x, y, 1.6 * size, size, shade(sand, rng.choice((0.8, 0.9, 1.1))))
    x = 0.0
    while x < brush.width:  # foam where the water ends
        brush.ellipse(x, brush.top, 0.06, rng.uniform(0.004, 0.01), (240, 242, 238))
        x += 0.07


def _track(brush: _Brush, rng: Random) -> None:
    gravel = rng.choice(((132, 124, 116), (120, 112, 110)))
    brush.base(gravel, shade(gravel, 0.9), 0.8)
    top, bottom = brush.top, brush.bottom
    depth, x = bottom - top, -0.02
    while x < brush.width:
        near, far = bottom - 0.1 * depth, top + 0.3 * depth
        brush.dash(x, near, x + 0.016, far, 0.02, (92, 74, 62))
        x += 0.06
    for y in (top + 0.42 * depth, bottom - 0.25 * depth):
        brush.dash(0, y + 0.006, brush.width, y + 0.006, 0.008, (70, 64, 62))
        brush.dash(0, y, brush.width, y, 0.007, (188, 186, 184))


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
