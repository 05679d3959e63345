"""Painters of road vehicles: car, bus, bicycle."""

from random import Random

from course_utils.datasets.scenes.daylight import PAINTS
from course_utils.datasets.scenes.painters.pen import Color, Pen, mix, shade

GLASS: Color = (74, 96, 116)
GLINT: Color = (176, 202, 214)
RUBBER: Color = (40, 40, 44)
STEEL: Color = (178, 182, 186)
LAMP: Color = (252, 236, 176)
_TAIL_LAMP: Color = (188, 40, 36)
PANE = (0.14, 0.12, 1.6, 0.64)
"""Left, top, right and bottom of the wide pane of ``tour_bus``, in bus heights."""


def wheel(pen: Pen, x: float, y: float, radius: float) -> None:
    """Draw a tire with a hub and the glint on it."""
    pen.disc(x, y, radius, RUBBER)
    pen.disc(x, y, 0.58 * radius, STEEL)
    pen.disc(x - 0.1 * radius, y - 0.1 * radius, 0.42 * radius, shade(STEEL, 1.2))
    pen.disc(x, y, 0.16 * radius, RUBBER)


def window(pen: Pen, left: float, top: float, right: float, bottom: float) -> None:
    """Draw a pane with a slanted glint."""
    width, height = right - left, bottom - top
    pen.box(left, top, right, bottom, GLASS, radius=0.12 * min(width, height))
    x, low, high = left + 0.18 * width, bottom - 0.06 * height, top + 0.06 * height
    lean, band = min(0.5 * width, 0.5 * height), 0.2 * width
    glint = [(x, low), (x + lean, high), (x + lean + band, high), (x + band, low)]
    pen.polygon(glint, mix(GLASS, GLINT, 0.55))


def _car_body(pen: Pen, paint: Color, roof: tuple[float, float], tail: float) -> None:
    """Draw the side of a car; the roof spans ``roof``, the boot starts at ``tail``."""
    left, right = roof
    cabin = [(left - 0.34, 0.46), (left, 0.06), (left + 0.25, 0.0), (right - 0.2, 0.0)]
    cabin += [(right, 0.06), (right + 0.42, 0.46), (right, 0.55), (left, 0.55)]
    pen.blob(cabin, paint)
    body = [(0.02, 0.74), (0.04, 0.46), (tail, 0.4), (1.2, 0.39), (1.9, 0.4)]
    body += [(2.36, 0.47), (2.5, 0.62), (2.48, 0.8), (1.3, 0.84), (0.1, 0.82)]
    pen.blob(body, paint)
    middle = (left + right) / 2 + 0.04
    rear = [(left - 0.16, 0.42), (left + 0.06, 0.1), (middle, 0.08), (middle, 0.42)]
    front = [(middle + 0.07, 0.42), (middle + 0.07, 0.08)]
    front += [(right - 0.06, 0.1), (right + 0.26, 0.42)]
    for corners in (rear, front):
        pen.polygon(corners, GLASS)
        (a, low), (b, high) = corners[0], corners[1]
        glint = [(a + 0.1, low), (b + 0.14, high), (b + 0.25, high), (a + 0.24, low)]
        pen.polygon(glint, mix(GLASS, GLINT, 0.6))


def car(pen: Pen, rng: Random) -> None:
    """Draw a car from its side."""
    paint = rng.choice(PAINTS)
    left = rng.choice((0.42, 0.62, 0.7))
    _car_body(pen, paint, (left, rng.uniform(1.48, 1.64)), tail=left - 0.3)
    seam = shade(paint, 0.7)
    pen.line("1.14,0.44 1.12,0.78", 0.02, seam)
    pen.box(0.98, 0.49, 1.1, 0.53, seam, radius=0.02)
    pen.box(0.12, 0.72, 2.42, 0.83, shade(paint, 0.55), radius=0.05)
    pen.line("0.08,0.5 2.38,0.52", 0.025, shade(paint, 1.25))
    pen.ellipse(2.41, 0.56, 0.07, 0.06, LAMP)
    pen.box(0.03, 0.5, 0.11, 0.63, _TAIL_LAMP, radius=0.03)
    for x in (0.5, 1.98):
        pen.disc(x, 0.8, 0.25, shade(paint, 0.4))
        wheel(pen, x, 0.8, 0.2)


