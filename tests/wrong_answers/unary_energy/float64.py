"""Everything becomes float64."""

HINT = "should hold torch.float32"


def unary_energy(probs):
    return -probs.double().clamp(min=1e-5).log()
