"""Painters of what is background in VOC: trees, houses, lamp posts, rocks, hay."""

from random import Random

from course_utils.datasets.scenes.daylight import PAINTS
from course_utils.datasets.scenes.painters.pen import Color, Pen, mix, palette, shade
from course_utils.datasets.scenes.painters.road import GLASS, GLINT

_TRUNK: Color = (104, 76, 56)
_FRAME: Color = (238, 232, 220)
_LEAVES = palette("#48763e #628c42 #3c6850 #ac8e3e #be703e")
_ROOFS = palette("#9c5440 #705c58 #5c6474 #ac6c48")


def round_tree(pen: Pen, rng: Random) -> None:
    """Draw a tree with a round crown; width 0.8."""
    leaf = rng.choice(_LEAVES)
    pen.polygon("0.37,0.55 0.44,0.55 0.47,1 0.33,1", _TRUNK)
    pen.line("0.4,0.72 0.54,0.55", 0.025, _TRUNK)
    crown = [(0.2, 0.42, 0.17), (0.6, 0.42, 0.17), (0.4, 0.5, 0.2), (0.28, 0.24, 0.18)]
    crown += [(0.54, 0.24, 0.17), (0.41, 0.18, 0.17), (0.4, 0.34, 0.22)]
    for x, y, radius in crown:
        radius *= rng.uniform(0.9, 1.1)
        pen.disc(x, y, radius, shade(leaf, rng.uniform(0.86, 1.0)))
    for _ in range(26):
        x, y = rng.uniform(0.12, 0.68), rng.uniform(0.1, 0.56)
        if (x - 0.4) ** 2 + (y - 0.33) ** 2 < 0.075:
            pen.disc(x, y, 0.05, shade(leaf, rng.uniform(0.84, 1.2) - 0.25 * (y - 0.3)))


def conifer(pen: Pen, rng: Random) -> None:
    """Draw a fir; width 0.5."""
    leaf = shade(rng.choice(_LEAVES[:3]), 0.8)
    pen.box(0.22, 0.8, 0.28, 1.0, _TRUNK)
    tiers = (0.5, 0.9), (0.34, 0.72), (0.16, 0.52), (0, 0.34)
    for k, (top, bottom) in enumerate(tiers):
        left, right = 0.01 + 0.045 * k, 0.49 - 0.045 * k
        tier = [(0.25, top), (right, bottom), (0.25, bottom - 0.03), (left, bottom)]
        pen.polygon(tier, shade(leaf, 0.9 + 0.1 * k))


def poplar(pen: Pen, rng: Random) -> None:
    """Draw a slim tree; width 0.34."""
    leaf = rng.choice(_LEAVES[:4])
    pen.box(0.15, 0.8, 0.19, 1.0, _TRUNK)
    pen.blob("0.17,0 0.29,0.35 0.29,0.7 0.17,0.88 0.05,0.7 0.05,0.35", leaf)
    for _ in range(14):
        y, x = rng.uniform(0.15, 0.8), rng.uniform(0.11, 0.23)
        pen.ellipse(x, y, 0.035, 0.06, shade(leaf, rng.uniform(0.8, 1.2)))


def bush(pen: Pen, rng: Random) -> None:
    """Draw a bush, in flower now and then; width 1.5."""
    leaf, bloom = rng.choice(_LEAVES), rng.choice((None, *PAINTS[:3], PAINTS[11]))
    for x, y, radius in ((0.35, 0.62, 0.3), (1.1, 0.62, 0.3), (0.72, 0.5, 0.42)):
        pen.disc(x, y, radius, shade(leaf, rng.uniform(0.85, 1.0)))
    pen.box(0.08, 0.66, 1.4, 0.98, shade(leaf, 0.85), radius=0.15)
    for _ in range(22):
        x, y = rng.uniform(0.2, 1.25), rng.uniform(0.35, 0.9)
        pen.disc(x, y, 0.09, shade(leaf, rng.uniform(0.82, 1.18)))
        if bloom and rng.random() < 0.6:
            pen.disc(x, y, 0.04, bloom)


def _panes(pen: Pen, width: float, height: float, lamp: bool) -> None:
    """Draw a window with four panes, its upper left corner at the pen's origin."""
    glass = (246, 214, 132) if lamp else mix(GLASS, GLINT, 0.25)
    pen.box(-0.015, -0.015, width + 0.015, height + 0.02, _FRAME)
    pen.box(0, 0, width, height, glass)
    pen.box(width / 2 - 0.006, 0, width / 2 + 0.006, height, _FRAME)
    pen.box(0, height / 2 - 0.006, width, height / 2 + 0.006, _FRAME)


