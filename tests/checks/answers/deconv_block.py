"""Answers to exercise 2.2: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # A sequence of three kinds of layer.
    "sequential": """
class DeconvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, num_layers):
        super().__init__()
        layers = []
        for k in range(num_layers):
            width = out_channels if k == num_layers - 1 else in_channels
            layers += [
                nn.ConvTranspose2d(in_channels, width, 3, padding=1),
                nn.BatchNorm2d(width),
                nn.ReLU(),
            ]
        self.layers = nn.Sequential(*layers)

    def forward(self, x, indices, output_size):
        x = F.max_unpool2d(x, indices, 2, output_size=output_size)
        return self.layers(x)
""",
    # Two lists, and ReLU as a function.
    "module_list": """
from itertools import pairwise


class DeconvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, num_layers):
        super().__init__()
        widths = [in_channels] * num_layers + [out_channels]
        self.deconvs = nn.ModuleList(
            nn.ConvTranspose2d(a, b, 3, 1, 1) for a, b in pairwise(widths)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(width) for width in widths[1:])

    def forward(self, x, indices, output_size):
        x = F.max_unpool2d(x, indices, 2, output_size=output_size)
        for deconv, norm in zip(self.deconvs, self.norms, strict=True):
            x = norm(deconv(x)).relu()
        return x
""",
    # The layers of the package.
    "package_layers": """
from course_utils.models.blocks import Unpool
from course_utils.models.deconvnet import deconv_relu


class DeconvBlock(nn.Module):
    def __init__(self, in_channels, out_channels, num_layers):
        super().__init__()
        self.unpool = Unpool()
        layers = []
        for _ in range(num_layers - 1):
            layers += deconv_relu(in_channels, in_channels, padding=1)
        layers += deconv_relu(in_channels, out_channels, padding=1)
        self.layers = nn.Sequential(*layers)

    def forward(self, x, indices, output_size):
        return self.layers(self.unpool(x, indices, output_size))
""",
    # No bias, since normalization has one, and a module that unpools.
    "without_bias": Variant(
        "sequential",
        "padding=1",
        "padding=1, bias=False",
        "(*layers)",
        "(*layers)\n        self.unpool = nn.MaxUnpool2d(2)",
        "x = F.max_unpool2d … layers(x)",
        "return self.layers(self.unpool(x, indices, output_size=output_size))",
    ),
}

MISTAKES = {
    "sequential": {
        "The first layer changes the channels.": Mistake(
            "out_channels if k == num_layers - 1 else in_channels",
            "in_channels if k == 0 else out_channels",
            "(in_channels … width)",
            """(width, out_channels, 3, padding=1),
                nn.BatchNorm2d(out_channels)""",
            hint="Only the last layer changes",
        ),
        "The kernel is 5×5, since an unpooled map is sparse.": Mistake(
            "3, padding=1", "5, padding=2", hint="3×3, stride 1, padding 1"
        ),
        "The layers are in a plain list, where torch does not see them.": Mistake(
            "nn.Sequential(*layers)",
            "[nn.Sequential(*layers)]",
            "self.layers(x)",
            "self.layers[0](x)",
            hint="got []",
        ),
        "The map is enlarged by copying, without the indices.": Mistake(
            "max_unpool2d(x, indices, 2, output_size=output_size)",
            "interpolate(x, size=output_size)",
            hint="enlarges by copies",
        ),
        "Batch normalization is left out.": Mistake(
            "BatchNorm2d … ReLU", "ReLU", hint="batch normalization and ReLU"
        ),
        "The size before the pool is taken to be twice the map.": Mistake(
            ", output_size=output_size", "", hint="not twice 4"
        ),
        "A transposed convolution without padding grows the map.": Mistake(
            "3, padding=1", "3", hint="unpool first, then the layers"
        ),
        "Three linear layers in a row are one.": Mistake(
            "\n                nn.ReLU(),", "", hint="ReLU is missing"
        ),
        "The last layer has no ReLU, as a score would.": Mistake(
            "layers(x)", "layers[:-1](x)", hint="missing after the last layer"
        ),
        "The order of a dense block: normalization, ReLU, convolution.": Mistake(
            "ConvTranspose2d … ReLU()",
            """BatchNorm2d(in_channels),
                nn.ReLU(),
                nn.ConvTranspose2d(in_channels, width, 3, padding=1)""",
            hint="Each layer is a transposed convolution",
        ),
        "One more layer changes the channels.": Mistake(
            "(num_layers):\n            width = out_channels if k == num_layers - 1",
            "(num_layers + 1):\n            width = out_channels if k == num_layers",
            hint="Each layer is a transposed convolution",
        ),
        "The layers are convolutions, as in SegNet.": Mistake(
            "ConvTranspose2d", "Conv2d", hint="wants transposed ones"
        ),
        "ReLU comes between the convolution and its normalization.": Mistake(
            "nn.BatchNorm2d(width),\n                nn.ReLU(),",
            "nn.ReLU(),\n                nn.BatchNorm2d(width),",
            hint="not before",
        ),
        "Batch normalization stays in evaluation mode.": Mistake(
            "layers(x)", "layers.eval()(x)", hint="takes the statistics of the batch"
        ),
        "The transposed convolution has stride 2.": Mistake(
            "width, 3", "width, 4, stride=2", hint="unpool first, then the layers"
        ),
        "The layers come first, unpooling last.": Mistake(
            "F.max_unpool2d … layers(x)",
            """self.layers(x)
        return F.max_unpool2d(x, indices, 2, output_size=output_size)""",
            hint="Unpool first",
        ),
        "A 1×1 layer for a shortcut is made but never used.": Mistake(
            "*layers)",
            "*layers)\n        self.shortcut = nn.Conv2d(in_channels, out_channels, 1)",
            hint="none unused",
        ),
        "The map is detached before it is unpooled.": Mistake(
            "x, indices, 2", "x.detach(), indices, 2", hint="no detach"
        ),
    },
}
