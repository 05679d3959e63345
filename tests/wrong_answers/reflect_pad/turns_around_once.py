"""Beyond the far border it goes on with the border itself."""

import torch.nn.functional as F

HINT = "turn around again at the far border"


def reflect_pad(image, padding):
    height, width = image.shape[-2:]
    rows, columns = (min(padding, side - 1) for side in (height, width))
    x = F.pad(image, (columns, columns, rows, rows), mode="reflect")
    rows, columns = padding - rows, padding - columns
    return F.pad(x, (columns, columns, rows, rows), mode="replicate")
