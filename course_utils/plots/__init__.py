"""The figures of the course; they take arrays and know no models.

An image is RGB, uint8 or float in [0, 1], (H, W, 3) or, like tensors, (3, H, W). A
label map holds integers, (H, W). Both may be anything that ``np.asarray`` accepts: an
array, a PIL image, a tensor on the CPU. Figures are about 900 pixels wide at
matplotlib's 100 dots per inch. Functions that draw return their axes; only
``show_with_alt`` shows a figure, and none saves one.
"""

from course_utils.plots.alt_text import show_with_alt
from course_utils.plots.architecture import draw_architecture
from course_utils.plots.curves import plot_boundary_curve, plot_history
from course_utils.plots.pictures import comparison_wall, show_errors, show_pairs
from course_utils.plots.receptive_field import show_receptive_field
from course_utils.plots.slider import with_slider

__all__ = [
    "comparison_wall",
    "draw_architecture",
    "plot_boundary_curve",
    "plot_history",
    "show_errors",
    "show_pairs",
    "show_receptive_field",
    "show_with_alt",
    "with_slider",
]
