from functools import partial

import pytest
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from course_utils.datasets.transforms import eval_transform
from course_utils.training.fingerprints import describe_training
from course_utils.training.loop import fit
from course_utils.training.losses import cross_entropy, weighted_cross_entropy


def batches(seed=0, number=6, size=8, batch_size=2):
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(256, (number, 3, size, size), generator=generator)
    targets = torch.randint(3, (number, size, size), generator=generator)
    pairs = TensorDataset(images.byte(), targets.byte())
    return DataLoader(pairs, batch_size=batch_size)


def describe(train=None, val=None, criterion=cross_entropy):
    return describe_training(train or batches(), val or batches(1), criterion)


def changed(**given):
    """What differs from the description of the same without ``given``."""
    before, after = describe(), describe(**given)
    return {name for name in before if before[name] != after[name]}


def test_the_same_data_have_the_same_description():
    assert changed(train=batches(), val=batches(1)) == set()
    # In other batches, or of another kind of integer, they are the same targets
    assert changed(train=batches(batch_size=3)) == set()
    pairs = batches().dataset
    wider = TensorDataset(pairs.tensors[0], pairs.tensors[1].long())
    assert changed(train=DataLoader(wider)) == set()


def test_other_data_have_another():
    assert changed(train=batches(seed=5)) == {"training data"}
    assert changed(val=batches(seed=5)) == {"validation data"}
    assert changed(train=batches(size=4)) == {"training data"}
    assert changed(val=batches(1, number=5)) == {"validation data"}
    assert describe()["training data"].startswith("6 × 8 × 8, hash ")
    one_pixel = batches()
    one_pixel.dataset.tensors[1][3, 2, 1] = 255
    assert changed(train=one_pixel) == {"training data"}


def test_batches_in_a_list_are_described_by_their_targets():
    lists = [describe(val=list(batches(seed, number=5))) for seed in (1, 1, 2)]
    assert lists[0] == lists[1] != lists[2]


class Files(Dataset):
    """Pairs that lie on the disk."""

    def __init__(self, names):
        self.names = names

    def __len__(self):
        return len(self.names)

    def __getitem__(self, index):
        raise AssertionError("reading would take too long")


def test_pairs_on_the_disk_are_described_by_their_names():
    found = [describe(DataLoader(Files(names))) for names in ("ab", "ab", "ac", "abc")]
    assert found[0] == found[1]
    assert len({text["training data"] for text in found}) == 3


WEIGHTS = torch.tensor([1.0, 2.0, 3.0])


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [
        (cross_entropy, cross_entropy, weighted_cross_entropy(WEIGHTS)),
        *[
            (make(WEIGHTS), make(WEIGHTS.clone()), make(2 * WEIGHTS))
            for make in (
                weighted_cross_entropy,
                lambda weights: partial(nn.functional.cross_entropy, weight=weights),
                lambda weights: nn.CrossEntropyLoss(weight=weights),
            )
        ],
        (
            partial(cross_entropy, power=2),
            partial(cross_entropy, power=2),
            partial(cross_entropy, power=3),
        ),
    ],
)
def test_a_loss_is_described_by_its_name_and_its_numbers(one, same, other):
    texts = [describe(criterion=loss)["criterion"] for loss in (one, same, other)]
    assert texts[0] == texts[1] != texts[2]
    assert "0x" not in texts[0]  # an address changes from run to run


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"train": batches(seed=5)}, "training data"),
        ({"val": batches(seed=5)}, "validation data"),
        ({"criterion": weighted_cross_entropy(WEIGHTS)}, "criterion"),
    ],
)
def test_a_finished_training_is_not_taken_for_that_of_other_data(
    tmp_path, change, message
):
    path = tmp_path / "net.pt"

    def train(train=None, val=None, criterion=cross_entropy):
        torch.manual_seed(0)
        return fit(
            nn.Conv2d(3, 3, 1),
            train or batches(),
            val or batches(1),
            num_classes=3,
            epochs=2,
            lr=0.1,
            transform=eval_transform(),
            criterion=criterion,
            checkpoint=path,
            checkpoint_seconds=0,
        )

    first = train()
    assert train().train_loss == first.train_loss
    with pytest.raises(ValueError, match=rf"net\.pt .* its {message} is"):
        train(**change)
