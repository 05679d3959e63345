"""Rules that arguments must keep, stated above a function and checked at its door.

``@checked(num_classes=CLASSES, width=number(above=0))`` above a function refuses other
values before its first line runs, in one form: what must hold, what was got, what to
do. What ties two arguments together, such as their sizes, is checked in the function.

Only the standard library is imported, since the command line states its numbers by the
same rules. So arrays, tensors and classes are told by their attributes and names.
"""

import functools
import inspect
import math
import os
import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from numbers import Integral, Real
from typing import Any, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])
_Test = Callable[[Any], bool]


@dataclass(frozen=True)
class Rule:
    """What an argument must be.

    Attributes:
        kind: Kind of object, in words that follow "must be".
        is_kind: Test of the kind; what fails it raises a TypeError.
        limits: Further conditions, each in words that follow "must be" and as a test;
            what fails one raises a ValueError.
        advice: What to do.
        show: Function that describes a value of the right kind.
    """

    kind: str
    is_kind: _Test
    limits: tuple[tuple[str, _Test], ...] = ()
    advice: str = ""
    show: Callable[[Any], str] = lambda value: shown(value)

    def check(self, name: str, value: Any) -> None:
        """Refuse a value that breaks the rule; ``name`` is the argument's."""
        advice = f"; {self.advice}" if self.advice else ""
        if not self.is_kind(value):
            raise TypeError(f"{name} must be {self.kind}, got {shown(value)}{advice}")
        self.check_items(name, value)
        for words, fits in self.limits:
            if not fits(value):
                got = f"got {self.show(value)}{advice}"
                raise ValueError(f"{name} must be {words}, {got}")

    def check_items(self, name: str, value: Any) -> None:
        """Refuse items of a value; a rule on several values says which."""

    def but(self, advice: str) -> "Rule":
        """Return the same rule with other advice."""
        return replace(self, advice=advice)

    def also(self, words: str, fits: _Test) -> "Rule":
        """Return the same rule with one more condition."""
        return replace(self, limits=(*self.limits, (words, fits)))


def checked(**rules: Rule) -> Callable[[_Function], _Function]:
    """Check the arguments of a function by rules, each time it is called."""

    def decorate(function: _Function) -> _Function:
        names = tuple(inspect.signature(function).parameters)
        if unknown := rules.keys() - set(names):
            raise TypeError(f"rules must be for arguments, got {sorted(unknown)}")

        @functools.wraps(function)
        def door(*args: Any, **kwargs: Any) -> Any:
            check_all(rules, zip(names, args, strict=False))
            check_all(rules, kwargs.items())
            return function(*args, **kwargs)

        door.rules = rules
        return door

    return decorate


def check_all(rules: Mapping[str, Rule], values: Iterable[tuple[str, Any]]) -> None:
    """Check values by the rules of the same names, where there are any."""
    for name, value in values:
        if name in rules:
            rules[name].check(name, value)


def shown(value: Any) -> str:
    """Describe a value in a few words, for an error message."""
    if _is_array(value):
        kind = "tensor" if _derives(value, ("Tensor",)) else "ndarray"
        return f"{_dtype(value)} {kind} of shape {tuple(value.shape)}"
    if isinstance(value, (str, *_SHOWN_WHOLE)):
        return _SHORT.repr(value)
    if isinstance(value, (list, tuple, dict, set, frozenset, range)):
        return _SHORT.repr(value) if len(value) else f"an empty {type(value).__name__}"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if inspect.isroutine(value):
        return f"the function {getattr(value, '__name__', 'without a name')}"
    return _with_article(type(value).__name__)


def _with_article(words: str) -> str:
    return f"{'an' if words[0] in 'AEIOUaeio' else 'a'} {words}"  # a uint8


_SHOWN_WHOLE = (type(None), Real, os.PathLike)


class _Short(reprlib.Repr):
    """Shortens what is long, and names what is large inside a list."""

    def repr_instance(self, x: Any, level: int) -> str:
        if isinstance(x, str):
            return self.repr_str(str(x), level)
        return repr(x) if isinstance(x, _SHOWN_WHOLE) else shown(x)


_SHORT = _Short()
_SHORT.maxstring = _SHORT.maxother = 80
_SHORT.maxlist = _SHORT.maxtuple = 8


# What rules are made of


