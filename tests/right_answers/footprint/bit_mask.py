"""The touched places are the bits of a number."""


def footprint(dilations, kernel_size=3):
    row = 1
    for dilation in dilations:
        before, row = row, 0
        for tap in range(kernel_size):
            row |= before << (dilation * tap)
    side = row.bit_length()
    return side, (bin(row).count("1") / side) ** 2
