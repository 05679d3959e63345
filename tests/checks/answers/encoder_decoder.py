"""Answers to exercise 3.4: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # Pools and unpools as functions, sizes in a list.
    "functional": """
class EncoderDecoder(nn.Module):
    def __init__(self, stages, decoder):
        super().__init__()
        self.stages, self.decoder = stages, decoder

    def forward(self, images):
        x = images
        kept = []
        for stage in self.stages:
            x = stage(x)
            size = x.shape[-2:]
            x, index = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
            kept.append((index, size))
        for stage, (index, size) in zip(self.decoder, reversed(kept), strict=True):
            x = F.max_unpool2d(x, index, 2, output_size=size)
            x = stage(x)
        return x
""",
    # Pools and unpools as layers, indices popped from a stack.
    "layers": """
class EncoderDecoder(nn.Module):
    def __init__(self, stages, decoder):
        super().__init__()
        self.stages, self.decoder = stages, decoder
        self.pool = nn.MaxPool2d(2, 2, ceil_mode=True, return_indices=True)
        self.unpool = nn.MaxUnpool2d(2, 2)

    def forward(self, images):
        x, sizes, indices = images, [], []
        for stage in self.stages:
            x = stage(x)
            sizes.append(x.size())
            x, index = self.pool(x)
            indices.append(index)
        for stage in self.decoder:
            x = stage(self.unpool(x, indices.pop(), output_size=sizes.pop()))
        return x
""",
    # Odd maps are padded with minus infinity, and cropped afterwards.
    "padded_maps": Variant(
        "functional",
        "x = images\n        kept = []",
        "x, kept = images, []",
        "size = x.shape … x = stage(x)",
        """height, width = x.shape[-2:]
            x = F.pad(x, (0, width % 2, 0, height % 2), value=float("-inf"))
            x, index = F.max_pool2d(x, 2, return_indices=True)
            kept.append((index, height, width))
        for stage in self.decoder:
            index, height, width = kept.pop()
            x = stage(F.max_unpool2d(x, index, 2)[..., :height, :width])""",
    ),
    # Each depth calls the next one.
    "recursive": """
class EncoderDecoder(nn.Module):
    def __init__(self, stages, decoder):
        super().__init__()
        self.down, self.up = stages, decoder

    def go(self, x, depth):
        if depth == len(self.down):
            return x
        x = self.down[depth](x)
        pooled, index = F.max_pool2d(x, 2, ceil_mode=True, return_indices=True)
        deeper = self.go(pooled, depth + 1)
        flat = torch.zeros_like(x).flatten(2)
        flat = flat.scatter(2, index.flatten(2), deeper.flatten(2))
        return self.up[-1 - depth](flat.view(x.shape))

    def forward(self, images):
        return self.go(images, 0)
""",
}

MISTAKES = {
    "functional": {
        "Each stage of the decoder runs before its unpool.": Mistake(
            "(x, index, 2, output_size=size)\n            x = stage(x)",
            "(stage(x), index, 2, output_size=size)",
            hint="begins with the deepest",
        ),
        "The decoder runs backwards, like the indices.": Mistake(
            "zip(self.decoder", "zip(self.decoder[::-1]", hint="begins with the deepest"
        ),
        "Maps are detached before they are unpooled.": Mistake(
            "x, index, 2", "x.detach(), index, 2", hint="no detach"
        ),
        "A map is unpooled to twice its size, then cropped.": Mistake(
            "x = F.max_unpool2d(x, index, 2, output_size=size)",
            """height, width = x.shape[-2:]
            x = F.max_unpool2d(x, index, 2, output_size=(2 * height, 2 * width))
            x = x[..., : size[0], : size[1]]""",
            hint="read as other rows and columns",
        ),
        "Indices are kept on the module from call to call.": Mistake(
            "self.stages, self.decoder = stages, decoder",
            "self.stages, self.decoder, self.kept = stages, decoder, []",
            "kept = []",
            "kept = self.kept",
            "reversed(kept)",
            "kept[:5][::-1]",
            hint="keep none for the next",
        ),
        "The first pool's indices are used first.": Mistake(
            "reversed(kept)", "kept", hint="Pool after each"
        ),
        "Maps are enlarged by interpolation, without indices.": Mistake(
            "F.max_unpool2d(x, index, 2, output_size=size)",
            "F.interpolate(x, size=size)",
            hint="Pool after each stage",
        ),
        "Maps that are one row too large are resized.": Mistake(
            "stage(x)\n        return x",
            """F.interpolate(x, size=[2 * -(-n // 2) for n in size])
            x = stage(x)
        return F.interpolate(x, size=images.shape[-2:])""",
            hint="nothing is resized",
        ),
        "The image is padded to a multiple of 32, the logits cropped.": Mistake(
            "x = images",
            """height, width = images.shape[-2:]
        x = F.pad(images, (0, -width % 32, 0, -height % 32))""",
            "return x",
            "return x[..., :height, :width]",
            hint="Zeros around the image take part",
        ),
        "The image is resized to a multiple of 32, and the logits back.": Mistake(
            "x = images",
            """size = [-(-n // 32) * 32 for n in images.shape[-2:]]
        x = F.interpolate(images, size=size)""",
            "return x",
            "return F.interpolate(x, size=images.shape[-2:])",
            hint="nothing is resized",
        ),
        "Maps that don't fit their indices are resized.": Mistake(
            "x = F.max_unpool2d(x, index, 2, output_size=size)",
            """if x.shape != index.shape:
                x = F.interpolate(x, size=index.shape[-2:], mode="bilinear")
            x = F.max_unpool2d(x, index, 2)""",
            "return x",
            "return F.interpolate(x, size=images.shape[-2:])",
            hint="nothing is resized",
        ),
        "Maps that don't fit are resized by nearest neighbor.": Mistake(
            "x = F.max_unpool2d(x, index, 2, output_size=size)",
            """if x.shape != index.shape:
                x = F.interpolate(x, size=index.shape[-2:])
            x = F.max_unpool2d(x, index, 2)""",
            "return x",
            "return F.interpolate(x, size=images.shape[-2:])",
            hint="other rows and columns",
        ),
        "Pools round down: the last odd row and column are dropped.": Mistake(
            "ceil_mode=True, return_indices", "return_indices", hint="round up"
        ),
        "The size is stored after the pool, not before it.": Mistake(
            "((index, size))", "((index, x.shape[-2:]))", hint="Pool after each stage"
        ),
        "The size before a pool is taken to be twice the size after it.": Mistake(
            ", output_size=size", "", hint="nothing is resized"
        ),
        "Plain lists hide the stages from the optimizer.": Mistake(
            "self.stages, self.decoder = stages, decoder",
            "self.stages, self.decoder = list(stages), list(decoder)",
            hint="Keep the stages as attributes",
        ),
    },
}
