"""Painters of people."""

from random import Random

from course_utils.datasets.scenes.daylight import PAINTS
from course_utils.datasets.scenes.painters.pen import Color, Pen, palette, shade

_SKINS = palette("#f4d0b2 #e2b28c #ba8460 #865a40 #5e4032")
_HAIRS = palette("#302420 #624028 #cea45c #a84e2c #bebcba")
_SHOE: Color = (52, 44, 44)


def _legs(pen: Pen, cloth: Color, stride: float, hip: float) -> None:
    for side, gain in ((-1, 0.78), (1, 1.0)):
        foot = hip + 0.035 * side + side * stride
        knee = hip + 0.03 * side + 0.5 * side * stride + 0.02
        color = shade(cloth, gain)
        pen.line([(hip + 0.02 * side, 0.54), (knee, 0.74), (foot, 0.95)], 0.078, color)
        pen.box(foot - 0.04, 0.945, foot + 0.075, 1.0, shade(_SHOE, gain), radius=0.02)


def _arm(pen: Pen, shirt: Color, skin: Color, hand: tuple[float, float]) -> None:
    elbow = (0.5 * (0.22 + hand[0]) - 0.03, 0.5 * (0.25 + hand[1]) + 0.02)
    pen.line([(0.22, 0.25), elbow], 0.06, shirt)
    pen.line([elbow, hand], 0.05, skin)
    pen.disc(*hand, 0.028, skin)


def _head(pen: Pen, skin: Color, rng: Random) -> None:
    hair = rng.choice(_HAIRS)
    style = rng.choice(("short", "long", "bun", "hat"))
    if style == "long":
        pen.box(0.145, 0.03, 0.25, 0.24, hair, radius=0.05)
    pen.box(0.2, 0.14, 0.255, 0.22, shade(skin, 0.85))
    pen.ellipse(0.235, 0.095, 0.066, 0.082, skin)
    top = "0.16,0.12 0.16,0.04 0.22,0 0.29,0.02 0.31,0.065"
    pen.blob(top + " 0.25,0.06 0.215,0.1 0.19,0.14", hair)
    if style == "bun":
        pen.disc(0.165, 0.035, 0.035, hair)
    if style == "hat":
        hat = rng.choice(PAINTS)
        pen.box(0.17, 0.0, 0.3, 0.055, hat, radius=0.03)
        pen.box(0.15, 0.045, 0.35, 0.066, shade(hat, 0.75), radius=0.01)
    pen.ellipse(0.275, 0.09, 0.008, 0.012, (40, 32, 32))


def person(pen: Pen, rng: Random) -> None:
    """Draw a person who walks or stands, waves now and then, carries a bag or not."""
    skin, (shirt, cloth) = rng.choice(_SKINS), rng.sample(PAINTS, 2)
    stride = rng.choice((0.0, 0.05, 0.1))
    swing = 0.9 * stride + 0.02
    _arm(pen, shade(shirt, 0.72), shade(skin, 0.8), (0.25 + swing, 0.51))
    dress = rng.random() < 0.3
    _legs(pen, skin if dress else shade(cloth, 0.8), stride, 0.22)
    torso = "0.17,0.22 0.22,0.19 0.28,0.22 0.3,0.36 0.285,0.54 0.155,0.54 0.145,0.36"
    pen.blob(torso, shirt)
    if dress:
        pen.polygon("0.16,0.42 0.285,0.42 0.36,0.72 0.08,0.72", shirt)
    elif rng.random() < 0.4:
        for y in (0.28, 0.36, 0.44):
            pen.box(0.155, y, 0.29, y + 0.025, shade(shirt, 1.3))
    pen.box(0.155, 0.52, 0.288, 0.55, shade(cloth, 0.5))
    _head(pen, skin, rng)
    hand = (0.22 - swing, 0.52) if rng.random() < 0.8 else (0.4, 0.14)
    if rng.random() < 0.35 and hand[1] > 0.3:
        bag = rng.choice(PAINTS)
        pen.box(hand[0] - 0.07, 0.54, hand[0] + 0.07, 0.68, bag, radius=0.02)
    _arm(pen, shade(shirt, 0.92), skin, hand)
