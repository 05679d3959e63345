"""Answers to exercise 3.3: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # The rows and columns of all cells.
    "rows_and_columns": """
def pack_indices(indices, input_size):
    width = input_size[1]
    row, column = indices // width, indices % width
    return (2 * (row % 2) + column % 2).to(torch.uint8)


def unpack_indices(offsets, input_size):
    offsets = offsets.long()
    rows = torch.arange(offsets.shape[-2])[:, None]
    columns = torch.arange(offsets.shape[-1])
    row, column = 2 * rows + offsets // 2, 2 * columns + offsets % 2
    return row * input_size[1] + column
""",
    # Bits are shifted and masked; widths are even.
    "bits": """
def pack_indices(indices, input_size):
    column_bit = indices & 1
    row_bit = (indices // input_size[1]) & 1
    return ((row_bit << 1) | column_bit).to(torch.uint8)


def unpack_indices(offsets, input_size):
    offsets = offsets.to(torch.int64)
    rows = torch.arange(0, input_size[0], 2).view(-1, 1)
    columns = torch.arange(0, input_size[1], 2).view(1, -1)
    return (rows + (offsets >> 1)) * input_size[1] + (columns + (offsets & 1))
""",
    # Rows and columns by torch.div and remainder.
    "divmod": """
def pack_indices(indices, input_size):
    _, width = input_size
    row = torch.div(indices, width, rounding_mode="floor")
    column = indices.remainder(width)
    return (row.remainder(2) * 2 + column.remainder(2)).byte()


def unpack_indices(offsets, input_size):
    height, width = input_size
    base = torch.arange(height * width).view(height, width)[::2, ::2]
    return base + (offsets >= 2) * width + offsets.remainder(2)
""",
    # What an index means is looked up in tables.
    "looked_up": """
def pack_indices(indices, input_size):
    table = torch.zeros(input_size, dtype=torch.uint8)
    table[::2, 1::2], table[1::2, ::2], table[1::2, 1::2] = 1, 2, 3
    return table.flatten()[indices]


def unpack_indices(offsets, input_size):
    height, width = input_size
    windows = torch.arange(height * width).view(height // 2, 2, width // 2, 2)
    windows = windows.permute(0, 2, 1, 3).flatten(2)  # (H/2, W/2, 4)
    chosen = torch.zeros(offsets.shape, dtype=torch.int64)
    for k in range(4):
        chosen = torch.where(offsets == k, windows[..., k], chosen)
    return chosen
""",
    # Cell by cell, in plain Python.
    "loops": """
def pack_indices(indices, input_size):
    width = input_size[1]
    offsets = [2 * (k // width % 2) + k % width % 2 for k in indices.flatten().tolist()]
    return torch.tensor(offsets, dtype=torch.uint8).view(indices.shape)


def unpack_indices(offsets, input_size):
    _, _, height, width = offsets.shape
    indices = []
    for k, offset in enumerate(offsets.flatten().tolist()):
        row = 2 * (k // width % height) + offset // 2
        column = 2 * (k % width) + offset % 2
        indices.append(row * input_size[1] + column)
    return torch.tensor(indices).view(offsets.shape)
""",
}

MISTAKES = {
    "rows_and_columns": {
        "The column is the higher bit.": Mistake(
            "return (2 * (row % 2) + column % 2).to(torch.uint8)",
            "return (row % 2 + 2 * (column % 2)).to(torch.uint8)",
            hint="Rows come first: 2",
        ),
        "Rows are taken to be H cells long.": Mistake(
            "= input_size[1]", "= input_size[0]", hint="W is the second of input_size"
        ),
        "Four neighbors in memory are taken to be a window.": Mistake(
            "width = … column % 2)", "return (indices % 4)", hint="index mod 4"
        ),
        "The offsets stay 64-bit numbers: nothing is saved.": Mistake(
            "return (2 * (row % 2) + column % 2).to(torch.uint8)",
            "return 2 * (row % 2) + column % 2",
            hint="should hold torch.uint8",
        ),
        "All images get the indices of the first.": Mistake(
            "offsets.long", "offsets[:1].long", hint="should have shape (2, 3, 3, 2)"
        ),
        "Rows are as long as those of the pooled map.": Mistake(
            "width = input_size[1]",
            "width = indices.shape[-1]",
            hint="W is that of the map before the pool",
        ),
        "Indices become uint8 before rows and columns are computed.": Mistake(
            "row, column = indices",
            "indices = indices.to(torch.uint8)\n    row, column = indices",
            hint="uint8 ends at 255",
        ),
        "The higher bit is read as the column.": Mistake(
            "row, column = 2 * rows + offsets // 2, 2 * columns + offsets % 2",
            "row, column = 2 * rows + offsets % 2, 2 * columns + offsets // 2",
            hint="offset // 2 goes down",
        ),
        "Rows are taken to be H cells long when unpacking.": Mistake(
            "[1] + column", "[0] + column", hint="W is the second of input_size"
        ),
        "Sums of uint8 wrap around at 256.": Mistake(
            "offsets = … input_size[1] + column",
            """rows = torch.arange(offsets.shape[-2])[:, None]
    columns = torch.arange(offsets.shape[-1])
    start = 2 * rows * input_size[1] + 2 * columns
    return start + offsets // 2 * input_size[1] + offsets % 2""",
            hint="uint8 ends at 255",
        ),
        "The map before the pool is taken to be as wide as after it.": Mistake(
            "input_size[1] +", "offsets.shape[-1] +", hint="A row is W cells long"
        ),
        "The position of the window is left out.": Mistake(
            "rows = … input_size[1] + column",
            "return offsets // 2 * input_size[1] + offsets % 2",
            hint="place of the window itself is missing",
        ),
        "Windows are taken to be one cell apart.": Mistake(
            "2 * rows", "rows", "2, 2 *", "2,", hint="A window is 2 cells wide"
        ),
    },
}
