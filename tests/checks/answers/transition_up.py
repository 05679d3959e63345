"""Answers to exercise 4.4: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # A crop of the middle, which begins at 0 where one row is too much.
    "center_crop": """
class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(
            in_channels, out_channels, kernel_size=3, stride=(2, 2)
        )

    def forward(self, x, skip):
        x = self.up(x)
        top = (x.shape[2] - skip.shape[2]) // 2
        left = (x.shape[3] - skip.shape[3]) // 2
        x = x[:, :, top : top + skip.shape[2], left : left + skip.shape[3]]
        return torch.cat((x, skip), dim=1)
""",
    # The package's join, which cuts and pads.
    "join_skip": """
from course_utils.models.skips import join_skip


class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2)

    def forward(self, x, skip):
        return join_skip(self.up(x), skip)
""",
    # A subclass of the layer, whose output is narrowed.
    "narrowed": """
class TransitionUp(nn.ConvTranspose2d):
    def __init__(self, in_channels, out_channels):
        super().__init__(in_channels, out_channels, 3, stride=2, bias=False)

    def forward(self, x, skip):
        x = super().forward(x)
        for dim in (2, 3):
            x = x.narrow(dim, 0, skip.shape[dim])
        return torch.cat([x, skip], dim=1)
""",
    # Cut to the skip by a slice.
    "sliced": """
class TransitionUp(nn.Module):
    def __init__(self, in_channels, out_channels):
        super().__init__()
        self.up = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2)

    def forward(self, x, skip):
        height, width = skip.shape[-2:]
        return torch.cat([self.up(x)[..., :height, :width], skip], dim=1)
""",
}

MISTAKES = {
    "join_skip": {
        "Interpolation and a convolution in place of a transposed one.": Mistake(
            "self.up = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2)",
            "self.conv = nn.Conv2d(in_channels, out_channels, 3, padding=1)",
            "return join_skip(self.up(x), skip)",
            """x = F.interpolate(x, size=skip.shape[-2:], mode="bilinear")
        return torch.cat([self.conv(x), skip], dim=1)""",
            hint="one transposed convolution",
        ),
        "The first row and column are cut off instead of the last.": Mistake(
            "return join_skip(self.up(x), skip)",
            """x = self.up(x)
        height, width = skip.shape[-2:]
        x = x[..., x.shape[-2] - height :, x.shape[-1] - width :]
        return torch.cat([x, skip], dim=1)""",
            hint="not the first",
        ),
        "The kernel is U-Net's 2×2, which can't make 2h + 1 rows.": Mistake(
            "3, stride", "2, stride", hint="the kernel is 3×3"
        ),
        "The enlarged map is not cut to the skip.": Mistake(
            "return join_skip(self.up(x), skip)",
            "return torch.cat([self.up(x), skip], dim=1)",
            hint="Enlarged, 3×4 cells are 7×9, and the skip has 6×8",
        ),
        "The enlarged map is interpolated to the size of the skip.": Mistake(
            "return join_skip(self.up(x), skip)",
            """x = F.interpolate(self.up(x), size=skip.shape[-2:], mode="bilinear")
        return torch.cat([x, skip], dim=1)""",
            hint="should be",
        ),
        "The skip is padded instead, and the output is too large.": Mistake(
            "return join_skip(self.up(x), skip)",
            """x = self.up(x)
        rows, columns = x.shape[2] - skip.shape[2], x.shape[3] - skip.shape[3]
        return torch.cat([x, F.pad(skip, (0, columns, 0, rows))], dim=1)""",
            hint="should have shape",
        ),
    },
    "sliced": {
        "in_channels and out_channels are swapped.": Mistake(
            "self.up = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2)",
            "self.up = nn.ConvTranspose2d(out_channels, in_channels, 3, stride=2)",
            hint="should enlarge with weights (4, 6, 3, 3)",
        ),
        "The skip is detached, to save memory.": Mistake(
            "], dim", ".detach()], dim", hint="carry a gradient to its argument 2"
        ),
        "The kernel is 4×4, which makes 2h + 2 rows.": Mistake(
            "3, stride", "4, stride", hint="the kernel is 3×3"
        ),
        "padding=1 with output_padding=1 can only double the size.": Mistake(
            "self.up = nn.ConvTranspose2d(in_channels, out_channels, 3, stride=2)",
            """self.up = nn.ConvTranspose2d(
            in_channels, out_channels, 3, 2, padding=1, output_padding=1
        )""",
            hint="should be",
        ),
        "A ReLU follows the enlargement.": Mistake(
            "self.up(x)", "self.up(x).relu()", hint="Cut off the last row"
        ),
        "The skip is put first.": Mistake(
            "self.up( … skip", "skip, self.up(x)[..., :height, :width]", hint="x first"
        ),
    },
}
