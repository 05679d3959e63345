"""An object reflected in another, which does not change the target."""

import numpy as np
from PIL import Image
from scipy import ndimage

from course_utils.arguments import array, checked, number

_IMAGE, _MASK = array("H W 3", "uint8"), array("H W", "bool")


@checked(
    image=_IMAGE,
    host=_MASK,
    object_image=_IMAGE,
    object_mask=_MASK,
    opacity=number(),
    proportion=number(),
)
def paste_reflection(
    image: np.ndarray,
    host: np.ndarray,
    object_image: np.ndarray,
    object_mask: np.ndarray,
    *,
    opacity: float,
    proportion: float = 0.5,
) -> tuple[np.ndarray, np.ndarray]:
    """Paste a mirrored object into another one, like a reflection in a window.

    It lies in the widest part of the host. The target does not change: a reflection in
    a bus is bus.

    Args:
        image: RGB image, uint8, (H, W, 3).
        host: Mask of the object that reflects, (H, W).
        object_image: RGB image of the reflected object, uint8, (h, w, 3).
        object_mask: Mask of the reflected object, (h, w).
        opacity: Opacity of the reflection, from 0 (invisible) to 1 (hides the host).
        proportion: Proportion of the widest circle inside the host that it may fill.

    Returns:
        The image with the reflection, uint8, (H, W, 3), and the mask of the reflection,
        (H, W), which lies inside ``host``.

    Raises:
        ValueError: ``opacity`` or ``proportion`` is out of range, or a mask is empty or
            differs from its image in size.
    """
    if not (0 <= opacity <= 1 and 0 < proportion <= 1):
        raise ValueError(
            "opacity must be from 0 to 1 and proportion above 0 and at most 1, got "
            f"{opacity} and {proportion}"
        )
    for mask, picture in ((host, image), (object_mask, object_image)):
        if mask.shape != picture.shape[:2] or not mask.any():
            raise ValueError(
                "a mask must mark some pixels of its image, got a mask of "
                f"{mask.shape} with {int(mask.sum())} pixels for {picture.shape[:2]}; "
                "choose an object that is in the image"
            )
    # The host's box is enough to find distances; all beyond it counts as not the host
    (window,) = ndimage.find_objects(host.astype(np.uint8))
    depth = ndimage.distance_transform_edt(np.pad(host[window], 1))[1:-1, 1:-1]
    place = np.unravel_index(depth.argmax(), depth.shape)
    row, column = (int(k) + side.start for k, side in zip(place, window, strict=True))
    rows, columns = object_mask.nonzero()
    box = np.s_[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    patch, inside = object_image[box][:, ::-1], object_mask[box][:, ::-1]
    scale = 2 * proportion * depth.max() / np.hypot(*inside.shape)
    height, width = (max(1, int(side * scale)) for side in inside.shape)
    patch = np.asarray(Image.fromarray(patch).resize((width, height)))
    inside = np.asarray(Image.fromarray(inside).resize((width, height), Image.NEAREST))
    top, left = row - height // 2, column - width // 2
    frame = np.s_[top : top + height, left : left + width]
    pasted = np.zeros(host.shape, dtype=bool)
    pasted[frame] = inside & host[frame]
    mixed = image.astype(np.float64)
    mixed[frame] += opacity * (patch - mixed[frame])
    return np.where(pasted[..., None], mixed.round(), image).astype(np.uint8), pasted
