"""The time of day: colors of sky, light and haze; and the paints of all objects."""

from dataclasses import dataclass
from random import Random

from course_utils.datasets.scenes.painters.pen import Color, palette

PAINTS = palette(
    "#c43e36 #de8c34 #e8c452 #588e5c #467aaa #78b2c4 "
    "#96628e #e2dccc #969ca0 #545868 #ac7454 #ce9688"
)
"""Paints of vehicles, clothes, doors and walls: no color gives a class away."""


@dataclass(frozen=True)
class Daylight:
    """Light at one time of day.

    Attributes:
        name: Time of day.
        zenith: Color of the sky at the top.
        skyline: Color of the sky at the horizon, of haze and of far water.
        cloud: Color of a cloud's lit side.
        tint: Gains of red, green and blue over the whole image.
        shadow: Darkness of a shadow on the ground, a proportion.
        relief: Strength of the difference between the lit and the shaded side.
        side: Side that the light comes from, -1 left or 1 right.
    """

    name: str
    zenith: Color
    skyline: Color
    cloud: Color
    tint: tuple[float, float, float]
    shadow: float
    relief: float
    side: int


_TIMES = (
    ("dawn", "#8098cc #fcd6ba #ffe2d0", (1.04, 0.98, 0.95), 0.42, 1.0),
    ("noon", "#5496de #cee6f6 #ffffff", (1.02, 1.02, 1.0), 0.5, 1.1),
    ("noon", "#68aae2 #deecee #fffefa", (1.03, 1.02, 0.98), 0.5, 1.1),
    ("dusk", "#585492 #f8ac80 #f4b29e", (1.04, 0.91, 0.86), 0.44, 1.2),
    ("overcast", "#9eaab8 #d8dcdc #e2e4e6", (0.94, 0.96, 0.97), 0.3, 0.6),
)
"""Name, colors (zenith, skyline, cloud), tint, shadow and relief."""


def choose_daylight(rng: Random) -> Daylight:
    """Draw a time of day and the side the sun is on."""
    name, colors, *strengths = rng.choice(_TIMES)
    return Daylight(name, *palette(colors), *strengths, rng.choice((-1, 1)))
