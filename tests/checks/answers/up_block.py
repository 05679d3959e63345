"""Answers to exercise 4.2: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # The package's layers, and sizes fitted by hand.
    "conv_relu": """
from course_utils.models.blocks import conv_relu


class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        half = in_channels // 2
        self.enlarge = nn.ConvTranspose2d(in_channels, half, kernel_size=2, stride=2)
        self.first = nn.Sequential(
            *conv_relu(half + skip_channels, out_channels, batch_norm=True)
        )
        self.second = nn.Sequential(
            *conv_relu(out_channels, out_channels, batch_norm=True)
        )

    def forward(self, x, skip):
        x = self.enlarge(x)
        rows, columns = skip.shape[2] - x.shape[2], skip.shape[3] - x.shape[3]
        x = F.pad(x, [0, columns, 0, rows])
        return self.second(self.first(torch.cat((x, skip), dim=1)))
""",
    # Named layers, and the functional ReLU.
    "functional_relu": """
from course_utils.models.skips import join_skip


class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        joined = in_channels // 2 + skip_channels
        self.up = nn.ConvTranspose2d(in_channels, in_channels // 2, 2, stride=2)
        self.conv1 = nn.Conv2d(joined, out_channels, 3, padding="same", bias=False)
        self.norm1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(
            out_channels, out_channels, 3, padding="same", bias=False
        )
        self.norm2 = nn.BatchNorm2d(out_channels)

    def forward(self, x, skip):
        x = join_skip(self.up(x), skip)
        x = F.relu(self.norm1(self.conv1(x)))
        return F.relu(self.norm2(self.conv2(x)))
""",
    # The transposed convolution is told nothing, a slice does the rest.
    "output_size": """
class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        half = in_channels // 2
        self.up = nn.ConvTranspose2d(in_channels, half, 2, 2)
        self.convs = nn.ModuleList(
            nn.Conv2d(before, out_channels, 3, padding=1)
            for before in (half + skip_channels, out_channels)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(out_channels) for _ in range(2))

    def forward(self, x, skip):
        enlarged = self.up(x)
        joined = skip.new_zeros(len(x), enlarged.shape[1], *skip.shape[2:])
        height, width = (
            min(a, b) for a, b in zip(enlarged.shape[2:], skip.shape[2:], strict=True)
        )
        joined[..., :height, :width] = enlarged[..., :height, :width]
        x = torch.cat([joined, skip], dim=1)
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = norm(conv(x)).clamp(min=0)
        return x
""",
    # The layers in an nn.Sequential.
    "sequential": """
from course_utils.models.skips import join_skip


class UpBlock(nn.Module):
    def __init__(self, in_channels, skip_channels, out_channels):
        super().__init__()
        half = in_channels // 2
        self.up = nn.ConvTranspose2d(in_channels, half, 2, stride=2)
        self.convs = nn.Sequential(
            nn.Conv2d(half + skip_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )

    def forward(self, x, skip):
        return self.convs(join_skip(self.up(x), skip))
""",
}

MISTAKES = {
    "sequential": {
        "Interpolation in place of a transposed convolution.": Mistake(
            "self.up = nn.ConvTranspose2d(in_channels, half, 2, stride=2)",
            "self.halve = nn.Conv2d(in_channels, half, 1)",
            "return self.convs(join_skip(self.up(x), skip))",
            """x = F.interpolate(self.halve(x), scale_factor=2, mode="bilinear")
        return self.convs(join_skip(x, skip))""",
            hint="Enlarge, join, then twice",
        ),
        "The enlargement keeps the channels.": Mistake(
            "in_channels // 2", "in_channels", hint="halved by the enlargement"
        ),
        "The skip is detached.": Mistake(
            "(x), skip", "(x), skip.detach()", hint="carry a gradient to its argument 2"
        ),
        "Dropout is added, as in FC-DenseNet.": Mistake(
            "nn.ReLU(),\n        )",
            """nn.ReLU(),
            nn.Dropout(0.2),
        )""",
            hint="nothing is dropped",
        ),
        "The transposed convolution has a kernel of 3.": Mistake(
            "half, 2", "half, 3", hint="kernel is 2×2"
        ),
        "The layers are in a plain list, where no optimizer sees them.": Mistake(
            "nn.Sequential(",
            "list(nn.Sequential(",
            "nn.ReLU(),\n        )",
            "nn.ReLU(),\n        ))",
            "return self.convs(join_skip(self.up(x), skip))",
            """x = join_skip(self.up(x), skip)
        for layer in self.convs:
            x = layer(x)
        return x""",
            hint="then twice",
        ),
        "The maps are concatenated without fitting their sizes.": Mistake(
            "join_skip(self.up(x), skip)",
            "torch.cat([self.up(x), skip], dim=1)",
            hint="x, enlarged by 2, has 8×10 cells and the skip 9×10",
        ),
        "Batch normalization is left out, as in the paper.": Mistake(
            """BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels)""",
            "ReLU(),\n            nn.Conv2d(out_channels, out_channels, 3, padding=1)",
            hint="then twice",
        ),
        "The convolutions are not padded.": Mistake(
            "nn.Conv2d(half + skip_channels, out_channels, 3, padding=1),",
            "nn.Conv2d(half + skip_channels, out_channels, 3),",
            "nn.Conv2d(out_channels, out_channels, 3, padding=1),",
            "nn.Conv2d(out_channels, out_channels, 3),",
            hint="should have shape (2, 5, 8, 10)",
        ),
        "The last ReLU is left out.": Mistake(
            "nn.Conv2d(out_channels … ReLU(),",
            """nn.Conv2d(out_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),""",
            hint="ReLU is missing after the last",
        ),
        "Two convolutions without a ReLU between them are one.": Mistake(
            "nn.ReLU(),\n            ", "", hint="ReLU is missing between"
        ),
        "The stride is 1, so nothing is enlarged.": Mistake(
            "2, stride=2", "2", hint="It doubles"
        ),
        "ReLU comes before the normalization.": Mistake(
            "return self.convs(join_skip(self.up(x), skip))",
            """conv1, norm1, relu1, conv2, norm2, relu2 = self.convs
        x = norm1(relu1(conv1(join_skip(self.up(x), skip))))
        return norm2(relu2(conv2(x)))""",
            hint="Normalize before the ReLU",
        ),
        "The second convolution is left out.": Mistake(
            """
            nn.Conv2d(out_channels, out_channels, 3, padding=1),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),""",
            "",
            hint="then twice",
        ),
        "A ReLU follows the enlargement, too.": Mistake(
            "(x), skip", "(x).relu(), skip", hint="that one is linear"
        ),
        "The skip is put before x.": Mistake(
            "skip))", "skip).roll(skip.shape[1], dims=1))", hint="x first"
        ),
        "The skip is cropped to the enlarged x: the output is too small.": Mistake(
            "return self.convs(join_skip(self.up(x), skip))",
            """x = self.up(x)
        height, width = x.shape[-2:]
        return self.convs(torch.cat([x, skip[..., :height, :width]], dim=1))""",
            hint="should have shape (2, 5, 9, 10)",
        ),
    },
}
