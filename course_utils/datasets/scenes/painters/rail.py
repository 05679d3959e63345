"""Painters of trains, and of a coach that may be a bus or a train."""

from random import Random

from course_utils.datasets.scenes.daylight import PAINTS
from course_utils.datasets.scenes.painters.pen import Color, Pen, mix, shade
from course_utils.datasets.scenes.painters.road import (
    GLASS,
    GLINT,
    LAMP,
    RUBBER,
    STEEL,
    wheel,
    window,
)

SECTION = 0.62
"""Length of one section of ``coach``, a window each, in heights of the coach."""


def _bogie(pen: Pen, x: float) -> None:
    pen.box(x - 0.24, 0.84, x + 0.24, 0.91, RUBBER, radius=0.02)
    for offset in (-0.14, 0.14):
        wheel(pen, x + offset, 0.92, 0.075)


def _wagon(pen: Pen, left: float, right: float, paint: Color, trim: Color) -> None:
    """Draw one wagon: gray roof, a row of windows, a door, two bogies."""
    for x in (left + 0.32, right - 0.32):
        _bogie(pen, x)
    pen.box(left, 0.08, right, 0.86, paint, radius=0.06)
    pen.box(left + 0.01, 0.06, right - 0.01, 0.2, (126, 130, 136), radius=0.06)
    pen.box(left, 0.56, right, 0.66, trim)
    pen.box(left, 0.78, right, 0.86, shade(paint, 0.55))
    pen.box(left + 0.07, 0.27, left + 0.27, 0.8, shade(trim, 0.9), radius=0.02)
    pen.box(left + 0.12, 0.3, left + 0.22, 0.5, GLASS, radius=0.02)
    count = round((right - left - 0.5) / 0.3)
    step = (right - left - 0.42) / count
    for k in range(count):
        x = left + 0.35 + k * step
        window(pen, x, 0.28, x + 0.74 * step, 0.5)


def _power_car(pen: Pen, paint: Color, trim: Color) -> None:
    """Draw the front of an express train, its nose at the right edge."""
    end = pen.width
    nose = [(end - 1.9, 0.08), (end - 0.95, 0.08), (end - 0.5, 0.22), (end - 0.2, 0.5)]
    nose += [(end - 0.02, 0.7), (end - 0.08, 0.86), (end - 1.9, 0.86)]
    for x in (end - 1.5, end - 0.62):
        _bogie(pen, x)
    pen.polygon(nose, color=paint)
    roof = [(end - 1.9, 0.06), (end - 0.95, 0.06), (end - 0.6, 0.18), (end - 1.9, 0.18)]
    pen.polygon(roof, color=(126, 130, 136))
    band = [(end - 1.9, 0.56), (end - 0.16, 0.56), (end - 0.06, 0.66)]
    pen.polygon(band, [(end - 1.9, 0.66)], color=trim)
    pen.box(end - 1.9, 0.78, end - 0.07, 0.87, shade(paint, 0.5), radius=0.03)
    cab = [
        (end - 0.72, 0.46),
        (end - 0.72, 0.24),
        (end - 0.5, 0.25),
        (end - 0.26, 0.46),
    ]
    pen.polygon(cab, color=GLASS)
    glint = [(end - 0.66, 0.44), (end - 0.6, 0.26), (end - 0.52, 0.26)]
    pen.polygon(glint, [(end - 0.58, 0.44)], color=mix(GLASS, GLINT, 0.6))
    pen.ellipse(end - 0.14, 0.7, 0.06, 0.04, LAMP)
    for k in range(3):
        x = end - 1.78 + 0.32 * k
        window(pen, x, 0.28, x + 0.24, 0.5)


def train(pen: Pen, rng: Random) -> None:
    """Draw an express train: a nose that slopes, and wagons behind."""
    paint, trim = rng.sample(PAINTS, 2)
    _power_car(pen, paint, trim)
    right = pen.width - 1.94
    while right > 0.3:
        left = max(0.02, right - 1.7)
        pen.box(right - 0.03, 0.3, right + 0.07, 0.8, RUBBER)
        if right - left > 1.0:
            _wagon(pen, left, right, paint, trim)
        right = left - 0.04


