"""The backdrop of a scene: sky, clouds and hills, or the wall behind a patio."""

import math
from random import Random

from PIL import Image, ImageDraw, ImageFilter

from course_utils.datasets.scenes.canvas import Canvas, fill_gradient
from course_utils.datasets.scenes.house_wall import paint_house_wall
from course_utils.datasets.scenes.layout import Layout
from course_utils.datasets.scenes.painters.pen import Color, Pen, mix


def _paint_clouds(canvas: Canvas, layout: Layout, rng: Random) -> None:
    """Paint clouds, lit from above, on a small layer; enlarging it softens them."""
    cells = 96
    size = (round(cells * layout.width), round(cells * layout.horizon))
    light, dark = Image.new("L", size, 0), Image.new("L", size, 0)
    for _ in range(rng.randint(2, 5)):
        x, y = rng.uniform(0, layout.width) * cells, rng.uniform(0.1, 0.75) * size[1]
        for _ in range(rng.randint(4, 8)):
            rx, ry = rng.uniform(4, 10), rng.uniform(1.5, 4)
            dx, dy = rng.uniform(-12, 12), rng.uniform(-2, 2)
            box = [x + dx - rx, y + dy - ry, x + dx + rx, y + dy + ry]
            ImageDraw.Draw(light).ellipse(box, fill=235)
            box[1] += 0.9 * ry
            ImageDraw.Draw(dark).ellipse(box, fill=110)
    full = (canvas.picture.width, round(layout.horizon * canvas.unit))
    for layer, color in (
        (light, canvas.daylight.cloud),
        (dark, mix(canvas.daylight.cloud, canvas.daylight.zenith, 0.5)),
    ):
        soft = layer.filter(ImageFilter.BoxBlur(1)).resize(full)
        canvas.picture.paste(color, (0, 0), soft)


def _paint_sun(canvas: Canvas, layout: Layout, rng: Random) -> None:
    x = (0.5 + canvas.daylight.side * rng.uniform(0.2, 0.4)) * layout.width
    y = rng.uniform(0.35, 0.8) * layout.horizon
    pen = Pen(canvas.picture, canvas.unit)
    for radius, glow in ((0.075, 0.3), (0.058, 0.6), (0.042, 1.0)):
        pen.disc(x, y, radius, mix(canvas.daylight.skyline, (255, 240, 200), glow))


def _paint_hills(canvas: Canvas, layout: Layout, rng: Random) -> None:
    """Paint ridges, the farther the paler."""
    pen = Pen(canvas.picture, canvas.unit)
    hills: Color = rng.choice(((92, 124, 112), (104, 134, 92), (112, 116, 132)))
    for haze, rise in ((0.72, 0.16), (0.5, 0.1), (0.28, 0.05)):
        phase, waves = rng.uniform(0, 6.28), rng.uniform(3, 7)
        ridge = []
        for k in range(41):
            x = k / 40 * layout.width
            swell = math.sin(waves * x + phase)
            swell += 0.5 * math.sin(2.7 * waves * x + phase)
            ridge.append((x, layout.horizon - rise * (0.5 + 0.3 * swell)))
        corners = [(layout.width, layout.horizon + 0.02), (0, layout.horizon + 0.02)]
        pen.polygon(ridge + corners, mix(hills, canvas.daylight.skyline, haze))


def paint_backdrop(canvas: Canvas, layout: Layout, rng: Random) -> None:
    """Paint everything above the horizon."""
    if layout.theme == "patio":
        paint_house_wall(canvas, layout, rng)
        return
    daylight = canvas.daylight
    fill_gradient(canvas, 0, layout.horizon, daylight.zenith, daylight.skyline, 0.06)
    if daylight.name in ("dawn", "dusk"):
        _paint_sun(canvas, layout, rng)
    _paint_clouds(canvas, layout, rng)
    _paint_hills(canvas, layout, rng)
