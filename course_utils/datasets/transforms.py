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
_ELASTIC_GRID = (4, 4)
"""Points of the coarse grid on which elastic shifts are drawn."""

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
            ValueError: Images and targets differ in number, H or W, or a PIL target
                does not hold class indices.
        """
        if isinstance(images, Image.Image):
            images = _as_tensor(images, "image", "RGB")
        if isinstance(targets, Image.Image):
            targets = _as_tensor(targets, "target", "P", "L")[0]
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


def _as_tensor(image: Image.Image, what: str, *modes: str) -> Tensor:
    """Convert a PIL image, (C, H, W); refuse modes with other or more numbers."""
    if image.mode not in modes:
        raise ValueError(
            f"a PIL {what} must be in mode {' or '.join(modes)}, got {image.mode}; "
            "read it with SegmentationFolder, which converts what it can"
        )
    return v2.functional.pil_to_tensor(image)


class _RandomScaleCropFlip(v2.Transform):
    """Scales, shifts, mirrors and bends every image of a batch by its own numbers.

    The input is sampled once for all of it. What lies outside the image becomes 0 in
    the (normalized) image and void in the target.
    """

    def __init__(
        self,
        size: tuple[int, int],
        scale: tuple[float, float],
        elastic: float,
        generator: torch.Generator | None,
    ) -> None:
        super().__init__()
        self.size, self.scale, self.elastic = size, scale, elastic
        self.generator = generator

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
        shifts = torch.zeros(count, 2, *_ELASTIC_GRID)
        if self.elastic:
            shifts = torch.randn(shifts.shape, generator=self.generator)
            # Pixels of the crop, as parts of coordinates from -1 to 1
            half = torch.tensor([self.size[1] / 2, self.size[0] / 2])[:, None, None]
            shifts = self.elastic * shifts / half
        return {"maps": maps, "shifts": shifts}

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
        if self.elastic:
            shifts = params["shifts"].to(batch.device)
            bent = F.interpolate(shifts, self.size, mode="bicubic", align_corners=True)
            grid = grid + bent.movedim(1, -1)
        mode = "nearest" if is_target else "bilinear"
        moved = F.grid_sample(batch, grid, mode=mode, align_corners=False)
        moved = moved if x.ndim == 4 else moved[0]
        if is_target:
            moved = (moved.squeeze(-3) + IGNORE_INDEX).round().to(plain.dtype)
        return tv_tensors.wrap(moved, like=inpt)


class _RandomColor(v2.Transform):
    """Changes brightness, contrast and saturation of every image by its own numbers.

    Each of the three is a factor between 1 - strength and 1 + strength.
    """

    def __init__(self, strength: float, generator: torch.Generator | None) -> None:
        super().__init__()
        self.strength, self.generator = strength, generator

    def make_params(self, flat_inputs: list[Any]) -> dict[str, Tensor]:
        """Draw three factors per image."""
        images = next(x for x in flat_inputs if isinstance(x, tv_tensors.Image))
        count = images.shape[0] if images.ndim == 4 else 1
        draws = torch.rand(count, 3, 1, 1, 1, generator=self.generator)
        return {"factors": 1 + self.strength * (2 * draws - 1)}

    def transform(self, inpt: Any, params: dict[str, Any]) -> Any:
        """Change an image with values from 0 to 1; leave a target as it is."""
        if isinstance(inpt, tv_tensors.Mask):
            return inpt
        plain = inpt.as_subclass(Tensor)
        x = plain if plain.ndim == 4 else plain[None]
        brightness, contrast, saturation = params["factors"].to(x.device).unbind(1)
        x = brightness * x
        gray = v2.functional.rgb_to_grayscale(x)
        x = saturation * x + (1 - saturation) * gray
        x = contrast * x + (1 - contrast) * gray.mean(dim=(1, 2, 3), keepdim=True)
        x = x.clamp(0, 1)
        return tv_tensors.wrap(x if plain.ndim == 4 else x[0], like=inpt)


def _to_unit() -> nn.Module:
    dtypes = {tv_tensors.Image: torch.float32, tv_tensors.Mask: torch.int64}
    return v2.ToDtype(dtypes, scale=True)


def _normalize() -> nn.Module:
    return v2.Normalize(_MEAN, _STD)


@checked(
    size=either(whole(1), size_rule()),
    scale=_SCALE,
    elastic=number(0),
    color=number(0, 1),
    generator=GENERATOR,
)
def train_transform(
    size: int | tuple[int, int],
    *,
    scale: tuple[float, float] = (0.75, 1.5),
    elastic: float = 0.0,
    color: float = 0.0,
    generator: torch.Generator | None = None,
) -> JointTransform:
    """Make the training augmentation: scale, crop and mirror at random, and normalize.

    Args:
        size: H' and W' of the crops, or one side for both, pixels.
        scale: Smallest and largest enlargement; below about 0.5, bilinear sampling
            would skip pixels.
        elastic: Standard deviation of the shifts, pixels of the crop, that bend an
            image: drawn on a grid of 4×4 points and interpolated between them
            (Ronneberger et al., 2015, arXiv:1505.04597, section 3.1).
        color: Largest change of brightness, contrast and saturation, a proportion.
        generator: Random generator on the CPU; torch's global one by default.
    """
    size = (size, size) if isinstance(size, int) else size
    steps = [_to_unit(), _RandomColor(color, generator)] if color else [_to_unit()]
    move = _RandomScaleCropFlip(size, scale, elastic, generator)
    return JointTransform(v2.Compose([*steps, _normalize(), move]))


def eval_transform() -> JointTransform:
    """Make the transform for validation, which only normalizes."""
    return JointTransform(v2.Compose([_to_unit(), _normalize()]))


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
