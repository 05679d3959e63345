"""Claims of notebook 01, about FCN."""

from itertools import pairwise

from course_utils.experiments.claims.claim import Claim, Remark
from course_utils.experiments.claims.rules import at_least, each, every, higher, lower

_SMALL, _LARGE = "32s: recall, side 16 to 32 px", "32s: recall, side over 64 px"
_SMALL_BY_8S = "8s: recall, side 16 to 32 px"
_TORN = tuple(
    f"sees {field} px: inconsistency of large objects" for field in (68, 116, 404)
)
_FIXED = "32s, fixed upsampling: boundary IoU"
_LEARNED = "32s, learned upsampling: boundary IoU"
_SKIPS = "8s (skips), fixed upsampling: boundary IoU"
_PASTED = "without: in a bus, opacity 0.5"
_SHUFFLED = "without: shuffled in a bus, opacity 0.5"

CLAIMS = (
    Claim(
        "FCN-32s overlooks small objects (it finds less than half as many of them as "
        "of the large ones).",
        lower(_SMALL, _LARGE, factor=0.5),
        nets=("FCN-32s: mean IoU",),
    ),
    Claim(
        "Skips to stride 8 find more of the small objects (1 point or more).",
        higher(_SMALL_BY_8S, _SMALL, by=0.01),
        nets=("FCN-32s: mean IoU", "FCN-8s: mean IoU"),
    ),
    Claim(
        "Large objects are torn apart because they are judged by local information "
        "(the less a net sees, the more it tears).",
        every(*(lower(wide, narrow) for narrow, wide in pairwise(_TORN))),
        nets=tuple(f"sees {field} px: mean IoU" for field in (68, 116, 404)),
    ),
    Claim(
        "FCN's upsampling is too simple to draw borders: learning it gains 1 point or "
        "more of boundary IoU.",
        higher(_LEARNED, _FIXED, by=0.01).only(
            "in part: the skips gain more", unless=higher(_LEARNED, _SKIPS)
        ),
        nets=("FCN-32s: mean IoU", "32s, learned upsampling: mean IoU"),
    ),
    Claim(
        "A bicycle reflected by a bus is taken for a bicycle by a net that has never "
        "seen a reflection (5 % of its pixels or more, and twice as many as of a "
        "shuffled one).",
        each(
            {
                "where it is pasted": every(
                    at_least(_PASTED, 0.05), higher(_PASTED, _SHUFFLED, factor=2)
                ),
                "where it is drawn": at_least("without: drawn in a bus", 0.05),
            }
        ).given(
            higher("without: on the ground, opaque", "without: real", factor=0.5),
            otherwise="an opaque bicycle on the ground isn't found either",
        ),
        nets=("without: mean IoU",),
        beside=("without: in a bus, opaque", "with reflections: drawn in a bus"),
        study="reflections",
    ),
)
REMARKS = (
    Remark(
        "Does FCN-32s tear larger objects more?",
        (
            "32s: inconsistency of middle-sized objects",
            "32s: inconsistency of large objects",
        ),
    ),
    Remark(
        "Objects that don't fit into the receptive field, at this image size.",
        (
            "objects longer than 404 px",
            "objects longer than the trained 90 % square",
            "trained 90 % square, px",
        ),
    ),
    Remark(
        "A bicycle reflected by a vehicle (opacity 0.5), seen by a net whose training "
        "scenes hold reflections labeled as bus.",
        (
            "becomes bicycle",
            "becomes bicycle, shuffled",
            "changes at all",
            "changes at all, shuffled",
        ),
    ),
)
