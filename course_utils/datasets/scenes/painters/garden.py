"""Painters of garden furniture: chairs, potted plants, tables."""

import math
from random import Random

from course_utils.datasets.scenes.daylight import PAINTS
from course_utils.datasets.scenes.painters.pen import Color, Pen, mix, palette, shade

_WOODS = palette("#96643c #c49864 #684632 #e2ded4 #4a7060 #b0483a")
_GREENS = palette("#427a3e #5c9246 #36684e")
_POTS = palette("#ba623e #cec4b2 #546c84")


def slender_chair(pen: Pen, rng: Random) -> None:
    """Draw a chair of thin rods: four legs, a seat, a back with spindles."""
    wood = rng.choice(_WOODS)
    dark, rod = shade(wood, 0.72), 0.035
    for leg in ("0.2,0.58 0.18,0.9", "0.64,0.58 0.66,0.9", "0.2,0.76 0.64,0.76"):
        pen.line(leg, rod, dark)
    for post in ("0.12,0.02 0.1,0.56", "0.52,0.02 0.5,0.56"):
        pen.line(post, rod, wood)
    pen.strand("0.11,0.05 0.32,0.01 0.53,0.05", 0.06, wood)
    pen.line("0.11,0.32 0.52,0.32", rod, wood)
    for x in (0.25, 0.38):
        pen.line([(x, 0.06), (x, 0.56)], rod, dark)
    pen.polygon("0.04,0.62 0.14,0.53 0.68,0.53 0.6,0.62", shade(wood, 1.15))
    pen.box(0.04, 0.61, 0.6, 0.66, dark)
    for leg in ("0.07,0.64 0.05,0.99", "0.57,0.64 0.59,0.99"):
        pen.line(leg, rod, wood)
    pen.line("0.06,0.84 0.58,0.84", rod, dark)


def garden_chair(pen: Pen, rng: Random) -> None:
    """Draw a sturdy chair of broad planks and a cushion."""
    wood, cushion = rng.choice(_WOODS), rng.choice(PAINTS)
    dark = shade(wood, 0.68)
    for x in (0.52, 0.14):
        pen.box(x, 0.6, x + 0.16, 0.93, shade(wood, 0.5))
    pen.box(0.04, 0.03, 0.6, 0.58, dark, radius=0.03)
    for k in range(3):
        pen.box(0.05 + 0.185 * k, 0.0, 0.22 + 0.185 * k, 0.56, wood, radius=0.04)
    pen.polygon("0.02,0.64 0.12,0.52 0.74,0.52 0.66,0.64", wood)
    pen.blob("0.06,0.58 0.12,0.49 0.66,0.49 0.66,0.58 0.36,0.62", cushion)
    pen.box(0.02, 0.62, 0.66, 0.74, dark, radius=0.02)
    for x in (0.02, 0.5):
        pen.box(x, 0.7, x + 0.16, 1.0, wood, radius=0.02)
    for x in (0.0, 0.56):
        pen.box(x, 0.34, x + 0.15, 0.41, shade(wood, 1.12), radius=0.03)
        pen.box(x + 0.02, 0.4, x + 0.13, 0.64, wood)


def _leaf(pen: Pen, x: float, y: float, color: Color) -> None:
    """Draw a pointed leaf with a vein from the pen's origin to its tip, (x, y)."""
    dx, dy = 0.2 * y, -0.2 * x
    left, right = ((0.55 * x + s * dx, 0.55 * y + s * dy) for s in (1, -1))
    pen.blob([(0, 0), left, (x, y), right], color)
    pen.line([(0, 0), (x, y)], 0.012, shade(color, 1.3))


def _foliage(pen: Pen, rng: Random) -> None:
    green, root = rng.choice(_GREENS), pen.moved(0, 0.66)
    for k in range(13):
        angle = math.pi * (0.06 + 0.88 * ((5 * k) % 13) / 12)
        reach = rng.uniform(0.3, 0.52)
        x, y = -0.72 * reach * math.cos(angle), -0.06 - 1.15 * reach * math.sin(angle)
        _leaf(root, x, y, shade(green, rng.uniform(0.75, 1.2)))


