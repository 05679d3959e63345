"""An actor: one thing that stands on the stage, and where there is room for it."""

from dataclasses import dataclass
from random import Random

from course_utils.datasets.scenes.catalog import KINDS
from course_utils.datasets.scenes.layout import Stage

Box = tuple[float, float, float, float]
Range = tuple[float, float]


@dataclass(frozen=True)
class Actor:
    """A kind at a place; lengths in units.

    Attributes:
        kind: key of ``KINDS``.
        left: x of the left edge.
        foot: y of the lower edge; whoever has the lower one stands in front.
        height: from top to feet.
        look: seed of the painter; actors with one look look the same.
        mirrored: whether it faces left.
        flags: the phenomena it takes part in.
    """

    kind: str
    left: float
    foot: float
    height: float
    look: str
    mirrored: bool = False
    flags: frozenset[str] = frozenset()

    @property
    def box(self) -> Box:
        """Top, left, bottom, right."""
        width = KINDS[self.kind].width * self.height
        return self.foot - self.height, self.left, self.foot, self.left + width

    @property
    def depth(self) -> tuple[bool, bool, float]:
        """Sort key: the sky is behind the ground; nothing hides a part of a blob."""
        on_ground = KINDS[self.kind].stands != "sky"
        return "context" in self.flags, on_ground, self.foot


def overlap(box: Box, other: Box) -> float:
    """Proportion of the smaller box that the two boxes share."""
    rows = min(box[2], other[2]) - max(box[0], other[0])
    columns = min(box[3], other[3]) - max(box[1], other[1])
    if rows <= 0 or columns <= 0:
        return 0.0
    areas = [(b[2] - b[0]) * (b[3] - b[1]) for b in (box, other)]
    return rows * columns / min(areas)


def crowding(actor: Actor, others: list[Actor]) -> float:
    """Sum the overlaps with others; those that show a phenomenon count three times."""
    return sum(
        overlap(actor.box, other.box) * (3 if other.flags else 1) for other in others
    )


def _choose_left(
    room: float, width: float, outside: float, mirrored: bool, rng: Random
) -> float:
    """Draw where a thing begins; of one longer than the room the front is shown."""
    if width > room:
        shown = rng.uniform(0.75, 0.97) * room
        return room - shown if mirrored else shown - width
    return rng.uniform(-outside * width, room - width + outside * width)


def _choose_foot(
    kind: str, stage: Stage, rng: Random, heights: Range | None, feet: Range | None
) -> tuple[float, float]:
    """Draw the y of the feet and the height; None leaves them to the stage."""
    strips = stage.strips_for(KINDS[kind].stands)
    strip = rng.choices(strips, [s.bottom - s.top for s in strips])[0]
    near = 0.75 * strip.top + 0.25 * strip.bottom
    foot = min(rng.uniform(*(feet or (near, strip.bottom))), stage.height - 0.01)
    person = 0.5 if KINDS[kind].stands == "sky" else stage.person_height(foot)
    if heights:
        return foot, rng.uniform(*heights)
    return foot, KINDS[kind].height * person * rng.uniform(0.9, 1.1)


def find_room(
    kind: str,
    stage: Stage,
    others: list[Actor],
    rng: Random,
    *,
    heights: Range | None = None,
    feet: Range | None = None,
    outside: float = 0.12,
    tries: int = 10,
    flags: frozenset[str] = frozenset(),
) -> tuple[Actor, float]:
    """Try some places and return the least crowded, with its crowding.

    Args:
        kind: key of ``KINDS``.
        stage: to stand on.
        others: who is there already.
        rng: draws the places.
        heights: smallest and largest height; by perspective if None.
        feet: smallest and largest y of the feet; where the kind stands if None.
        outside: proportion of the width that may be cut off at either side.
        tries: how many places to try.
        flags: of the new actor.
    """
    best, least = None, float("inf")
    look, mirrored = f"{rng.random()}", rng.random() < 0.5
    for _ in range(tries):
        foot, height = _choose_foot(kind, stage, rng, heights, feet)
        width = KINDS[kind].width * height
        left = _choose_left(stage.width, width, outside, mirrored, rng)
        actor = Actor(kind, left, foot, height, look, mirrored, flags)
        crowd = crowding(actor, others)
        if crowd < least:
            best, least = actor, crowd
    return best, least
