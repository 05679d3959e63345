"""Painters of pets: dog and cat."""

from random import Random

from course_utils.datasets.scenes.painters.farm import DARK, PINK, draw_legs
from course_utils.datasets.scenes.painters.pen import Color, Pen, mix, palette, shade

_COATS = palette("#a87042 #d4aa74 #5c4232 #c4baaa #4e4a4c #d6884a")


def dog(pen: Pen, rng: Random) -> None:
    """Draw a dog: floppy ear, long snout, tail up, a collar."""
    coat = rng.choice(_COATS)
    ear = shade(coat, 0.62)
    draw_legs(pen, (0.28, 0.4, 0.82, 0.92), 0.6, 0.1, coat, rng)
    pen.strand([(0.2, 0.42), (0.08, 0.3), (0.1, rng.uniform(0.06, 0.16))], 0.07, coat)
    back = "0.16,0.42 0.36,0.36 0.72,0.38 0.98,0.34 1.04,0.52"
    belly = " 0.9,0.72 0.6,0.66 0.36,0.7 0.2,0.62"
    pen.blob(back + belly, coat)
    if rng.random() < 0.5:
        pen.blob("0.34,0.38 0.62,0.38 0.6,0.54 0.4,0.52", ear)
    pen.blob("0.86,0.42 0.92,0.16 1.06,0.2 1.08,0.54", coat)
    pen.line("0.88,0.36 1.08,0.4", 0.06, (186, 52, 48))
    head = "0.86,0.14 0.98,0.03 1.12,0.08 1.3,0.18"
    chin = " 1.34,0.26 1.2,0.32 1.02,0.32 0.88,0.26"
    pen.blob(head + chin, coat)
    pen.blob("1.12,0.22 1.32,0.22 1.3,0.3 1.12,0.32", mix(coat, (250, 244, 232), 0.5))
    pen.disc(1.33, 0.2, 0.035, DARK)
    pen.disc(1.1, 0.15, 0.025, DARK)
    pen.blob("0.88,0.08 0.98,0.08 0.98,0.3 0.9,0.38 0.82,0.26", ear)


def _cat_head(pen: Pen, coat: Color, stripe: Color) -> None:
    """Draw the face, its middle at the pen's origin."""
    for side in (-1, 1):
        ear = [(side * 0.19, 0.0), (side * 0.17, -0.24), (side * 0.03, -0.13)]
        pen.polygon(ear, coat)
        inside = [(side * 0.16, -0.04), (side * 0.155, -0.17), (side * 0.08, -0.12)]
        pen.polygon(inside, PINK)
    pen.ellipse(0, 0, 0.2, 0.165, coat)
    for x in (-0.05, 0.0, 0.05):
        pen.line([(x, -0.15), (0.8 * x, -0.08)], 0.018, stripe)
    pen.ellipse(0, 0.07, 0.1, 0.065, mix(coat, (255, 250, 240), 0.6))
    for x in (-0.075, 0.075):
        pen.ellipse(x, -0.01, 0.03, 0.034, (196, 206, 92))
        pen.ellipse(x, -0.01, 0.012, 0.03, DARK)
    pen.polygon("-0.025,0.04 0.025,0.04 0,0.07", PINK)


def sitting_cat(pen: Pen, rng: Random) -> None:
    """Draw a cat that sits and looks at the viewer."""
    coat = rng.choice(_COATS)
    stripe = shade(coat, 0.6)
    pen.strand("0.3,0.92 0.1,0.9 0.06,0.7 0.14,0.52", 0.08, stripe)
    body = "0.4,0.34 0.62,0.36 0.78,0.6 0.82,0.9 0.7,0.99 0.34,0.99 0.2,0.86 0.26,0.6"
    pen.blob(body, coat)
    for y in (0.56, 0.68, 0.8):
        pen.strand([(0.24, y + 0.04), (0.3, y), (0.38, y + 0.02)], 0.035, stripe)
    chest = "0.48,0.44 0.62,0.44 0.66,0.66 0.54,0.72 0.46,0.62"
    pen.blob(chest, mix(coat, (255, 250, 240), 0.6))
    for x in (0.5, 0.66):
        pen.box(x - 0.05, 0.66, x + 0.05, 0.99, shade(coat, 1.06), radius=0.05)
    _cat_head(pen.moved(0.54, 0.25), coat, stripe)


def walking_cat(pen: Pen, rng: Random) -> None:
    """Draw a cat that walks, tail up, face to the viewer."""
    coat = rng.choice(_COATS)
    stripe = shade(coat, 0.6)
    draw_legs(pen, (0.36, 0.46, 0.96, 1.06), 0.7, 0.1, coat, rng)
    pen.strand("0.34,0.5 0.16,0.4 0.2,0.2 0.1,0.05", 0.08, stripe)
    body = "0.26,0.5 0.5,0.42 0.9,0.44 1.14,0.42 1.16,0.64 0.98,0.78 0.5,0.76 0.3,0.72"
    pen.blob(body, coat)
    for x in (0.5, 0.64, 0.78):
        pen.strand([(x, 0.44), (x + 0.02, 0.54), (x - 0.01, 0.62)], 0.04, stripe)
    _cat_head(pen.moved(1.16, 0.36), coat, stripe)
