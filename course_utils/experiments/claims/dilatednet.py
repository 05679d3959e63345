"""Claims of notebook 06, about dilated convolutions and context modules."""

from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.rules import higher, keeps_up, lower, most

_ALONE, _BLIND = "front-end alone: mean IoU", "layers without neighbors: mean IoU"
_BASIC = "context module from the identity: mean IoU"
_LARGE = "large context module: mean IoU"
_RANDOM = "context module from random, best of three learning rates: mean IoU"
_FOUR = ("DeepLab v1", "front-end", "context module", "large context module")
_TORN = {name: f"{name}: inconsistency of large objects" for name in _FOUR}
_KEPT, _REMOVED, _REPAID = (
    f"{words}: mean IoU"
    for words in ("5 pools, plain", "3 pools, plain", "3 pools, dilated")
)

CLAIMS = (
    Claim(
        "Context improves the logits of a frozen front-end, and more than the same "
        "training does without neighbors (1 point or more).",
        higher(_BASIC, _ALONE, by=0.01).only(
            "if more training counts as context",
            unless=higher(_BASIC, most(_ALONE, _BLIND), by=0.01),
        ),
        nets=(_ALONE, _BLIND, _BASIC),
    ),
    Claim(
        "From a random start, and within these steps, the context module doesn't help "
        "(it gains less than 1 point on the front-end, at the best of three learning "
        "rates).",
        keeps_up(_ALONE, _RANDOM, by=0.01),
        nets=(_ALONE, _RANDOM),
    ),
    Claim(
        "The large context module gains more than the basic one (1 point or more).",
        higher(_LARGE, _BASIC, by=0.01),
        nets=(_BASIC, _LARGE),
    ),
    Claim(
        "Context holds large objects together: the context module tears them less than "
        "the front-end it stands on (1 point or more).",
        lower(_TORN["context module"], _TORN["front-end"], by=0.01),
        nets=(_ALONE, _BASIC),
        beside=(_TORN["DeepLab v1"], _TORN["large context module"]),
    ),
    Claim(
        "With two strides removed, dilation gains mean IoU (1 point or more over the "
        "same net without it), and borders are sharper than with the strides (1 point "
        "of boundary IoU or more).",
        higher(
            "3 pools, dilated: boundary IoU", "5 pools, plain: boundary IoU", by=0.01
        ).only(
            "for the borders: the finer stride does it, not the view",
            unless=higher(_REPAID, _REMOVED, by=0.01),
        ),
        nets=(_KEPT, _REMOVED, _REPAID),
    ),
)
REMARKS = (
    Remark(
        "A bus and a train of equal sections, told apart. No verdict rests on it: "
        "DeepLab leaves nothing to gain.",
        tuple(f"{name}: twins told apart" for name in _FOUR),
    ),
    Remark(
        "What removing pools, dilation and the context module do to the field.",
        (
            "VGG16 with 5 pools: field, px",
            "two pools removed: field, px",
            "and dilated: field, px",
            "and the context module on top: field, px",
            "front-end, trained: square with 90 % of the gradient, px",
            "context module, trained: square with 90 % of the gradient, px",
        ),
    ),
    Remark(
        "Does fc6's dilation leave a grid in trained logits, and does context smooth "
        "it?",
        (
            "3 pools, plain: energy at period 4 over period 8, times",
            "3 pools, dilated: energy at period 4 over period 8, times",
            "3 pools, plain: cells at odds with all around",
            "3 pools, dilated: cells at odds with all around",
            "front-end: energy at period 4 over period 8, times",
            "with context: energy at period 4 over period 8, times",
        ),
    ),
    Remark(
        "The vestiges: pool4 and pool5 kept at stride 1, and reflection in place of "
        "padded layers.",
        (
            "pools kept at stride 1: mean IoU",
            "front-end as trained: mean IoU",
            "reflection: mean IoU",
            "zeros: wrong pixels within 16 px of the edge",
            "reflection: wrong pixels within 16 px of the edge",
        ),
    ),
    Remark(
        "Five nets at borders.",
        tuple(
            f"{name}: boundary IoU"
            for name in ("FCN-32s", "FCN-8s", "SegNet", "DeepLab v1", "front-end")
        ),
    ),
)
