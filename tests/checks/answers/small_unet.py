"""Answers to exercise 4.5: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # x is padded to the size of the skip.
    "padded": """
from course_utils.models.blocks import conv_relu


def two_convs(in_channels, out_channels):
    first = conv_relu(in_channels, out_channels, batch_norm=True)
    return nn.Sequential(
        *first, *conv_relu(out_channels, out_channels, batch_norm=True)
    )


class SmallUNet(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.encoder = nn.ModuleList([two_convs(3, 8), two_convs(8, 16)])
        self.bottleneck = two_convs(16, 32)
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(2 * width, width, 2, stride=2) for width in (16, 8)
        )
        self.fuses = nn.ModuleList([two_convs(32, 16), two_convs(16, 8)])
        self.score = nn.Conv2d(8, num_classes, 1)

    def forward(self, images):
        skips, x = [], images
        for stage in self.encoder:
            x = stage(x)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self.bottleneck(x)
        for up, fuse in zip(self.ups, self.fuses, strict=True):
            x, skip = up(x), skips.pop()
            rows, columns = (skip.shape[k] - x.shape[k] for k in (2, 3))
            x = fuse(torch.cat([F.pad(x, (0, columns, 0, rows)), skip], dim=1))
        return self.score(x)
""",
    # The image is padded to a multiple of 4, the logits are cropped.
    "image_padded": Variant(
        "padded",
        "skips, x = [], images",
        """height, width = images.shape[-2:]
        skips, x = [], F.pad(images, (0, -width % 4, 0, -height % 4))""",
        ", skip = … score(x)",
        """ = fuse(torch.cat([up(x), skips.pop()], dim=1))
        return self.score(x)[..., :height, :width]""",
    ),
    # The package's join.
    "join_skip": Variant(
        "padded",
        "from course_utils",
        "from course_utils.models.skips import join_skip\nfrom course_utils",
        ", skip = … dim=1))",
        " = fuse(join_skip(up(x), skips.pop()))",
    ),
    # The transposed convolution is told which size to make.
    "output_size": Variant(
        "padded",
        "x, skip = … dim=1))",
        """skip = skips.pop()
            x = up(x, output_size=skip.shape[-2:])
            x = fuse(torch.cat([x, skip], dim=1))""",
    ),
    # Pools round up, so that x is never smaller, and is cropped.
    "pools_round_up": Variant(
        "padded",
        "x = F.max_pool2d(x, 2)",
        "x = F.max_pool2d(x, 2, ceil_mode=True)",
        "rows, columns = (skip.shape[k] - x.shape[k] for k in (2, 3))",
        "height, width = skip.shape[-2:]",
        "x = fuse(torch.cat([F.pad(x, (0, columns, 0, rows)), skip], dim=1))",
        "x = fuse(torch.cat([x[..., :height, :width], skip], dim=1))",
    ),
}

MISTAKES = {
    "padded": {
        "The error is caught, and the skip is left out.": Mistake(
            "rows, columns = … dim=1))",
            """try:
                x = fuse(torch.cat([x, skip], dim=1))
            except RuntimeError:
                x = F.interpolate(x, size=skip.shape[-2:])
                x = fuse(torch.cat([x, x], dim=1))""",
            hint="got nothing of it",
        ),
        "The skip is cut to x, and the logits are stretched back.": Mistake(
            "rows, columns = … score(x)",
            """height, width = x.shape[-2:]
            x = fuse(torch.cat([x, skip[..., :height, :width]], dim=1))
        size = images.shape[-2:]
        return F.interpolate(self.score(x), size=size, mode="bilinear")""",
            hint="pixels away",
        ),
        "The skips are detached, to save memory.": Mistake(
            "skips.pop()", "skips.pop().detach()", hint="got nothing of it"
        ),
        "The sizes are assumed to agree.": Mistake(
            "F.pad(x, (0, columns, 0, rows))",
            "x",
            hint="raised RuntimeError: Sizes of tensors must match",
        ),
        "F.pad is given the rows first.": Mistake(
            "columns, 0, rows",
            "rows, 0, columns",
            hint="raised RuntimeError: Sizes of tensors must match",
        ),
        "The enlarged map is joined with itself at every size.": Mistake(
            "rows, columns = (skip.shape[k] - x.shape[k] for k in (2, 3))",
            "x = skip = F.interpolate(x, size=skip.shape[-2:])",
            "F.pad(x, (0, columns, 0, rows))",
            "x",
            hint="got nothing of it",
        ),
        "The bottleneck is left out of forward.": Mistake(
            "x = self.bottleneck(x)\n        ", "", hint="raised RuntimeError"
        ),
        "The encoder has another name.": Mistake(
            "self.encoder = nn.ModuleList(",
            "self.stages = nn.ModuleList(",
            "for stage in self.encoder:",
            "for stage in self.stages:",
            hint="should have a part named encoder",
        ),
        "The skip is put before x, unlike in training.": Mistake(
            "F.pad( … skip", "skip, F.pad(x, (0, columns, 0, rows))", hint="x first"
        ),
        "The skip is shifted.": Mistake(
            ", skip]", ", skip.roll((4, 4), dims=(2, 3))]", hint="should"
        ),
        "Probabilities are returned instead of logits.": Mistake(
            "score(x)", "score(x).softmax(dim=1)", hint="nothing should have changed"
        ),
        "The skip is cut to x, and the logits are too small.": Mistake(
            "rows, columns = … dim=1))",
            """height, width = x.shape[-2:]
            x = fuse(torch.cat([x, skip[..., :height, :width]], dim=1))""",
            hint="should have shape (2, 3, 250, 40)",
        ),
        "A layer is made but never used.": Mistake(
            "self.score = nn",
            "self.extra = nn.Conv2d(8, 8, 1)\n        self.score = nn",
            hint="to extra.weight, got none",
        ),
        "Where sizes differ, the enlarged map replaces the skip.": Mistake(
            "rows, columns = … dim=1))",
            """if x.shape[-2:] != skip.shape[-2:]:
                skip = x = F.interpolate(x, size=skip.shape[-2:])
            x = fuse(torch.cat([x, skip], dim=1))""",
            hint="got nothing of it",
        ),
        "Where sizes differ, zeros replace the skip.": Mistake(
            "rows, columns = … dim=1))",
            """if x.shape[-2:] != skip.shape[-2:]:
                x = F.interpolate(x, size=skip.shape[-2:])
                skip = torch.zeros_like(skip)
            x = fuse(torch.cat([x, skip], dim=1))""",
            hint="got nothing of it",
        ),
    },
    "image_padded": {
        "The image is padded, and the padding is never cut off.": Mistake(
            "[..., :height, :width]", "", hint="should have shape (2, 3, 250, 40)"
        ),
    },
}
