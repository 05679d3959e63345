"""Claims of notebook 05, about DeepLab v1 and its CRF."""

from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.rules import every, higher, most

_BY_1, _BY_3, _BY_6 = (
    f"stride 8, fc6 dilated by {dilation}, N steps: mean IoU" for dilation in (1, 3, 6)
)
_ON_PHOTOGRAPHS = tuple(  # of the benchmark, which has them of photographs, too
    f"{system}: {score}"
    for score in ("boundary IoU", "mean IoU")
    for system in ("DeepLab v1", "DeepLab v1 + CRF")
)
_CRF, _NET = "LargeFOV + CRF", "LargeFOV"

CLAIMS = (
    Claim(
        "Dilated convolutions widen the receptive field.",
        every(
            higher("stride 32, dilated: field, px", "stride 32: field, px"),
            higher("stride 8, dilated: field, px", "stride 8: field, px"),
        ).only(
            "at an equal stride: dilation makes up for strides removed",
            unless=higher("stride 8, dilated: field, px", "stride 32: field, px"),
        ),
    ),
    Claim(
        "A stride of 8 instead of 32, with about the same field, gains at the borders "
        "(5 points of boundary IoU or more).",
        higher("stride 8, dilated: boundary IoU", "stride 32: boundary IoU", by=0.05),
        nets=("stride 8, dilated: mean IoU", "stride 32: mean IoU"),
    ),
    Claim(
        "A wider field alone gains, where it still lies inside the picture (1 point of "
        "mean IoU or more, by fc6's dilation).",
        higher(most(_BY_3, _BY_6), _BY_1, by=0.01),
        nets=(_BY_1, _BY_3, _BY_6),
        beside=tuple(f"stride 8, fc6 dilated by {d}: field, px" for d in (1, 3, 6)),
        study="fields",
    ),
    Claim(
        "A stride removed without dilation shrinks the field and costs mean IoU; "
        "dilation brings it back (1 point or more).",
        higher(
            "stride 4, dilated, N steps: mean IoU",
            "stride 4, N steps: mean IoU",
            by=0.01,
        ),
        nets=("stride 4, dilated, N steps: mean IoU", "stride 4, N steps: mean IoU"),
        beside=("stride 4: field, px", "stride 4, dilated: field, px"),
        study="fields",
    ),
    Claim(
        "Bilinear enlargement leaves borders blurred, and a dense CRF repairs them (1 "
        "point of boundary IoU or more).",
        higher(
            f"{_CRF}: boundary IoU, part of val",
            f"{_NET}: boundary IoU, part of val",
            by=0.01,
        ),
        nets=(f"{_NET}: mean IoU, part of val",),
        beside=(f"{_CRF}: mean IoU, part of val", *_ON_PHOTOGRAPHS),
    ),
)
REMARKS = (
    Remark(
        "Two strides removed, without dilation and with it.",
        ("stride 8: mean IoU", "stride 8, dilated: mean IoU"),
    ),
    Remark(
        "A wider field by dilation alone, and what it costs in time. At this image "
        "size many of its taps lie outside the picture.",
        (
            "4×4, dilation 4: mean IoU",
            "4×4, dilation 8: mean IoU",
            "speed of dilation 8 over dilation 4, times",
        ),
    ),
    Remark(
        "Twins that only a wide field tells apart.",
        tuple(f"twins told apart, {field} px" for field in (60, 108, 236)),
    ),
    Remark(
        "Labels that differ between the paper's energy and the library's, and between "
        "the update class by class and the joint one.",
        (
            "paper against library: labels that differ",
            "per category: labels that differ",
        ),
    ),
    Remark(
        "Five and ten steps of the CRF.",
        ("T = 5: boundary IoU, part of val", "T = 10: boundary IoU, part of val"),
    ),
    Remark(
        "What the CRF gains on noisy pictures, by its color bandwidth.",
        ("gain at noise 20, color std 5", "gain at noise 20, color std 20"),
    ),
    Remark(
        "What the CRF does to thin things, and to camouflaged ones.",
        (
            "thin: recall, net",
            "thin: recall, CRF",
            "camouflaged: gain in recall",
            "others: gain in recall",
        ),
    ),
    Remark(
        "LargeFOV beside the 7×7 head, which has more weights.",
        ("LargeFOV, short: mean IoU", "7×7 head: mean IoU"),
    ),
)
