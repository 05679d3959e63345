"""The time of day: colors of sky, light and haze; and the paints of all objects."""

from dataclasses import dataclass
from random import Random

from course_utils.datasets.scenes.painters.pen import Color

PAINTS: tuple[Color, ...] = (
    (196, 62, 54),
    (222, 140, 52),
    (232, 196, 82),
    (88, 142, 92),
    (70, 122, 170),
    (120, 178, 196),
    (150, 98, 142),
    (226, 220, 204),
    (150, 156, 160),
    (84, 88, 104),
    (172, 116, 84),
    (206, 150, 136),
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
    ("dawn", (128, 152, 204), (252, 214, 186), (255, 226, 208), (1.04, 0.98, 0.95)),
    ("noon", (84, 150, 222), (206, 230, 246), (255, 255, 255), (1.02, 1.02, 1.0)),
    ("noon", (104, 170, 226), (222, 236, 238), (255, 254, 250), (1.03, 1.02, 0.98)),
    ("dusk", (88, 84, 146), (248, 172, 128), (244, 178, 158), (1.04, 0.91, 0.86)),
    ("overcast", (158, 170, 184), (216, 220, 220), (226, 228, 230), (0.94, 0.96, 0.97)),
)
_SOFTNESS = {
    "dawn": (0.42, 1.0),
    "noon": (0.5, 1.1),
    "dusk": (0.44, 1.2),
    "overcast": (0.3, 0.6),
}


def choose_daylight(rng: Random) -> Daylight:
    """Draw a time of day and the side the sun is on."""
    name, zenith, skyline, cloud, tint = rng.choice(_TIMES)
    shadow, relief = _SOFTNESS[name]
    side = rng.choice((-1, 1))
    return Daylight(name, zenith, skyline, cloud, tint, shadow, relief, side)