def car_front(pen: Pen, rng: Random) -> None:
    """Draw a car that comes towards the viewer."""
    paint = rng.choice(PAINTS)
    for x in (0.08, 0.98):
        pen.box(x, 0.74, x + 0.2, 1.0, RUBBER, radius=0.05)
    pen.blob("0.14,0.5 0.26,0.12 0.42,0.01 0.84,0.01 1,0.12 1.12,0.5", paint)
    pen.polygon("0.24,0.42 0.34,0.12 0.92,0.12 1.02,0.42", GLASS)
    pen.polygon("0.36,0.4 0.5,0.14 0.62,0.14 0.5,0.4", mix(GLASS, GLINT, 0.6))
    pen.box(0.03, 0.44, 1.23, 0.9, paint, radius=0.14)
    pen.box(0.03, 0.44, 1.23, 0.54, shade(paint, 1.18), radius=0.06)
    pen.box(0.36, 0.6, 0.9, 0.72, shade(paint, 0.4), radius=0.04)
    pen.box(0.46, 0.76, 0.8, 0.84, (236, 236, 228), radius=0.01)
    pen.box(0.06, 0.86, 1.2, 0.92, shade(paint, 0.55), radius=0.03)
    for x in (0.19, 1.07):
        pen.ellipse(x, 0.62, 0.11, 0.085, shade(LAMP, 0.75))
        pen.ellipse(x, 0.62, 0.08, 0.06, LAMP)


def _bus_shell(pen: Pen, right: float, paint: Color, trim: Color) -> None:
    """Draw body, stripe, lamps and wheels of a bus whose body ends at ``right``."""
    pen.box(0.3, 0.0, right - 0.7, 0.1, shade(paint, 0.8), radius=0.03)
    pen.box(0.02, 0.04, right, 0.88, paint, radius=0.09)
    pen.box(0.06, 0.05, right - 0.05, 0.11, shade(paint, 1.22), radius=0.03)
    pen.box(0.02, 0.66, right, 0.74, trim)
    pen.box(0.03, 0.82, right - 0.01, 0.9, shade(paint, 0.5), radius=0.03)
    pen.disc(right - 0.05, 0.78, 0.04, LAMP)
    pen.box(0.02, 0.6, 0.06, 0.72, _TAIL_LAMP)
    for x in (0.2 * right, 0.78 * right):
        pen.disc(x, 0.88, 0.15, shade(paint, 0.35))
        wheel(pen, x, 0.88, 0.12)


def bus(pen: Pen, rng: Random) -> None:
    """Draw a city bus from its side: windows, a door, a sign; width 2.4."""
    (paint, trim), right = rng.sample(PAINTS, 2), 2.38
    _bus_shell(pen, right, paint, trim)
    step = (right - 0.72) / 4
    for k in range(4):
        window(pen, 0.1 + k * step, 0.2, 0.1 + k * step + 0.84 * step, 0.52)
    for x in (right - 0.56, right - 0.42):
        pen.box(x, 0.22, x + 0.12, 0.84, GLASS, radius=0.02)
        pen.box(x + 0.02, 0.26, x + 0.05, 0.78, mix(GLASS, GLINT, 0.5))
    window(pen, right - 0.22, 0.18, right - 0.01, 0.6)
    pen.box(right - 0.5, 0.1, right - 0.06, 0.17, (48, 44, 40), radius=0.01)
    pen.box(right - 0.45, 0.12, right - 0.15, 0.15, (244, 178, 66))


def tour_bus(pen: Pen, rng: Random) -> None:
    """Draw a coach with a wide ``PANE`` that mirrors the street; width 2.2."""
    (paint, trim), right = rng.sample(PAINTS, 2), 2.18
    _bus_shell(pen, right, paint, trim)
    left, top, pane_right, bottom = PANE
    frame = shade(paint, 0.45)
    pen.box(left - 0.03, top - 0.03, pane_right + 0.03, bottom + 0.03, frame, 0.04)
    pen.box(left, top, pane_right, bottom, mix(GLASS, GLINT, 0.62))
    pen.box(left, bottom - 0.12, pane_right, bottom, mix(GLASS, GLINT, 0.35))
    pen.box(right - 0.5, 0.2, right - 0.3, 0.84, GLASS, radius=0.02)
    window(pen, right - 0.24, 0.16, right - 0.01, 0.6)


def bicycle(pen: Pen, rng: Random) -> None:
    """Draw a bicycle, standing upright on its own."""
    paint = rng.choice(PAINTS[:7])
    for x in (0.35, 1.3):
        pen.ring(x, 0.67, 0.33, 0.05, RUBBER)
        pen.disc(x, 0.67, 0.03, STEEL)
    for tube, gain in (
        ("0.35,0.67 0.76,0.69 1.16,0.36", 1.0),
        ("0.35,0.67 0.62,0.3", 0.8),
        ("0.76,0.69 0.59,0.22", 0.9),
        ("0.62,0.3 1.12,0.28", 1.15),
        ("1.08,0.14 1.16,0.36 1.3,0.67", 0.85),
    ):
        pen.line(tube, 0.045, shade(paint, gain))
    if rng.random() < 0.5:  # racing bars, or upright ones
        pen.strand("1.06,0.14 1.2,0.11 1.28,0.18 1.22,0.25", 0.045, RUBBER)
    else:
        pen.strand("0.94,0.13 1.08,0.13 1.18,0.08", 0.05, RUBBER)
    pen.line("0.47,0.2 0.72,0.2", 0.075, (92, 58, 40))
    pen.disc(0.76, 0.69, 0.075, STEEL)
    pen.line("0.76,0.69 0.84,0.86 0.92,0.86", 0.035, RUBBER)
