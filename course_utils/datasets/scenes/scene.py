"""Render a scene: a picture, its target and every object in it, from a seed."""

from collections import Counter
from dataclasses import dataclass
from itertools import count
from numbers import Integral
from random import Random

import numpy as np

from course_utils.datasets.scenes.annotation import (
    ENOUGH,
    find_box,
    label_instances,
    pixel_shares,
    reduce_owners,
    void_border,
)
from course_utils.datasets.scenes.backdrop import paint_backdrop
from course_utils.datasets.scenes.camera import equalize, take_photograph
from course_utils.datasets.scenes.canvas import Canvas, check_size, prepare_canvas
from course_utils.datasets.scenes.catalog import KINDS
from course_utils.datasets.scenes.composition import choose_actors
from course_utils.datasets.scenes.daylight import choose_daylight
from course_utils.datasets.scenes.ground import paint_ground
from course_utils.datasets.scenes.layout import Stage, set_stage
from course_utils.datasets.scenes.painting import paint_actors
from course_utils.datasets.scenes.phenomena import choose_theme
from course_utils.datasets.scenes.placement import Actor
from course_utils.labels import IGNORE_INDEX


@dataclass(frozen=True)
class SceneObject:
    """One object of a scene; all lengths in pixels of the image.

    Attributes:
        class_index: index of its class in VOC.
        box: top, left, bottom, right of its pixels; bottom and right are outside.
        area: number of its pixels in the target.
        flags: the phenomena it takes part in ("texture_twin", "reflection",
            "scale_ladder", "thin", "camouflage", "context") and "truncated".
    """

    class_index: int
    box: tuple[int, int, int, int]
    area: int
    flags: frozenset[str]


@dataclass(frozen=True)
class Scene:
    """A picture whose truth is known.

    Attributes:
        image: RGB, uint8, (H, W, 3).
        target: VOC class indices, uint8, (H, W); void is 255.
        instances: uint8, (H, W); 0 is background, k is ``objects[k - 1]``, 255 void.
        objects: those of which a pixel is to be seen, from the farthest to the nearest.
        reflection: bool, (H, W); where a bicycle is mirrored in the window of a bus,
            whose pixels these are in ``target``.
    """

    image: np.ndarray
    target: np.ndarray
    instances: np.ndarray
    objects: tuple[SceneObject, ...]
    reflection: np.ndarray


def _choose_stage(
    sides: tuple[int, int], seed: int, switches: dict[str, bool]
) -> Stage:
    rng = Random(f"{seed} stage")
    theme = choose_theme(
        rng,
        on_road=switches["texture_twins"] or switches["reflections"],
        at_water=switches["context"],
        in_depth=switches["scale_ladder"],
    )
    height, width = (side / min(sides) for side in sides)
    return set_stage(theme, width, height, rng)


def _describe(actor: Actor, mask: np.ndarray, stage: Stage) -> SceneObject:
    top, left, bottom, right = actor.box
    cut = top < 0 or left < 0 or bottom > stage.height or right > stage.width
    return SceneObject(
        class_index=KINDS[actor.kind].class_index,
        box=find_box(mask),
        area=int(mask.sum()),
        flags=actor.flags | ({"truncated"} if cut else set()),
    )


def _develop(canvas: Canvas, stage: Stage, actors: list[Actor], seed: int) -> Scene:
    """Make the picture, the target and the list of objects from a painted canvas."""
    owners = reduce_owners(np.asarray(canvas.owners), canvas.zoom)
    border = void_border(owners, max(1, round(min(owners.shape) / 128)))
    instances, visible = label_instances(owners, border)
    masks = [instances == k + 1 for k in range(len(visible))]
    seen = [actors[owner - 1] for owner in visible]
    classes = np.zeros(256, dtype=np.uint8)
    classes[IGNORE_INDEX] = IGNORE_INDEX
    classes[1 : len(seen) + 1] = [KINDS[actor.kind].class_index for actor in seen]
    image = take_photograph(canvas, seed)
    blobs = [m for m, a in zip(masks, seen, strict=True) if "context" in a.flags]
    equalize(image, blobs)
    buses = [m for m, a in zip(masks, seen, strict=True) if "reflection" in a.flags]
    mirrored = pixel_shares(np.asarray(canvas.mirrored) > 0, canvas.zoom) >= ENOUGH
    return Scene(
        image=image,
        target=classes[instances],
        instances=instances,
        objects=tuple(_describe(a, m, stage) for a, m in zip(seen, masks, strict=True)),
        reflection=mirrored & np.logical_or.reduce([*buses, np.zeros_like(border)]),
    )


def _paint_setting(sides: tuple[int, int], stage: Stage, seed: int) -> Canvas:
    canvas = prepare_canvas(sides, choose_daylight(Random(f"{seed} daylight")), seed)
    paint_backdrop(canvas, stage, Random(f"{seed} backdrop"))
    paint_ground(canvas, stage, Random(f"{seed} ground"))
    return canvas


def _shows_all(scene: Scene, actors: list[Actor]) -> bool:
    """Tell whether everything that is there for a phenomenon can be seen."""
    promised = Counter(flag for actor in actors for flag in actor.flags)
    shown = Counter(flag for thing in scene.objects for flag in thing.flags)
    least = 0.004 * min(scene.target.shape) ** 2 * promised["reflection"]
    seen = all(shown[flag] == number for flag, number in promised.items())
    return seen and scene.reflection.sum() >= least


def render_scene(
    *,
    seed: int,
    size: int | tuple[int, int],
    texture_twins: bool = False,
    reflections: bool = False,
    scale_ladder: bool = False,
    thin_structures: bool = False,
    camouflage: bool = False,
    context: bool = False,
) -> Scene:
    """Draw a scene; a switch that is on guarantees its phenomenon, off its absence.

    Equal arguments give equal bytes. One seed shows the same scene at every size of
    one shape.

    Args:
        seed: of everything that is left to chance, at least 0.
        size: side of the image, or (H, W), 64 to 512 pixels each.
        texture_twins: a bus and a train of equal sections, told apart by their length.
        reflections: a bicycle mirrored in the wide window of a bus.
        scale_ladder: one class five times, its longest side 5 to 76 % of the short
            side of the image.
        thin_structures: a bicycle or a slender chair, 1 to 3 pixels thin; without it
            there is no bicycle and chairs are sturdy.
        camouflage: objects painted like what is behind them.
        context: two boats on water and two cars on a road, equal to the pixel.

    Raises:
        ValueError: a side of ``size`` is not an integer from 64 to 512, or ``seed``
            is negative.
    """
    sides = check_size(size)
    if not isinstance(seed, Integral) or seed < 0:
        raise ValueError(f"seed must be an integer of at least 0, got {seed!r}")
    switches = dict(
        texture_twins=texture_twins,
        reflections=reflections,
        scale_ladder=scale_ladder,
        thin_structures=thin_structures,
        camouflage=camouflage,
        context=context,
    )
    stage = _choose_stage(sides, seed, switches)
    for take in count():  # seldom more than one: only when someone hides a phenomenon
        canvas = _paint_setting(sides, stage, seed)
        actors = paint_actors(canvas, choose_actors(stage, seed, switches, take))
        scene = _develop(canvas, stage, actors, seed)
        if _shows_all(scene, actors):
            return scene
