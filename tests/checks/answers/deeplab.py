"""Answers to exercise 5.6: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # The three lines, corrected.
    "mended": """
class DeepLab(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        width = 8
        self.stages = nn.ModuleList(
            nn.Conv2d(channels, width, 3, padding=1) for channels in (3, 8, 8, 8)
        )
        self.pool = nn.MaxPool2d(3, stride=2, padding=1)
        self.pool4 = nn.MaxPool2d(3, stride=1, padding=1)
        self.conv5 = nn.Conv2d(width, width, 3, padding=2, dilation=2)
        self.pool5 = nn.MaxPool2d(3, stride=1, padding=1)
        self.fc6 = nn.Conv2d(width, width, 3, padding=12, dilation=12)
        self.fc7 = nn.Conv2d(width, width, 1)
        self.score = nn.Conv2d(width, num_classes, 1)

    def forward(self, images):
        x = images
        for stage in self.stages[:3]:
            x = self.pool(F.relu(stage(x)))
        x = self.pool4(F.relu(self.stages[3](x)))
        x = self.pool5(F.relu(self.conv5(x)))
        scores = self.score(F.relu(self.fc7(F.relu(self.fc6(x)))))
        size = images.shape[-2:]
        return F.interpolate(scores, size, mode="bilinear", align_corners=True)
""",
    # Sampled where each pixel lies between the cells.
    "grid_sample": Variant(
        "mended",
        "scores = … align_corners=True)",
        """x = F.relu(self.fc7(F.relu(self.fc6(x))))
        scores = self.score(x)
        height, width = images.shape[-2:]
        rows = torch.linspace(-1, 1, height)[:, None].expand(height, width)
        columns = torch.linspace(-1, 1, width).expand(height, width)
        grid = torch.stack([columns, rows], dim=-1).expand(len(images), -1, -1, -1)
        return F.grid_sample(scores, grid, align_corners=True)""",
    ),
    # Images are padded to 8k+1 first, and cropped at the end: right at every size.
    "padded_to_8k_plus_1": Variant(
        "mended",
        "scores = … align_corners=True)",
        """x = F.relu(self.fc7(F.relu(self.fc6(x))))
        scores = self.score(x)
        full = [8 * (n - 1) + 1 for n in scores.shape[-2:]]
        full = [max(a, b) for a, b in zip(full, images.shape[-2:], strict=True)]
        logits = F.interpolate(scores, full, mode="bilinear", align_corners=True)
        return logits[..., : images.shape[-2], : images.shape[-1]]""",
    ),
    # The ring is cut off where it arises.
    "ring_is_cut_off": Variant(
        "mended", "width, 1", "width, 1, padding=1", "x)))))", "x))))[..., 1:-1, 1:-1])"
    ),
}

MISTAKES = {
    "mended": {
        "All three errors are left in.": Mistake(
            "self.pool4 = nn.MaxPool2d(3, stride=1, padding=1)",
            "self.pool4 = nn.MaxPool2d(3, stride=2, padding=1)",
            "width, 1",
            "width, 1, padding=1",
            "scores = … align_corners=True)",
            """size = [8 * n for n in x.shape[-2:]]
        x = F.relu(self.fc7(F.relu(self.fc6(x))))
        return F.interpolate(self.score(x), size=size, mode="bilinear")""",
            hint="which layer halves",
        ),
        "Only the size of the output was corrected.": Mistake(
            "self.pool4 = nn.MaxPool2d(3, stride=1, padding=1)",
            "self.pool4 = nn.MaxPool2d(3, stride=2, padding=1)",
            "self.fc7 = nn.Conv2d(width, width, 1)",
            "self.fc7 = nn.Conv2d(width, width, 1, padding=1)",
            hint="a 1x1 layer adds two cells",
        ),
        "The features are detached before the head.": Mistake(
            "fc6(x)", "fc6(x.detach())", hint="learns from them"
        ),
        "The map is enlarged 8 times and cropped: a shift of 3.5 pixels.": Mistake(
            "scores = … align_corners=True)",
            """x = F.relu(self.fc7(F.relu(self.fc6(x))))
        height, width = images.shape[-2:]
        logits = F.interpolate(self.score(x), scale_factor=8, mode="bilinear")
        return logits[..., :height, :width]""",
            hint="What must coincide",
        ),
        "The size is 8 times the map: 328 for an image of 321.": Mistake(
            "size = images.shape[-2:]",
            "size = [8 * n for n in x.shape[-2:]]",
            hint="don't compute it from a map",
        ),
        "fc7 is left out of forward.": Mistake(
            "fc7(F.relu(self.fc6(x)))", "fc6(x)", hint="gradient to fc7"
        ),
        "The 1x1 layer still adds a ring of constants.": Mistake(
            "width, 1", "width, 1, padding=1", hint="a 1x1 convolution needs no padding"
        ),
        "Cells are copied instead of interpolated.": Mistake(
            '"bilinear", align_corners=True', '"nearest"', hint="What must coincide"
        ),
        "The size is computed as for 8k+1.": Mistake(
            "size = images.shape[-2:]",
            "size = [8 * (n - 1) + 1 for n in x.shape[-2:]]",
            hint="don't compute it from a map",
        ),
        "Outer edges are aligned, not the first and last pixel.": Mistake(
            "align_corners=True", "align_corners=False", hint="What must coincide"
        ),
        "The output has the right size, but its cells are 16 pixels apart.": Mistake(
            "self.pool4 = nn.MaxPool2d(3, stride=1, padding=1)",
            "self.pool4 = nn.MaxPool2d(3, stride=2, padding=1)",
            hint="DeepLab takes that stride away",
        ),
        "The padded ring stays, squeezed into the image.": Mistake(
            "self.fc7 = nn.Conv2d(width, width, 1)",
            "self.fc7 = nn.Conv2d(width, width, 1, padding=1)",
            'return F.interpolate(scores, size, mode="bilinear", align_corners=True)',
            'return F.interpolate(scores, size, mode="bilinear", align_corners=False)',
            hint="a 1x1 convolution needs no padding",
        ),
        "The stride moves from pool4 to conv5.": Mistake(
            "padding=2", "stride=2, padding=2", hint="DeepLab takes that stride away"
        ),
        "Height and width are swapped.": Mistake(
            "shape[-2:]", "shape[:-3:-1]", hint="image's own"
        ),
    },
}
