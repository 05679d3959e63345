"""Placements: which kind of object stands where, and where there is room for one."""

from dataclasses import dataclass
from random import Random

from course_utils.datasets.scenes.catalog import KINDS
from course_utils.datasets.scenes.layout import Layout

_Box = tuple[float, float, float, float]
_Range = tuple[float, float]


@dataclass(frozen=True)
class Placement:
    """One object of a kind at a place; lengths in units.

    Attributes:
        kind: Key of ``KINDS``.
        left: Left edge (x).
        foot: Lower edge (y); an object with a larger one is nearer.
        height: Distance from the top to the feet.
        look: Seed of the painter; objects of one kind and look are painted alike.
        mirrored: True if the object faces left.
        flags: Phenomena that the object takes part in.
    """

    kind: str
    left: float
    foot: float
    height: float
    look: str
    mirrored: bool = False
    flags: frozenset[str] = frozenset()

    @property
    def box(self) -> _Box:
        """Top, left, bottom, right."""
        width = KINDS[self.kind].width * self.height
        return self.foot - self.height, self.left, self.foot, self.left + width

    @property
    def depth(self) -> tuple[bool, bool, float]:
        """Sort key: the sky is behind the ground; nothing hides a part of a blob."""
        on_ground = KINDS[self.kind].stands != "sky"
        return "context" in self.flags, on_ground, self.foot


def _overlap(box: _Box, other: _Box) -> float:
    """Return the proportion of the smaller box that the two boxes share."""
    rows = min(box[2], other[2]) - max(box[0], other[0])
    columns = min(box[3], other[3]) - max(box[1], other[1])
    if rows <= 0 or columns <= 0:
        return 0.0
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (box, other)]
    return rows * columns / min(areas)


class Arrangement:
    """Objects that have their places in a layout, and room for more.

    Args:
        layout: Layout of the scene.
        skyline: Houses and trees along the horizon, which only hinder what flies.
    """

    def __init__(self, layout: Layout, skyline: list[Placement]) -> None:
        self.layout, self.skyline = layout, skyline
        self.placed: list[Placement] = []

    def find_place(
        self,
        kind: str,
        rng: Random,
        *,
        heights: _Range | None = None,
        feet: _Range | None = None,
        outside: float = 0.12,
        flag: str | None = None,
    ) -> tuple[Placement, float]:
        """Try some places; return the least crowded one and how crowded it is.

        Args:
            kind: Key of ``KINDS``.
            rng: Random generator that draws the places.
            heights: Smallest and largest height; by perspective if None.
            feet: Smallest and largest y of the feet; any strip that fits if None.
            outside: Proportion of the width that may be cut off at either side.
            flag: Phenomenon that the object is part of; it gets more tries.
        """
        flags = frozenset({flag} if flag else ())
        look, mirrored = f"{rng.random()}", rng.random() < 0.5
        tries = []
        for _ in range(60 if flag else 10):
            foot, height = self._choose_foot(kind, rng, heights, feet)
            width = KINDS[kind].width * height
            left = self._choose_left(width, outside, mirrored, rng)
            place = Placement(kind, left, foot, height, look, mirrored, flags)
            tries.append((place, self._crowding(place)))
        return min(tries, key=lambda found: found[1])

    def _choose_foot(
        self, kind: str, rng: Random, heights: _Range | None, feet: _Range | None
    ) -> tuple[float, float]:
        """Draw the y of the feet and the height."""
        strips = self.layout.strips_for(KINDS[kind].stands)
        strip = rng.choices(strips, [s.bottom - s.top for s in strips])[0]
        near = 0.75 * strip.top + 0.25 * strip.bottom
        foot = rng.uniform(*(feet or (near, strip.bottom)))
        foot = min(foot, self.layout.height - 0.01)
        if heights:
            return foot, rng.uniform(*heights)
        is_flying = KINDS[kind].stands == "sky"
        person = 0.5 if is_flying else self.layout.person_height(foot)
        return foot, KINDS[kind].height * person * rng.uniform(0.9, 1.1)

    def _choose_left(
        self, width: float, outside: float, mirrored: bool, rng: Random
    ) -> float:
        """Draw the left edge; an object wider than the image shows its front."""
        available = self.layout.width
        if width > available:
            shown = rng.uniform(0.75, 0.97) * available
            return available - shown if mirrored else shown - width
        return rng.uniform(-outside * width, available - width + outside * width)

    def _crowding(self, placement: Placement) -> float:
        """Sum the overlaps; objects that show a phenomenon count three times."""
        is_flying = KINDS[placement.kind].stands == "sky"
        return sum(
            _overlap(placement.box, other.box) * (3 if other.flags else 1)
            for other in self.placed + (self.skyline if is_flying else [])
        )
