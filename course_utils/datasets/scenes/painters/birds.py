"""Painters of birds, on the ground and in the air."""

from random import Random

from course_utils.datasets.scenes.painters.farm import DARK
from course_utils.datasets.scenes.painters.pen import Pen, mix, palette, shade

_PLUMAGE = palette("#607494 #c4543a #e8e6e0 #423e46 #deb246 #967658")


def standing_bird(pen: Pen, rng: Random) -> None:
    """Draw a bird on two legs, a wing folded at its side."""
    coat = rng.choice(_PLUMAGE)
    for x in (0.52, 0.64):
        pen.line([(x, 0.72), (x, 0.97), (x + 0.1, 0.98)], 0.035, (206, 130, 58))
    pen.polygon("0.36,0.5 0,0.72 0.06,0.8 0.44,0.68", shade(coat, 0.7))
    body = "0.3,0.56 0.5,0.36 0.7,0.1 0.88,0.06 0.98,0.2 0.94,0.5 0.76,0.76 0.48,0.78"
    pen.blob(body, coat)
    breast = "0.9,0.3 0.95,0.44 0.78,0.73 0.58,0.75 0.74,0.54"
    pen.blob(breast, mix(coat, (255, 236, 206), 0.55))
    pen.blob("0.22,0.66 0.5,0.42 0.68,0.46 0.64,0.62 0.44,0.7", shade(coat, 0.66))
    pen.line("0.32,0.64 0.6,0.52", 0.03, shade(coat, 1.1))
    pen.polygon("0.95,0.12 1.16,0.2 0.96,0.25", (236, 166, 52))
    pen.disc(0.86, 0.16, 0.045, (250, 248, 240))
    pen.disc(0.87, 0.16, 0.03, DARK)


def flying_bird(pen: Pen, rng: Random) -> None:
    """Draw a bird in flight, wings raised."""
    coat, lift = rng.choice(_PLUMAGE), rng.uniform(0.0, 0.16)
    far = [(0.8, 0.66), (0.98, 0.3), (1.34, 0.06 + lift), (1.24, 0.34), (1.04, 0.66)]
    pen.blob(far, shade(coat, 0.62))
    pen.polygon("0.3,0.72 0,0.62 0.04,0.76 0,0.86 0.36,0.82", shade(coat, 0.75))
    body = "0.26,0.76 0.6,0.62 1,0.62 1.24,0.6 1.34,0.7 1.2,0.84 0.8,0.94 0.46,0.88"
    pen.blob(body, coat)
    belly = "1.26,0.74 1.14,0.84 0.8,0.92 0.54,0.86 0.9,0.8"
    pen.blob(belly, mix(coat, (255, 240, 214), 0.6))
    near = [(0.6, 0.72), (0.5, 0.4), (0.2, lift), (0.62, 0.14), (0.9, 0.42)]
    pen.blob([*near, (0.98, 0.7)], shade(coat, 0.82))
    for x in (0.3, 0.42, 0.55):
        pen.line([(x, 0.1 + lift + 0.2 * x), (x + 0.22, 0.5)], 0.02, shade(coat, 0.55))
    pen.polygon("1.32,0.64 1.5,0.7 1.32,0.74", (236, 166, 52))
    pen.disc(1.24, 0.67, 0.03, DARK)
