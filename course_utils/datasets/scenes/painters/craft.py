"""Painters of boats and aeroplanes, and of a blob that may be a boat or a car."""

from random import Random

from course_utils.datasets.scenes.daylight import PAINTS
from course_utils.datasets.scenes.painters.pen import Color, Pen, mix, palette, shade
from course_utils.datasets.scenes.painters.road import (
    GLASS,
    GLINT,
    RUBBER,
    STEEL,
    window,
)

_SAILS = palette("#f4f0e4 #e8ceaa #c65442")
_WOOD: Color = (122, 84, 56)


def _hull(pen: Pen, paint: Color, top: float, right: float) -> None:
    deck = [(0.02, top), (right, top - 0.04)]
    keel = [(right - 0.3, 1.0), (0.22, 1.0)]
    pen.polygon([*deck, (right - 0.16, 0.94), *keel, (0.1, 0.94)], paint)
    rail = [*deck, (right - 0.03, top + 0.04), (0.04, top + 0.06)]
    pen.polygon(rail, (236, 230, 214))
    pen.polygon([(0.08, 0.92), (right - 0.14, 0.92), *keel], shade(paint, 0.55))


def sailing_boat(pen: Pen, rng: Random) -> None:
    """Draw a boat with a mainsail and a jib; width 1.1."""
    paint, sail, mast = rng.choice(PAINTS), rng.choice(_SAILS), 0.4968
    pen.line([(mast, 0.0), (mast, 0.84)], 0.022, _WOOD)
    pen.blob("0.4668,0.03 0.4668,0.7 0.04,0.72 0.2,0.45", sail)
    for y in (0.28, 0.5):
        seam = [(mast - 0.04, y), (mast - 0.5 * y, y + 0.02)]
        pen.line(seam, 0.008, shade(sail, 0.8))
    pen.blob("0.5368,0.1 1.03,0.72 0.5468,0.7", shade(sail, 0.93))
    _hull(pen, paint, 0.8, 1.08)


def motor_boat(pen: Pen, rng: Random) -> None:
    """Draw a fishing boat: a cabin with windows on a deep hull; width 1.5."""
    (paint, trim), right = rng.sample(PAINTS, 2), 1.48
    pen.line([(0.36 * right, 0.0), (0.36 * right, 0.4)], 0.03, _WOOD)
    pen.line([(0.36 * right, 0.04), (0.94 * right, 0.5)], 0.012, RUBBER)
    pen.box(0.26 * right, 0.22, 0.62 * right, 0.62, (240, 236, 222), radius=0.03)
    pen.box(0.23 * right, 0.17, 0.66 * right, 0.26, trim, radius=0.03)
    window(pen, 0.31 * right, 0.3, 0.43 * right, 0.46)
    window(pen, 0.46 * right, 0.3, 0.58 * right, 0.46)
    _hull(pen, paint, 0.58, right)
    for x in (0.3, 0.45, 0.6):
        pen.disc(x * right, 0.74, 0.045, STEEL)
        pen.disc(x * right, 0.74, 0.028, GLASS)


def airliner(pen: Pen, rng: Random) -> None:
    """Draw an airliner from its side, the near wing towards the viewer; width 2.6."""
    trim, gray = rng.choice(PAINTS[:7]), (188, 194, 202)
    pen.polygon("1.3,0.42 0.95,0.14 1.12,0.14 1.62,0.42", (170, 176, 184))
    pen.polygon("0.1,0.42 0.02,0.02 0.22,0.02 0.56,0.38", trim)
    upper = "0.06,0.42 0.5,0.36 1.4,0.34 2,0.36 2.44,0.46"
    lower = " 2.56,0.56 2.42,0.63 1.9,0.68 1.1,0.68 0.5,0.58"
    pen.blob(upper + lower, (236, 238, 240))
    pen.polygon("0.1,0.47 1.1,0.56 2.46,0.57 1.9,0.62 0.5,0.55", trim)
    for k in range(11):
        x = 0.6 + 0.125 * k
        pen.box(x, 0.43, x + 0.06, 0.5, GLASS, radius=0.02)
    pen.polygon("2.26,0.42 2.4,0.45 2.43,0.5 2.26,0.5", GLASS)
    pen.polygon("1.45,0.56 0.72,0.97 0.92,0.98 1.85,0.6", gray)
    pen.polygon("1.45,0.56 0.72,0.97 0.78,0.98 1.6,0.57", (222, 226, 230))
    pen.box(1.2, 0.72, 1.52, 0.86, shade(trim, 0.9), radius=0.07)
    pen.ellipse(1.49, 0.79, 0.035, 0.065, RUBBER)
    pen.polygon("0.34,0.46 0.02,0.58 0.14,0.6 0.56,0.48", gray)


def propeller_plane(pen: Pen, rng: Random) -> None:
    """Draw a small aeroplane with a high wing and a propeller; width 2.3."""
    paint, trim = rng.sample(PAINTS[:8], 2)
    pen.polygon("0.04,0.52 0,0.06 0.22,0.06 0.52,0.46", trim)
    upper = "0.04,0.5 0.7,0.4 1.15,0.22 1.6,0.24 1.8,0.4"
    lower = " 2.18,0.46 2.18,0.68 1.5,0.78 0.9,0.72 0.1,0.6"
    pen.blob(upper + lower, paint)
    pen.polygon("1.1,0.4 1.22,0.25 1.56,0.26 1.72,0.42", GLASS)
    pen.polygon("1.2,0.39 1.3,0.27 1.38,0.27 1.3,0.39", mix(GLASS, GLINT, 0.7))
    pen.polygon("0.2,0.58 1.5,0.64 2.18,0.6 1.5,0.7 0.7,0.67", trim)
    pen.blob("0.9,0.14 1.75,0.12 1.8,0.2 0.8,0.24 0.4,0.3", trim)
    pen.line("1.3,0.24 1.2,0.62", 0.03, shade(trim, 0.7))
    pen.polygon("0.06,0.54 0.42,0.5 0.5,0.56 0.1,0.62", shade(trim, 0.85))
    pen.line("1.5,0.74 1.56,0.9", 0.04, RUBBER)
    pen.disc(1.57, 0.91, 0.085, RUBBER)
    pen.disc(2.2, 0.56, 0.06, STEEL)
    pen.ellipse(2.23, 0.56, 0.03, 0.36, (96, 84, 78))


def ambiguous_blob(pen: Pen, rng: Random) -> None:
    """Draw a body with a cabin: a boat on water, a car on a road; width 2.0."""
    paint = rng.choice(PAINTS[:7])
    pen.blob("0.28,0.5 0.42,0.06 1.2,0.06 1.5,0.5", shade(paint, 1.25))
    pen.box(0.46, 0.16, 1.18, 0.44, GLASS, radius=0.05)
    pen.polygon("0,0.46 2,0.46 1.78,1 0.2,1", paint)
    pen.polygon("0.12,0.78 1.87,0.78 1.78,1 0.2,1", shade(paint, 0.5))
