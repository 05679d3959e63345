"""Answers to exercise 2.1: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # One scatter for all channels.
    "scatter": """
def unpool(pooled, indices, output_size):
    height, width = output_size
    flat = pooled.new_zeros(*pooled.shape[:2], height * width)
    flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))
    return flat.view(*pooled.shape[:2], height, width)
""",
    # Rows and columns of all values at once.
    "advanced_indexing": """
def unpool(pooled, indices, output_size):
    height, width = output_size
    n, c = pooled.shape[:2]
    result = pooled.new_zeros(n, c, height, width)
    image = torch.arange(n)[:, None, None, None]
    channel = torch.arange(c)[:, None, None]
    result[image, channel, indices // width, indices % width] = pooled
    return result
""",
    # One flat list for all channels, each with its own start.
    "flat_offsets": """
def unpool(pooled, indices, output_size):
    height, width = output_size
    n, c = pooled.shape[:2]
    starts = torch.arange(n * c).view(n, c, 1, 1) * height * width
    flat = torch.zeros(n * c * height * width, dtype=pooled.dtype)
    flat = flat.index_put(((indices + starts).flatten(),), pooled.flatten())
    return flat.view(n, c, height, width)
""",
    # Four loops over everything.
    "loops": """
def unpool(pooled, indices, output_size):
    height, width = output_size
    n, c, h, w = pooled.shape
    result = torch.zeros(n, c, height, width, dtype=pooled.dtype)
    for image in range(n):
        for channel in range(c):
            for i in range(h):
                for j in range(w):
                    row, column = divmod(int(indices[image, channel, i, j]), width)
                    result[image, channel, row, column] = pooled[image, channel, i, j]
    return result
""",
    # A product with the one-hot matrix of the indices.
    "one_hot": """
def unpool(pooled, indices, output_size):
    height, width = output_size
    places = F.one_hot(indices.flatten(2), height * width).to(pooled.dtype)
    flat = pooled.flatten(2)[..., None, :] @ places
    return flat.view(*pooled.shape[:2], height, width)
""",
}

MISTAKES = {
    "scatter": {
        "The new map is float32 whatever pooled is.": Mistake(
            "pooled.new_zeros … flatten(2))",
            """torch.zeros(*pooled.shape[:2], height * width)
    flat = flat.scatter(2, indices.flatten(2), pooled.float().flatten(2))""",
            hint="dtype of pooled",
        ),
        "torch's own unpooling is called.": Mistake(
            "return flat.view(*pooled.shape[:2], height, width)",
            "return F.max_unpool2d(pooled, indices, 2, output_size=output_size)",
            hint="Write F.max_unpool2d yourself",
        ),
        "Every value fills its whole window.": Mistake(
            "return flat.view(*pooled.shape[:2], height, width)",
            "return F.interpolate(pooled, size=output_size)",
            hint="copies every value four times",
        ),
        "Indices are read down the columns.": Mistake(
            "return flat.view(*pooled.shape[:2], height, width)",
            "return flat.view(*pooled.shape[:2], width, height).transpose(2, 3)",
            hint="not down the columns",
        ),
        "Only the first image of the batch is unpooled.": Mistake(
            "flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))",
            "flat[0] = flat[0].scatter(1, indices[0].flatten(1), pooled[0].flatten(1))",
            hint="Every image has indices of its own",
        ),
        "Values are read at the indices instead of written to them.": Mistake(
            "flat.scatter(2, indices.flatten(2), pooled.flatten(2))",
            "pooled.flatten(2).gather(2, indices.flatten(2))",
            hint="raised RuntimeError",
        ),
        "All channels use the indices of the first.": Mistake(
            "flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))",
            "flat[..., indices[0, 0].flatten()] = pooled.flatten(2)",
            hint="Every channel has indices of its own",
        ),
        "The other cells are 1 instead of 0.": Mistake(
            "flat = pooled.new_zeros(*pooled.shape[:2], height * width)",
            "flat = torch.ones(*pooled.shape[:2], height * width)",
            hint="Each value goes to the cell that its index points to",
        ),
        "Indices are read in rows of 2w, then the map is cut to size.": Mistake(
            "height, width = output_size",
            "height, width = (2 * side for side in pooled.shape[-2:])",
            "height, width)\n",
            "height, width)[..., : output_size[0], : output_size[1]]\n",
            hint="not twice the pooled width",
        ),
        "output_size is read as (W, H).": Mistake(
            "height, width ", "width, height ", hint="should have shape"
        ),
        "Every value goes to the top left of its window.": Mistake(
            "flat = flat … width)",
            """result = flat.view(*pooled.shape[:2], height, width)
    result[..., ::2, ::2] = pooled
    return result""",
            hint="the indices are not used",
        ),
        "The map is taken to be twice the pooled size.": Mistake(
            "height, width = output_size",
            "height, width = (2 * side for side in pooled.shape[-2:])",
            hint="7 rows are pooled to 4",
        ),
        "Negative values are dropped.": Mistake(
            "flat = flat.scatter(2, indices.flatten(2), pooled.flatten(2))",
            "flat = flat.scatter(2, indices.flatten(2), pooled.relu().flatten(2))",
            hint="Each value goes to the cell that its index points to",
        ),
    },
    "advanced_indexing": {
        "The values go through NumPy, and the gradient is lost.": Mistake(
            "] = pooled\n",
            "] = torch.from_numpy(pooled.detach().numpy())\n",
            hint="no detach, no_grad, numpy",
        ),
    },
    "flat_offsets": {
        "All channels share one flat list.": Mistake(
            "(indices + starts)", "indices", hint="Every channel has indices of its own"
        ),
    },
}
