"""Answers to exercise 6.3: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # Each block is a module: a convolution and its ReLU.
    "blocks_of_two": """
class Look(nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        self.conv = nn.Conv2d(
            channels, channels, 3, padding=dilation, dilation=dilation
        )
        nn.init.dirac_(self.conv.weight)
        nn.init.constant_(self.conv.bias, 0)

    def forward(self, x):
        return self.conv(x).relu()


class ContextModule(nn.Sequential):
    def __init__(self, num_classes):
        super().__init__(*(Look(num_classes, d) for d in (1, 1, 2, 4, 8, 16, 1)))
        self.append(nn.Conv2d(num_classes, num_classes, 1))
        nn.init.dirac_(self[-1].weight)
        nn.init.constant_(self[-1].bias, 0)
""",
    # Every layer is an attribute of its own.
    "eight_attributes": """
def identity(channels, kernel_size, dilation):
    padding = dilation * (kernel_size // 2)
    conv = nn.Conv2d(channels, channels, kernel_size, 1, padding, dilation)
    conv.weight.data.zero_()
    for k in range(channels):
        conv.weight.data[k, k, kernel_size // 2, kernel_size // 2] = 1
    conv.bias.data.zero_()
    return conv


class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        c = num_classes
        self.layer1 = identity(c, 3, 1)
        self.layer2 = identity(c, 3, 1)
        self.layer3 = identity(c, 3, 2)
        self.layer4 = identity(c, 3, 4)
        self.layer5 = identity(c, 3, 8)
        self.layer6 = identity(c, 3, 16)
        self.layer7 = identity(c, 3, 1)
        self.layer8 = identity(c, 1, 1)

    def forward(self, logits):
        x = self.layer1(logits).clamp(min=0)
        x = self.layer2(x).clamp(min=0)
        x = self.layer3(x).clamp(min=0)
        x = self.layer4(x).clamp(min=0)
        x = self.layer5(x).clamp(min=0)
        x = self.layer6(x).clamp(min=0)
        x = self.layer7(x).clamp(min=0)
        return self.layer8(x)
""",
    # Layers in a ModuleList, ReLUs in forward.
    "module_list": """
class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        layers = [
            nn.Conv2d(num_classes, num_classes, 3, padding=d, dilation=d)
            for d in (1, 1, 2, 4, 8, 16, 1)
        ]
        layers.append(nn.Conv2d(num_classes, num_classes, 1))
        self.layers = nn.ModuleList(layers)
        for layer in layers:
            nn.init.dirac_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, logits):
        *layers, last = self.layers
        for layer in layers:
            logits = F.relu(layer(logits))
        return last(logits)
""",
    # The map is padded by hand before each layer.
    "padded_by_hand": """
class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        dilations = (1, 1, 2, 4, 8, 16, 1)
        self.near_to_far = nn.ModuleList(
            nn.Conv2d(num_classes, num_classes, 3, dilation=d) for d in dilations
        )
        self.last = nn.Conv2d(num_classes, num_classes, 1)
        for layer in (*self.near_to_far, self.last):
            nn.init.dirac_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, logits):
        for layer in self.near_to_far:
            margin = layer.dilation[0]
            logits = F.relu(layer(F.pad(logits, [margin] * 4)))
        return self.last(logits)
""",
    # One nn.Sequential does it all.
    "sequential": """
class ContextModule(nn.Module):
    def __init__(self, num_classes):
        super().__init__()
        layers = []
        for d in (1, 1, 2, 4, 8, 16, 1):
            conv = nn.Conv2d(num_classes, num_classes, 3, padding="same", dilation=d)
            layers += [conv, nn.ReLU(inplace=True)]
        self.layers = nn.Sequential(*layers, nn.Conv2d(num_classes, num_classes, 1))
        self.apply(start_as_identity)

    def forward(self, logits):
        return self.layers(logits)


def start_as_identity(layer):
    if isinstance(layer, nn.Conv2d):
        nn.init.dirac_(layer.weight)
        nn.init.zeros_(layer.bias)
""",
}

MISTAKES = {
    "module_list": {
        "The loop ends one layer too early.": Mistake(
            "*layers, last = self.layers\n        for layer in layers:",
            "*layers, last = self.layers\n        for layer in layers[:-1]:",
            hint="none is skipped",
        ),
        "Every layer is normalized, which undoes the identity.": Mistake(
            "Conv2d(num_classes, num_classes, 3, padding=d, dilation=d)",
            """Sequential(
                nn.Conv2d(num_classes, num_classes, 3, padding=d, dilation=d),
                nn.BatchNorm2d(num_classes, eps=0),
            )""",
            "layers:\n            nn.init",
            """self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init""",
            "(layer.weight)\n            nn.init",
            "(layer.weight)\n                nn.init",
            hint="Seven 3x3 layers",
        ),
        "VOC's 21 classes are hard-coded.": Mistake(
            "layers = [",
            "num_classes = 21\n        layers = [",
            hint="All layers have num_classes channels",
        ),
        "Dropout comes before the 1x1 layer.": Mistake(
            "nn.init.zeros_(layer.bias)",
            "nn.init.zeros_(layer.bias)\n        self.dropout = nn.Dropout(0.5)",
            "return last(logits)",
            "return last(self.dropout(logits))",
            hint="the same in training",
        ),
        "The widest dilation comes first.": Mistake(
            "1, 2, 4, 8, 16", "16, 8, 4, 2, 1", hint="from near to far"
        ),
        "The logits are detached, so the front-end can't learn.": Mistake(
            "def forward(self, logits):",
            "def forward(self, x):\n        logits = x.detach()",
            hint="and so does the front-end",
        ),
        "Every 3x3 layer gets the module's input; the last output is kept.": Mistake(
            "logits = F", "x = F", "last(logits)", "last(x)", hint="right shape"
        ),
        "Every layer gets the module's input, and only the last one counts.": Mistake(
            "logits = F.relu(layer(logits))", "layer(logits)", hint="right shape"
        ),
        "The last 3x3 layer, of dilation 1, is left out.": Mistake(
            "8, 16, 1", "8, 16", hint="Seven 3x3 layers"
        ),
        "The last layer is 3x3 as well.": Mistake(
            "num_classes, 1)", "num_classes, 3, padding=1)", hint="a 1x1 layer"
        ),
        "The last 3x3 layer has no ReLU.": Mistake(
            "*layers, last = self.layers",
            "*layers, near, last = self.layers",
            "return last(logits)",
            "return last(near(logits))",
            hint="missing after the last 3x3",
        ),
        "The layers have no bias.": Mistake(
            "dilation=d",
            "dilation=d, bias=False",
            "num_classes, 1)",
            "num_classes, 1, bias=False)",
            "\n            nn.init.zeros_(layer.bias)",
            "",
            hint="with a bias",
        ),
        "Nothing is padded, as in the front-end of the paper.": Mistake(
            "padding=d, dilation", "dilation", hint="a padding of their dilation"
        ),
        "Without ReLUs, all layers are one linear layer.": Mistake(
            "F.relu(layer(logits))", "layer(logits)", hint="ReLUs are missing"
        ),
        "The layers run under no_grad, as if the module were frozen.": Mistake(
            "def forward",
            "@torch.no_grad()\n    def forward",
            hint="no no_grad, no detach",
        ),
        "The final 1x1 layer is left out.": Mistake(
            "layers.append(nn.Conv2d(num_classes, num_classes, 1))",
            "layers.append(nn.Identity())",
            "in layers:\n            nn.init",
            "in layers[:-1]:\n            nn.init",
            hint="a 1x1 layer",
        ),
        "All layers are padded by 1, as plain 3x3 layers are.": Mistake(
            "padding=d", "padding=1", hint="a padding of their dilation"
        ),
        "The layers are kept in a plain list, so nothing is registered.": Mistake(
            "nn.ModuleList(layers)", "layers", hint="plain list"
        ),
        "The dilations go on doubling to the end.": Mistake(
            "8, 16, 1", "8, 16, 32", hint="After 16 comes 1"
        ),
        "The 1x1 layer keeps its random start.": Mistake(
            "layers:\n            nn.init",
            "layers[:-1]:\n            nn.init",
            hint="the 1x1 too",
        ),
        "The layers keep torch's random start.": Mistake(
            "(layers … bias)", "(layers)", hint="starts as the identity"
        ),
        "The layers pad by repeating the border.": Mistake(
            "dilation=d",
            'dilation=d, padding_mode="replicate"',
            hint="padded with zeros",
        ),
        "A ReLU follows the 1x1 layer, too.": Mistake(
            "last(logits)", "F.relu(last(logits))", hint="No ReLU after the 1x1"
        ),
        "All layers of dilation 1 share their weights.": Mistake(
            "self.layers =",
            "layers[1] = layers[6] = layers[0]\n        self.layers =",
            hint="each its own",
        ),
        "The input is added to the output.": Mistake(
            "def forward(self, logits):",
            "def forward(self, x):\n        logits = x",
            "return last",
            "return x + last",
            hint="no shortcuts",
        ),
        "Dilation is forgotten, and the padding with it.": Mistake(
            "padding=d, dilation=d", "padding=1", hint="all layers have dilation 1"
        ),
    },
}
