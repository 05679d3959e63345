"""Answers to exercise 2.4: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # One helper for the three parts.
    "helper": """
def layers(kind, in_channels, out_channels, kernel_size):
    return nn.Sequential(
        kind(in_channels, out_channels, kernel_size),
        nn.BatchNorm2d(out_channels),
        nn.ReLU(),
    )


class Bottleneck(nn.Module):
    def __init__(self, in_channels, hidden_channels):
        super().__init__()
        self.fc6 = layers(nn.Conv2d, in_channels, hidden_channels, 7)
        self.fc7 = layers(nn.Conv2d, hidden_channels, hidden_channels, 1)
        self.fc6_deconv = layers(nn.ConvTranspose2d, hidden_channels, in_channels, 7)

    def forward(self, pool5):
        height, width = pool5.shape[-2:]
        missing = (0, max(0, 7 - width), 0, max(0, 7 - height))
        x = self.fc6(F.pad(pool5, missing))
        x = self.fc6_deconv(self.fc7(x))
        return x[..., :height, :width]
""",
    # The layers of the package.
    "package_layers": """
from course_utils.models.blocks import conv_relu
from course_utils.models.deconvnet import deconv_relu


class Bottleneck(nn.Module):
    def __init__(self, in_channels, hidden_channels):
        super().__init__()
        wide = hidden_channels
        self.fc6 = nn.Sequential(
            *conv_relu(in_channels, wide, 7, padding=0, batch_norm=True)
        )
        self.fc7 = nn.Sequential(*conv_relu(wide, wide, 1, batch_norm=True))
        self.fc6_deconv = nn.Sequential(*deconv_relu(wide, in_channels, 7))

    def forward(self, pool5):
        height, width = pool5.shape[-2:]
        x = F.pad(pool5, (0, max(7 - width, 0), 0, max(7 - height, 0)))
        for part in (self.fc6, self.fc7, self.fc6_deconv):
            x = part(x)
        return x[..., :height, :width]
""",
    # All layers written out, and the sizes by clamping.
    "written_out": """
class Bottleneck(nn.Module):
    def __init__(self, in_channels, hidden_channels):
        super().__init__()
        self.fc6 = nn.Conv2d(in_channels, hidden_channels, 7)
        self.norm6 = nn.BatchNorm2d(hidden_channels)
        self.fc7 = nn.Conv2d(hidden_channels, hidden_channels, 1)
        self.norm7 = nn.BatchNorm2d(hidden_channels)
        self.fc6_deconv = nn.ConvTranspose2d(hidden_channels, in_channels, 7)
        self.norm = nn.BatchNorm2d(in_channels)

    def forward(self, pool5):
        n, c, height, width = pool5.shape
        x = pool5.new_zeros(n, c, max(height, 7), max(width, 7))
        x[..., :height, :width] = pool5
        x = self.norm6(self.fc6(x)).relu()
        x = self.norm7(self.fc7(x)).relu()
        x = self.norm(self.fc6_deconv(x)).relu()
        return x[:, :, :height, :width]
