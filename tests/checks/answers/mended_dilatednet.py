"""Answers to exercise 6.5: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # A frozen transposed convolution of each class by itself.
    "frozen_transposed": """
from course_utils.models.blocks import bilinear_kernel
from course_utils.models.dilatednet import ContextModule


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)
        self.upsampling = nn.ConvTranspose2d(
            num_classes,
            num_classes,
            16,
            stride=8,
            padding=4,
            groups=num_classes,
            bias=False,
        )
        self.upsampling.weight.data[:] = bilinear_kernel(8)
        self.upsampling.requires_grad_(False)

    def forward(self, images):
        x = self.upsampling(self.context(self.front_end(images)))
        height, width = images.shape[-2:]
        return x[..., :height, :width]
""",
    # Front-end and context module in one sequence; cells repeated at the border first.
    "in_one_sequence": Variant(
        "interpolated",
        "self.front_end = front_end … ContextModule(num_classes)",
        "self.cells = nn.Sequential(front_end, ContextModule(num_classes))",
        "x = self.context( … :height, :width]",
        """x = F.pad(self.cells(images), (1, 1, 1, 1), mode="replicate")
        x = F.interpolate(x, scale_factor=8, mode="bilinear", align_corners=False)
        height, width = images.shape[-2:]
        return x[..., 8 : 8 + height, 8 : 8 + width]""",
    ),
    # The package's context module, and interpolation by 8.
    "interpolated": """
from course_utils.models.dilatednet import ContextModule


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = ContextModule(num_classes)

    def forward(self, images):
        x = self.context(self.front_end(images))
        x = F.interpolate(x, scale_factor=8, mode="bilinear")
        height, width = images.shape[-2:]
        return x[..., :height, :width]
""",
    # The bilinear kernel is a buffer, and the context module is written out.
    "kernel_as_buffer": """
from course_utils.models.blocks import bilinear_kernel


class Context(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Conv2d(num_classes, num_classes, 3, padding=d, dilation=d)
            for d in (1, 1, 2, 4, 8, 16, 1)
        )
        self.last = nn.Conv2d(num_classes, num_classes, 1)
        for layer in (*self.layers, self.last):
            nn.init.dirac_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.last(x)


class MendedDilatedNet(nn.Module):
    def __init__(self, front_end, num_classes):
        super().__init__()
        self.front_end = front_end
        self.context = Context(num_classes)
        kernel = bilinear_kernel(8).expand(num_classes, 1, 16, 16)
        self.register_buffer("kernel", kernel.clone())

    def forward(self, images):
        x = self.context(self.front_end(images))
        groups = x.shape[1]
        x = F.conv_transpose2d(x, self.kernel, stride=8, padding=4, groups=groups)
        height, width = images.shape[-2:]
        return x[:, :, :height, :width]
""",
    # Enlarged by two matrix products, cut off by narrow.
    "two_matrices": Variant(
        "interpolated",
        "from",
        "from course_utils.models.blocks import upsample_bilinear\nfrom",
        "x = F.interpolate( … height, :width]",
        """rows, columns = x.shape[-2:]
        x = upsample_bilinear(x, (8 * rows, 8 * columns))
        return x.narrow(2, 0, images.shape[2]).narrow(3, 0, images.shape[3])""",
    ),
}

MISTAKES = {
    "frozen_transposed": {
        "The frozen enlargement keeps a random bias.": Mistake(
            "\n            bias=False,", "", hint="no bias"
        ),
        "The enlargement starts bilinear but is trained.": Mistake(
            "\n        self.upsampling.requires_grad_(False)",
            "",
            hint="the enlargement is fixed",
        ),
        "Each class is enlarged with a random kernel.": Mistake(
            "self.upsampling.weight … self", "self", hint="mixes no classes"
        ),
    },
    "interpolated": {
        "The outermost cells are aligned with the outermost pixels.": Mistake(
            '"bilinear"', '"bilinear", align_corners=True', hint="which moves the cells"
        ),
        "The context module runs after the enlargement.": Mistake(
            "x = self.context(self.front_end(images))",
            "x = self.front_end(images)",
            "return x[..., :height, :width]",
            "return self.context(x)[..., :height, :width]",
            hint="takes what the one before returned",
        ),
        "The context module is made but never called.": Mistake(
            "x = self.context(self.front_end(images))",
            "x = self.front_end(images)",
            hint="sees next to nothing",
        ),
        "A random transposed convolution mixes all classes.": Mistake(
            "(num_classes)",
            """(num_classes)
        self.upsampling = nn.ConvTranspose2d(
            num_classes, num_classes, 16, stride=8, padding=4
        )""",
            'context( … bilinear")',
            "upsampling(self.context(self.front_end(images)))",
            hint="mixes no classes",
        ),
        "CamVid's 11 classes are hard-coded in the enlargement.": Mistake(
            "(num_classes)",
            """(num_classes)
        self.upsampling = nn.ConvTranspose2d(
            11, 11, 16, stride=8, padding=4, bias=False
        )""",
            "x = F.interpolate … return x",
            "height, width = images.shape[-2:]\n        return self.upsampling(x)",
            hint="num_classes decides",
        ),
        "The front-end's logits are detached.": Mistake(
            "(images)", "(images).detach()", hint="The front-end learns with the rest"
        ),
        "The front-end runs under no_grad.": Mistake(
            "x = self.context(self.front_end(images))",
            """with torch.no_grad():
            x = self.front_end(images)
        x = self.context(x)""",
            hint="The front-end learns with the rest",
        ),
        "The front-end is in a list, where an optimizer can't find it.": Mistake(
            "self.front_end = front_end",
            "self.parts = [front_end]",
            "x = self.context(self.front_end(images))",
            "x = self.context(self.parts[0](images))",
            hint="The front-end and the context module learn",
        ),
        "The front-end runs twice.": Mistake(
            "context(",
            "front_end(images)\n        x = self.context(0.5 * x + 0.5 * ",
            hint="Its logits go to the context module",
        ),
        "Cells are repeated instead of interpolated.": Mistake(
            "bilinear", "nearest", hint="blocks instead of ramps"
        ),
        "The size is rounded down to whole cells.": Mistake(
            "height, width = images.shape[-2:]",
            "height, width = (side // 8 * 8 for side in images.shape[-2:])",
            hint="what was padded is cut off",
        ),
        "The front-end's padding is not cut off.": Mistake(
            "[..., :height, :width]", "", hint="what was padded is cut off"
        ),
        "The context module starts from random numbers.": Mistake(
            "self.context = ContextModule(num_classes)",
            """self.context = ContextModule(num_classes)
        for layer in self.context.modules():
            if isinstance(layer, nn.Conv2d):
                layer.reset_parameters()""",
            hint="passes positive logits on",
        ),
        "Probabilities are returned instead of logits.": Mistake(
            "width]", "width].softmax(dim=1)", hint="mixes no classes"
        ),
        "The logits are stretched to the size of the image.": Mistake(
            "scale_factor=8", "images.shape[-2:]", hint="stretched over the image"
        ),
    },
    "kernel_as_buffer": {
        "Every layer of the context module gets the front-end's logits.": Mistake(
            "x = F.relu(layer(x))", "layer(x)", hint="sees next to nothing"
        ),
    },
}
