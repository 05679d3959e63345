"""Painters of farm animals: cow and sheep."""

from random import Random

from course_utils.datasets.scenes.painters.pen import Color, Pen, shade

DARK: Color = (38, 34, 34)
PINK: Color = (214, 160, 150)

_COW_COATS: tuple[tuple[Color, Color], ...] = (
    ((238, 232, 222), (52, 46, 46)),
    ((236, 226, 210), (150, 92, 54)),
    ((154, 96, 58), (232, 222, 206)),
)


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
    pen.blob(
        [(1.1, 0.16), (1.32, 0.12 + dip), (1.42, 0.3 + dip), (1.2, 0.5)], color=coat
    )
    y = 0.1 + dip
    pen.blob(
        [(1.28, y + 0.02), (1.42, y - 0.02), (1.54, y + 0.1), (1.64, y + 0.24)],
        [(1.58, y + 0.34), (1.46, y + 0.3), (1.32, y + 0.2)],
        color=coat,
    )
    pen.blob(
        [(1.54, y + 0.2), (1.64, y + 0.22), (1.62, y + 0.33), (1.52, y + 0.33)],
        color=PINK,
    )
    pen.blob(
        [(1.24, y + 0.0), (1.32, y - 0.02), (1.3, y + 0.1), (1.2, y + 0.1)], color=patch
    )
    pen.strand([(1.36, y), (1.4, y - 0.07), (1.47, y - 0.1)], 0.035, (226, 214, 188))
    pen.disc(1.46, y + 0.11, 0.022, DARK)


def cow(pen: Pen, rng: Random) -> None:
    """Draw a cow with patches, horns and an udder."""
    coat, patch = rng.choice(_COW_COATS)
    draw_legs(pen, (0.28, 0.4, 1.0, 1.12), 0.62, 0.1, coat, rng)
    pen.strand([(0.14, 0.24), (0.05, 0.4), (0.08, 0.68)], 0.03, shade(coat, 0.8))
    pen.ellipse(0.08, 0.7, 0.035, 0.06, patch)
    pen.ellipse(0.44, 0.69, 0.12, 0.08, PINK)
    pen.blob(
        [(0.12, 0.26), (0.3, 0.17), (0.8, 0.2), (1.12, 0.14), (1.3, 0.3)],
        [(1.24, 0.56), (1.0, 0.7), (0.5, 0.7), (0.2, 0.66), (0.1, 0.45)],
        color=coat,
    )
    for x, y, rx, ry in (
        (0.32, 0.36, 0.15, 0.13),
        (0.72, 0.32, 0.17, 0.1),
        (0.98, 0.52, 0.13, 0.1),
        (0.56, 0.58, 0.09, 0.06),
    ):
        dx, dy = rng.uniform(-0.05, 0.05), rng.uniform(-0.03, 0.03)
        pen.blob(
            [(x + dx - rx, y + dy), (x + dx, y + dy - ry)],
            [(x + dx + rx, y + dy), (x + dx + 0.3 * rx, y + dy + ry)],
            color=patch,
        )
    dip = rng.choice((0.0, 0.0, 0.3))  # grazing now and then
    _cow_head(pen, coat, patch, dip)


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
    dip = rng.choice((0.0, 0.0, 0.22))
    pen.blob(
        [(1.0, 0.18 + dip), (1.16, 0.14 + dip), (1.3, 0.34 + dip)],
        [(1.26, 0.46 + dip), (1.12, 0.44 + dip), (1.0, 0.34 + dip)],
        color=face,
    )
    pen.ellipse(0.98, 0.26 + dip, 0.09, 0.045, shade(face, 0.8))
    pen.disc(1.04, 0.15 + dip, 0.09, wool)
    pen.disc(1.15, 0.26 + dip, 0.02, (24, 22, 22) if face[0] > 99 else (230, 226, 210))
