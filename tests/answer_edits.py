"""What the files in ``tests/checks/answers`` are written with: edits of an answer."""

import re


class Edits:
    """Replacements in the source of an answer: old, new, old, new, ...

    In an old text, " … " stands for whatever comes between its two ends.
    """

    def __init__(self, *texts):
        self.pairs = list(zip(texts[::2], texts[1::2], strict=True))

    def apply(self, source):
        """Return the edited source; each old text must occur exactly once."""
        for old, new in self.pairs:
            pattern = ".*?".join(map(re.escape, old.split(" … ")))
            source, count = re.subn(pattern, lambda _, new=new: new, source, flags=re.S)
            if count != 1:
                raise ValueError(f"{old!r} must occur once, got {count} times")
        return source


class Variant(Edits):
    """A right answer that differs little from another right one, its base."""

    def __init__(self, base, *texts):
        super().__init__(*texts)
        self.base = base


class Mistake(Edits):
    """Edits that make a right answer wrong, and a part of the message that follows."""

    def __init__(self, *texts, hint):
        super().__init__(*texts)
        self.hint = hint