""",
    # Padding as a layer, made for each map.
    "zero_pad_module": Variant(
        "helper",
        "missing = … return x[..., :height, :width]",
        """fill = nn.ZeroPad2d((0, max(0, 7 - width), 0, max(0, 7 - height)))
        x = self.fc6_deconv(self.fc7(self.fc6(fill(pool5))))
        return x.narrow(2, 0, height).narrow(3, 0, width)""",
    ),
}

MISTAKES = {
    "helper": {
        "A map with one short side is forced to 7×7, cutting a longer side.": Mistake(
            "missing = … x = self.fc6_deconv(self.fc7(x))",
            """x = pool5
        if min(height, width) < 7:
            x = F.pad(pool5, (0, 7 - width, 0, 7 - height))
        x = self.fc6_deconv(self.fc7(self.fc6(x)))""",
            hint="Each side that is below 7",
        ),
        "Whole channels are dropped in training.": Mistake(
            "self.fc6(F.pad(pool5, missing))",
            "F.dropout2d(self.fc6(F.pad(pool5, missing)), 0.5, self.training)",
            "self.fc7(x)",
            "F.dropout2d(self.fc7(x), 0.5, self.training)",
            hint="In training nothing is dropped",
        ),
        "Batch normalization is left out.": Mistake(
            "nn.BatchNorm2d … ReLU", "nn.ReLU", hint="its own batch normalization"
        ),
        "The layers are linear.": Mistake(
            "\n        nn.ReLU(),", "", hint="ReLU is missing."
        ),
        "The padding is not cut off again.": Mistake(
            "[..., :height, :width]", "", hint="padded with zeros to 7×7"
        ),
        "The last layer has no ReLU.": Mistake(
            "(self.fc7(x))", "[:2](self.fc7(x))", hint="missing after fc6_deconv"
        ),
        "Classes are scored from the hidden channels, as in FCN.": Mistake(
            "fc6_deconv =",
            "score = nn.Conv2d(hidden_channels, 21, 1)\n        self.fc6_deconv =",
            "x[..., :height, :width]",
            "self.score(self.fc7(self.fc6(pool5)))",
            hint="comes back as large",
        ),
        "pool5 is added to what comes back.": Mistake(
            "width]", "width] + pool5", hint="in this order"
        ),
        "A map smaller than 7×7 is not padded.": Mistake(
            "F.pad(pool5, missing)", "pool5", hint="padded with zeros to 7×7"
        ),
        "A score layer is left over from FCN but never called.": Mistake(
            "self.fc6_deconv =",
            "self.score = nn.Conv2d(hidden_channels, 21, 1)\n        self.fc6_deconv =",
            hint="none unused",
        ),
    },
    "zero_pad_module": {
        "A small map is interpolated to 7×7 and back.": Mistake(
            "height, width = … narrow(3, 0, width)",
            """size = pool5.shape[-2:]
        large = [max(7, n) for n in size]
        x = F.interpolate(pool5, size=large)
        return F.interpolate(self.fc6_deconv(self.fc7(self.fc6(x))), size=size)""",
            hint="padded with zeros to 7×7",
        ),
        "fc7 is made but never called.": Mistake(
            "height, width = … narrow(3, 0, width)",
            "x = self.fc6_deconv(self.fc6(pool5))\n        return x",
            hint="fc7",
        ),
        "Interpolation takes the place of the deconvolution.": Mistake(
            "in_channels, 7",
            "in_channels, 1",
            "height, width = … narrow(3, 0, width)",
            """x = self.fc6_deconv(self.fc7(self.fc6(pool5)))
        return F.interpolate(x, size=pool5.shape[-2:])""",
            hint="fc6_deconv",
        ),
        "The layers are made but never called.": Mistake(
            "height, width = … narrow(3, 0, width)",
            "return pool5",
            hint="never calls learns nothing",
        ),
        "A small map is centered in the 7×7 cells.": Mistake(
            "fill = … narrow(3, 0, width)",
            """down, right = max(0, 7 - height), max(0, 7 - width)
        top, left = down // 2, right // 2
        x = F.pad(pool5, (left, right - left, top, down - top))
        x = self.fc6_deconv(self.fc7(self.fc6(x)))
        return x[..., top : top + height, left : left + width]""",
            hint="at the bottom and right only",
        ),
        "fc6 is padded by 3, as in FCN, and the deconvolution too.": Mistake(
            "(in_channels, out_channels, kernel_size)",
            "(in_channels, out_channels, kernel_size, padding=kernel_size // 2)",
            "height, width = … narrow(3, 0, width)",
            "return self.fc6_deconv(self.fc7(self.fc6(pool5)))",
            hint="without padding or stride",
        ),
    },
}
