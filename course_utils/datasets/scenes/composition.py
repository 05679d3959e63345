"""Who is on stage: the phenomena, the ordinary cast, the props and the skyline."""

from random import Random

from course_utils.datasets.scenes.catalog import KINDS
from course_utils.datasets.scenes.layout import Stage
from course_utils.datasets.scenes.phenomena import PHENOMENA
from course_utils.datasets.scenes.placement import Actor, find_room

_SKYLINES: dict[str, tuple[str, ...]] = {
    "street": ("town house", "town house", "house", "round tree"),
    "avenue": ("house", "round tree", "round tree", "poplar", "house"),
    "meadow": ("round tree", "conifer", "bush", "poplar", "house"),
    "railway": ("poplar", "round tree", "house", "conifer", "bush"),
    "lake": (),
    "beach": (),
    "harbor": (),
    "patio": (),
}
_PROPS: dict[str, tuple[str, ...]] = {
    "street": ("lamp post", "lamp post", "round tree"),
    "avenue": ("lamp post", "bush", "round tree", "rock"),
    "meadow": ("haystack", "rock", "bush", "round tree"),
    "railway": ("bush", "rock", "haystack", "lamp post"),
    "lake": ("bush", "rock", "conifer"),
    "beach": ("rock", "rock"),
    "harbor": ("lamp post", "lamp post", "bush"),
    "patio": ("bush",),
}
_CASTS: dict[str, str] = {
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
_SURE: dict[str, tuple[str, ...]] = {
    "railway": ("train", "steam train"),
    "lake": ("sailing boat", "motor boat"),
    "beach": ("sailing boat", "motor boat"),
    "street": ("bus", "car", "car front"),
    "avenue": ("bus", "car", "airliner"),
    "meadow": ("cow", "sheep"),
    "patio": ("dining table", "sitting cat", "potted plant"),
    "harbor": ("car", "sailing boat", "airliner"),
}
"""Of these one is on stage if there is room, so that no theme is empty."""

_EXCLUSIVE = {"texture_twin", "reflection", "scale_ladder", "context"}


def _build_skyline(stage: Stage, rng: Random) -> list[Actor]:
    """Line up houses and trees along the horizon."""
    choices, row = _SKYLINES[stage.theme], []
    left = rng.uniform(-0.15, 0.0)
    while choices and left < stage.width:
        kind = rng.choice(choices)
        size = rng.uniform(0.85, 1.15) * KINDS[kind].height * 0.15
        foot = stage.horizon + rng.uniform(0.0, 0.03)
        row.append(Actor(kind, left, foot, size, f"{rng.random()}"))
        gap = 0.0 if stage.theme == "street" else rng.uniform(-0.03, 0.16)
        left += KINDS[kind].width * size + gap
    return row


def _add_props(stage: Stage, actors: list[Actor], rng: Random) -> list[Actor]:
    """Choose one to three things of the background, where there is room."""
    props: list[Actor] = []
    for kind in rng.choices(_PROPS[stage.theme], k=rng.randint(1, 3)):
        prop, crowd = find_room(kind, stage, actors + props, rng)
        if crowd < 0.3:
            props.append(prop)
    return props


def _add_cast(
    stage: Stage, actors: list[Actor], skyline: list[Actor], rng: Random, *, size: int
) -> list[Actor]:
    """Choose up to ``size`` ordinary objects, where there is room.

    Classes that the phenomena have brought on stage are left out, so that an ordinary
    object never looks like one more twin or one more rung.
    """
    classes = {KINDS[a.kind].class_name for a in actors if a.flags & _EXCLUSIVE}
    kinds = [rng.choice(_SURE[stage.theme])]
    kinds += rng.choices(_CASTS[stage.theme].split(", "), k=size - 1)
    cast: list[Actor] = []
    for kind in kinds:
        if KINDS[kind].class_name in classes:
            continue
        rival = KINDS[kind].stands in ("sky", "track")
        if rival and any(KINDS[a.kind].stands == KINDS[kind].stands for a in cast):
            continue  # one train on the track, one thing in the sky
        others = actors + cast + (skyline if KINDS[kind].stands == "sky" else [])
        actor, crowd = find_room(kind, stage, others, rng)
        if crowd < 0.4:
            cast.append(actor)
    return cast


def choose_actors(
    stage: Stage, seed: int, switches: dict[str, bool], take: int
) -> list[Actor]:
    """Cast the phenomena that are switched on, then ordinary objects and props.

    They are sorted from the farthest to the nearest. Each ``take`` is another cast.
    """
    skyline = _build_skyline(stage, Random(f"{seed} skyline"))
    actors: list[Actor] = []
    for name, cast in PHENOMENA.items():
        if switches[name]:
            actors += cast(stage, actors, Random(f"{seed} {name} {take}"))
    rng = Random(f"{seed} cast {take}")
    size = max(2, rng.randint(4, 7) - len(actors) // 2)
    actors += _add_cast(stage, actors, skyline, rng, size=size)
    actors += _add_props(stage, actors, Random(f"{seed} props {take}"))
    return sorted(actors + skyline, key=lambda actor: actor.depth)
