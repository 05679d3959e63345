"""The composition of a scene: which objects it shows, besides houses and trees."""

from functools import partial
from random import Random

from course_utils.datasets.scenes.catalog import KINDS
from course_utils.datasets.scenes.layout import Layout
from course_utils.datasets.scenes.phenomena import PHENOMENA, place_twins
from course_utils.datasets.scenes.placement import Arrangement, Placement

_SKYLINES: dict[str, tuple[str, ...]] = {
    "street": ("town house", "town house", "house", "round tree"),
    "avenue": ("house", "round tree", "round tree", "poplar", "house"),
    "meadow": ("round tree", "conifer", "bush", "poplar", "house"),
    "railway": ("poplar", "round tree", "house", "conifer", "bush"),
}
"""Kinds along the horizon; the other themes have a free view."""
_BACKGROUND: dict[str, tuple[str, ...]] = {
    "street": ("lamp post", "lamp post", "round tree"),
    "avenue": ("lamp post", "bush", "round tree", "rock"),
    "meadow": ("haystack", "rock", "bush", "round tree"),
    "railway": ("bush", "rock", "haystack", "lamp post"),
    "lake": ("bush", "rock", "conifer"),
    "beach": ("rock", "rock"),
    "harbor": ("lamp post", "lamp post", "bush"),
    "patio": ("bush",),
}
_ORDINARY: dict[str, str] = {
    "street": "car, car front, bus, bus, car, person, person, dog, standing bird, "
    "sitting cat, potted plant, potted plant",
    "avenue": "car, car front, bus, person, dog, dining table, cow, walking cat, "
    "flying bird, garden chair, potted plant",
    "meadow": "cow, cow, sheep, sheep, person, dog, standing bird, walking cat, "
    "garden chair, dining table, dining table, propeller plane",
    "lake": "sailing boat, motor boat, person, dog, standing bird, garden chair, "
    "flying bird, dining table, propeller plane, sheep",
    "beach": "sailing boat, motor boat, person, person, dog, standing bird, "
    "garden chair, airliner, flying bird, dining table",
    "railway": "train, steam train, cow, sheep, sheep, person, airliner, dog, "
    "flying bird, cow",
    "patio": "garden chair, garden chair, dining table, potted plant, potted plant, "
    "dining table, sitting cat, walking cat, person, dog, standing bird",
    "harbor": "car, car front, sailing boat, motor boat, person, bus, "
    "potted plant, sitting cat, airliner, flying bird",
}
_ESSENTIAL: dict[str, tuple[str, ...]] = {
    "railway": ("train", "steam train"),
    "lake": ("sailing boat", "motor boat"),
    "beach": ("sailing boat", "motor boat"),
    "street": ("bus", "car", "car front"),
    "avenue": ("bus", "car", "airliner"),
    "meadow": ("cow", "sheep"),
    "patio": ("dining table", "sitting cat", "potted plant"),
    "harbor": ("car", "sailing boat", "airliner"),
}
"""Kinds of which every scene of a theme shows one if there is room."""

_EXCLUSIVE = {"texture_twin", "reflection", "scale_ladder", "context"}
"""Flags whose classes no ordinary object may have: it would look like one more twin."""


def _line_horizon(layout: Layout, rng: Random) -> list[Placement]:
    """Line up houses and trees along the horizon."""
    choices, row = _SKYLINES.get(layout.theme), []
    left = rng.uniform(-0.15, 0.0)
    while choices and left < layout.width:
        kind = rng.choice(choices)
        size = rng.uniform(0.85, 1.15) * KINDS[kind].height * 0.15
        foot = layout.horizon + rng.uniform(0.0, 0.03)
        row.append(Placement(kind, left, foot, size, f"{rng.random()}"))
        gap = 0.0 if layout.theme == "street" else rng.uniform(-0.03, 0.16)
        left += KINDS[kind].width * size + gap
    return row


def _place_ordinary(scene: Arrangement, rng: Random, *, most: int) -> None:
    """Place up to ``most`` ordinary objects where there is room."""
    theme = scene.layout.theme
    taken = {KINDS[p.kind].class_name for p in scene.placed if p.flags & _EXCLUSIVE}
    kinds = [rng.choice(_ESSENTIAL[theme])]
    kinds += rng.choices(_ORDINARY[theme].split(", "), k=most - 1)
    for kind in kinds:
        stands = KINDS[kind].stands
        # One train on the track, one object in the sky
        is_full = stands in ("sky", "track") and any(
            KINDS[p.kind].stands == stands for p in scene.placed
        )
        if KINDS[kind].class_name not in taken and not is_full:
            placement, crowding = scene.find_place(kind, rng)
            if crowding < 0.4:
                scene.placed.append(placement)


def _place_background(scene: Arrangement, rng: Random) -> None:
    """Place one to three objects of class background where there is room."""
    for kind in rng.choices(_BACKGROUND[scene.layout.theme], k=rng.randint(1, 3)):
        placement, crowding = scene.find_place(kind, rng)
        if crowding < 0.3:
            scene.placed.append(placement)


def compose(
    layout: Layout,
    seed: int,
    switches: dict[str, bool],
    attempt: int,
    twin_sections: tuple[int, int],
) -> list[Placement]:
    """Place the phenomena that are switched on, then ordinary and background objects.

    Args:
        layout: Layout of the scene.
        seed: Seed of the scene.
        switches: Switches of ``render_scene``.
        attempt: Number of the attempt; each gives another composition.
        twin_sections: Sections of the bus and of the train that are texture twins.

    Returns:
        Placements from the farthest to the nearest.
    """
    scene = Arrangement(layout, _line_horizon(layout, Random(f"{seed} skyline")))
    phenomena = dict(PHENOMENA)
    phenomena["texture_twins"] = partial(place_twins, sections=twin_sections)
    for name, place in phenomena.items():
        if switches[name]:
            place(scene, Random(f"{seed} {name} {attempt}"))
    rng = Random(f"{seed} cast {attempt}")
    most = max(2, rng.randint(4, 7) - len(scene.placed) // 2)
    _place_ordinary(scene, rng, most=most)
    _place_background(scene, Random(f"{seed} props {attempt}"))
    return sorted(scene.placed + scene.skyline, key=lambda p: p.depth)
