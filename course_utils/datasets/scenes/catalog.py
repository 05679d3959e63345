"""The catalog of objects: painter, class, shape and storybook size of each kind."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

from course_utils.datasets.scenes.painters import (
    background,
    birds,
    craft,
    farm,
    garden,
    people,
    pets,
    rail,
    road,
)
from course_utils.datasets.scenes.painters.pen import Pen
from course_utils.labels import VOC


@dataclass(frozen=True)
class Kind:
    """One way to draw a class.

    Attributes:
        paint: Painter, which draws the object with a pen.
        class_name: VOC class; "background" for what VOC does not name.
        width: Width as a multiple of the object's height.
        height: Height as a multiple of that of a person standing beside it.
        stands: Surface to stand on: "road", "track", "water", "sky", or any "ground".
    """

    paint: Callable[[Pen, Random], None]
    class_name: str
    width: float
    height: float
    stands: str = "ground"

    @property
    def class_index(self) -> int:
        """Index of the class in VOC."""
        return VOC.names.index(self.class_name)


def _coach(sections: int, class_name: str) -> Kind:
    paint = partial(rail.coach, sections=sections)
    return Kind(paint, class_name, sections * rail.SECTION, 1.0, "road")


KINDS: dict[str, Kind] = {
    "car": Kind(road.car, "car", 2.52, 0.8, "road"),
    "car front": Kind(road.car_front, "car", 1.28, 0.84, "road"),
    "bus": Kind(road.bus, "bus", 2.4, 1.0, "road"),
    "tour bus": Kind(road.tour_bus, "bus", 2.2, 1.5, "road"),
    "bicycle": Kind(road.bicycle, "bicycle", 1.65, 0.72),
    "train": Kind(rail.train, "train", 7.3, 1.1, "track"),
    "steam train": Kind(rail.steam_train, "train", 5.6, 1.15, "track"),
    **{
        f"coach {class_name} of {sections}": _coach(sections, class_name)
        for class_name in ("bus", "train")
        for sections in range(4, 11)
    },
    "sailing boat": Kind(craft.sailing_boat, "boat", 1.1, 1.7, "water"),
    "motor boat": Kind(craft.motor_boat, "boat", 1.5, 1.1, "water"),
    "blob boat": Kind(craft.ambiguous_blob, "boat", 2.0, 0.4, "water"),
    "blob car": Kind(craft.ambiguous_blob, "car", 2.0, 0.4, "road"),
    "airliner": Kind(craft.airliner, "aeroplane", 2.6, 0.42, "sky"),
    "propeller plane": Kind(craft.propeller_plane, "aeroplane", 2.3, 0.42, "sky"),
    "flying bird": Kind(birds.flying_bird, "bird", 1.52, 0.36, "sky"),
    "standing bird": Kind(birds.standing_bird, "bird", 1.18, 0.36),
    "cow": Kind(farm.cow, "cow", 1.68, 0.84),
    "sheep": Kind(farm.sheep, "sheep", 1.34, 0.66),
    "dog": Kind(pets.dog, "dog", 1.38, 0.56),
    "sitting cat": Kind(pets.sitting_cat, "cat", 0.9, 0.48),
    "walking cat": Kind(pets.walking_cat, "cat", 1.42, 0.42),
    "person": Kind(people.person, "person", 0.46, 1.0),
    "slender chair": Kind(garden.slender_chair, "chair", 0.72, 0.62),
    "garden chair": Kind(garden.garden_chair, "chair", 0.76, 0.62),
    "potted plant": Kind(garden.potted_plant, "potted plant", 0.72, 0.6),
    "dining table": Kind(garden.dining_table, "dining table", 1.6, 0.54),
    "house": Kind(background.house, "background", 1.0, 2.0),
    "town house": Kind(background.town_house, "background", 0.56, 2.9),
    "round tree": Kind(background.round_tree, "background", 0.8, 2.0),
    "conifer": Kind(background.conifer, "background", 0.5, 2.2),
    "poplar": Kind(background.poplar, "background", 0.34, 2.2),
    "bush": Kind(background.bush, "background", 1.5, 0.5),
    "lamp post": Kind(background.lamp_post, "background", 0.2, 1.9),
    "rock": Kind(background.rock, "background", 1.5, 0.34),
    "haystack": Kind(background.haystack, "background", 1.1, 0.6),
}
"""Every kind by its name."""

THIN = ("bicycle", "slender chair")
"""Kinds whose tubes and rods are 1 to 3 pixels wide."""
