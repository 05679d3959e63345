"""Painters of farm animals: cow and sheep."""

from random import Random

from course_utils.datasets.scenes.painters.pen import Color, Pen, palette, shade

DARK: Color = (38, 34, 34)
PINK: Color = (214, 160, 150)

_COW_COATS = (
    palette("#eee8de #342e2e"),
    palette("#ece2d2 #965c36"),
    palette("#9a603a #e8dece"),
)
"""Coat and patches."""


def draw_legs(pen: Pen, xs: tuple, top: float, width: float, coat: Color, rng) -> None:
    """Draw four legs in mid-stride, the far pair first and darker; hooves at 1."""
    stride = rng.uniform(-0.07, 0.07)
    for k, x in enumerate(xs):
        color = shade(coat, 0.68 if k % 2 == 0 else 0.96)
        swing = stride if k in (0, 3) else -stride
        knee, foot = (x + 0.6 * swing, (top + 1) / 2 + 0.02), (x + swing, 0.97)
        pen.line([(x, top), knee, foot], width, color)
        pen.box(foot[0] - 0.6 * width, 0.94, foot[0] + 0.75 * width, 1.0, DARK, 0.01)


def _cow_head(pen: Pen, coat: Color, patch: Color, dip: float) -> None:
    neck = [(1.1, 0.16), (1.32, 0.12 + dip), (1.42, 0.3 + dip), (1.2, 0.5)]
    pen.blob(neck, coat)
    y = 0.1 + dip
    head = pen.moved(0, y)
    brow = "1.28,0.02 1.42,-0.02 1.54,0.1 1.64,0.24"
    head.blob(brow + " 1.58,0.34 1.46,0.3 1.32,0.2", coat)
    head.blob("1.54,0.2 1.64,0.22 1.62,0.33 1.52,0.33", PINK)
    head.blob("1.24,0 1.32,-0.02 1.3,0.1 1.2,0.1", patch)
    horn = [(1.36, y), (1.4, y - 0.07), (1.47, y - 0.1)]
    pen.strand(horn, 0.035, (226, 214, 188))
    head.disc(1.46, 0.11, 0.022, DARK)


def cow(pen: Pen, rng: Random) -> None:
    """Draw a cow with patches, horns and an udder."""
    coat, patch = rng.choice(_COW_COATS)
    draw_legs(pen, (0.28, 0.4, 1.0, 1.12), 0.62, 0.1, coat, rng)
    pen.strand("0.14,0.24 0.05,0.4 0.08,0.68", 0.03, shade(coat, 0.8))
    pen.ellipse(0.08, 0.7, 0.035, 0.06, patch)
    pen.ellipse(0.44, 0.69, 0.12, 0.08, PINK)
    back = "0.12,0.26 0.3,0.17 0.8,0.2 1.12,0.14 1.3,0.3"
    pen.blob(back + " 1.24,0.56 1,0.7 0.5,0.7 0.2,0.66 0.1,0.45", coat)
    patches = (0.32, 0.36, 0.15, 0.13), (0.72, 0.32, 0.17, 0.1)
    patches += (0.98, 0.52, 0.13, 0.1), (0.56, 0.58, 0.09, 0.06)
    for x, y, rx, ry in patches:
        spot = pen.moved(x + rng.uniform(-0.05, 0.05), y + rng.uniform(-0.03, 0.03))
        spot.blob([(-rx, 0), (0, -ry), (rx, 0), (0.3 * rx, ry)], patch)
    _cow_head(pen, coat, patch, dip=rng.choice((0.0, 0.0, 0.3)))  # 0.3: grazing


def sheep(pen: Pen, rng: Random) -> None:
    """Draw a sheep: a cloud of wool on thin legs."""
    wool = rng.choice(((240, 234, 220), (226, 214, 192), (206, 200, 194)))
    face = rng.choice(((50, 46, 48), (214, 190, 164)))
    draw_legs(pen, (0.36, 0.46, 0.82, 0.92), 0.7, 0.075, face, rng)
    pen.ellipse(0.62, 0.46, 0.46, 0.32, shade(wool, 0.9))
    ring = [(0.16, 0.45), (0.24, 0.26), (0.44, 0.17), (0.66, 0.16), (0.88, 0.22)]
    ring += [(1.02, 0.36), (1.0, 0.58), (0.84, 0.7), (0.62, 0.74), (0.4, 0.72)]
    for x, y in [*ring, (0.24, 0.62)]:
        pen.disc(x, y, rng.uniform(0.13, 0.16), shade(wool, rng.uniform(0.86, 0.94)))
    for _ in range(16):
        x, y = rng.uniform(0.25, 0.95), rng.uniform(0.24, 0.62)
        pen.disc(x, y, 0.085, shade(wool, rng.uniform(0.92, 1.05)))
    head = pen.moved(0, rng.choice((0.0, 0.0, 0.22)))
    head.blob("1,0.18 1.16,0.14 1.3,0.34 1.26,0.46 1.12,0.44 1,0.34", face)
    head.ellipse(0.98, 0.26, 0.09, 0.045, shade(face, 0.8))
    head.disc(1.04, 0.15, 0.09, wool)
    head.disc(1.15, 0.26, 0.02, (24, 22, 22) if face[0] > 99 else (230, 226, 210))
