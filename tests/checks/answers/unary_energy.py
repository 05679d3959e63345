"""Answers to exercise 5.3: right ones, and mistakes as edits of them."""

from answer_edits import Mistake

RIGHT = {
    # A little is added before the logarithm.
    "adds_a_little": """
def unary_energy(probs):
    return -torch.log(probs + 1e-6)
""",
    # A least value before the logarithm.
    "clamp": """
def unary_energy(probs):
    return -probs.clamp(min=1e-5).log()
""",
    # The energy itself is capped; where() keeps the gradient finite.
    "energies_are_capped": """
def unary_energy(probs):
    safe = torch.where(probs > 1e-8, probs, 1e-8)
    return torch.log(1 / safe)
""",
    # The larger of p and a least value.
    "maximum": """
def unary_energy(probs):
    least = torch.full_like(probs, 1e-7)
    return -torch.maximum(probs, least).log()
""",
}

MISTAKES = {
    "adds_a_little": {
        "The probabilities are clamped in place.": Mistake(
            "return -torch.log(probs + 1e-6)",
            "probs = probs.detach()\n    return -probs.clamp_(min=1e-5).log()",
            hint="changed its argument 1",
        ),
        "Infinite energies become the largest float.": Mistake(
            "return -torch.log(probs + 1e-6)",
            "return torch.nan_to_num(-probs.log())",
            hint="between 9 and 110",
        ),
        "Nothing guards against p = 0.": Mistake(
            "torch.log(probs + 1e-6)", "probs.log()", hint="Raise p to a least value"
        ),
        "The energy is computed in numpy.": Mistake(
            "return -torch.log(probs + 1e-6)",
            """import numpy as np

    energy = -np.log(np.maximum(probs.detach().numpy(), 1e-5))
    return torch.from_numpy(energy)""",
            hint="no detach",
        ),
        "The energy is linear in p.": Mistake(
            "-torch.log(probs + 1e-6)", "1 - probs", hint="being sure and wrong"
        ),
        "Probabilities are treated as logits.": Mistake(
            "torch.log(probs + 1e-6)", "probs.log_softmax(dim=0)", hint="no softmax"
        ),
        "Infinite energies become 0, so the impossible costs nothing.": Mistake(
            "return -torch.log(probs + 1e-6",
            "energy = -probs.log()\n    return torch.where(energy.isinf(), 0.0, energy",
            hint="still says that a label is unlikely",
        ),
    },
    "clamp": {
        "0.01 is added to every probability.": Mistake(
            "probs.clamp(min=1e-5)", "(probs + 0.01)", hint="-log p, number by number"
        ),
        "Energies are weighted by p, which makes an entropy.": Mistake(
            "probs.clamp", "probs * probs.clamp", hint="That is an entropy"
        ),
        "Everything becomes float64.": Mistake(
            "probs.clamp", "probs.double().clamp", hint="should hold torch.float32"
        ),
        "Probabilities below 0.01 all get the same energy.": Mistake(
            "min=1e-5", "min=0.01", hint="-log p, number by number"
        ),
        "The logarithm of ten.": Mistake(".log()", ".log10()", hint="not that of ten"),
        "The logarithm of two.": Mistake(
            "(min=1e-5).log", "(min=1e-5).log2", hint="natural logarithm: energies"
        ),
        "The minus sign is missing.": Mistake("-probs", "probs", hint="mind the sign"),
        "The energies are summed over the classes.": Mistake(
            "(min=1e-5).log()", "(min=1e-5).log().sum(dim=0)", hint="should have shape"
        ),
    },
}
