"""Answers to exercise 5.2: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # The layers in a row.
    "sequential": """
class LargeFOVHead(nn.Module):
    def __init__(self, in_channels, num_classes, hidden_channels=1024, dilation=12):
        super().__init__()
        width = hidden_channels
        self.layers = nn.Sequential(
            nn.Conv2d(in_channels, width, 3, padding=dilation, dilation=dilation),
            nn.ReLU(),
            nn.Dropout(),
            nn.Conv2d(width, width, 1),
            nn.ReLU(),
            nn.Dropout(),
            nn.Conv2d(width, num_classes, 1),
        )

    def forward(self, x):
        return self.layers(x)
""",
    # Layers by name, rectified in forward.
    "by_name": """
class LargeFOVHead(nn.Module):
    def __init__(self, in_channels, num_classes, hidden_channels=1024, dilation=12):
        super().__init__()
        padding = dilation * (3 - 1) // 2
        self.fc6 = nn.Conv2d(
            in_channels, hidden_channels, 3, padding=padding, dilation=dilation
        )
        self.fc7 = nn.Conv2d(hidden_channels, hidden_channels, 1)
        self.score = nn.Conv2d(hidden_channels, num_classes, 1)
        self.dropout = nn.Dropout(0.5)

    def forward(self, x):
        x = self.dropout(self.fc6(x).relu())
        x = self.dropout(self.fc7(x).relu())
        return self.score(x)
""",
    # Dropout by function, which is told whether it trains.
    "functional_dropout": """
class LargeFOVHead(nn.Module):
    def __init__(self, in_channels, num_classes, hidden_channels=1024, dilation=12):
        super().__init__()
        self.fc6 = nn.Conv2d(
            in_channels, hidden_channels, 3, padding=dilation, dilation=dilation
        )
        self.fc7 = nn.Conv2d(hidden_channels, hidden_channels, 1)
        self.score = nn.Conv2d(hidden_channels, num_classes, 1)

    def forward(self, x):
        for layer in (self.fc6, self.fc7):
            x = F.dropout(F.relu(layer(x)), 0.5, training=self.training)
        return self.score(x)
""",
    # torch works the padding out.
    "padding_same": Variant(
        "sequential",
        "width, 3, padding=dilation",
        'hidden_channels, 3, padding="same"',
        "Dropout(),\n            nn.Conv2d(width, width",
        "Dropout(0.3),\n            nn.Conv2d(width, width",
        "Dropout()",
        "Dropout(0.3)",
    ),
}

MISTAKES = {
    "sequential": {
        "Batch normalization is added, which the layer does not have.": Mistake(
            "dilation=dilation),",
            "dilation=dilation),\n            nn.BatchNorm2d(width),",
            hint="no other layer that learns",
        ),
        "The features are detached, so the backbone never learns.": Mistake(
            "return self.layers(x)", "return self.layers(x.detach())", hint="no detach"
        ),
        "The argument dilation is not passed on.": Mistake(
            "dilation, dilation=dilation", "1", hint="distance between the taps"
        ),
        "LargeFOV's dilation and padding are hard-coded.": Mistake(
            "dilation,", "12,", "dilation)", "12)", hint="12 is only its default"
        ),
        "The head enlarges the logits by 8.": Mistake(
            "return self.layers(x)",
            'return F.interpolate(self.layers(x), scale_factor=8, mode="bilinear")',
            hint="should have shape",
        ),
        "fc7 is left out.": Mistake(
            "nn.Conv2d(width, width, 1), … Conv2d",
            "nn.Conv2d",
            hint="should have three nn.Conv2d, got 2",
        ),
        "Every layer has a kernel of 3.": Mistake(
            "width, 1", "width, 3, padding=1", hint="only first"
        ),
        "LargeFOV's width is hard-coded.": Mistake(
            "= hidden_channels", "= 1024", hint="hidden_channels stand between"
        ),
        "fc6 is grouped, so it never mixes all channels.": Mistake(
            "width, 3, padding=dilation, dilation=dilation",
            "width // 5 * 5 or 5, 3, 1, dilation, dilation, 5",
            "nn.Conv2d(width, width",
            "nn.Conv2d(width // 5 * 5 or 5, width",
            hint="shaped",
        ),
        "The convolutions have no bias.": Mistake(
            "dilation)", "dilation, bias=False)", hint="Each convolution has a bias"
        ),
        "fc6 is not padded, so small maps fail.": Mistake(
            "padding=dilation, dilation", "dilation", hint="How much must fc6 be padded"
        ),
        "The 1x1 layers are padded by 1, which adds a ring of constants.": Mistake(
            "width, 1", "width, 1, padding=1", hint="a 1x1 layer at all"
        ),
        "fc6 is padded as if it were not dilated.": Mistake(
            "padding=dilation", "padding=1", hint="How much must fc6 be padded"
        ),
        "The logits are rectified too.": Mistake(
            "layers(x)", "layers(x).relu()", hint="No ReLU at the end"
        ),
        "The return statement is missing.": Mistake("return self", "self", hint="None"),
        "fc6 keeps VGG16's kernel of 7.": Mistake(
            "3, padding=dilation", "7, padding=3 * dilation", hint="only first"
        ),
        "Probabilities are returned, not logits.": Mistake(
            "layers(x)", "layers(x).softmax(dim=1)", hint="no softmax"
        ),
    },
    "by_name": {
        "fc6 is frozen, as if it were already trained.": Mistake(
            "self.fc7 =",
            "self.fc6.requires_grad_(False)\n        self.fc7 =",
            hint="gradient",
        ),
        "There is no dropout at all.": Mistake(
            "nn.Dropout(0.5)", "nn.Identity()", hint="should be random in training"
        ),
        "Without ReLUs, three linear layers are one.": Mistake(
            "fc6(x).relu()", "fc6(x)", ".relu()", "", hint="ReLU is missing between"
        ),
        "The ReLU after fc6 is missing.": Mistake(
            "fc6(x).relu()", "fc6(x)", hint="missing after the first"
        ),
        "The ReLU after fc7 is missing.": Mistake(
            "fc7(x).relu()", "fc7(x)", hint="missing after the second"
        ),
        "nn.Dropout2d drops whole channels.": Mistake(
            "nn.Dropout", "nn.Dropout2d", hint="nn.Dropout2d drops"
        ),
    },
    "functional_dropout": {
        "F.dropout stays on in evaluation mode.": Mistake(
            ", 0.5, training=self.training", "", hint="should be"
        ),
    },
}
