"""Answers to exercise 1.5: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # fc6 pads by 3, as its 7x7 kernel needs.
    "padding_3_narrow": """
class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, 16, 7, padding=3)
        self.fc7 = nn.Conv2d(16, 16, 1)
        self.score = nn.Conv2d(16, num_classes, 1)

    def forward(self, pool5, size):
        x = F.relu(self.fc6(pool5))
        x = F.relu(self.fc7(x))
        x = self.score(x)
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)
""",
    # Zeros are added by hand; the scores are enlarged by grid_sample.
    "padded_with_zeros_and_sampled": Variant(
        "padding_3_narrow",
        "7, padding=3",
        "7",
        "x = F.relu(self.fc6 … align_corners=False)",
        """x = self.fc6(F.pad(pool5, [3] * 4)).clamp(min=0)
        x = self.score(self.fc7(x).clamp(min=0))
        places = [(torch.arange(n) + 0.5) * 2 / n - 1 for n in size]
        rows, columns = torch.meshgrid(*places, indexing="ij")
        grid = torch.stack([columns, rows], dim=-1).expand(len(x), -1, -1, -1)
        return F.grid_sample(x, grid, padding_mode="border", align_corners=False)""",
    ),
    # The same with 1024 channels in between.
    "padding_3": Variant(
        "padding_3_narrow", ", 16, 7", ", 1024, 7", "16, 16", "1024, 1024", "16", "1024"
    ),
    # padding="same", dropout, and scores that start at zero as FCN's do.
    "padding_same": """
class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, 64, 7, padding="same")
        self.fc7 = nn.Conv2d(64, 32, 1)
        self.score = nn.Conv2d(32, num_classes, 1)
        self.dropout = nn.Dropout2d()
        nn.init.zeros_(self.score.weight)
        nn.init.zeros_(self.score.bias)

    def forward(self, pool5, size):
        x = self.dropout(self.fc6(pool5).relu())
        x = self.dropout(self.fc7(x).relu())
        return F.interpolate(self.score(x), size=size, mode="bilinear")
""",
    # pool5 is reflected at its border before a convolution without padding.
    "reflected": """
class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, 24, 7)
        self.fc7 = nn.Conv2d(24, 48, 1)
        self.score = nn.Conv2d(48, num_classes, 1, bias=False)

    def forward(self, pool5, size):
        x = F.pad(pool5, (3, 3, 3, 3), mode="reflect")
        x = self.score(F.relu(self.fc7(F.relu(self.fc6(x)))))
        return F.interpolate(x, size=size, mode="bilinear", align_corners=False)
""",
    # Each layer is a sequence; the first one repeats the border of pool5.
    "replicated_in_sequences": """
class Head(nn.Module):
    def __init__(self, in_channels, num_classes):
        super().__init__()
        conv = nn.Conv2d(in_channels, 32, 7, padding=3, padding_mode="replicate")
        self.fc6 = nn.Sequential(conv, nn.ReLU(inplace=True), nn.Dropout())
        self.fc7 = nn.Sequential(nn.Conv2d(32, 32, 1), nn.ReLU(), nn.Dropout())
        self.score = nn.Conv2d(32, num_classes, 1)

    def forward(self, pool5, size):
        scores = self.score(self.fc7(self.fc6(pool5)))
        return nn.Upsample(size=tuple(size), mode="bilinear")(scores)