def _limits(
    least: float | None = None,
    most: float | None = None,
    above: float | None = None,
    below: float | None = None,
) -> tuple[tuple[str, _Test], ...]:
    """Put limits into words and into a test, which nan fails."""
    tests = [
        ("at least", least, lambda value: value >= least),
        ("at most", most, lambda value: value <= most),
        ("above", above, lambda value: value > above),
        ("below", below, lambda value: value < below),
    ]
    given = [(f"{w} {limit}", test) for w, limit, test in tests if limit is not None]
    words = " and ".join(word for word, _ in given)
    if None not in (least, most):
        words = f"from {least} to {most}"
    return ((words, lambda v: all(test(v) for _, test in given)),) if given else ()


def _long(least: int) -> tuple[tuple[str, _Test], ...]:
    return ((f"at least {least} long", lambda value: len(value) >= least),)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool) or type(value).__name__ in ("bool", "bool_")


def _is_whole(value: Any) -> bool:
    return isinstance(value, Integral) and not _is_flag(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, Real) and not _is_flag(value)


def _is_in(value: Any, choices: Sequence[Any]) -> bool:
    return any(type(value) is type(c) and value == c for c in choices)


def _is_sequence(value: Any) -> bool:
    is_text = isinstance(value, (str, bytes))
    is_batch = _is_array(value) and len(value.shape) > 0
    return is_batch or (isinstance(value, Sequence) and not is_text)


def _is_finite(value: Any) -> bool:
    if isinstance(value, Real):
        try:
            return math.isfinite(value)
        except OverflowError:  # 10**400 as a float
            return False
    return bool((abs(value) < math.inf).all())


def _derives(value: Any, names: Sequence[str]) -> bool:
    return any(kind.__name__ in names for kind in type(value).__mro__)


def _is_array(value: Any, library: str = "tensor or array") -> bool:
    return any(
        _derives(value, (name,)) and hasattr(value, "dtype")
        for word, name in (("tensor", "Tensor"), ("array", "ndarray"))
        if word in library
    )


def _dtype(value: Any) -> str:
    return str(value.dtype).removeprefix("torch.")


def _not_finite(value: Any) -> str:
    """Count the values that are not finite, in words; empty if all are."""
    wrong = int((~(abs(value) < math.inf)).sum())
    return f"{wrong} values that are not" if wrong else ""


def _has_shape(value: Any, letters: Sequence[str]) -> bool:
    sides = tuple(value.shape)
    if letters[:1] == ["..."]:
        letters = letters[1:]
        sides = sides[max(0, len(sides) - len(letters)) :]
    return len(sides) == len(letters) and all(
        not letter.isdecimal() or int(letter) == side
        for letter, side in zip(letters, sides, strict=True)
    )


# Numbers, texts and functions


def whole(least: int | None = None, most: int | None = None) -> Rule:
    """State a whole number within limits; True and 2.0 are none."""
    limits = (*_limits(least, most), *_limits(most=2**63 - 1))  # torch takes no more
    return Rule("a whole number", _is_whole, limits)


def number(
    least: float | None = None,
    most: float | None = None,
    *,
    above: float | None = None,
    below: float | None = None,
    finite: bool = True,
) -> Rule:
    """State a number within limits, the last two of which are outside."""
    limits = _limits(least, most, above, below)
    if finite:
        limits = (("finite", _is_finite), _NOT_HUGE, *limits)
    return Rule("a number", _is_number, limits)


_NOT_HUGE = ("from -1e15 to 1e15", lambda value: abs(value) <= 1e15)


def one_of(*choices: Any) -> Rule:
    """State one of a few texts or numbers; anything else raises a ValueError."""
    words = f"one of {', '.join(map(str, choices))}"
    return Rule(words, lambda value: True, ((words, lambda v: _is_in(v, choices)),))


FLAG = Rule("True or False", lambda value: _is_flag(value))
TEXT = Rule("a text", lambda value: isinstance(value, str))
NAME = TEXT.also("a text that is not empty", lambda value: bool(value.strip()))
PATH = Rule(
    "a pathlib.Path",
    lambda value: isinstance(value, os.PathLike),
    advice="write Path(...) around a text",
)
PATH_OR_TEXT = Rule(
    "a text or a pathlib.Path", lambda value: isinstance(value, (str, os.PathLike))
).also("a path that is not empty", lambda value: bool(os.fspath(value)))
CLASSES = whole(1, 10_000)
"""A rule that functions share: number of classes."""
FUNCTION = Rule("a function", callable)


def a(*names: str, advice: str = "") -> Rule:
    """State an object of a class, or of one derived from it, by the class's name."""
    words = _with_article(" or ".join(names))
    return Rule(words, lambda value: _derives(value, names), advice=advice)


