"""Which mirror to ask next, and how long to be patient with it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from course_utils.datasets.download.trouble import BrokenConnectionError, DownloadError


@dataclass(frozen=True)
class Patience:
    """How long to wait for a server, seconds, and how often to ask it again.

    Attributes:
        connect: for a connection.
        stall: for more bytes; fewer than ``slowest`` bytes a second over this time
            count as none.
        slowest: bytes a second.
        pause: before the third try of a mirror that delivered nothing; doubled before
            each further one. The second comes at once.
        longest: pause, also where a server asks for more.
        tries: of a mirror that delivers fewer than ``progress`` bytes each time.
        first_tries: the same, while no mirror has answered yet.
        progress: bytes.
    """

    connect: float = 10.0
    stall: float = 30.0
    slowest: float = 1000.0
    pause: float = 2.0
    longest: float = 120.0
    tries: int = 7
    first_tries: int = 3
    progress: int = 1 << 16


class Mirror:
    """What is known of one mirror in this run.

    Attributes:
        url: of the file there.
        host: its server.
        trouble: what it did last, after "HOST ...".
        is_out: whether it won't be asked again.
        knows_no_ranges: whether it can only begin at the beginning.
        failures: in a row, without progress.
        ready_at: when it may be asked again, on the monotonic clock.
    """

    def __init__(self, url: str) -> None:
        self.url, self.host = url, urlsplit(url).netloc
        self.trouble = "was not asked"
        self.is_out = self.knows_no_ranges = False
        self.failures, self.ready_at = 0, 0.0


class Mirrors:
    """Chooses among the mirrors of one archive.

    Args:
        urls: the best first.
        patience: with each.
        say: takes a line for the user.
    """

    def __init__(
        self, urls: Sequence[str], patience: Patience, say: Callable[[str], None]
    ) -> None:
        self.all = [Mirror(url) for url in urls]
        self.patience, self.say = patience, say
        self.has_answered = False

    def choose(self, name: str) -> Mirror:
        """Return the mirror that can be asked first, once it can.

        Raises:
            DownloadError: none can; says what each one of them did with ``name``.
        """
        usable = [mirror for mirror in self.all if not mirror.is_out]
        if not usable:
            did = "\n".join(f"  {m.host} {m.trouble}" for m in self.all)
            raise DownloadError(f"no mirror delivers {name}:\n{did}")
        now = time.monotonic()

        def rank(mirror: Mirror) -> tuple[bool, float]:
            return mirror.knows_no_ranges, max(0.0, mirror.ready_at - now)

        mirror = min(usable, key=rank)
        seconds = max(0.0, mirror.ready_at - now)
        if seconds >= 1:
            self.say(f"asking {mirror.host} again in {seconds:.0f} s")
        time.sleep(seconds)
        return mirror

    def can_avoid(self, mirror: Mirror) -> bool:
        """Learn that a mirror knows no ranges; tell whether another one may."""
        was_known, mirror.knows_no_ranges = mirror.knows_no_ranges, True
        others = (m for m in self.all if not (m.is_out or m.knows_no_ranges))
        return not was_known and any(others)

    def rule_out(self, mirror: Mirror, error: Exception) -> None:
        """Ask a mirror no more."""
        mirror.is_out, mirror.trouble = True, str(error)
        self.say(f"{mirror.host} {mirror.trouble}")

    def put_off(self, mirror: Mirror, error: BrokenConnectionError, got: int) -> None:
        """Ask a mirror later, if ever, after it had delivered ``got`` bytes."""
        patience = self.patience
        is_news = mirror.trouble != str(error)
        mirror.trouble = str(error)
        mirror.failures = 1 if got >= patience.progress else mirror.failures + 1
        pause = 0.0 if mirror.failures == 1 else patience.pause * 2**mirror.failures / 4
        wait = error.wait or min(pause, patience.longest)
        if wait > patience.longest:
            mirror.trouble += f", and asks to be left alone for {wait:.0f} s"
        tries = patience.tries if self.has_answered else patience.first_tries
        mirror.is_out = mirror.failures >= tries or wait > patience.longest
        mirror.ready_at = time.monotonic() + wait
        if is_news:
            self.say(f"{mirror.host} {mirror.trouble}")
