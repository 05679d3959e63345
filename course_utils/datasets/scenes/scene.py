"""Render a scene from a seed: an image, its target and every object in it."""

from collections import Counter
from dataclasses import dataclass
from itertools import count
from random import Random

import numpy as np
from scipy import ndimage

from course_utils.arguments import FLAG, a, array, check_all, checked, each, whole
from course_utils.datasets.scenes.annotation import (
    ENOUGH,
    label_instances,
    pixel_shares,
    reduce_owners,
    void_border,
)
from course_utils.datasets.scenes.backdrop import paint_backdrop
from course_utils.datasets.scenes.camera import equalize, take_photograph
from course_utils.datasets.scenes.canvas import Canvas, check_size, prepare_canvas
from course_utils.datasets.scenes.catalog import KINDS
from course_utils.datasets.scenes.composition import compose
from course_utils.datasets.scenes.daylight import choose_daylight
from course_utils.datasets.scenes.ground import paint_ground
from course_utils.datasets.scenes.layout import Layout, make_layout
from course_utils.datasets.scenes.painting import paint_objects
from course_utils.datasets.scenes.phenomena import choose_theme
from course_utils.datasets.scenes.placement import Placement
from course_utils.labels import IGNORE_INDEX

_OBJECT = {
    "class_index": whole(0),
    "box": each(whole(0)).also("top, left, bottom, right", lambda box: len(box) == 4),
    "area": whole(1),
    "flags": a("frozenset"),
}
_SCENE = {
    "image": array("H W 3", "uint8"),
    "target": array("H W", "uint8"),
    "instances": array("H W", "uint8"),
    "objects": each(a("SceneObject"), least=0),
    "reflection": array("H W", "bool"),
}


@dataclass(frozen=True)
class SceneObject:
    """One object of a scene.

    Attributes:
        class_index: Index of its class in VOC.
        box: Top, left, bottom, right, in pixels of the image; bottom and right are
            outside.
        area: Number of its pixels in the target.
        flags: Phenomena that it takes part in ("texture_twin", "reflection",
            "scale_ladder", "thin", "camouflage", "context"), and "truncated".
    """

    class_index: int
    box: tuple[int, int, int, int]
    area: int
    flags: frozenset[str]

    def __post_init__(self) -> None:
        """Refuse what is no object of a scene."""
        check_all(_OBJECT, vars(self).items())


@dataclass(frozen=True)
class Scene:
    """An image whose labels are known to the pixel.

    Attributes:
        image: Image, RGB, uint8, (H, W, 3).
        target: VOC class indices, uint8, (H, W); void is 255.
        instances: Object numbers, uint8, (H, W): 0 is background, k is
            ``objects[k - 1]``, 255 is void.
        objects: Objects with a visible pixel, from the farthest to the nearest.
        reflection: Mask, bool, (H, W), of a bicycle mirrored in the window of a bus; in
            ``target`` these pixels are bus.
    """

    image: np.ndarray
    target: np.ndarray
    instances: np.ndarray
    objects: tuple[SceneObject, ...]
    reflection: np.ndarray

    def __post_init__(self) -> None:
        """Refuse what is no scene."""
        check_all(_SCENE, vars(self).items())


def _describe(placement: Placement, mask: np.ndarray, layout: Layout) -> SceneObject:
    top, left, bottom, right = placement.box
    ((rows, columns),) = ndimage.find_objects(mask.view(np.uint8))
    cut = top < 0 or left < 0 or bottom > layout.height or right > layout.width
    return SceneObject(
        class_index=KINDS[placement.kind].class_index,
        box=(rows.start, columns.start, rows.stop, columns.stop),
        area=int(mask.sum()),
        flags=placement.flags | ({"truncated"} if cut else set()),
    )


