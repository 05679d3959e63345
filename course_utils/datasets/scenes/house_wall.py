"""The wall of a house behind a patio: bricks, a door, windows with shutters."""

from random import Random

from PIL import ImageDraw

from course_utils.datasets.scenes.canvas import Canvas, fill_gradient
from course_utils.datasets.scenes.daylight import PAINTS
from course_utils.datasets.scenes.layout import Layout
from course_utils.datasets.scenes.painters.pen import Color, mix, shade

_FRAME: Color = (240, 234, 222)
_GLASSES: tuple[Color, ...] = ((84, 108, 126), (250, 218, 142))


class _Wall:
    """A wall to draw rectangles on, y counted upwards from its foot, in units."""

    def __init__(self, canvas: Canvas, layout: Layout) -> None:
        self.draw, self.unit = ImageDraw.Draw(canvas.picture), canvas.unit
        self.foot = layout.horizon

    def box(self, x: float, y: float, width: float, height: float, color) -> None:
        left, bottom = x * self.unit, (self.foot - y) * self.unit
        right, top = left + width * self.unit, bottom - height * self.unit
        self.draw.rectangle([left, top, right, bottom], fill=color)


def _draw_door(wall: _Wall, x: float, paint: Color, glass: Color) -> None:
    wall.box(x, 0, 0.2, 0.44, _FRAME)
    wall.box(x + 0.015, 0, 0.17, 0.425, paint)
    wall.box(x + 0.05, 0.22, 0.1, 0.17, glass)


def _draw_window(wall: _Wall, x: float, paint: Color, glass: Color) -> None:
    for left in (x - 0.08, x + 0.185):
        wall.box(left, 0.17, 0.075, 0.26, paint)
        for k in range(7):
            wall.box(left + 0.01, 0.192 + 0.035 * k, 0.055, 0.008, shade(paint, 0.75))
    wall.box(x, 0.17, 0.18, 0.26, _FRAME)
    for left in (x + 0.015, x + 0.097):
        for bottom in (0.19, 0.315):
            wall.box(left, bottom, 0.068, 0.1, glass)


def paint_house_wall(canvas: Canvas, layout: Layout, rng: Random) -> None:
    """Paint the wall from the upper edge of the image to the horizon."""
    plaster = mix(rng.choice(PAINTS), (228, 210, 184), rng.uniform(0.25, 0.65))
    upper, lower = shade(plaster, 1.06), shade(plaster, 0.92)
    fill_gradient(canvas, 0, layout.horizon, upper, lower, 0.5)
    wall = _Wall(canvas, layout)
    for _ in range(round(90 * layout.width)):
        x, y = rng.uniform(0, layout.width), 0.03 * rng.randint(1, 20)
        wall.box(x, y, 0.055, 0.024, shade(plaster, rng.uniform(0.86, 1.08)))
    paint, glass = rng.choice(PAINTS), rng.choice(_GLASSES)
    x, door = rng.uniform(0.02, 0.12), rng.randint(0, 2)
    for k in range(round(layout.width / 0.36) + 1):
        draw = _draw_door if k == door else _draw_window
        draw(wall, x, paint, glass)
        x += 0.38
    wall.box(0, 0, layout.width, 0.03, shade(plaster, 0.62))
