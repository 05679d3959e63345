"""Answers to exercise 5.4: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # Distances by torch.cdist, the diagonal masked.
    "cdist": """
def pairwise_kernel(features, std):
    scaled = features / std
    kernel = (-torch.cdist(scaled, scaled).square() / 2).exp()
    return kernel.masked_fill(torch.eye(len(features), dtype=torch.bool), 0.0)
""",
    # All differences at once.
    "differences": """
def pairwise_kernel(features, std):
    scaled = features / std
    d2 = (scaled[:, None] - scaled).square().sum(dim=2)
    return (-d2 / 2).exp() * (1 - torch.eye(len(features)))
""",
    # Squared distances from inner products.
    "inner_products": """
def pairwise_kernel(features, std):
    scaled = features / std
    inner = scaled @ scaled.T
    squares = inner.diagonal()
    d2 = squares[:, None] + squares - 2 * inner
    kernel = torch.exp(-d2.clamp(min=0) / 2)
    return kernel - torch.diag(kernel.diagonal())
""",
    # Pair by pair.
    "loops": """
def pairwise_kernel(features, std):
    rows = []
    for i, a in enumerate(features):
        row = []
        for j, b in enumerate(features):
            d2 = (((a - b) / std) ** 2).sum()
            row.append(torch.exp(-d2 / 2) if i != j else 0 * d2)
        rows.append(torch.stack(row))
    return torch.stack(rows)
""",
    # A kernel for each dimension, multiplied.
    "product_of_dimensions": """
def pairwise_kernel(features, std):
    kernel = 1 - torch.eye(len(features))
    for column, width in zip(features.T, std, strict=True):
        apart = (column[:, None] - column) / width
        kernel = kernel * torch.exp(-(apart**2) / 2)
    return kernel
""",
}

MISTAKES = {
    "cdist": {
        "The dimensions are not summed.": Mistake(
            "kernel = … bool), 0.0)",
            "return (-(scaled[:, None] - scaled).square() / 2).exp()",
            hint="should have shape",
        ),
        "The distance is not squared.": Mistake(
            "kernel = … bool), 0.0)",
            """d = torch.cdist(scaled, scaled)
    return (-d / 2).exp() * (1 - torch.eye(len(features)))""",
            hint="sharp tip",
        ),
        "Only distances to the first pixel are computed.": Mistake(
            "kernel = … bool), 0.0)",
            "d2 = (scaled - scaled[0]).square().sum(dim=1)\n    return (-d2 / 2).exp()",
            hint="should have shape",
        ),
    },
    "differences": {
        "The identity is subtracted twice.": Mistake(
            "return (-d2 / 2).exp() * (1 - torch.eye(len(features)))",
            "return (-d2 / 2).exp() - 2 * torch.eye(len(features))",
            hint="exp(-d²/2)",
        ),
        "The diagonal is not set to 0.": Mistake(
            "() * (1 - torch.eye(len(features)))", "()", hint="not its own neighbor"
        ),
        "Every pair at distance 0 is taken to be a pixel and itself.": Mistake(
            "return (-d2 / 2).exp() * (1 - torch.eye(len(features)))",
            "kernel = (-d2 / 2).exp()\n    return torch.where(d2 == 0, 0.0, kernel)",
            hint="exp(-d²/2)",
        ),
        "Only the first dimension counts.": Mistake(
            " / std", "[:, 0] / std[0]", ".sum(dim=2)", "", hint="nothing is left out"
        ),
        "One std is used for all dimensions.": Mistake(
            "features / std", "features / std[0]", hint="divided by its own std"
        ),
        "Dimensions are averaged instead of summed.": Mistake(
            "().sum", "().mean", hint="exp(-d²/2)"
        ),
        "The features are detached.": Mistake(
            "scaled =", "features = features.detach()\n    scaled =", hint="no detach"
        ),
        "The factor 1/2 in the exponent is missing.": Mistake(
            "d2 / 2", "d2", hint="where is the half"
        ),
        "The kernel is scaled like a normal density.": Mistake(
            "return (-d2 / 2).exp() * (1 - torch.eye(len(features)))",
            """density = (-d2 / 2).exp() / (2 * torch.pi) ** (features.shape[1] / 2)
    return density * (1 - torch.eye(len(features)))""",
            hint="exp(-d²/2)",
        ),
        "The square root at distance 0 has an infinite gradient.": Mistake(
            "d2 / 2", "(d2.sqrt() ** 2) / 2", hint="has no gradient at 0"
        ),
        "The rows are normalized.": Mistake(
            "return (-d2 / 2).exp() * (1 - torch.eye(len(features)))",
            """kernel = (-d2 / 2).exp() * (1 - torch.eye(len(features)))
    return kernel / kernel.sum(dim=1, keepdim=True)""",
            hint="no division by its row sums",
        ),
        "The squared difference is divided by std, not by its square.": Mistake(
            "scaled = features / std\n    d2 = (scaled[:, None] - scaled).square()",
            "d2 = ((features[:, None] - features).square() / std)",
            hint="before anything is squared",
        ),
        "Features are multiplied by std.": Mistake(
            "features / std", "features * std", hint="in standard deviations"
        ),
        "One kernel per dimension, summed.": Mistake(
            "().sum(dim=2)", "()", "exp() ", "exp().sum(dim=2) ", hint="should be"
        ),
    },
}
