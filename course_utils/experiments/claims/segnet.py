"""Claims of notebook 03, about SegNet."""

from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.rules import (
    at_most,
    each,
    higher,
    within,
)

_PLAIN, _WEIGHTED = "rare classes, plain", "rare classes, weighted"
_KINDS = (
    *("unpooling", "deconvolution", "learned upsampling"),
    *("bilinear", "bilinear at once"),
)
_DECODERS = {kind: f"{kind}, N steps: mean IoU" for kind in _KINDS}
_AT_BORDERS = {kind: f"{kind}, N steps: boundary IoU" for kind in _KINDS}
_OVER_DECONVNET = "time of SegNet over DeconvNet's, times"
_OVER_FCN = "time of SegNet over FCN-8s's, times"

CLAIMS = (
    Claim(
        "SegNet learns faster than DeconvNet: it leads by 2 points or more after a "
        "third of the steps, and at the end the two are within 2 points.",
        higher("SegNet, after a third", "DeconvNet, after a third", by=0.02).only(
            "early: at the end, one leads",
            unless=within("SegNet, at the end", "DeconvNet, at the end", by=0.02),
        ),
        nets=("SegNet, at the end", "DeconvNet, at the end"),
    ),
    Claim(
        "A decoder beats plain enlargement: with as many convolutions, unpooling step "
        "by step beats enlarging the logits at once (1 point of boundary IoU or more).",
        higher(_AT_BORDERS["unpooling"], _AT_BORDERS["bilinear at once"], by=0.01),
        nets=(_DECODERS["unpooling"], _DECODERS["bilinear at once"]),
        study="decoders",
    ),
    Claim(
        "Indices bring the borders: with the same convolutions, unpooling beats "
        "bilinear doubling (1 point of boundary IoU or more).",
        higher(_AT_BORDERS["unpooling"], _AT_BORDERS["bilinear"], by=0.01),
        nets=(_DECODERS["unpooling"], _DECODERS["bilinear"]),
        beside=(_AT_BORDERS["deconvolution"], _AT_BORDERS["learned upsampling"]),
        study="decoders",
    ),
    Claim(
        "Median-frequency weights help rare classes (2 points of recall and 1 of IoU, "
        "or more).",
        higher(f"{_WEIGHTED}: recall", f"{_PLAIN}: recall", by=0.02).only(
            "for recall, not for IoU",
            unless=higher(f"{_WEIGHTED}: IoU", f"{_PLAIN}: IoU", by=0.01),
        ),
        nets=("SegNet: mean IoU", "weighted: mean IoU"),
    ),
    Claim(
        "SegNet is fast: it takes a fifth less time than DeconvNet and than FCN-8s, or "
        "better.",
        each(
            {
                "against DeconvNet": at_most(_OVER_DECONVNET, 0.8),
                "against FCN-8s": at_most(_OVER_FCN, 0.8),
            }
        ),
    ),
)
REMARKS = (
    Remark(
        "Transposed convolutions rewritten as convolutions.",
        ("pixels that keep their class when rewritten",),
    ),
    Remark(
        "SegNet beside its own encoder with other decoders. Unpooling with nothing "
        "learned after it leaves most of the map zero: such a net says background "
        "nearly everywhere.",
        (
            "SegNet: boundary IoU",
            "bilinear + convs: mean IoU",
            "bilinear + convs: boundary IoU",
            "bilinear only: mean IoU",
            "bilinear only: boundary IoU",
            "unpool only: boundary IoU",
        ),
    ),
    Remark(
        "Log weights added to the logits, without training, beside the weighted loss.",
        (
            "rare classes, shifted: recall",
            "rare classes, weighted: recall",
            "shifted: mean IoU",
            "weighted: mean IoU",
        ),
    ),
    Remark(
        "Statistics of batch normalization estimated anew before testing.",
        (
            "largest gain in the first steps",
            "running statistics: mean IoU",
            "re-estimated statistics: mean IoU",
        ),
    ),
    Remark(
        "Memory to predict: weights and maps of SegNet over those of the others.",
        (
            "weights and maps, SegNet over FCN-8s, times",
            "weights and maps, SegNet over DeconvNet, times",
            "maps alone, SegNet over FCN-8s, times",
            "maps at the peak, packed over int64, times",
        ),
    ),
)
