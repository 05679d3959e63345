"""Claims of notebook 06, about dilated convolutions and context modules."""

from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.rules import each, higher, keeps_up, lower, most

_ALONE, _BLIND = "front-end alone: mean IoU", "layers without neighbors: mean IoU"
_BASIC = "context module from the identity: mean IoU"
_FOUR = ("DeepLab v1", "front-end", "context module", "large context module")
_STRIDES = ("5 pools, plain", "3 pools, plain", "3 pools, dilated")
_AFTER = ("N steps", "5N steps")
_APART = {
    name: f"{name}, N steps: told apart"
    for name in ("DeepLab v1", "front-end", "no neighbors", "context module")
}


def _of(start: str) -> dict[str, str]:
    """Name the mean IoU of a start after each number of steps."""
    return {after: f"{start}, {after}: mean IoU" for after in _AFTER}


_BASIC_AFTER, _LARGE_AFTER, _RANDOM_AFTER = map(_of, ("basic", "large", "random"))
_FRONT_END = "front-end: mean IoU"

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
        "From a random start the context module doesn't help (it gains less than 1 "
        "point on the front-end, at its best learning rate).",
        each(
            {
                f"after {after}": keeps_up(_FRONT_END, name, by=0.01)
                for after, name in _RANDOM_AFTER.items()
            }
        ),
        nets=(_FRONT_END,),
        study="context_modules",
    ),
    Claim(
        "The large context module gains more than the basic one (1 point or more, each "
        "at its best learning rate).",
        each(
            {
                f"after {after}": higher(_LARGE_AFTER[after], name, by=0.01)
                for after, name in _BASIC_AFTER.items()
            }
        ),
        nets=(_FRONT_END, *_BASIC_AFTER.values(), *_LARGE_AFTER.values()),
        study="context_modules",
    ),
    Claim(
        "Context holds large objects together: after 5N steps, the context module "
        "tears them less than the front-end it stands on (1 point or more).",
        lower(
            "basic, 5N steps: torn", "basic, 5N steps: torn by the front-end", by=0.01
        ),
        nets=(_FRONT_END, _BASIC_AFTER["5N steps"]),
        study="context_modules",
    ),
    Claim(
        "Context tells twins apart, a bus and a train that differ in length alone, "
        "better than its front-end and the same training without neighbors (5 points "
        "or more).",
        higher(
            _APART["context module"],
            most(_APART["front-end"], _APART["no neighbors"]),
            by=0.05,
        ).only(
            "against its front-end, not against DeepLab v1",
            unless=higher(_APART["context module"], _APART["DeepLab v1"], by=0.05),
        ),
        nets=("DeepLab v1, N steps: mean IoU", "front-end, N steps: mean IoU"),
        study="twins",
    ),
)
REMARKS = (
    Remark(
        "Other starts of the context module in this notebook's short training.",
        (
            "large context module: mean IoU",
            "context module from random, best of three learning rates: mean IoU",
        ),
    ),
    Remark(
        "Large objects torn, by four nets.",
        tuple(f"{name}: inconsistency of large objects" for name in _FOUR),
    ),
    Remark(
        "Strides kept, removed, and removed with dilation.",
        (
            *(f"{form}: mean IoU" for form in _STRIDES),
            "5 pools, plain: boundary IoU",
            "3 pools, dilated: boundary IoU",
        ),
    ),
    Remark(
        "A bus and a train of easily told lengths: DeepLab leaves nothing to gain.",
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
