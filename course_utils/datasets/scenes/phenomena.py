"""Who is on stage for a phenomenon: one function a switch of ``render_scene``.

Each takes the stage and who is there already, and returns the actors it adds.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from course_utils.datasets.scenes.catalog import KINDS
from course_utils.datasets.scenes.layout import THEMES, Stage
from course_utils.datasets.scenes.placement import Actor, find_room

Company = list[Actor]

_LADDERS: dict[str, tuple[str, ...]] = {
    "street": ("person", "person", "dog"),
    "avenue": ("person", "dog"),
    "meadow": ("sheep", "cow", "person", "dog", "walking cat"),
    "lake": ("standing bird", "dog", "person", "sheep"),
    "beach": ("standing bird", "person", "dog", "sitting cat"),
    "railway": ("sheep", "cow", "person"),
    "harbor": ("person", "sitting cat", "standing bird"),
}
_RUNGS = (0.76, 0.4, 0.2, 0.1, 0.048)
"""Longest sides of a ladder's objects, in units: 6 px to 97 px at 128 px."""
_HIDERS = ("dog", "walking cat", "sitting cat", "person", "standing bird")
_FARM_HIDERS = ("sheep", "cow", "sheep", "cow")


def choose_theme(rng: Random, *, on_road: bool, at_water: bool, in_depth: bool) -> str:
    """Choose a theme that has a road, water beside a road, or ground that recedes."""
    themes = [*THEMES, "meadow", "meadow", "railway", "patio"]
    if in_depth:
        themes = [theme for theme in themes if theme != "patio"]
    if on_road:
        themes = ["street", "avenue", "harbor"]
    if at_water:
        themes = ["harbor"]
    return rng.choice(themes)


def cast_context(stage: Stage, others: Company, rng: Random) -> Company:
    """Add two equal blobs on the water and two on the road, apart from each other."""
    look, height = f"{rng.random()}", rng.uniform(0.055, 0.07)
    flags, slot = frozenset({"context"}), stage.width / 4
    cast: Company = []
    for kind in ("blob boat", "blob car"):
        strip, width = (
            stage.strips_for(KINDS[kind].stands)[0],
            KINDS[kind].width * height,
        )
        for k in rng.sample(range(4), 2):
            left = k * slot + rng.uniform(0.02, slot - width - 0.02)
            foot = rng.uniform(strip.top + 1.4 * height, strip.bottom - 0.3 * height)
            cast.append(Actor(kind, left, foot, height, look, flags=flags))
    return cast


def cast_twins(stage: Stage, others: Company, rng: Random) -> Company:
    """Add a bus and a train with equal sections, one behind the other on the road."""
    look = f"{rng.random()}"
    longest = KINDS["coach train"].width
    height = rng.uniform(0.86, 1.0) * min(0.17, 0.95 * stage.width / longest)
    road = stage.strips_for("road")[0]
    far = rng.uniform(road.top + 0.15 * height, road.bottom - 1.12 * height)
    cast: Company = []
    kinds = rng.sample(("coach bus", "coach train"), 2)
    for kind, foot in zip(kinds, (far, far + 1.1 * height), strict=True):
        twin, _ = find_room(
            kind,
            stage,
            others + cast,
            rng,
            heights=(height, height),
            feet=(foot, foot),
            outside=-0.01,
            tries=60,
            flags=frozenset({"texture_twin"}),
        )
        cast.append(replace(twin, look=look, mirrored=False))
    return cast


def cast_reflection(stage: Stage, others: Company, rng: Random) -> Company:
    """Add a bus with a wide pane; a bicycle is mirrored in it when it is painted."""
    road, crowded = stage.strips_for("road")[0], any(a.flags for a in others)
    depth = road.bottom - road.top
    bus, _ = find_room(
        "tour bus",
        stage,
        others,
        rng,
        heights=(0.27, 0.31) if crowded else (0.36, 0.44),
        feet=(road.bottom - 0.5 * depth, stage.height if crowded else road.bottom),
        outside=0.0,
        tries=60,
        flags=frozenset({"reflection"}),
    )
    return [bus]


def cast_ladder(stage: Stage, others: Company, rng: Random) -> Company:
    """Add one kind five times, from a few pixels to most of the picture."""
    crowded = any(a.flags for a in others)
    kind = "person" if crowded else rng.choice(_LADDERS[stage.theme])
    cast: Company = []
    for length in _RUNGS:
        cast.append(_find_rung(kind, length, stage, others + cast, rng))
    return cast


def _find_rung(
    kind: str, length: float, stage: Stage, others: Company, rng: Random
) -> Actor:
    """Place one object of a ladder: the smaller, the farther, while there is room."""
    near, far = 0.98 * stage.height, stage.strips_for("ground")[0].top + 0.02
    height = length / max(1.0, KINDS[kind].width)
    reach = (near - far) * length / _RUNGS[1]
    feet = (far + 0.35 * reach, far + 0.9 * reach)
    if length == _RUNGS[0]:
        feet = (near, near)
    best, least = None, 0.1
    for band in (feet, (far, near)):  # the second time anywhere on the ground
        rung, crowd = find_room(
            kind,
            stage,
            others,
            rng,
            heights=(height, height),
            feet=band,
            outside=0.22 if length > 0.3 else 0.0,
            tries=60,
            flags=frozenset({"scale_ladder"}),
        )
        if best is None or crowd < least:
            best, least = rung, crowd
        if crowd < 0.1 or length > 0.3:
            break
    return best


def cast_camouflage(stage: Stage, others: Company, rng: Random) -> Company:
    """Add one or two objects that are painted like what is behind them."""
    farm = _FARM_HIDERS if stage.theme in ("meadow", "railway") else ()
    kinds = rng.sample(_HIDERS + farm, rng.randint(1, 2))
    return _cast_in_front(kinds, 0.72, "camouflage", stage, others, rng)


def cast_thin(stage: Stage, others: Company, rng: Random) -> Company:
    """Add a bicycle or a chair of thin rods, or two."""
    kinds = rng.choices(("bicycle", "slender chair"), k=rng.randint(1, 2))
    return _cast_in_front(kinds, 0.74, "thin", stage, others, rng)


def _cast_in_front(
    kinds: list[str],
    highest: float,
    flag: str,
    stage: Stage,
    others: Company,
    rng: Random,
) -> Company:
    """Place some kinds in the foreground, wholly inside the picture.

    ``highest`` limits where their feet may stand, a proportion of the height.
    """
    cast: Company = []
    for kind in kinds:
        actor, _ = find_room(
            kind,
            stage,
            others + cast,
            rng,
            feet=(highest * stage.height, stage.height),
            outside=0.0,
            tries=60,
            flags=frozenset({flag}),
        )
        cast.append(actor)
    return cast


PHENOMENA: dict[str, Callable[[Stage, Company, Random], Company]] = {
    "context": cast_context,
    "texture_twins": cast_twins,
    "reflections": cast_reflection,
    "scale_ladder": cast_ladder,
    "camouflage": cast_camouflage,
    "thin_structures": cast_thin,
}
"""Switches of ``render_scene`` in the order in which their actors find room."""
