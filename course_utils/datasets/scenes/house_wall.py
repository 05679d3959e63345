"""The wall of a house behind a patio: bricks, a door, windows with shutters."""

from random import Random

from course_utils.datasets.scenes.canvas import Canvas, fill_gradient
from course_utils.datasets.scenes.daylight import PAINTS
from course_utils.datasets.scenes.layout import Layout
from course_utils.datasets.scenes.painters.pen import Color, Pen, mix, shade

_FRAME: Color = (240, 234, 222)
_GLASSES = (84, 108, 126), (250, 218, 142)


def _draw_door(pen: Pen, paint: Color, glass: Color) -> None:
    pen.box(0, -0.44, 0.2, 0, _FRAME)
    pen.box(0.015, -0.425, 0.185, 0, paint)
    pen.box(0.05, -0.39, 0.15, -0.22, glass)


def _draw_window(pen: Pen, paint: Color, glass: Color) -> None:
    for x in (-0.08, 0.185):
        pen.box(x, -0.43, x + 0.075, -0.17, paint)
        for k in range(7):
            y = -0.192 - 0.035 * k
            pen.box(x + 0.01, y - 0.008, x + 0.065, y, shade(paint, 0.75))
    pen.box(0, -0.43, 0.18, -0.17, _FRAME)
    for x in (0.015, 0.097):
        for y in (-0.19, -0.315):
            pen.box(x, y - 0.1, x + 0.068, y, glass)


def paint_house_wall(canvas: Canvas, layout: Layout, rng: Random) -> None:
    """Paint the wall from the upper edge of the image to the horizon."""
    plaster = mix(rng.choice(PAINTS), (228, 210, 184), rng.uniform(0.25, 0.65))
    upper, lower = shade(plaster, 1.06), shade(plaster, 0.92)
    fill_gradient(canvas, 0, layout.horizon, upper, lower, 0.5)
    pen = Pen(canvas.picture, canvas.unit).moved(0, layout.horizon)
    for _ in range(round(90 * layout.width)):
        x, y = rng.uniform(0, layout.width), 0.03 * rng.randint(1, 20)
        pen.box(x, -y - 0.024, x + 0.055, -y, shade(plaster, rng.uniform(0.86, 1.08)))
    paint, glass = rng.choice(PAINTS), rng.choice(_GLASSES)
    x, door = rng.uniform(0.02, 0.12), rng.randint(0, 2)
    for k in range(round(layout.width / 0.36) + 1):
        draw = _draw_door if k == door else _draw_window
        draw(pen.moved(x + 0.38 * k, 0), paint, glass)
    pen.box(0, -0.03, layout.width, 0, shade(plaster, 0.62))
