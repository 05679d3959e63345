"""Painters of boats and aeroplanes, and of a blob that may be a boat or a car."""

from random import Random

from course_utils.datasets.scenes.daylight import PAINTS
from course_utils.datasets.scenes.painters.pen import Color, Pen, mix, shade
from course_utils.datasets.scenes.painters.road import (
    GLASS,
    GLINT,
    RUBBER,
    STEEL,
    window,
)

_SAILS: tuple[Color, ...] = ((244, 240, 228), (232, 206, 170), (198, 84, 66))
_WOOD: Color = (122, 84, 56)


def _hull(pen: Pen, paint: Color, top: float, right: float) -> None:
    pen.polygon(
        [(0.02, top), (right, top - 0.04), (right - 0.16, 0.94)],
        [(right - 0.3, 1.0), (0.22, 1.0), (0.1, 0.94)],
        color=paint,
    )
    pen.polygon(
        [(0.02, top), (right, top - 0.04)],
        [(right - 0.03, top + 0.04), (0.04, top + 0.06)],
        color=(236, 230, 214),
    )
    pen.polygon(
        [(0.08, 0.92), (right - 0.14, 0.92), (right - 0.3, 1.0), (0.22, 1.0)],
        color=shade(paint, 0.55),
    )


def sailing_boat(pen: Pen, rng: Random) -> None:
    """Draw a boat with a mainsail and a jib."""
    paint, sail, right = rng.choice(PAINTS), rng.choice(_SAILS), pen.width - 0.02
    mast = 0.46 * right
    pen.line([(mast, 0.0), (mast, 0.84)], 0.022, _WOOD)
    pen.blob(
        [(mast - 0.03, 0.03), (mast - 0.03, 0.7), (0.04, 0.72), (0.2, 0.45)], color=sail
    )
    for y in (0.28, 0.5):
        pen.line(
            [(mast - 0.04, y), (mast - 0.5 * y, y + 0.02)], 0.008, shade(sail, 0.8)
        )
    pen.blob(
        [(mast + 0.04, 0.1), (right - 0.05, 0.72), (mast + 0.05, 0.7)],
        color=shade(sail, 0.93),
    )
    _hull(pen, paint, 0.8, right)


def motor_boat(pen: Pen, rng: Random) -> None:
    """Draw a fishing boat: a cabin with windows on a deep hull."""
    paint, trim = rng.sample(PAINTS, 2)
    right = pen.width - 0.02
    pen.line([(0.36 * right, 0.0), (0.36 * right, 0.4)], 0.03, _WOOD)
    pen.line([(0.36 * right, 0.04), (0.94 * right, 0.5)], 0.012, RUBBER)
    pen.box(0.26 * right, 0.22, 0.62 * right, 0.62, (240, 236, 222), radius=0.03)
    pen.box(0.23 * right, 0.17, 0.66 * right, 0.26, trim, radius=0.03)
    window(pen, 0.31 * right, 0.3, 0.43 * right, 0.46)
    window(pen, 0.46 * right, 0.3, 0.58 * right, 0.46)
    _hull(pen, paint, 0.58, right)
    for k in range(3):
        x = (0.3 + 0.15 * k) * right
        pen.disc(x, 0.74, 0.045, STEEL)
        pen.disc(x, 0.74, 0.028, GLASS)


def _fuselage(pen: Pen, paint: Color, right: float) -> None:
    pen.blob(
        [(0.06, 0.42), (0.5, 0.36), (1.4, 0.34), (2.0, 0.36), (right - 0.12, 0.46)],
        [(right, 0.56), (right - 0.14, 0.63), (1.9, 0.68), (1.1, 0.68), (0.5, 0.58)],
        color=paint,
    )


