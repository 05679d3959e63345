"""Answers to exercise 4.3: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # Layers in a list, maps in a list.
    "module_list": """
class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        self.layers = nn.ModuleList()
        for _ in range(num_layers):
            self.layers.append(
                nn.Sequential(
                    nn.BatchNorm2d(in_channels),
                    nn.ReLU(),
                    nn.Conv2d(in_channels, growth_rate, 3, padding=1),
                    nn.Dropout(0.2),
                )
            )
            in_channels += growth_rate

    def forward(self, x):
        new = []
        for layer in self.layers:
            new.append(layer(torch.cat([x, *new], dim=1)))
        return torch.cat([x, *new], dim=1), torch.cat(new, dim=1)
""",
    # The stack grows by one concatenation a layer.
    "growing_stack": Variant(
        "module_list",
        "new = [] … new, dim=1)",
        """stack, start = x, x.shape[1]
        for layer in self.layers:
            stack = torch.cat((stack, layer(stack)), 1)
        return stack, stack[:, start:]""",
    ),
    # A layer is a class of its own, without biases.
    "own_layer_class": """
class Layer(nn.Module):
    def __init__(self, in_channels, growth_rate):
        super().__init__()
        self.norm = nn.BatchNorm2d(in_channels)
        self.conv = nn.Conv2d(in_channels, growth_rate, 3, padding=1, bias=False)

    def forward(self, x):
        x = self.conv(F.relu(self.norm(x)))
        return F.dropout(x, 0.2, training=self.training)


class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        widths = range(in_channels, in_channels + num_layers * growth_rate, growth_rate)
        self.layers = nn.ModuleList(Layer(width, growth_rate) for width in widths)

    def forward(self, x):
        maps = [x]
        for layer in self.layers:
            maps.append(layer(torch.cat(maps, dim=1)))
        return torch.cat(maps, dim=1), torch.cat(maps[1:], dim=1)
""",
    # New maps are split off the stack that they were written into.
    "preallocated": """
class DenseBlock(nn.Module):
    def __init__(self, in_channels, growth_rate, num_layers):
        super().__init__()
        self.in_channels = in_channels
        self.norms, self.convs = nn.ModuleList(), nn.ModuleList()
        for k in range(num_layers):
            width = in_channels + k * growth_rate
            self.norms.append(nn.BatchNorm2d(width))
            self.convs.append(nn.Conv2d(width, growth_rate, 3, padding="same"))
        self.dropout = nn.Dropout(p=0.2)

    def forward(self, x):
        for norm, conv in zip(self.norms, self.convs, strict=True):
            x = torch.cat([x, self.dropout(conv(norm(x).relu()))], dim=1)
        new = x.shape[1] - self.in_channels
        return x, x.split([self.in_channels, new], dim=1)[1]
""",
}

MISTAKES = {
    "module_list": {
        "Each layer sees only the layer before it.": Mistake(
            "in_channels += growth_rate",
            "in_channels = growth_rate",
            "torch.cat([x, *new], dim=1)))",
            "new[-1] if new else x))",
            hint="maps of all layers before it",
        ),
        "The stack is returned with the new maps first.": Mistake(
            "x, *new], dim=1),", "*new, x], dim=1),", hint="all begins with the input"
        ),
        "Dropout comes before the convolution.": Mistake(
            "Conv2d … Dropout(0.2)",
            """Dropout(0.2),
                    nn.Conv2d(in_channels, growth_rate, 3, padding=1)""",
            hint="comes last",
        ),
        "F.dropout stays on in evaluation mode.": Mistake(
            "\n                    nn.Dropout(0.2),",
            "",
            "new.append(layer(torch.cat([x, *new], dim=1)))",
            "new.append(F.dropout(layer(torch.cat([x, *new], 1)), 0.2))",
            hint="new of DenseBlock",
        ),
        "Dropout of a half, torch's default.": Mistake(
            "nn.Dropout(0.2),",
            "nn.Dropout(),",
            hint="should drop 20 % of the new maps in training, got 50 %",
        ),
        "Each layer sees only the input and the newest maps.": Mistake(
            "for _ in range(num_layers):",
            "first = in_channels\n        for _ in range(num_layers):",
            "in_channels += growth_rate",
            "in_channels = first + growth_rate",
            "new.append(layer(torch.cat([x, *new], dim=1)))",
            "new.append(layer(torch.cat([x, *new[-1:]], dim=1)))",
            hint="maps of all layers before it",
        ),
        "The new maps are returned first.": Mistake(
            "return torch.cat([x, *new], dim=1), torch.cat(new, dim=1)",
            "return torch.cat(new, dim=1), torch.cat([x, *new], dim=1)",
            hint="all of DenseBlock",
        ),
        "The newest maps are put before the input.": Mistake(
            "new = [] … return torch.cat([x, *new], dim=1)",
            """new, stack = [], x
        for layer in self.layers:
            new.append(layer(stack))
            stack = torch.cat([new[-1], stack], dim=1)
        return stack""",
            hint="the input first, then the new maps",
        ),
        "Dropout is forgotten.": Mistake(
            "\n                    nn.Dropout(0.2),", "", hint="should drop 20 %"
        ),
        "The convolutions are not padded, so the maps no longer fit.": Mistake(
            "3, padding=1", "3", hint="maps"
        ),
        "ReLU is forgotten.": Mistake(
            "nn.ReLU(),\n                    ", "", hint="ReLU is missing"
        ),
        "The order of VGG: convolution, normalization, ReLU.": Mistake(
            "BatchNorm2d(in_channels … padding=1)",
            """Conv2d(in_channels, growth_rate, 3, padding=1),
                    nn.BatchNorm2d(growth_rate),
                    nn.ReLU()""",
            hint="batch normalization, ReLU, 3×3 convolution",
        ),
        "Only the whole stack is returned.": Mistake(
            ", torch.cat(new, dim=1)", "", hint="should return two maps"
        ),
        "ReLU comes before the normalization.": Mistake(
            "nn.BatchNorm2d(in_channels),\n                    nn.ReLU(),",
            "nn.ReLU(),\n                    nn.BatchNorm2d(in_channels),",
            hint="Normalize first, then rectify",
        ),
        "The same layer is used every time.": Mistake(
            "in_channels += growth_rate",
            "break\n        self.layers.extend(list(self.layers) * (num_layers - 1))",
            "(torch.cat([x, *new], dim=1))",
            "(x)",
            hint="maps of all layers before it",
        ),
        "Dropout2d drops whole maps, as the lecture's code does.": Mistake(
            "nn.Dropout(0.2),", "nn.Dropout2d(0.2),", hint="Dropout2d drops whole maps"
        ),
    },
}
