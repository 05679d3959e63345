"""Change an image and its target together.

A whole batch is changed at once, on the device it is on, with different random numbers
for every image, so that two CPU cores keep up with a GPU.
"""

from typing import Any

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn
from torchvision import tv_tensors
from torchvision.transforms import v2

from course_utils.arguments import (
    GENERATOR,
    a,
    checked,
    each,
    either,
    number,
    tensor,
    whole,
)
from course_utils.arguments import size as size_rule
from course_utils.labels import IGNORE_INDEX

# Mean and standard deviation of ImageNet's red, green and blue, for images in [0, 1]
_MEAN = (0.485, 0.456, 0.406)
_STD = (0.229, 0.224, 0.225)

_TENSOR = a("Tensor", advice="or pass two PIL images")
_SCALE = each(number(above=0)).also(
    "two numbers, the smaller first",
    lambda scale: len(scale) == 2 and scale[0] <= scale[1],
)


class JointTransform(nn.Module):
    """Applies one torchvision pipeline to images and targets.

    Images are interpolated and normalized, targets are only moved. torchvision tells
    them apart by their types, which this class adds and removes.

    Shape: images (N, 3, H, W) uint8 and targets (N, H, W) integer, or both without N,
    or two PIL images, to float32 images (N, 3, H', W') and int64 targets (N, H', W').
    """

    def __init__(self, pipeline: nn.Module) -> None:
        super().__init__()
        self.pipeline = pipeline

    def forward(
        self, images: Tensor | Image.Image, targets: Tensor | Image.Image
    ) -> tuple[Tensor, Tensor]:
        """Transform the images and, in the same way, their targets.

        Raises:
            TypeError: The images are not uint8, or the targets are not integers.
            ValueError: Images and targets differ in number, H or W.
        """
        if isinstance(images, Image.Image):
            images = v2.functional.pil_to_tensor(images)
        if isinstance(targets, Image.Image):
            targets = v2.functional.pil_to_tensor(targets)[0]
        _TENSOR.check("images", images)
        _TENSOR.check("targets", targets)
        if images.dtype != torch.uint8 or targets.is_floating_point():
            raise TypeError(
                "images must be uint8 and targets integer, got "
                f"{images.dtype} and {targets.dtype}; transform each batch only once"
            )
        if images.shape[:-3] + images.shape[-2:] != targets.shape:
            raise ValueError(
                "images and targets must agree in number, height and width, got "
                f"{tuple(images.shape)} and {tuple(targets.shape)}"
            )
        images, targets = self.pipeline(
            tv_tensors.Image(images), tv_tensors.Mask(targets)
        )
        return images.as_subclass(Tensor), targets.as_subclass(Tensor)


class _RandomScaleCropFlip(v2.Transform):
    """Scales, shifts and mirrors every image of a batch by its own random numbers.

    The input is sampled once for all three. What lies outside the image becomes 0 in
    the (normalized) image and void in the target.
    """

    def __init__(
        self,
        size: tuple[int, int],
        scale: tuple[float, float],
        generator: torch.Generator | None,
    ) -> None:
        super().__init__()
        self.size, self.scale, self.generator = size, scale, generator

    def make_params(self, flat_inputs: list[Any]) -> dict[str, Tensor]:
        """Draw one affine map per image, from crop to image coordinates."""
        images = next(x for x in flat_inputs if isinstance(x, tv_tensors.Image))
        count = images.shape[0] if images.ndim == 4 else 1
        draws = torch.rand(count, 4, generator=self.generator)
        low, high = self.scale
        enlargement = low + (high - low) * draws[:, 0]
        mirror = (draws[:, 1] < 0.5).float() * 2 - 1
        maps = torch.zeros(count, 2, 3)
        for axis, length in enumerate((images.shape[-1], images.shape[-2])):  # x, y
            # The crop's proportion of the image
            crop = self.size[1 - axis] / (enlargement * length)
            slack = (1 - crop).abs()  # to either side, in coordinates from -1 to 1
            maps[:, axis, axis] = crop * (mirror if axis == 0 else 1)
            maps[:, axis, 2] = slack * (2 * draws[:, 2 + axis] - 1)
        return {"maps": maps}

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        """Sample an image bilinearly, a target at the nearest pixel."""
        is_target = isinstance(inpt, tv_tensors.Mask)
        plain = inpt.as_subclass(Tensor)
        # Shifted so that void is 0, the value that grid_sample gives to the outside
        x = (plain.float() - IGNORE_INDEX).unsqueeze(-3) if is_target else plain
        batch = x if x.ndim == 4 else x[None]
        maps = params["maps"].to(batch.device)
        shape = (len(batch), batch.shape[1], *self.size)
        grid = F.affine_grid(maps, shape, align_corners=False)
        mode = "nearest" if is_target else "bilinear"
        moved = F.grid_sample(batch, grid, mode=mode, align_corners=False)
        moved = moved if x.ndim == 4 else moved[0]
        if is_target:
            moved = (moved.squeeze(-3) + IGNORE_INDEX).round().to(plain.dtype)
        return tv_tensors.wrap(moved, like=inpt)


def _normalize() -> list[nn.Module]:
    dtypes = {tv_tensors.Image: torch.float32, tv_tensors.Mask: torch.int64}
    return [v2.ToDtype(dtypes, scale=True), v2.Normalize(_MEAN, _STD)]


@checked(size=either(whole(1), size_rule()), scale=_SCALE, generator=GENERATOR)
def train_transform(
    size: int | tuple[int, int],
    *,
    scale: tuple[float, float] = (0.75, 1.5),
    generator: torch.Generator | None = None,
) -> JointTransform:
    """Make the training augmentation: normalize, then scale, crop and mirror at random.

    Args:
        size: H' and W' of the crops, or one side for both, pixels.
        scale: Smallest and largest enlargement; below about 0.5, bilinear sampling
            would skip pixels.
        generator: Random generator on the CPU; torch's global one by default.
    """
    size = (size, size) if isinstance(size, int) else size
    move = _RandomScaleCropFlip(size, scale, generator)
    return JointTransform(v2.Compose([*_normalize(), move]))


def eval_transform() -> JointTransform:
    """Make the transform for validation, which only normalizes."""
    return JointTransform(v2.Compose(_normalize()))


@checked(images=tensor("... 3 H W", "float", finite=True))
def denormalize(images: Tensor) -> Tensor:
    """Undo the normalization.

    Args:
        images: Normalized images, floating point, (..., 3, H, W).

    Returns:
        RGB images, uint8, of the same shape.
    """
    mean, std = (
        torch.tensor(values, device=images.device)[:, None, None]
        for values in (_MEAN, _STD)
    )
    return ((images.float() * std + mean) * 255).round().clamp(0, 255).to(torch.uint8)
