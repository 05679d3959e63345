"""The layout of a scene: which surfaces lie where, and how large objects look on them.

Positions are in units of the image's short side, so that one layout serves all sizes: x
runs from 0 to ``width``, y from 0 (top) to ``height``.
"""

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Strip:
    """A surface that fills the image from y = ``top`` to y = ``bottom``."""

    surface: str
    top: float
    bottom: float


@dataclass(frozen=True)
class Layout:
    """The surfaces and the perspective of one scene.

    Attributes:
        theme: One of ``THEMES``.
        width: Width of the image, in units.
        height: Height of the image, in units.
        horizon: Height (y) at which the ground begins.
        strips: Surfaces of the ground, from far to near.
        person: Height of a person whose feet are at the lower edge, in units.
        far: Height of a person at the horizon, as a proportion of ``person``.
    """

    theme: str
    width: float
    height: float
    horizon: float
    strips: tuple[Strip, ...]
    person: float
    far: float

    def person_height(self, y: float) -> float:
        """Return the height of a person whose feet are at ``y``, in units."""
        nearness = (y - self.horizon) / (self.height - self.horizon)
        return self.person * (self.far + (1 - self.far) * nearness)

    def strips_for(self, stands: str) -> list[Strip]:
        """List the strips on which a kind may stand; empty if there are none."""
        if stands == "sky":
            return [Strip("sky", 0.5 * self.horizon, 0.92 * self.horizon)]
        if stands == "ground":
            unfit = ("water", "road", "track")
            return [strip for strip in self.strips if strip.surface not in unfit]
        return [strip for strip in self.strips if strip.surface == stands]


_SURFACES: dict[str, tuple[tuple[str, float], ...]] = {
    "street": (("pavement", 0.2), ("road", 0.66), ("pavement", 1)),
    "avenue": (("grass", 0.22), ("road", 0.7), ("grass", 1)),
    "meadow": (("grass", 1),),
    "lake": (("water", 0.48), ("sand", 0.62), ("grass", 1)),
    "beach": (("water", 0.5), ("sand", 1)),
    "railway": (("grass", 0.24), ("track", 0.4), ("grass", 1)),
    "patio": (("terrace", 1),),
    "harbor": (("water", 0.3), ("road", 0.7), ("pavement", 1)),
}
"""Surfaces from far to near, and where each ends as a proportion of the ground."""

_PERSPECTIVES: dict[str, tuple[tuple[float, float], float, float]] = {
    "street": ((0.34, 0.42), 0.56, 0.36),
    "avenue": ((0.34, 0.42), 0.56, 0.36),
    "meadow": ((0.3, 0.42), 0.6, 0.3),
    "lake": ((0.3, 0.38), 0.58, 0.3),
    "beach": ((0.28, 0.36), 0.58, 0.3),
    "railway": ((0.34, 0.42), 0.56, 0.34),
    "patio": ((0.5, 0.58), 0.6, 0.72),
    "harbor": ((0.28, 0.34), 0.56, 0.3),
}
"""Range of the horizon as a proportion of the height, ``person`` and ``far``."""

THEMES = tuple(_SURFACES)


def make_layout(theme: str, width: float, height: float, rng: Random) -> Layout:
    """Lay out a theme on an image of ``width`` by ``height`` units."""
    (low, high), person, far = _PERSPECTIVES[theme]
    horizon = rng.uniform(low, high) * height
    zoom = rng.uniform(0.88, 1.18)
    strips, top = [], horizon
    for surface, end in _SURFACES[theme]:
        wobble = rng.uniform(-0.03, 0.03) if end < 1 else 0.0
        bottom = horizon + (end + wobble) * (height - horizon)
        strips.append(Strip(surface, top, bottom))
        top = bottom
    return Layout(theme, width, height, horizon, tuple(strips), person * zoom, far)
