"""Train context modules on the logits of a frozen front-end.

The front-end's logits are computed once, so a module is quick to train. They are
shifted by a constant to a mean of 0, so that the modules' ReLUs cut off less (built in
notebook 06).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from course_utils.datasets.transforms import eval_transform
from course_utils.experiments.studies.trial import Trial
from course_utils.models.blocks import upsample_bilinear
from course_utils.models.dilatednet import DILATIONS, DilatedNet, identity_init_
from course_utils.training.evaluation import Transform
from course_utils.training.losses import cross_entropy
from course_utils.training.optimizers import make_optimizer, make_schedule
from course_utils.training.precision import (
    autocast,
    fastest_convolutions,
    mixed_precision,
)

_BATCH = 16


@dataclass(frozen=True, eq=False)
class Cells:
    """A front-end's logits of some images, one cell for every 8×8 pixels.

    Attributes:
        logits: Logits, float32, (N, C, H/8, W/8), on the front-end's device.
        targets: Class indices of the images, uint8, (N, H, W), on the same device.
    """

    logits: Tensor
    targets: Tensor

    @classmethod
    @torch.no_grad()
    def of(
        cls, net: DilatedNet, images: Tensor, targets: Tensor, transform: Transform
    ) -> "Cells":
        """Compute the logits of transformed images; the net is left in eval mode."""
        net.eval()
        device = next(net.parameters()).device
        logits, moved = [], []
        for pair in zip(images.split(_BATCH), targets.split(_BATCH), strict=True):
            batch, target = transform(*(tensor.to(device) for tensor in pair))
            with autocast():
                logits.append(net.front_end(batch).float())
            moved.append(target.to(torch.uint8))
        return cls(torch.cat(logits), torch.cat(moved))

    def __add__(self, shift: Tensor) -> "Cells":
        """Add a constant to all logits; the softmax does not change."""
        return Cells(self.logits + shift, self.targets)


def train_cells(
    net: DilatedNet, trial: Trial, images: Tensor, targets: Tensor
) -> tuple[Cells, Tensor]:
    """Compute the logits of training images in two augmented versions.

    Returns:
        The logits with a mean of 0, and the constant that was added to them.
    """
    augment = trial.protocol(1).augment
    with torch.random.fork_rng(devices=[]):  # it draws on the CPU
        torch.manual_seed(trial.run.seed)
        versions = [Cells.of(net, images, targets, augment) for _ in range(2)]
    cells = Cells(
        torch.cat([version.logits for version in versions]),
        torch.cat([version.targets for version in versions]),
    )
    shift = -cells.logits.mean()
    return cells + shift, shift


def plain_cells(net: DilatedNet, images: Tensor, targets: Tensor) -> Cells:
    """Compute the logits of images as they are."""
    return Cells.of(net, images, targets, eval_transform())


def no_neighbors(num_classes: int) -> nn.Module:
    """Make the layers of a context module with 1×1 kernels, from the identity.

    The control: trained just as much, it sees no other cell.
    """
    layers: list[nn.Module] = []
    for _ in range(len(DILATIONS) + 1):
        conv = nn.Conv2d(num_classes, num_classes, 1)
        identity_init_(conv)
        layers += [conv, nn.ReLU()]
    return nn.Sequential(*layers[:-1])  # no ReLU at the end


def refine(
    module: nn.Module, cells: Cells, trial: Trial, steps: int, lr: float
) -> None:
    """Train a module in place on the logits of training images, with AdamW.

    Args:
        module: Context module, or any other from logits to logits.
        cells: Logits of training images.
        trial: Trial whose seed chooses the order, and whose run level the batch size.
        steps: Steps of the training, of which a tenth warm up.
        lr: Largest learning rate.
    """
    device = cells.logits.device
    module.to(device, memory_format=torch.channels_last)
    optimizer = make_optimizer(module, "adamw", lr=lr)
    scheduler = make_schedule(optimizer, steps, warmup=steps // 10)
    order = torch.Generator().manual_seed(trial.run.seed)
    batches = (steps, trial.run.batch_size)
    chosen = torch.randint(len(cells.logits), batches, generator=order).to(device)
    # Float16 would need its gradients scaled, and is not worth it for layers this small
    bfloat16 = torch.autocast(
        device.type, torch.bfloat16, enabled=mixed_precision() == "bf16"
    )
    with fastest_convolutions():
        for k in chosen:
            batch = cells.logits[k].contiguous(memory_format=torch.channels_last)
            with bfloat16:
                logits = module(batch)
            targets = cells.targets[k].long()
            enlarged = upsample_bilinear(logits, targets.shape[-2:])
            loss = cross_entropy(enlarged, targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            scheduler.step()
    module.eval()


@torch.no_grad()
def predict_cells(module: nn.Module, cells: Cells) -> Tensor:
    """Predict the class of every pixel from refined logits, uint8, (N, H, W), CPU."""
    size = cells.targets.shape[-2:]
    predictions = [
        upsample_bilinear(module(batch), size).argmax(dim=1).to(torch.uint8).cpu()
        for batch in cells.logits.split(_BATCH)
    ]
    return torch.cat(predictions)
