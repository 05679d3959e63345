"""Answers to exercise 3.5: right ones, and mistakes as edits of them."""

from answer_edits import Mistake, Variant

RIGHT = {
    # As the text says it.
    "as_written": """
def orthogonalize(gradient, steps=5):
    a, b, c = 3.4445, -4.7750, 2.0315
    x = gradient.flatten(1)
    is_tall = x.shape[0] > x.shape[1]
    if is_tall:
        x = x.T
    norm = x.norm()
    if norm > 0:
        x = x / norm
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    if is_tall:
        x = x.T
    return x.reshape(gradient.shape)
""",
    # The small product on the right: the same polynomial, no transpose needed.
    "from_the_right": """
def orthogonalize(gradient, steps=5):
    x = gradient.reshape(len(gradient), -1)
    x = x / x.norm().clamp(min=torch.finfo(x.dtype).tiny)
    for _ in range(steps):
        gram = x.T @ x
        x = 3.4445 * x + x @ (-4.7750 * gram + 2.0315 * gram @ gram)
    return x.view_as(gradient)
""",
    # Never transposed: right, only slower for tall matrices.
    "without_transposing": Variant(
        "as_written", "is_tall = x.shape[0] > x.shape[1]", "is_tall = False"
    ),
    # The polynomial of each singular value, found by a decomposition.
    "by_decomposition": """
def orthogonalize(gradient, steps=5):
    matrix = gradient.flatten(1)
    u, s, v = torch.linalg.svd(matrix, full_matrices=False)
    if s.any():
        s = s / s.norm()
    for _ in range(steps):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
    return (u @ torch.diag(s) @ v).reshape(gradient.shape)
""",
    # NumPy, and powers nested.
    "numpy": """
def orthogonalize(gradient, steps=5):
    x = gradient.numpy().reshape(len(gradient), -1)
    norm = np.linalg.norm(x)
    x = x / norm if norm else x
    for _ in range(steps):
        gram = x @ x.T
        x = 3.4445 * x + gram @ (-4.7750 * x + 2.0315 * (gram @ x))
    return torch.from_numpy(x.reshape(gradient.shape).astype(gradient.numpy().dtype))
""",
}

MISTAKES = {
    "as_written": {
        "The gradient is not divided by its norm.": Mistake(
            "x = x / norm", "x = x / 1", hint="Divide by the Frobenius norm first"
        ),
        "It is divided by its largest number.": Mistake(
            "x.norm()", "x.abs().max()", hint="not by the largest number"
        ),
        "It is divided by its largest singular value.": Mistake(
            "x.norm()",
            "torch.linalg.matrix_norm(x, 2)",
            hint="not by the largest singular value",
        ),
        "A gradient of zeros becomes nan.": Mistake(
            "    if norm > 0:\n        x = x / norm",
            "    x = x / norm",
            hint="zeros stays zeros",
        ),
        "A small constant is added, which small gradients feel.": Mistake(
            "    if norm > 0:\n        x = x / norm",
            "    x = x / (norm + 1e-7)",
            hint="however small or large",
        ),
        "A transposed matrix is not turned back.": Mistake(
            "    if is_tall:\n        x = x.T\n    return",
            "    return",
            hint="turn it back",
        ),
        "The last term is forgotten.": Mistake(
            " + c * gram @ gram", "", hint="The last term is missing"
        ),
        "The middle term is added.": Mistake("-4.7750", "4.7750", hint="b is negative"),
        "The classic cubic step is taken.": Mistake(
            "3.4445, -4.7750, 2.0315", "1.5, -0.5, 0.0", hint="classic coefficients"
        ),
        "The entries are squared, not the matrix.": Mistake(
            "c * gram @ gram", "c * gram * gram", hint="not A * A"
        ),
        "Always five steps.": Mistake(
            "range(steps)", "range(5)", hint="The argument steps"
        ),
        "One step too few.": Mistake(
            "range(steps)", "range(1, steps)", hint="The argument steps"
        ),
        "Every step starts from the gradient again.": Mistake(
            "    for _ in range(steps):\n        gram = x @ x.T\n        x = a * x",
            """    start = x
    for _ in range(steps):
        gram = start @ start.T
        x = a * start""",
            hint="the X of the step before",
        ),
        "The matrix is given back flat.": Mistake(
            "x.reshape(gradient.shape)", "x", hint="give back its shape"
        ),
        "Every kernel is a row.": Mistake(
            "gradient.flatten(1)",
            "gradient.flatten(0, -2)",
            hint="Flatten everything but the first axis",
        ),
    },
    "from_the_right": {
        "The gradient is changed in place.": Mistake(
            "x = x / x.norm().clamp(min=torch.finfo(x.dtype).tiny)",
            "x /= x.norm().clamp(min=torch.finfo(x.dtype).tiny)",
            hint="in place",
        ),
        "Everything is float32.": Mistake(
            "gradient.reshape(len(gradient), -1)",
            "gradient.float().reshape(len(gradient), -1)",
            hint="float64 comes back as float64",
        ),
    },
    "by_decomposition": {
        "All singular values become exactly 1.": Mistake(
            "s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5",
            "s = torch.ones_like(s)",
            hint="exactly orthogonal",
        ),
    },
}
