"""The objects that show a phenomenon: one function for each switch of ``render_scene``.

Each takes the layout and the objects placed so far, and returns those that it adds.
"""

from collections.abc import Callable
from dataclasses import replace
from random import Random

from course_utils.datasets.scenes.catalog import KINDS, THIN
from course_utils.datasets.scenes.layout import THEMES, Layout
from course_utils.datasets.scenes.placement import Placement, find_place

_Placements = list[Placement]

_LADDER_KINDS: dict[str, tuple[str, ...]] = {
    "street": ("person", "person", "dog"),
    "avenue": ("person", "dog"),
    "meadow": ("sheep", "cow", "person", "dog", "walking cat"),
    "lake": ("standing bird", "dog", "person", "sheep"),
    "beach": ("standing bird", "person", "dog", "sitting cat"),
    "railway": ("sheep", "cow", "person"),
    "harbor": ("person", "sitting cat", "standing bird"),
}
_LADDER_SIDES = (0.76, 0.4, 0.2, 0.1, 0.048)
"""Longest sides of a ladder's objects, in units: 97 to 6 pixels of 128."""
_CAMOUFLAGED = ("dog", "walking cat", "sitting cat", "person", "standing bird")
_CAMOUFLAGED_ON_GRASS = ("sheep", "cow", "sheep", "cow")


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


def _place_context(layout: Layout, others: _Placements, rng: Random) -> _Placements:
    """Place two equal blobs on the water and two on the road, apart from each other."""
    look, height = f"{rng.random()}", rng.uniform(0.055, 0.07)
    flags, slot = frozenset({"context"}), layout.width / 4
    placed: _Placements = []
    for kind in ("blob boat", "blob car"):
        strip = layout.strips_for(KINDS[kind].stands)[0]
        width = KINDS[kind].width * height
        for k in rng.sample(range(4), 2):
            left = k * slot + rng.uniform(0.02, slot - width - 0.02)
            foot = rng.uniform(strip.top + 1.4 * height, strip.bottom - 0.3 * height)
            placed.append(Placement(kind, left, foot, height, look, flags=flags))
    return placed


def _place_twins(layout: Layout, others: _Placements, rng: Random) -> _Placements:
    """Place a bus and a train with equal sections, one behind the other on the road."""
    look = f"{rng.random()}"
    longest = KINDS["coach train"].width
    height = rng.uniform(0.86, 1.0) * min(0.17, 0.95 * layout.width / longest)
    road = layout.strips_for("road")[0]
    far = rng.uniform(road.top + 0.15 * height, road.bottom - 1.12 * height)
    placed: _Placements = []
    kinds = rng.sample(("coach bus", "coach train"), 2)
    for kind, foot in zip(kinds, (far, far + 1.1 * height), strict=True):
        twin, _ = find_place(
            kind,
            layout,
            others + placed,
            rng,
            heights=(height, height),
            feet=(foot, foot),
            outside=-0.01,
            flag="texture_twin",
        )
        placed.append(replace(twin, look=look, mirrored=False))
    return placed


def _place_reflection(layout: Layout, others: _Placements, rng: Random) -> _Placements:
    """Place a bus with a wide window, into which ``painting`` mirrors a bicycle."""
    road, crowded = layout.strips_for("road")[0], any(p.flags for p in others)
    depth = road.bottom - road.top
    bus, _ = find_place(
        "tour bus",
        layout,
        others,
        rng,
        heights=(0.27, 0.31) if crowded else (0.36, 0.44),
        feet=(road.bottom - 0.5 * depth, layout.height if crowded else road.bottom),
        outside=0.0,
        flag="reflection",
    )
    return [bus]


def _place_ladder(layout: Layout, others: _Placements, rng: Random) -> _Placements:
    """Place one kind five times, from a few pixels to most of the image."""
    crowded = any(p.flags for p in others)
    kind = "person" if crowded else rng.choice(_LADDER_KINDS[layout.theme])
    placed: _Placements = []
    for side in _LADDER_SIDES:
        placed.append(_place_rung(kind, side, layout, others + placed, rng))
    return placed


def _place_rung(
    kind: str, side: float, layout: Layout, others: _Placements, rng: Random
) -> Placement:
    """Place one object of a ladder: the smaller, the farther, while there is room."""
    near, far = 0.98 * layout.height, layout.strips_for("ground")[0].top + 0.02
    height = side / max(1.0, KINDS[kind].width)
    reach = (near - far) * side / _LADDER_SIDES[1]
    feet = (far + 0.35 * reach, far + 0.9 * reach)
    if side == _LADDER_SIDES[0]:
        feet = (near, near)
    best, least = None, 0.1
    for band in (feet, (far, near)):  # the second time anywhere on the ground
        rung, crowding = find_place(
            kind,
            layout,
            others,
            rng,
            heights=(height, height),
            feet=band,
            outside=0.22 if side > 0.3 else 0.0,
            flag="scale_ladder",
        )
        if best is None or crowding < least:
            best, least = rung, crowding
        if crowding < 0.1 or side > 0.3:
            break
    return best


def _place_camouflage(layout: Layout, others: _Placements, rng: Random) -> _Placements:
    """Place one or two objects that are painted like what is behind them."""
    on_grass = layout.theme in ("meadow", "railway")
    kinds = _CAMOUFLAGED + (_CAMOUFLAGED_ON_GRASS if on_grass else ())
    chosen = rng.sample(kinds, rng.randint(1, 2))
    return _place_in_front(chosen, 0.72, "camouflage", layout, others, rng)


def _place_thin(layout: Layout, others: _Placements, rng: Random) -> _Placements:
    """Place one or two bicycles or chairs of thin rods."""
    chosen = rng.choices(THIN, k=rng.randint(1, 2))
    return _place_in_front(chosen, 0.74, "thin", layout, others, rng)


def _place_in_front(
    kinds: list[str],
    highest: float,
    flag: str,
    layout: Layout,
    others: _Placements,
    rng: Random,
) -> _Placements:
    """Place some kinds in the foreground, wholly inside the image.

    ``highest`` limits where their feet may be, as a proportion of the height.
    """
    placed: _Placements = []
    for kind in kinds:
        feet, taken = (highest * layout.height, layout.height), others + placed
        placed.append(
            find_place(kind, layout, taken, rng, feet=feet, outside=0.0, flag=flag)[0]
        )
    return placed


PHENOMENA: dict[str, Callable[[Layout, _Placements, Random], _Placements]] = {
    "context": _place_context,
    "texture_twins": _place_twins,
    "reflections": _place_reflection,
    "scale_ladder": _place_ladder,
    "camouflage": _place_camouflage,
    "thin_structures": _place_thin,
}
"""Switches of ``render_scene``, in the order in which their objects find a place."""
