"""How fine the structure of a feature map is."""

import torch
from torch import Tensor

from course_utils.arguments import checked, number, tensor


@checked(
    maps=tensor("N C H W", "float", finite=True).but("a single image needs maps[None]"),
    stride=number(above=0),
)
def feature_map_frequency(maps: Tensor, *, stride: float = 1) -> Tensor:
    """Compute the mean spatial frequency of feature maps, weighted by power.

    Every map, minus its mean, is split into cosines (by a two-dimensional cosine
    transform, which unlike Fourier's sees no jump at the map's border). A slope over
    the whole map is near 0; no map holds more than 0.5 cycles per cell along a side.

    Args:
        maps: Feature maps, floating point, (N, C, H, W).
        stride: Stride of the maps, pixels of the image; may be below 1.

    Returns:
        Cycles per pixel of the image, float32, (N, C); nan where a map is constant.

    Raises:
        ValueError: The maps are not (N, C, H, W).
    """
    x = maps.float()
    x = x - x.mean(dim=(2, 3), keepdim=True)
    # Mirrored at its end, a map continues without a jump: its Fourier transform is then
    # the cosine transform, with k half cycles per side
    for dim in (2, 3):
        x = torch.cat([x, x.flip(dim)], dim)
    power = torch.fft.rfft2(x).abs().square()
    power[..., 1:] *= 2  # rfft2 leaves out the negative frequencies of the last side
    down = torch.fft.fftfreq(x.shape[2], device=x.device)
    right = torch.fft.rfftfreq(x.shape[3], device=x.device)
    cycles = torch.hypot(down[:, None], right)  # per cell
    constant = maps.amax(dim=(2, 3)) == maps.amin(dim=(2, 3))
    total = power.sum(dim=(2, 3))
    mean = (power * cycles).sum(dim=(2, 3)) / total
    return mean.masked_fill(constant, torch.nan) / stride
