"""The pixels under two neighboring cells, as sets."""


def receptive_field(layers):
    cells = [{0}, {1}]
    for kernel_size, stride, dilation in reversed(layers):
        taps = range(0, kernel_size * dilation, dilation)
        cells = [
            {cell * stride + tap for cell in seen for tap in taps} for seen in cells
        ]
    return max(cells[0]) + 1, min(cells[1])
