"""The library pydensecrf, if it is installed: fast C++ on one core."""

import functools

import numpy as np
import torch
from torch import Tensor

from course_utils.crf.settings import Settings


@functools.cache
def is_installed() -> bool:
    """Tell whether the library can be imported; an installed one may be broken."""
    try:
        import pydensecrf.densecrf  # noqa: F401
    except ImportError:
        return False
    return True


def infer(image: Tensor, unary: Tensor, settings: Settings) -> Tensor:
    """Let the library infer the marginals.

    The library checks nothing: values that the module ``settings`` refuses would end
    the process or give nan. The image, (H, W, 3), and the energies, (C, H, W), are on
    the CPU.
    """
    import pydensecrf.densecrf as densecrf

    num_classes, height, width = unary.shape
    crf = densecrf.DenseCRF2D(width, height, num_classes)
    crf.setUnaryEnergy(np.ascontiguousarray(unary.flatten(1).numpy()))
    if settings.smoothness_weight:
        crf.addPairwiseGaussian(
            sxy=settings.smoothness_std, compat=settings.smoothness_weight
        )
    if settings.appearance_weight:
        crf.addPairwiseBilateral(
            sxy=settings.position_std,
            srgb=settings.color_std,
            rgbim=np.ascontiguousarray(image.numpy()),
            compat=settings.appearance_weight,
        )
    marginals = np.ascontiguousarray(crf.inference(settings.iterations))
    return torch.from_numpy(marginals).view(num_classes, height, width)
