"""Claims of notebook 02, about DeconvNet."""

from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.rules import at_most, each, higher, lower, most

_TESTED_TRUE = "tested so: true indices, boundary IoU"
_TESTED = tuple(
    f"tested so: {kind}, boundary IoU" for kind in ("fixed", "random", "bilinear")
)
_NET, _FCN = "DeconvNet: mean IoU, whole", "FCN-8s: mean IoU, whole"
_POOLED_ALONE = "pooled map alone, 3×3 windows: found"
_WITH_INDICES = "with indices, 3×3 windows: found"
_ON_THE_WHOLE = {
    net: f"{net}, trained on the whole, N steps: mean IoU by the whole"
    for net in ("FCN-8s", "DeconvNet")
}
_FCN_ALONE = _ON_THE_WHOLE["FCN-8s"]
_FCN_BY_WINDOWS = "FCN-8s, trained on windows, N steps: mean IoU by windows"

CLAIMS = (
    Claim(
        "Pooling loses positions and the indices keep them: with indices, a linear "
        "probe finds a corner's place in its window more often (10 points or more).",
        higher(_WITH_INDICES, _POOLED_ALONE, by=0.1).only(
            "in part: the pooled maps alone keep most",
            unless=at_most(_POOLED_ALONE, 0.9),
        ),
        beside=tuple(
            f"{reader}, one window: found"
            for reader in ("pooled map alone", "with indices")
        ),
        nets=("DeconvNet: mean IoU",),
        study="indices",
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
        "What DeconvNet gains over FCN-8s, it gains by its decoder: from the same "
        "encoder, it has a higher mean IoU (1 point or more, and more than windows "
        "bring FCN-8s).",
        higher(_ON_THE_WHOLE["DeconvNet"], most(_FCN_ALONE, _FCN_BY_WINDOWS), by=0.01),
        nets=tuple(_ON_THE_WHOLE.values()),
        beside=("DeconvNet, trained on windows, N steps: mean IoU by windows",),
        study="windows",
    ),
)
REMARKS = (
    Remark(
        "Trained with true indices and with substitutes, for a short time.",
        (
            "trained so: true indices, boundary IoU",
            *(
                f"trained so: {kind}, {score}"
                for kind in ("fixed", "random", "bilinear")
                for score in ("boundary IoU", "mean IoU")
            ),
        ),
    ),
    Remark(
        "FCN-8s and DeconvNet, trained on whole pictures, tested by windows, too.",
        tuple(
            f"{net}: mean IoU, {way}"
            for net in ("FCN-8s", "DeconvNet")
            for way in ("whole", "windows")
        ),
    ),
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