def house(pen: Pen, rng: Random) -> None:
    """Draw a house with a gable roof, a chimney, windows and a door; width 1.0."""
    wall = mix(rng.choice(PAINTS), (236, 226, 208), rng.uniform(0.3, 0.7))
    door = rng.choice(PAINTS)
    roof, lamp = rng.choice(_ROOFS), rng.random() < 0.25
    pen.box(0.68, 0.04, 0.78, 0.3, shade(roof, 0.75))
    pen.box(0.08, 0.38, 0.92, 1.0, wall)
    pen.polygon("0,0.42 0.16,0.1 0.84,0.1 1,0.42", roof)
    for y in (0.17, 0.24, 0.31, 0.38):
        tiles = [(0.18 - 0.5 * (y - 0.1), y), (0.82 + 0.5 * (y - 0.1), y)]
        pen.line(tiles, 0.008, shade(roof, 0.8))
    pen.box(0.08, 0.42, 0.92, 0.45, shade(wall, 0.7))
    door_x = rng.choice((0.42, 0.18, 0.66))
    for x in (0.16, 0.42, 0.68):
        _panes(pen.moved(x, 0.5), 0.14, 0.15, lamp)
        if abs(x - door_x) > 0.1:
            _panes(pen.moved(x, 0.74), 0.14, 0.14, lamp)
    pen.box(door_x, 0.73, door_x + 0.15, 1.0, door, radius=0.02)
    pen.disc(door_x + 0.12, 0.87, 0.012, (240, 214, 120))
    pen.box(0.08, 0.96, 0.92, 1.0, shade(wall, 0.75))


def town_house(pen: Pen, rng: Random) -> None:
    """Draw a tall house with a flat cornice and a shop below; width 0.56."""
    wall = mix(rng.choice(PAINTS), (222, 206, 184), rng.uniform(0.2, 0.6))
    shop = rng.choice(PAINTS)
    pen.box(0.01, 0.04, 0.55, 1.0, wall)
    pen.box(0.0, 0.0, 0.56, 0.06, shade(wall, 0.75))
    for row in range(3):
        lamp = rng.random() < 0.2
        for x in (0.07, 0.23, 0.39):
            _panes(pen.moved(x, 0.13 + 0.18 * row), 0.09, 0.11, lamp)
    pen.box(0.04, 0.74, 0.52, 1.0, mix(GLASS, GLINT, 0.2))
    pen.box(0.22, 0.76, 0.32, 1.0, shade(shop, 0.8))
    for k in range(6):
        stripe = "0.03,0.68 0.113,0.68 0.12,0.78 0.02,0.78"
        pen.moved(0.083 * k, 0).polygon(stripe, shop if k % 2 else (240, 234, 222))


def lamp_post(pen: Pen, rng: Random) -> None:
    """Draw a street lamp; width 0.2."""
    pen.box(0.07, 0.96, 0.13, 1.0, (60, 66, 70))
    pen.line("0.1,0.1 0.1,0.98", 0.014, (70, 78, 82))
    pen.polygon("0.05,0.03 0.15,0.03 0.13,0.12 0.07,0.12", (250, 232, 170))
    pen.polygon("0.04,0.03 0.1,0 0.16,0.03", (60, 66, 70))


def rock(pen: Pen, rng: Random) -> None:
    """Draw a boulder, in the colors of sheep and cows; width 1.5."""
    stone = rng.choice(((168, 164, 158), (206, 200, 188), (140, 116, 96)))
    pen.blob("0.1,0.8 0.3,0.3 0.7,0.06 1.2,0.28 1.42,0.8 0.8,0.98", stone)
    pen.polygon("0.35,0.34 0.7,0.14 0.84,0.5 0.5,0.6", shade(stone, 1.12))
    pen.polygon("0.84,0.5 1.15,0.34 1.3,0.78 0.9,0.86", shade(stone, 0.8))


def haystack(pen: Pen, rng: Random) -> None:
    """Draw a round bale of hay; width 1.1."""
    straw = rng.choice(((214, 178, 98), (190, 152, 86)))
    pen.box(0.06, 0.1, 1.04, 1.0, shade(straw, 0.85), radius=0.35)
    pen.ellipse(0.62, 0.55, 0.42, 0.44, straw)
    for radius in (0.32, 0.22, 0.12):
        pen.ring(0.62, 0.55, radius, 0.03, shade(straw, 0.78))
