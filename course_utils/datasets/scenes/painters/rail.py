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
    wheel(pen, x - 0.14, 0.92, 0.075)
    wheel(pen, x + 0.14, 0.92, 0.075)


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
    """Draw the front of an express train, its nose at the pen's origin."""
    for x in (-1.5, -0.62):
        _bogie(pen, x)
    nose = "-0.95,0.08 -0.5,0.22 -0.2,0.5 -0.02,0.7 -0.08,0.86"
    pen.polygon(f"-1.9,0.08 {nose} -1.9,0.86", paint)
    pen.polygon("-1.9,0.06 -0.95,0.06 -0.6,0.18 -1.9,0.18", (126, 130, 136))
    pen.polygon("-1.9,0.56 -0.16,0.56 -0.06,0.66 -1.9,0.66", trim)
    pen.box(-1.9, 0.78, -0.07, 0.87, shade(paint, 0.5), radius=0.03)
    pen.polygon("-0.72,0.46 -0.72,0.24 -0.5,0.25 -0.26,0.46", GLASS)
    glint = "-0.66,0.44 -0.6,0.26 -0.52,0.26 -0.58,0.44"
    pen.polygon(glint, mix(GLASS, GLINT, 0.6))
    pen.ellipse(-0.14, 0.7, 0.06, 0.04, LAMP)
    for x in (-1.78, -1.46, -1.14):
        window(pen, x, 0.28, x + 0.24, 0.5)


def train(pen: Pen, rng: Random) -> None:
    """Draw an express train: a nose that slopes, and wagons; width 7.3."""
    (paint, trim), right = rng.sample(PAINTS, 2), 5.36
    _power_car(pen.moved(7.3, 0), paint, trim)
    while right > 0.3:
        left = max(0.02, right - 1.7)
        pen.box(right - 0.03, 0.3, right + 0.07, 0.8, RUBBER)
        if right - left > 1.0:
            _wagon(pen, left, right, paint, trim)
        right = left - 0.04


def _steam_wheels(pen: Pen) -> None:
    for x, radius in ((-0.45, 0.12), (-0.78, 0.17), (-1.2, 0.17), (-1.6, 0.17)):
        for part, color in ((1, (112, 34, 32)), (0.7, RUBBER), (0.3, STEEL)):
            pen.disc(x, 0.99 - radius, part * radius, color)
    pen.line("-1.6,0.86 -0.6,0.84", 0.045, STEEL)


def _steam_engine(pen: Pen, paint: Color, coat: Color) -> None:
    """Draw a steam engine, its front at the pen's origin."""
    brass = (196, 160, 78)
    _steam_wheels(pen)
    pen.box(-1.75, 0.68, -0.22, 0.78, shade(coat, 0.6), radius=0.02)
    pen.box(-1.4, 0.3, -0.3, 0.72, coat, radius=0.06)
    pen.box(-1.4, 0.33, -0.32, 0.42, shade(coat, 1.6), radius=0.03)
    for x in (-0.55, -0.85, -1.15):
        pen.box(x, 0.3, x + 0.03, 0.72, brass)
    pen.polygon("-0.6,0.32 -0.64,0.06 -0.4,0.06 -0.44,0.32", shade(coat, 0.7))
    pen.box(-0.67, 0.02, -0.37, 0.08, coat, radius=0.02)
    pen.ellipse(-1.0, 0.29, 0.11, 0.09, brass)
    pen.box(-1.9, 0.12, -1.3, 0.72, paint, radius=0.02)
    pen.box(-1.96, 0.08, -1.24, 0.15, shade(paint, 0.6), radius=0.02)
    window(pen, -1.74, 0.24, -1.46, 0.44)
    pen.disc(-0.28, 0.42, 0.06, LAMP)
    pen.polygon("-0.34,0.78 -0.24,0.78 -0.02,0.96 -0.34,0.96", (112, 34, 32))


def steam_train(pen: Pen, rng: Random) -> None:
    """Draw a steam engine and wagons; width 5.6."""
    (paint, trim), right = rng.sample(PAINTS, 2), 3.62
    coat = rng.choice(((52, 60, 62), (44, 78, 66), (58, 62, 92)))
    _steam_engine(pen.moved(5.6, 0), paint, coat)
    while right > 0.9:
        left = max(0.02, right - 1.7)
        pen.box(right - 0.03, 0.7, right + 0.08, 0.78, RUBBER)
        _wagon(pen, left, right, paint, trim)
        right = left - 0.06


def coach(pen: Pen, rng: Random, sections: int) -> None:
    """Draw a coach of equal sections: short it is a bus, long it is a train.

    A section, the ends and the light on them are the same at every length, so nothing
    within reach of a small window tells the two apart.
    """
    paint, trim = rng.sample(PAINTS, 2)
    right = sections * SECTION
    pen.box(0.0, 0.03, right, 0.93, paint, radius=0.1)
    pen.box(0.05, 0.04, right - 0.05, 0.13, shade(paint, 1.2), radius=0.04)
    pen.box(0.0, 0.6, right, 0.7, trim)
    pen.box(0.02, 0.82, right - 0.02, 0.94, shade(paint, 0.45), radius=0.04)
    for k in range(sections):
        left = k * SECTION
        window(pen, left + 0.09, 0.2, left + SECTION - 0.09, 0.53)
        pen.box(left + 0.29, 0.73, left + 0.33, 0.79, shade(paint, 0.7))
        wheel(pen, left + SECTION / 2, 0.92, 0.08)