def _flowers(pen: Pen, rng: Random) -> None:
    green = rng.choice(_GREENS)
    petal = rng.choice(PAINTS[:3] + PAINTS[6:8] + PAINTS[11:])
    for k in range(16):
        angle, reach = 2.4 * k, 0.0756 * math.sqrt(k)  # the golden angle spreads them
        x, y = reach * math.cos(angle), 0.36 + reach * math.sin(angle)
        pen.disc(x, y, 0.1, shade(green, rng.uniform(0.75, 1.15)))
    for k in range(14):
        angle, reach = 2.4 * k + 1.0, 0.08 * math.sqrt(k)
        x, y = reach * math.cos(angle), 0.34 + reach * math.sin(angle)
        pen.disc(x, y, 0.05, shade(petal, rng.uniform(0.85, 1.15)))
        pen.disc(x, y, 0.018, (246, 214, 96))


def _cactus(pen: Pen, rng: Random) -> None:
    green = rng.choice(_GREENS)
    pen.box(-0.1, 0.06, 0.1, 0.7, green, radius=0.1)
    pen.line("0,0.46 -0.22,0.42 -0.22,0.26", 0.1, green)
    pen.line("0,0.38 0.21,0.34 0.21,0.18", 0.1, green)
    for x in (-0.05, 0.0, 0.05):
        pen.line([(x, 0.12), (x, 0.66)], 0.012, shade(green, 1.4))
    pen.disc(0, 0.06, 0.05, rng.choice(PAINTS[:3]))


def potted_plant(pen: Pen, rng: Random) -> None:
    """Draw a pot with leaves, flowers or a cactus."""
    pot, pen = rng.choice(_POTS), pen.moved(0.36, 0)
    rng.choice((_foliage, _foliage, _flowers, _cactus))(pen, rng)
    pen.polygon("-0.2,0.66 0.2,0.66 0.14,1 -0.14,1", pot)
    pen.box(-0.22, 0.62, 0.22, 0.71, shade(pot, 1.12), radius=0.02)
    pen.box(-0.2, 0.71, 0.2, 0.735, shade(pot, 0.7))
    glint = "-0.13,0.74 -0.07,0.74 -0.06,0.97 -0.1,0.97"
    pen.polygon(glint, mix(pot, (255, 250, 240), 0.35))


def dining_table(pen: Pen, rng: Random) -> None:
    """Draw a laid table under a checked cloth, a jug and plates on it."""
    wood, cloth = rng.choice(_WOODS), rng.choice(PAINTS[:7])
    for x in (0.2, 1.28):
        pen.box(x, 0.5, x + 0.1, 0.92, shade(wood, 0.55))
    for x in (0.07, 1.4):
        pen.box(x, 0.5, x + 0.12, 1.0, wood, radius=0.02)
    pen.polygon("0,0.42 0.22,0.2 1.36,0.2 1.58,0.42", (242, 236, 224))
    pen.polygon("0,0.42 1.58,0.42 1.54,0.66 0.04,0.66", (226, 218, 206))
    for k in range(8):
        x = 0.05 + 0.195 * k
        top = 0.24 + (x + 0.05) * 1.07 / 1.5
        pen.polygon([(x, 0.42), (top, 0.2), (top + 0.06, 0.2), (x + 0.09, 0.42)], cloth)
        square = "0,0.42 0.09,0.42 0.09,0.65 0.01,0.65"
        pen.moved(x, 0).polygon(square, shade(cloth, 0.82))
    pen.box(0.02, 0.51, 1.56, 0.56, shade(cloth, 0.7))
    for x in (0.5, 1.16):
        pen.ellipse(x, 0.31, 0.17, 0.055, (252, 250, 246))
        pen.ellipse(x, 0.31, 0.1, 0.03, shade(cloth, 1.2))
    jug = rng.choice(PAINTS)
    pen.box(0.76, 0.02, 0.92, 0.3, jug, radius=0.05)
    pen.box(0.79, 0.04, 0.83, 0.26, mix(jug, (255, 255, 255), 0.5), radius=0.02)
