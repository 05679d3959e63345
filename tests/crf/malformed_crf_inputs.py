"""Calls of ``dense_crf`` that must raise an exception, and must not end the process.

Run as a script, it makes the calls and reports each on a line of its own: exception,
message.
"""

import decimal
import itertools
import math

import numpy as np
import torch
from PIL import Image

from course_utils.crf import dense_crf

SIZE = (6, 8)
RNG = np.random.default_rng(0)
IMAGE = RNG.integers(0, 256, (*SIZE, 3), dtype=np.uint8)
LOGITS = RNG.normal(size=(3, *SIZE)).astype(np.float32)
PROBS = np.exp(LOGITS) / np.exp(LOGITS).sum(axis=0)


def poked(value, where=(1, 2, 3)):
    probs = PROBS.copy()
    probs[where] = value
    return probs


class Odd:
    def __repr__(self):
        return "<Odd>"


def images():
    for dtype in ("f2", "f4", "f8", "i1", "i2", "i4", "i8", "u2", "u4", "?", "c8", "O"):
        yield IMAGE.astype(dtype)
    for dtype in (torch.float32, torch.bfloat16, torch.int8, torch.int64, torch.bool):
        yield torch.from_numpy(IMAGE).to(dtype)
    yield from (IMAGE[..., 0], IMAGE[..., :1], IMAGE[..., :2], IMAGE[None])
    yield np.concatenate([IMAGE, IMAGE[..., :1]], axis=2)
    yield IMAGE.transpose(2, 0, 1)
    yield from (IMAGE[:-1], IMAGE[:, :-1], IMAGE.transpose(1, 0, 2), IMAGE[:1, :1])
    yield from (IMAGE[:0], IMAGE[:, :0], IMAGE[..., :0], IMAGE.reshape(-1, 3))
    yield from (IMAGE.ravel(), np.uint8(3), np.zeros((), dtype=np.uint8))
    yield (IMAGE / 255).round().astype(np.uint8)  # 0 and 1 alone
    yield from (IMAGE.tolist(), None, "image.jpg", b"", 3, {}, Odd())
    yield Image.fromarray(IMAGE)
    yield np.broadcast_to(np.uint8(7), (10**9, 10**4, 3))  # costs no memory
    yield from (np.ma.masked_array(IMAGE, IMAGE > 3), IMAGE.astype(str), (IMAGE, IMAGE))
    yield IMAGE.view([("red", "u1"), ("green", "u1"), ("blue", "u1")])
    yield from (torch.from_numpy(IMAGE).to("meta"), torch.from_numpy(IMAGE).to_sparse())
    yield from (np.datetime64("2015-01-01"), IMAGE.astype("m8[s]"), memoryview(IMAGE))


def probabilities():
    for value in (math.nan, math.inf, -math.inf, -0.5, 1.5, 40.0):
        yield from (poked(value), torch.from_numpy(poked(value)), poked(value, ...))
    for where in ((slice(None), 2, 3), (slice(None), 0), (0,)):
        yield from (poked(0.0, where), poked(math.nan, where), poked(1.0, where))
    yield from (LOGITS, -np.log(PROBS), np.log(PROBS), 1 - PROBS, PROBS / 2, 2 * PROBS)
    yield from (255 * PROBS, np.zeros_like(PROBS), np.ones_like(PROBS), PROBS - 1 / 3)
    for dtype in ("i4", "u1", "?", "c8", "O", "U8", "M8[s]"):
        yield (100 * PROBS).astype("i4").astype(dtype)
    yield from (PROBS.argmax(axis=0), torch.from_numpy(PROBS).argmax(dim=0), PROBS[0])
    yield torch.from_numpy(PROBS).long()
    yield torch.from_numpy(PROBS).to(torch.cfloat)
    yield from (PROBS[None], PROBS.transpose(1, 2, 0), PROBS.transpose(0, 2, 1))
    yield from (PROBS.reshape(3, -1), PROBS.ravel(), np.float32(0.5), PROBS[:, :0])
    yield from (PROBS[:0], PROBS[:1], PROBS[:, :-1], PROBS[..., 1:])
    yield np.ones((1, *SIZE))
    yield from (PROBS.tolist(), None, "probs", 0.5, Odd(), [PROBS], {"probs": PROBS})
    yield from (torch.from_numpy(PROBS).to("meta"), torch.from_numpy(PROBS).to_sparse())
    yield np.ma.masked_array(PROBS, PROBS > 0.5)
    yield np.broadcast_to(np.float32(0.2), (5 * 10**8, *SIZE))  # costs no memory


NO_NUMBERS = (None, "3", b"3", [3], (3,), {}, True, 3j, Odd(), decimal.Decimal(3))
NO_SINGLE = (np.ones(2), torch.ones(2), np.ones(0), np.array("a"), print)
NOT_FINITE = (math.nan, math.inf, -math.inf, np.float32("nan"), 10**400, -(10**400))
OUT_OF_RANGE = {
    "smoothness_weight": (-1, -1e-9, 1e7, 1e300, np.float64(-3)),
    "appearance_weight": (-1, -1e-9, 1e7, 1e300, torch.tensor(-3.0)),
    "smoothness_std": (0, 0.0, -3, 1e-6, 1e-300, 5e-324, np.int64(0)),
    "position_std": (0, 0.0, -3, 1e-6, 1e-300, 0.009, np.int64(0)),
    "color_std": (0, 0.0, -3, 1e-6, 1e-300, 0.3, np.int64(0)),
}


def calls():
    """List the arguments of each call."""
    yield from ({"image": image} for image in images())
    yield from ({"probs": probs} for probs in probabilities())
    for name, values in OUT_OF_RANGE.items():
        for value in itertools.chain(NO_NUMBERS, NO_SINGLE, NOT_FINITE, values):
            yield {name: value}
    for value in (*NO_NUMBERS, *NO_SINGLE, *NOT_FINITE, -1, 5.0, 1001, np.float32(5)):
        yield {"iterations": value}
    yield from ({"iterations": value} for value in (torch.tensor(2.5), -(10**30)))
    for value in ("", "cuda", "Lattice", 0, True, ["lattice"], Odd(), b"lattice"):
        yield {"backend": value}
    probs = torch.from_numpy(PROBS).requires_grad_()
    yield {"probs": probs, "backend": "pydensecrf"}
    big = np.zeros((201, 200, 3), dtype=np.uint8)
    yield {"image": big, "probs": np.full((2, 201, 200), 0.5), "backend": "exact"}
    yield {"compat": 3}
    wide = {"image": np.zeros((1, 5000, 3), dtype=np.uint8)}
    wide["probs"] = np.full((2, 1, 5000), 0.5)
    yield from (wide | {"smoothness_std": 1.6}, wide | {"position_std": 6.2})


if __name__ == "__main__":
    for given in calls():
        arguments = {"image": IMAGE, "probs": PROBS, **given}
        print(f"\ncalled with {list(given)}", flush=True)
        try:
            dense_crf(arguments.pop("image"), arguments.pop("probs"), **arguments)
        except Exception as error:
            print(f"-> {type(error).__name__}:", *str(error).split())
        else:
            print("-> accepted")
    print("end")
