"""Claims of notebook 00, about scores and targets."""

from course_utils.experiments.claims.claim import Claim
from course_utils.experiments.claims.rules import at_most, within

_NET = ("mean IoU",)

CLAIMS = (
    Claim(
        "Void may be counted as the most frequent class (mean IoU changes by less than "
        "1 point).",
        within("mean IoU", "with void", by=0.01),
        nets=_NET,
    ),
    Claim(
        "The mean of the images' mean IoUs is the mean IoU of the data set (within 1 "
        "point).",
        within("mean IoU", "mean over images", by=0.01),
        nets=_NET,
    ),
    Claim(
        "Absent classes may be counted as 1 (mean IoU changes by less than 1 point).",
        within("mean IoU", "absent as 1", by=0.01),
        nets=_NET,
    ),
    Claim(
        "Targets may be resized like images: no pixel gets a new value.",
        at_most("pixels of an invented value", 0),
    ),
)
REMARKS = ()
