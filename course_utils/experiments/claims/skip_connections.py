"""Claims of notebook 04, about U-Net and FC-DenseNet."""

from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.rules import higher, most

_NETS = ("SegNet: mean IoU", "U-Net: mean IoU")
_KINDS = ("nothing", "addition", "concatenation", "dense")
_EQUAL = {kind: f"{kind}, N steps: mean IoU" for kind in _KINDS}
_AT_BORDERS = {kind: f"{kind}, N steps: boundary IoU" for kind in _KINDS}
_OTHERS = [name for kind, name in _EQUAL.items() if kind != "dense"]
_FORMS = ("FCN-32s", "FCN-16s", "FCN-8s")

CLAIMS = (
    Claim(
        "U-Net's decoder knows more of the encoder's finest map than SegNet's does (10 "
        "points or more).",
        higher(
            "U-Net: known of the finest map",
            "SegNet: known of the finest map",
            by=0.1,
        ),
        nets=_NETS,
    ),
    Claim(
        "Handing over maps in place of indices draws better borders (1 point of "
        "boundary IoU or more).",
        higher("U-Net: boundary IoU", "SegNet: boundary IoU", by=0.01),
        nets=_NETS,
    ),
    Claim(
        "Skips help at borders: of small nets with equal parameters, one that "
        "concatenates beats one without skips (1 point of boundary IoU or more).",
        higher(_AT_BORDERS["concatenation"], _AT_BORDERS["nothing"], by=0.01),
        nets=(_EQUAL["concatenation"], _EQUAL["nothing"]),
        study="connections",
    ),
    Claim(
        "Dense connections make the most of their parameters: the dense one of these "
        "nets beats the others (1 point of mean IoU or more).",
        higher(_EQUAL["dense"], most(*_OTHERS), by=0.01),
        nets=tuple(_EQUAL.values()),
        study="connections",
    ),
    Claim(
        "A weight between objects tells more of the touching ones apart (2 points or "
        "more).",
        higher(
            "balanced, and weighed between objects: objects told apart",
            "balanced: objects told apart",
            by=0.02,
        ),
    ),
)
REMARKS = (
    Remark(
        "Places at which the encoder hands information to the decoder.",
        tuple(
            f"{net}: places, count"
            for net in ("FCN-8s", "SegNet", "U-Net", "FC-DenseNet103")
        ),
    ),
    Remark(
        "What a trained U-Net loses with each skip zeroed; skip 1 is the finest.",
        tuple(
            f"without skip {skip}: lost {score}"
            for skip in (1, 2, 3, 4)
            for score in ("mean IoU", "boundary IoU")
        ),
    ),
    Remark(
        "How much of FC-DenseNet103's bottleneck goes on: to the last layer of the "
        "same block, and upward.",
        ("maps that the block's last layer sees", "maps that go on, upward"),
    ),
    Remark(
        "FC-DenseNet56 beside U-Net, which has many times its parameters.",
        (
            "U-Net: mean IoU",
            "FC-DenseNet56: mean IoU",
            "U-Net's parameters over FC-DenseNet56's, times",
        ),
    ),
    Remark(
        "FCN without a skip, with one and with two, on whole pictures.",
        tuple(f"{form}, N steps: boundary IoU" for form in _FORMS),
        study="skips",
    ),
    Remark(
        "Four ways to use a skip, at equal parameters, after a short training on "
        "crops.",
        (
            *(f"{kind}, equal parameters: mean IoU" for kind in _KINDS),
            "nothing, equal parameters: boundary IoU",
            "concatenation, equal parameters: boundary IoU",
        ),
    ),
    Remark(
        "Gradient at the first layer over that at the last, with batch normalization.",
        tuple(
            f"{kind}: gradient at layer 1 over layer 24, times"
            for kind in ("chain", "addition", "dense")
        ),
    ),
    Remark(
        "Multiply-adds and time to predict, FC-DenseNet103 over U-Net.",
        (
            "FC-DenseNet103 over U-Net: multiply-adds, times",
            "FC-DenseNet103 over U-Net: latency, times",
        ),
    ),
)