""",
}

SMALL_MAPS_ARE_PADDED = (
    *("7, padding=3", "7", "x = F.relu(self.fc6(pool5))"),
    """is_small = min(pool5.shape[-2:]) < 7
        pool5 = F.pad(pool5, [3] * 4) if is_small else pool5
        x = F.relu(self.fc6(pool5))""",
)
MISTAKES = {
    "padding_3_narrow": {
        "Corner pixels are aligned with corner cells.": Mistake(
            "=False", "=True", hint="That is align_corners=True"
        ),
        "The scores are enlarged by 32, whatever the size of the image.": Mistake(
            "size=size", "scale_factor=32", hint="enlarge to size itself"
        ),
        "The scores are enlarged by bicubic interpolation.": Mistake(
            "bilinear", "bicubic", hint="bilinear enlargement adds a neighbor"
        ),
        "padding_mode is circular.": Mistake(
            "padding=3",
            'padding=3, padding_mode="circular"',
            hint="to pool5, not afterwards",
        ),
        "pool5 is detached, so the backbone does not learn.": Mistake(
            "(pool5)", "(pool5.detach())", hint="each layer learns"
        ),
        "fc6 is dilated as in DeepLab, so each pixel sees thirteen cells.": Mistake(
            "padding=3", "padding=6, dilation=2", hint="7 are fc6's"
        ),
        "Scores are enlarged by 32, and the rest is filled with zeros.": Mistake(
            'return F.interpolate(x, size=size, mode="bilinear", align_corners=False)',
            """height, width = (32 * n for n in x.shape[-2:])
        x = F.interpolate(x, scale_factor=32, mode="bilinear", align_corners=False)
        return F.pad(x, [0, size[1] - width, 0, size[0] - height])""",
            hint="to pool5, not afterwards",
        ),
        "fc6 is 1x1: it loses no border, but sees no context either.": Mistake(
            "7, padding=3", "1", hint="fc6 is a 7x7 convolution"
        ),
        "The kernel is 3x3, so that padding by 1 is enough.": Mistake(
            "7, padding=3", "3, padding=1", hint="fc6 is a 7x7 convolution"
        ),
        "fc6 is frozen, as if its weights were VGG16's.": Mistake(
            "self.fc7 =",
            "self.fc6.requires_grad_(False)\n        self.fc7 =",
            hint="got none. Each layer learns",
        ),
        "fc6 is grouped, so it never mixes channels.": Mistake(
            "(in_channels, 16, 7, padding=3)\n        self.fc7 = nn.Conv2d(16, 16, 1)",
            """(
            in_channels, 3 * in_channels, 7, padding=3, groups=in_channels
        )
        self.fc7 = nn.Conv2d(3 * in_channels, 16, 1)""",
            hint="none of them in groups",
        ),
        "fc7 is made but never used.": Mistake(
            "F.relu(self.fc7 … self", "self", hint="then one bilinear enlargement"
        ),
        "Scores are copied into blocks of pixels.": Mistake(
            '"bilinear", align_corners=False', '"nearest"', hint="That is nearest"
        ),
        "The scores are not enlarged.": Mistake(
            "F.interpolate(x, size=size, … False)", "x", hint="enlarged to size"
        ),
        "fc6 drops three cells per side; the rest is stretched.": Mistake(
            "7, padding=3", "7", hint="One that shrinks is stretched"
        ),
        "Three linear layers in a row are one.": Mistake(
            "F.relu(self.fc6(pool5))\n        x = F.relu(self.fc7(x))",
            "self.fc6(pool5)\n        x = self.fc7(x)",
            hint="missing between the layers",
        ),
        "Without a ReLU between them, fc6 and fc7 are one linear layer.": Mistake(
            "F.relu(self.fc6(pool5))", "self.fc6(pool5)", hint="missing after fc6"
        ),
        "fc6 has another name.": Mistake(
            "fc6 ", "conv1 ", "fc6", "conv1", hint="should have one nn.Conv2d as fc6"
        ),
        "All six cells of padding are on one side.": Mistake(
            "7, padding=3",
            "7",
            "(pool5)",
            "(F.pad(pool5, [6, 0, 6, 0]))",
            hint="the scores lie elsewhere",
        ),
        "pool5 is enlarged by six cells instead of padded.": Mistake(
            "self.fc6 = nn.Conv2d(in_channels, 16, 7, padding=3)",
            "self.fc6 = nn.Conv2d(in_channels, 16, 7)",
            "x = F.relu(self.fc6(pool5))",
            """height, width = pool5.shape[-2:]
        pool5 = F.interpolate(pool5, (height + 6, width + 6), mode="bilinear")
        x = F.relu(self.fc6(pool5))""",
            hint="the scores lie elsewhere",
        ),
        "A ReLU follows the scores, too.": Mistake(
            "x = self.score(x)", "x = F.relu(self.score(x))", hint="No ReLU after score"
        ),
        "The scores are padded with zeros.": Mistake(
            "7, padding=3",
            "7",
            "self.score(x)",
            "F.pad(self.score(x), [3] * 4)",
            hint="smaller than its kernel",
        ),
        "The outermost scores are repeated, unless the map is small.": Mistake(
            *SMALL_MAPS_ARE_PADDED,
            "return",
            """x = x if is_small else F.pad(x, [3] * 4, mode="replicate")
        return""",
            hint="to pool5, not afterwards",
        ),
        "Scores are padded with zeros, unless the map is smaller than fc6.": Mistake(
            *SMALL_MAPS_ARE_PADDED,
            "return",
            "x = x if is_small else F.pad(x, [3] * 4)\n        return",
            hint="to pool5, not afterwards",
        ),
        "Probabilities are returned instead of logits.": Mistake(
            "score(x)", "score(x).softmax(dim=1)", hint="then one bilinear enlargement"
        ),
        "fc6 shrinks the map; scores are stretched back to pool5's size.": Mistake(
            "7, padding=3",
            "7",
            "return",
            """x = F.interpolate(x, size=pool5.shape[-2:], mode="bilinear")
        return""",
            hint="One that shrinks is stretched",
        ),
        "fc6 has stride 2.": Mistake(
            "padding=3", "padding=3, stride=2", hint="7 are fc6's"
        ),
        "A learned enlargement is made but never used.": Mistake(
            "self.score = nn",
            """self.up = nn.ConvTranspose2d(num_classes, num_classes, 64, 32, 16)
        self.score = nn""",
            hint="none unused",
        ),
        "The size is read as (W, H).": Mistake(
            "size=size", "size=size[::-1]", hint="height first"
        ),
    },
}
