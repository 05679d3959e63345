"""Claims of notebook 03, about SegNet."""

from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.rules import (
    at_most,
    each,
    every,
    higher,
    within,
)

_PLAIN, _WEIGHTED = "rare classes, plain", "rare classes, weighted"
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
        "A learned decoder beats bilinear enlargement of the same encoder's maps (1 "
        "point or more of mean IoU and of boundary IoU).",
        every(
            *(
                higher(f"SegNet: {score}", f"bilinear only: {score}", by=0.01)
                for score in ("mean IoU", "boundary IoU")
            )
        ),
        nets=("SegNet: mean IoU", "bilinear only: mean IoU"),
    ),
    Claim(
        "Unpooling brings the borders: with the same convolutions, it beats bilinear "
        "doubling (1 point of boundary IoU or more).",
        higher("SegNet: boundary IoU", "bilinear + convs: boundary IoU", by=0.01),
        nets=("SegNet: mean IoU", "bilinear + convs: mean IoU"),
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
        "Unpooling with nothing learned after it leaves most of the map zero: such a "
        "net says background nearly everywhere.",
        ("unpool only: boundary IoU",),
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