def _finish(
    canvas: Canvas, layout: Layout, placements: list[Placement], seed: int
) -> Scene:
    """Make the image, the target and the list of objects from a painted canvas."""
    owners = reduce_owners(np.asarray(canvas.owners), canvas.zoom)
    border = void_border(owners, max(1, round(min(owners.shape) / 128)))
    instances, visible = label_instances(owners, border)
    masks = [instances == k + 1 for k in range(len(visible))]
    seen = [placements[owner - 1] for owner in visible]
    classes = np.zeros(256, dtype=np.uint8)
    classes[IGNORE_INDEX] = IGNORE_INDEX
    classes[1 : len(seen) + 1] = [KINDS[p.kind].class_index for p in seen]
    image = take_photograph(canvas, seed)
    pairs = list(zip(masks, seen, strict=True))
    equalize(image, [mask for mask, p in pairs if "context" in p.flags])
    buses = [mask for mask, p in pairs if "reflection" in p.flags]
    mirrored = pixel_shares(np.asarray(canvas.mirrored) > 0, canvas.zoom) >= ENOUGH
    return Scene(
        image=image,
        target=classes[instances],
        instances=instances,
        objects=tuple(_describe(p, mask, layout) for mask, p in pairs),
        reflection=mirrored & np.logical_or.reduce([*buses, np.zeros_like(border)]),
    )


def _shows_all(scene: Scene, placements: list[Placement]) -> bool:
    """Tell whether every object that is part of a phenomenon can be seen."""
    promised = Counter(flag for placement in placements for flag in placement.flags)
    shown = Counter(flag for visible in scene.objects for flag in visible.flags)
    least = 0.004 * min(scene.target.shape) ** 2 * promised["reflection"]
    return promised <= shown and scene.reflection.sum() >= least


@checked(
    seed=whole(0),
    texture_twins=FLAG,
    reflections=FLAG,
    scale_ladder=FLAG,
    thin_structures=FLAG,
    camouflage=FLAG,
    context=FLAG,
)
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
    twin_sections: tuple[int, int] = (4, 10),
) -> Scene:
    """Draw a scene; a switch that is on guarantees its phenomenon, off its absence.

    Equal arguments give equal bytes. One seed shows the same scene at every size of
    one aspect ratio.

    Args:
        seed: Seed of everything that is drawn at random, at least 0.
        size: Side of the image, or (H, W), 64 to 512 pixels each.
        texture_twins: A bus and a train of equal sections, told apart by their length.
        reflections: A bicycle mirrored in the wide window of a bus.
        scale_ladder: One class five times, its longest side 5 to 76 % of the short
            side of the image.
        thin_structures: A bicycle or a slender chair, 1 to 3 pixels thin; without it
            there is no bicycle and chairs are sturdy.
        camouflage: Objects painted like what is behind them.
        context: Two boats on water and two cars on a road, equal to the pixel.
        twin_sections: Sections of that bus and that train, from 4 to 10; the closer the
            two numbers, the harder the twins.

    Raises:
        ValueError: A side of ``size`` is not an integer from 64 to 512, ``seed`` is not
            an integer of at least 0, or the bus is not shorter than the train.
    """
    sides = check_size(size)
    if not 4 <= twin_sections[0] < twin_sections[1] <= 10:
        raise ValueError(
            "twin_sections must be two numbers from 4 to 10, the bus with fewer than "
            f"the train, got {twin_sections}"
        )
    switches = dict(
        texture_twins=texture_twins,
        reflections=reflections,
        scale_ladder=scale_ladder,
        thin_structures=thin_structures,
        camouflage=camouflage,
        context=context,
    )
    rng = Random(f"{seed} stage")
    height, width = (side / min(sides) for side in sides)
    layout = make_layout(choose_theme(switches, rng), width, height, rng)
    for attempt in count():  # more than one only if an object hides a phenomenon
        daylight = choose_daylight(Random(f"{seed} daylight"))
        canvas = prepare_canvas(sides, daylight, seed)
        paint_backdrop(canvas, layout, Random(f"{seed} backdrop"))
        paint_ground(canvas, layout, Random(f"{seed} ground"))
        placed = compose(layout, seed, switches, attempt, twin_sections)
        objects = paint_objects(canvas, placed)
        scene = _finish(canvas, layout, objects, seed)
        if _shows_all(scene, objects):
            return scene