def optional(rule: Rule) -> Rule:
    """State a rule that None keeps, too."""
    nothing = Rule("None", lambda value: value is None)
    return replace(either(rule, nothing), advice=rule.advice)


def either(first: Rule, second: Rule) -> Rule:
    """State that one of two rules is kept: the second, where the first's kind fails."""
    return _Either(
        f"{first.kind} or {second.kind}",
        lambda value: first.is_kind(value) or second.is_kind(value),
        advice=first.advice or second.advice,
        rules=(first, second),
    )


@dataclass(frozen=True)
class _Either(Rule):
    """Two rules, of which the one whose kind a value is of is checked."""

    rules: tuple[Rule, ...] = ()

    def check_items(self, name: str, value: Any) -> None:
        """Check the value itself."""
        kinds = [rule for rule in reversed(self.rules) if rule.is_kind(value)]
        kinds[0].check(name, value)


# Several values


@dataclass(frozen=True)
class _Each(Rule):
    """A rule that the items of a list or the values of a dict keep, each by itself."""

    rule: Rule = FLAG

    def check_items(self, name: str, value: Any) -> None:
        """Check each item, by its position or key."""
        items = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, item in items:
            self.rule.check(f"{name}[{key!r}]", item)


def each(rule: Rule, least: int = 1) -> Rule:
    """State a list, tuple or batch of at least so many items that keep a rule."""
    return _Each("a list or tuple", _is_sequence, _long(least), rule=rule)


def named(rule: Rule, least: int = 1) -> Rule:
    """State a dict of at least so many values that keep a rule."""
    return _Each("a dict", lambda v: isinstance(v, Mapping), _long(least), rule=rule)


def size(least: int = 1) -> Rule:
    """State a height and a width, in that order."""
    return Rule(
        "a height and a width",
        lambda value: isinstance(value, Sequence) and all(map(_is_whole, value)),
        (
            ("two numbers, height and width", lambda value: len(value) == 2),
            (f"at least {least} high and wide", lambda value: min(value) >= least),
        ),
        advice="such as (64, 96)",
    )


# Arrays, tensors and models

_DTYPES = {
    "float": ("float", "bfloat"),
    "integer": ("int", "uint"),
    "number": ("float", "bfloat", "int", "uint"),
    "any": ("",),
}
"""How the names of the dtypes of a kind begin."""
_ADJECTIVES = {"float": "floating-point", "number": "numeric", "any": ""}


def tensor(
    shape: str, dtype: str, *, finite: bool = False, library: str = "tensor"
) -> Rule:
    """State a tensor by its shape and dtype.

    Args:
        shape: Letters and numbers, such as "N 3 H W", or "scalar"; other shapes after
            " or ". Three dots stand for any sides. No side may be 0.
        dtype: Name of the dtype, or "float", "integer", "number" or "any".
        finite: Whether nan and infinity are refused. Looking for them makes a GPU wait.
        library: "tensor" of torch, "array" of NumPy, or "tensor or array".
    """
    options = shape.split(" or ")
    shapes = [[] if option == "scalar" else option.split() for option in options]
    begins = _DTYPES.get(dtype, (dtype,))
    words = " or ".join(f"({', '.join(sides)})" for sides in shapes)
    limits = [
        (words, lambda value: any(_has_shape(value, sides) for sides in shapes)),
        (f"{words} without a side of 0", lambda value: 0 not in value.shape),
    ]
    rule = Rule(
        _with_article(f"{_ADJECTIVES.get(dtype, dtype)} {library}".lstrip()),
        lambda value: _is_array(value, library) and _dtype(value).startswith(begins),
        tuple(limits),
        show=lambda value: str(tuple(value.shape)),
    )
    if not finite:
        return rule
    rule = replace(rule, show=lambda v: _not_finite(v) or str(tuple(v.shape)))
    return rule.also("finite", _is_finite)


def array(shape: str, dtype: str, *, finite: bool = False) -> Rule:
    """State a NumPy array by its shape and dtype, as ``tensor`` does."""
    return tensor(shape, dtype, finite=finite, library="array")


MODULE = Rule(
    "a torch.nn.Module",
    lambda value: _derives(value, ("Module",)),
    advice="pass the model itself, made from its class",
)
NET = MODULE.also(
    "a torch.nn.Module with parameters",
    lambda value: next(iter(value.parameters()), None) is not None,
)
DEVICE = either(
    a("device"),
    TEXT.also(
        "the name of a device, such as cpu or cuda",
        lambda value: value.partition(":")[0] in ("cpu", "cuda", "mps", "meta"),
    ),
)
GENERATOR = optional(a("Generator", advice="make one with torch.Generator()"))
