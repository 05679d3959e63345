"""How the authors of FC-DenseNet trained: crops, flips, RMSprop.

Source: Jégou et al., 2017, arXiv:1611.09326, section 4.1, and the authors' code.
"""

from collections.abc import Iterator

import torch
from torch import Tensor, nn

LR_DECAY = 0.995
"""Factor on the learning rate after every epoch."""
L2 = 1e-4
"""Weight of the sum of the squared weights in the loss."""


class Crops:
    """Batches of random crops, half of them mirrored, cut where the images lie.

    Every pass takes all images in a new order, with torch's global random numbers; what
    does not fill a batch waits for another pass. To be iterated over, and sized.

    Args:
        images: uint8, (N, 3, H, W), on any device.
        targets: class indices and void, uint8, (N, H, W).
        batch_size: crops in a batch.
        size: H' and W' of the crops, pixels; None takes the whole images.

    Raises:
        ValueError: the crops are larger than the images, or the batches than the data.
    """

    def __init__(
        self,
        images: Tensor,
        targets: Tensor,
        *,
        batch_size: int,
        size: tuple[int, int] | None,
    ) -> None:
        height, width = images.shape[-2:]
        self.size = size or (height, width)
        if self.size[0] > height or self.size[1] > width:
            raise ValueError(
                f"crops must fit into the images of {height}×{width} pixels, got "
                f"{self.size[0]}×{self.size[1]}; take a smaller crop or larger images"
            )
        if not 1 <= batch_size <= len(images):
            raise ValueError(
                f"batch_size must be from 1 to the {len(images)} training images, got "
                f"{batch_size}"
            )
        self.images, self.targets, self.batch_size = images, targets, batch_size

    def __len__(self) -> int:
        """Count the batches of a pass."""
        return len(self.images) // self.batch_size

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield images (B, 3, H', W') and targets (B, H', W'), both uint8."""
        order = torch.randperm(len(self.images)).tolist()
        for k in range(len(self)):
            chosen = order[k * self.batch_size : (k + 1) * self.batch_size]
            pairs = [self._crop(index) for index in chosen]
            images, targets = zip(*pairs, strict=True)
            yield torch.stack(images), torch.stack(targets)

    def _crop(self, index: int) -> tuple[Tensor, Tensor]:
        height, width = self.size
        rows, columns = (
            side - new + 1
            for side, new in zip(self.images.shape[-2:], self.size, strict=True)
        )
        top = int(torch.randint(rows, ()))
        left = int(torch.randint(columns, ()))
        is_mirrored = bool(torch.randint(2, ()))
        image = self.images[index, :, top : top + height, left : left + width]
        target = self.targets[index, top : top + height, left : left + width]
        return (image.flip(-1), target.flip(-1)) if is_mirrored else (image, target)


def make_rmsprop(model: nn.Module, lr: float) -> torch.optim.RMSprop:
    """Make the authors' optimizer, with their penalty on weights but not on biases.

    Unlike there, epsilon is added to the root of the mean square instead of below the
    root: 1e-3 bounds it from below as their 1e-6 does.
    """
    decayed = [p for n, p in model.named_parameters() if not n.endswith("bias")]
    others = [p for n, p in model.named_parameters() if n.endswith("bias")]
    groups = [
        {"params": decayed, "weight_decay": 2 * L2},  # the gradient of L2 · w²
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.RMSprop(groups, lr=lr, alpha=0.9, eps=1e-3)