def _steam_wheels(pen: Pen, end: float) -> None:
    for x, radius in ((0.45, 0.12), (0.78, 0.17), (1.2, 0.17), (1.6, 0.17)):
        pen.disc(end - x, 0.99 - radius, radius, (112, 34, 32))
        pen.disc(end - x, 0.99 - radius, 0.7 * radius, RUBBER)
        pen.disc(end - x, 0.99 - radius, 0.3 * radius, STEEL)
    pen.line([(end - 1.6, 0.86), (end - 0.6, 0.84)], 0.045, STEEL)


def steam_train(pen: Pen, rng: Random) -> None:
    """Draw a steam engine with a tender and wagons."""
    paint, trim = rng.sample(PAINTS, 2)
    coat, end = rng.choice(((52, 60, 62), (44, 78, 66), (58, 62, 92))), pen.width
    _steam_wheels(pen, end)
    pen.box(end - 1.75, 0.68, end - 0.22, 0.78, shade(coat, 0.6), radius=0.02)
    pen.box(end - 1.4, 0.3, end - 0.3, 0.72, coat, radius=0.06)
    pen.box(end - 1.4, 0.33, end - 0.32, 0.42, shade(coat, 1.6), radius=0.03)
    for x in (0.55, 0.85, 1.15):
        pen.box(end - x, 0.3, end - x + 0.03, 0.72, (196, 160, 78))
    chimney = [(end - 0.6, 0.32), (end - 0.64, 0.06), (end - 0.4, 0.06)]
    pen.polygon(chimney, [(end - 0.44, 0.32)], color=shade(coat, 0.7))
    pen.box(end - 0.67, 0.02, end - 0.37, 0.08, coat, radius=0.02)
    pen.ellipse(end - 1.0, 0.29, 0.11, 0.09, (196, 160, 78))
    pen.box(end - 1.9, 0.12, end - 1.3, 0.72, paint, radius=0.02)
    pen.box(end - 1.96, 0.08, end - 1.24, 0.15, shade(paint, 0.6), radius=0.02)
    window(pen, end - 1.74, 0.24, end - 1.46, 0.44)
    pen.disc(end - 0.28, 0.42, 0.06, LAMP)
    plow = [(end - 0.34, 0.78), (end - 0.24, 0.78), (end - 0.02, 0.96)]
    pen.polygon(plow, [(end - 0.34, 0.96)], color=(112, 34, 32))
    right = end - 1.98
    while right > 0.9:
        left = max(0.02, right - 1.7)
        pen.box(right - 0.03, 0.7, right + 0.08, 0.78, RUBBER)
        _wagon(pen, left, right, paint, trim)
        right = left - 0.06


def coach(pen: Pen, rng: Random) -> None:
    """Draw a coach of equal sections: short it is a bus, long it is a train.

    A section, the ends and the light on them are the same at every length, so nothing
    within reach of a small window tells the two apart.
    """
    paint, trim = rng.sample(PAINTS, 2)
    count = round(pen.width / SECTION)
    right = count * SECTION
    pen.box(0.0, 0.03, right, 0.93, paint, radius=0.1)
    pen.box(0.05, 0.04, right - 0.05, 0.13, shade(paint, 1.2), radius=0.04)
    pen.box(0.0, 0.6, right, 0.7, trim)
    pen.box(0.02, 0.82, right - 0.02, 0.94, shade(paint, 0.45), radius=0.04)
    for k in range(count):
        left = k * SECTION
        window(pen, left + 0.09, 0.2, left + SECTION - 0.09, 0.53)
        pen.box(left + 0.29, 0.73, left + 0.33, 0.79, shade(paint, 0.7))
        wheel(pen, left + SECTION / 2, 0.92, 0.08)