def airliner(pen: Pen, rng: Random) -> None:
    """Draw an airliner from its side, the near wing towards the viewer."""
    trim, right = rng.choice(PAINTS[:7]), pen.width - 0.04
    body: Color = (236, 238, 240)
    pen.polygon(
        [(1.3, 0.42), (0.95, 0.14), (1.12, 0.14), (1.62, 0.42)], color=(170, 176, 184)
    )
    pen.polygon([(0.1, 0.42), (0.02, 0.02), (0.22, 0.02), (0.56, 0.38)], color=trim)
    _fuselage(pen, body, right)
    pen.polygon(
        [(0.1, 0.47), (1.1, 0.56), (right - 0.1, 0.57), (1.9, 0.62), (0.5, 0.55)],
        color=trim,
    )
    for k in range(11):
        x = 0.6 + 0.125 * k
        pen.box(x, 0.43, x + 0.06, 0.5, GLASS, radius=0.02)
    pen.polygon(
        [(right - 0.3, 0.42), (right - 0.16, 0.45)],
        [(right - 0.13, 0.5), (right - 0.3, 0.5)],
        color=GLASS,
    )
    wing = [(1.45, 0.56), (0.72, 0.97), (0.92, 0.98), (1.85, 0.6)]
    pen.polygon(wing, color=(188, 194, 202))
    edge = [(1.45, 0.56), (0.72, 0.97), (0.78, 0.98), (1.6, 0.57)]
    pen.polygon(edge, color=(222, 226, 230))
    pen.box(1.2, 0.72, 1.52, 0.86, shade(trim, 0.9), radius=0.07)
    pen.ellipse(1.49, 0.79, 0.035, 0.065, RUBBER)
    pen.polygon(
        [(0.34, 0.46), (0.02, 0.58), (0.14, 0.6), (0.56, 0.48)], color=(188, 194, 202)
    )


def propeller_plane(pen: Pen, rng: Random) -> None:
    """Draw a small aeroplane with a high wing and a propeller."""
    paint, trim = rng.sample(PAINTS[:8], 2)
    right = pen.width - 0.12
    pen.polygon([(0.04, 0.52), (0.0, 0.06), (0.22, 0.06), (0.52, 0.46)], color=trim)
    pen.blob(
        [(0.04, 0.5), (0.7, 0.4), (1.15, 0.22), (1.6, 0.24), (1.8, 0.4)],
        [(right, 0.46), (right, 0.68), (1.5, 0.78), (0.9, 0.72), (0.1, 0.6)],
        color=paint,
    )
    pen.polygon([(1.1, 0.4), (1.22, 0.25), (1.56, 0.26), (1.72, 0.42)], color=GLASS)
    pen.polygon(
        [(1.2, 0.39), (1.3, 0.27), (1.38, 0.27), (1.3, 0.39)],
        color=mix(GLASS, GLINT, 0.7),
    )
    pen.polygon(
        [(0.2, 0.58), (1.5, 0.64), (right, 0.6), (1.5, 0.7), (0.7, 0.67)], color=trim
    )
    pen.blob(
        [(0.9, 0.14), (1.75, 0.12), (1.8, 0.2), (0.8, 0.24), (0.4, 0.3)], color=trim
    )
    pen.line([(1.3, 0.24), (1.2, 0.62)], 0.03, shade(trim, 0.7))
    pen.polygon(
        [(0.06, 0.54), (0.42, 0.5), (0.5, 0.56), (0.1, 0.62)], color=shade(trim, 0.85)
    )
    pen.line([(1.5, 0.74), (1.56, 0.9)], 0.04, RUBBER)
    pen.disc(1.57, 0.91, 0.085, RUBBER)
    pen.disc(right + 0.02, 0.56, 0.06, STEEL)
    pen.ellipse(right + 0.05, 0.56, 0.03, 0.36, (96, 84, 78))


def ambiguous_blob(pen: Pen, rng: Random) -> None:
    """Draw a small body with a cabin: on water it is a boat, on a road it is a car."""
    paint = rng.choice(PAINTS[:7])
    right = pen.width
    pen.blob(
        [(0.28, 0.5), (0.42, 0.06), (right - 0.8, 0.06), (right - 0.5, 0.5)],
        color=shade(paint, 1.25),
    )
    pen.box(0.46, 0.16, right - 0.82, 0.44, GLASS, radius=0.05)
    pen.polygon(
        [(0.0, 0.46), (right, 0.46), (right - 0.22, 1.0), (0.2, 1.0)], color=paint
    )
    pen.polygon(
        [(0.12, 0.78), (right - 0.13, 0.78), (right - 0.22, 1.0), (0.2, 1.0)],
        color=shade(paint, 0.5),
    )
