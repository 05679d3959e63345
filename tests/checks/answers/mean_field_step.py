"""Answers to exercise 5.5: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # Sum the messages, kernel by kernel.
    "loop": """
def mean_field_step(probs, unary, kernels, weights):
    scores = -unary
    for kernel, weight in zip(kernels, weights, strict=True):
        scores = scores + weight * (kernel @ probs)
    return scores.softmax(dim=1)
""",
    # The softmax written with logsumexp.
    "log_sum_exp": Variant(
        "loop",
        "scores.softmax(dim=1)",
        "(scores - scores.logsumexp(dim=1, keepdim=True)).exp()",
    ),
    # One weighted kernel does all.
    "one_kernel": """
def mean_field_step(probs, unary, kernels, weights):
    total = torch.zeros(len(probs), len(probs), dtype=probs.dtype)
    for kernel, weight in zip(kernels, weights, strict=True):
        total = total + weight * kernel
    return torch.softmax(total @ probs - unary, dim=-1)
""",
    # The Potts model as written: what speaks for other labels costs.
    "penalties": """
def mean_field_step(probs, unary, kernels, weights):
    energy = unary
    for kernel, weight in zip(kernels, weights, strict=True):
        energy = energy + weight * (kernel @ (1 - probs))
    return torch.softmax(-energy, dim=1)
""",
    # Pixel by pixel, from the probabilities given.
    "pixel_by_pixel": """
def mean_field_step(probs, unary, kernels, weights):
    rows = []
    for i in range(len(probs)):
        score = -unary[i]
        for kernel, weight in zip(kernels, weights, strict=True):
            score = score + weight * (kernel[i][:, None] * probs).sum(dim=0)
        rows.append(torch.softmax(score, dim=0))
    return torch.stack(rows)
""",
}

MISTAKES = {
    "loop": {
        "Neighbors vote with their most likely label only.": Mistake(
            "scores = -unary",
            """votes = F.one_hot(probs.argmax(dim=1), probs.shape[1]).float()
    scores = -unary""",
            "scores = scores + weight * (kernel @ probs)",
            "scores = scores + weight * (kernel @ votes)",
            hint="softmax over the classes of",
        ),
        "The new probabilities are written into the old ones.": Mistake(
            "return scores.softmax(dim=1)",
            "probs.data.copy_(scores.softmax(dim=1))\n    return probs",
            hint="changed its argument 1",
        ),
        "A sigmoid for each class, so the probabilities don't sum to 1.": Mistake(
            "return scores.softmax(dim=1)", "return scores.sigmoid()", hint="should be"
        ),
        "The kernel is transposed.": Mistake(
            "kernel @ probs", "kernel.T @ probs", hint="K @ probs"
        ),
        "The kernel's diagonal is set to 0.": Mistake(
            "kernel ", "(kernel - kernel.diagonal().diag()) ", hint="diagonal included"
        ),
        "Probabilities are added instead of unary energies.": Mistake(
            "-unary", "(-unary).exp()", hint="only the pixel's own energy counts"
        ),
        "exp is written out and overflows.": Mistake(
            "return scores.softmax(dim=1",
            "scores = scores.exp()\n    return scores / scores.sum(dim=1, keepdim=True",
            hint="exp overflows",
        ),
        "Only the first kernel is used.": Mistake(
            "for kernel … probs)",
            "if kernels:\n        scores = scores + weights[0] * (kernels[0] @ probs)",
            hint="Sum over all kernels",
        ),
        "The arguments are detached.": Mistake(
            "scores = -unary",
            "probs, unary = probs.detach(), unary.detach()\n    scores = -unary",
            hint="no detach",
        ),
        "The scores are returned without a softmax.": Mistake(
            "return scores.softmax(dim=1)", "return scores", hint="makes them sum to 1"
        ),
        "One step per kernel, one after the other.": Mistake(
            "scores = -unary",
            """probs = probs.clone()
    if not kernels:
        return (-unary).softmax(dim=1)""",
            """scores = scores + weight * (kernel @ probs)
    return scores.softmax(dim=1)""",
            """probs = (weight * (kernel @ probs) - unary).softmax(dim=1)
    return probs""",
            hint="Sum over all kernels",
        ),
        "Each kernel is normalized by its row sums.": Mistake(
            "probs)", "probs) / kernel.sum(1, keepdim=True)", hint="without dividing"
        ),
        "Neighbors vote against their own label.": Mistake(
            "scores + weight", "scores - weight", hint="plus, not minus"
        ),
        "The unary energy has the wrong sign.": Mistake(
            "scores = -unary", "scores = unary", hint="-unary"
        ),
        "The softmax is over the pixels.": Mistake(
            "(dim=1)", "(dim=0)", hint="dim=1, not over the pixels"
        ),
        "The unary energy is replaced by the last probabilities.": Mistake(
            "scores = -unary",
            "scores = probs.clamp(min=1e-9).log()",
            hint="not from its last probability",
        ),
        "The weights of the kernels are ignored.": Mistake(
            ", weight in zip( … kernel @ probs)",
            " in kernels:\n        scores = scores + kernel @ probs",
            hint="its own weight",
        ),
    },
    "pixel_by_pixel": {
        "Each pixel already sees the new values of those before it.": Mistake(
            "rows = []",
            "probs = probs.clone()",
            "(kernel[i … rows)",
            """(kernel[i] @ probs)
        probs[i] = score.softmax(dim=0)
    return probs""",
            hint="change at once",
        ),
    },
}
