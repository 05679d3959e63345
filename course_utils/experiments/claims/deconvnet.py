"""Claims of notebook 02, about DeconvNet."""

from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.rules import each, higher, lower, most

_SUBSTITUTES = ("fixed", "random", "bilinear")
_WRONG = tuple(f"trained so: {kind}, boundary IoU" for kind in ("fixed", "random"))
_TRUE = "trained so: true indices, boundary IoU"
_BILINEAR = "trained so: bilinear, boundary IoU"
_TESTED_TRUE = "tested so: true indices, boundary IoU"
_TESTED = tuple(f"tested so: {kind}, boundary IoU" for kind in _SUBSTITUTES)
_NET, _FCN = "DeconvNet: mean IoU, whole", "FCN-8s: mean IoU, whole"
_FCN_WINDOWS = "FCN-8s: mean IoU, windows"

CLAIMS = (
    Claim(
        "Unpooling brings borders back: trained with the true indices, DeconvNet has a "
        "higher boundary IoU than with any substitute (1 point or more).",
        higher(_TRUE, most(*_WRONG), by=0.01).only(
            "against wrong places, not against interpolation",
            unless=higher(_TRUE, _BILINEAR, by=0.01),
        ),
        nets=(
            "short: with fc, mean IoU",
            *(f"trained so: {kind}, mean IoU" for kind in _SUBSTITUTES),
        ),
    ),
    Claim(
        "A trained decoder lives on its indices: with any others, boundary IoU falls "
        "to less than half.",
        lower(most(*_TESTED), _TESTED_TRUE, factor=0.5),
        nets=(_NET,),
    ),
    Claim(
        "Unpooling is specific to the example, deconvolution to the class (1 point or "
        "more each).",
        each(
            {
                "of unpooling": higher(
                    "unpooling: twin found", "deconvolution: twin found", by=0.01
                ),
                "of deconvolution": higher(
                    "deconvolution: class found", "unpooling: class found", by=0.01
                ),
            }
        ),
        nets=(_NET,),
    ),
    Claim(
        "DeconvNet draws finer borders than FCN-8s (1 point of boundary IoU or more).",
        higher("DeconvNet: boundary IoU", "FCN-8s: boundary IoU", by=0.01),
        nets=(_NET, _FCN),
    ),
    Claim(
        "What DeconvNet gains over FCN-8s, it gains by its decoder (1 point of mean "
        "IoU or more, and more than windows bring FCN-8s).",
        higher(_NET, most(_FCN, _FCN_WINDOWS), by=0.01),
        nets=(_NET, _FCN),
        beside=("DeconvNet: mean IoU, windows",),
    ),
)
REMARKS = (
    Remark(
        "With and without the wide convolutions in the middle, 88 % of the parameters, "
        "after a short training.",
        ("short: with fc, mean IoU", "short: without fc, mean IoU"),
    ),
    Remark(
        "How often a shift by one cell is found by matching maps.",
        ("shift found: pooled map alone", "shift found: with indices"),
    ),
    Remark(
        "Zeros after unpooling, and how many of them each stage fills.",
        (
            "untrained: fewest zeros after unpooling",
            "trained: fewest zeros after unpooling",
            "trained: smallest fall of zeros in a stage",
            "the same, untrained",
        ),
    ),
    Remark(
        "Time of other ways to double a map, over all levels.",
        (
            "bilinear against unpooling, times",
            "transposed convolution, stride 2 against unpooling, times",
            "3×3 convolution against unpooling, times",
        ),
    ),
    Remark(
        "From coarse to fine: frequency of the maps, stage by stage.",
        (
            *(f"deconv{stage}: frequency, cycles/px" for stage in (5, 4, 3, 2, 1)),
            *(f"deconv{stage}, untrained: frequency, cycles/px" for stage in (5, 1)),
        ),
    ),
    Remark(
        "DeconvNet beside FCN-32s after a short training.",
        ("short: DeconvNet, boundary IoU", "short: FCN-32s, boundary IoU"),
    ),
    Remark(
        "Training on cut-out objects first, at equal steps.",
        ("short: one stage, mean IoU", "short: two stages, mean IoU"),
    ),
)
