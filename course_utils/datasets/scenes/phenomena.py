"""The objects that show a phenomenon: one function for each switch of ``render_scene``.

Each adds its objects to those placed so far.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from random import Random

from course_utils.datasets.scenes.catalog import KINDS, THIN
from course_utils.datasets.scenes.layout import THEMES
from course_utils.datasets.scenes.placement import Arrangement, Placement

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


def choose_theme(switches: dict[str, bool], rng: Random) -> str:
    """Choose a theme that has what the phenomena need.

    Args:
        switches: Switches of ``render_scene``.
        rng: Random generator that draws the theme.
    """
    if switches["context"]:
        return rng.choice(["harbor"])  # water beside a road
    if switches["texture_twins"] or switches["reflections"]:
        return rng.choice(["street", "avenue", "harbor"])  # a road
    themes = [*THEMES, "meadow", "meadow", "railway", "patio"]
    if switches["scale_ladder"]:  # ground that recedes
        themes = [theme for theme in themes if theme != "patio"]
    return rng.choice(themes)


def _place_context(scene: Arrangement, rng: Random) -> None:
    """Place two equal blobs on the water and two on the road, apart from each other."""
    look, height = f"{rng.random()}", rng.uniform(0.055, 0.07)
    flags, slot = frozenset({"context"}), scene.layout.width / 4
    for kind in ("blob boat", "blob car"):
        strip = scene.layout.strips_for(KINDS[kind].stands)[0]
        width = KINDS[kind].width * height
        for k in rng.sample(range(4), 2):
            left = k * slot + rng.uniform(0.02, slot - width - 0.02)
            foot = rng.uniform(strip.top + 1.4 * height, strip.bottom - 0.3 * height)
            blob = Placement(kind, left, foot, height, look, flags=flags)
            scene.placed.append(blob)


def place_twins(
    scene: Arrangement, rng: Random, *, sections: tuple[int, int] = (4, 10)
) -> None:
    """Place a bus and a train with equal sections, one behind the other on the road.

    Args:
        scene: Arrangement to place them in.
        rng: Random generator that draws the places.
        sections: Sections of the bus and of the train.
    """
    bus, train = (
        f"coach {name} of {number}"
        for name, number in zip(("bus", "train"), sections, strict=True)
    )
    look, longest = f"{rng.random()}", KINDS[train].width
    height = rng.uniform(0.86, 1.0) * min(0.17, 0.95 * scene.layout.width / longest)
    road = scene.layout.strips_for("road")[0]
    far = rng.uniform(road.top + 0.15 * height, road.bottom - 1.12 * height)
    place = partial(scene.find_place, rng=rng, outside=-0.01, flag="texture_twin")
    kinds = rng.sample((bus, train), 2)
    for kind, foot in zip(kinds, (far, far + 1.1 * height), strict=True):
        twin, _ = place(kind, heights=(height, height), feet=(foot, foot))
        scene.placed.append(replace(twin, look=look, mirrored=False))


def _place_reflection(scene: Arrangement, rng: Random) -> None:
    """Place a bus with a wide window, into which ``painting`` mirrors a bicycle."""
    road, is_crowded = scene.layout.strips_for("road")[0], bool(scene.placed)
    heights = (0.27, 0.31) if is_crowded else (0.36, 0.44)
    last = scene.layout.height if is_crowded else road.bottom
    feet = (road.bottom - 0.5 * (road.bottom - road.top), last)
    place = partial(scene.find_place, outside=0.0, flag="reflection")
    scene.placed.append(place("tour bus", rng, heights=heights, feet=feet)[0])


def _place_ladder(scene: Arrangement, rng: Random) -> None:
    """Place one kind five times, from a few pixels to most of the image."""
    kinds = _LADDER_KINDS[scene.layout.theme]
    kind = "person" if scene.placed else rng.choice(kinds)
    for side in _LADDER_SIDES:
        scene.placed.append(_find_rung(scene, kind, side, rng))


def _find_rung(scene: Arrangement, kind: str, side: float, rng: Random) -> Placement:
    """Find a place on a ladder: the smaller, the farther, while there is room."""
    near = 0.98 * scene.layout.height
    far = scene.layout.strips_for("ground")[0].top + 0.02
    height = side / max(1.0, KINDS[kind].width)
    reach = (near - far) * side / _LADDER_SIDES[1]
    is_largest, is_large = side == _LADDER_SIDES[0], side > 0.3
    feet = (near, near) if is_largest else (far + 0.35 * reach, far + 0.9 * reach)
    place = partial(
        scene.find_place,
        kind,
        rng,
        heights=(height, height),
        outside=0.22 if is_large else 0.0,
        flag="scale_ladder",
    )
    rungs = [place(feet=feet)]
    if rungs[0][1] >= 0.1 and not is_large:
        rungs.append(place(feet=(far, near)))  # anywhere on the ground
    return min(rungs, key=lambda found: found[1])[0]


def _place_camouflage(scene: Arrangement, rng: Random) -> None:
    """Place one or two objects that are painted like what is behind them."""
    on_grass = scene.layout.theme in ("meadow", "railway")
    kinds = _CAMOUFLAGED + (_CAMOUFLAGED_ON_GRASS if on_grass else ())
    chosen = rng.sample(kinds, rng.randint(1, 2))
    _place_in_front(scene, chosen, 0.72, "camouflage", rng)


def _place_thin(scene: Arrangement, rng: Random) -> None:
    """Place one or two bicycles or chairs of thin rods."""
    _place_in_front(scene, rng.choices(THIN, k=rng.randint(1, 2)), 0.74, "thin", rng)


def _place_in_front(
    scene: Arrangement, kinds: list[str], highest: float, flag: str, rng: Random
) -> None:
    """Place some kinds wholly inside the image, their feet below ``highest``."""
    feet = (highest * scene.layout.height, scene.layout.height)
    for kind in kinds:
        place, _ = scene.find_place(kind, rng, feet=feet, outside=0.0, flag=flag)
        scene.placed.append(place)


PHENOMENA: dict[str, Callable[[Arrangement, Random], None]] = {
    "context": _place_context,
    "texture_twins": place_twins,
    "reflections": _place_reflection,
    "scale_ladder": _place_ladder,
    "camouflage": _place_camouflage,
    "thin_structures": _place_thin,
}
"""Switches of ``render_scene``, in the order in which their objects find a place."""
