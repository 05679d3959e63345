"""The bytes of an archive, from whichever mirror delivers them."""

import hashlib
import time
from collections.abc import Callable, Sequence

import requests
import urllib3

from course_utils.datasets.download.answers import check_answer, translate
from course_utils.datasets.download.archives import Archive
from course_utils.datasets.download.mirrors import Mirror, Mirrors, Patience
from course_utils.datasets.download.trouble import BrokenConnectionError, RefusedError

BLOCK = 1 << 16


class MirrorStream:
    """A readable stream that goes on at the same byte, at this mirror or the next.

    A mirror that knows no ranges is read from its beginning, up to the byte that is
    wanted; what is read twice must be the same.

    Args:
        archive: what to read.
        urls: of the mirrors to use.
        start: byte to begin at.
        patience: with the mirrors.
        say: takes a line for the user.

    Attributes:
        position: bytes delivered, counted from the beginning of the archive.
        size: bytes of the archive, None while that is not known.
        md5: of the bytes so far; None if they do not begin at the archive's first.
        sources: the URLs that delivered, each once, the last one last.
    """

    def __init__(
        self,
        archive: Archive,
        urls: Sequence[str],
        *,
        start: int = 0,
        patience: Patience | None = None,
        say: Callable[[str], None] = print,
    ) -> None:
        self.archive, self.say = archive, say
        self.patience = patience or Patience()
        self.mirrors = Mirrors(urls, self.patience, say)
        self.position, self.size = start, archive.size
        self.md5 = hashlib.md5(usedforsecurity=False) if start == 0 else None
        self.sources: list[str] = []
        self._session = requests.Session()
        self._response: requests.Response | None = None
        self._at_end = False

    def read(self, size: int = BLOCK) -> bytes:
        """Return the next bytes, at most ``size``; none at the end of the archive.

        Raises:
            DownloadError: no mirror delivers; the message tells what each one did.
        """
        while not self._at_end and self.position != self.size:
            if self._response is None:
                self._connect()
            try:
                data = self._receive(size)
            except BrokenConnectionError as error:
                self._put_off(error)
                continue
            self.position += len(data)
            if self.md5 is not None:
                self.md5.update(data)
            if data:
                return data
            self._at_end = True
        return b""

    def close(self) -> None:
        """Hang up."""
        self._hang_up()
        self._session.close()

    def _hang_up(self) -> None:
        if self._response is not None:
            self._response.close()
            self._response = None

    def _put_off(self, error: BrokenConnectionError) -> None:
        self._hang_up()
        self.mirrors.put_off(self._mirror, error, self.position - self._began_at)

    def _connect(self) -> None:
        """Ask one mirror after another, until one goes on at this byte."""
        while self._response is None:
            self._mirror = self.mirrors.choose(self.archive.name)
            self._began_at = self.position
            try:
                self._open(self._mirror)
            except RefusedError as error:
                self._hang_up()
                self.mirrors.rule_out(self._mirror, error)
            except BrokenConnectionError as error:
                self._put_off(error)

    def _open(self, mirror: Mirror) -> None:
        headers = {"Accept-Encoding": "identity", "User-Agent": "course-utils"}
        if self.position:
            headers["Range"] = f"bytes={self.position}-"
        timeout = (self.patience.connect, self.patience.stall)
        try:
            self._response = self._session.get(
                mirror.url, headers=headers, stream=True, timeout=timeout
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise translate(error) from None
        self._window_began, self._window_bytes = time.monotonic(), 0
        begin, total = check_answer(self._response, self.position, self.size)
        self.size = total if self.size is None else self.size
        self._left = None if self.size is None else self.size - begin
        if begin < self.position:
            self._read_again(mirror)
        self.mirrors.has_answered = True
        if mirror.url in self.sources:
            self.sources.remove(mirror.url)
        self.sources.append(mirror.url)

    def _read_again(self, mirror: Mirror) -> None:
        """Read from the beginning up to the byte that is wanted, and compare."""
        if self.mirrors.can_avoid(mirror):
            raise BrokenConnectionError("can only begin at the beginning")
        self.say(f"{mirror.host} begins at the beginning: that much is read again")
        again, left = hashlib.md5(usedforsecurity=False), self.position
        while left:
            data = self._receive(min(left, BLOCK))
            if not data:
                raise RefusedError("has a shorter file there")
            again.update(data)
            left -= len(data)
        if self.md5 is not None and again.digest() != self.md5.digest():
            raise RefusedError("has another file there than the mirror before")
        self.md5 = again

    def _receive(self, size: int) -> bytes:
        """Take what the connection has, at most ``size`` bytes.

        Raises:
            BrokenConnectionError: it broke, stalled, or ended too early.
        """
        try:
            data = self._response.raw.read1(size, decode_content=False)
        except urllib3.exceptions.TimeoutError:
            raise BrokenConnectionError("stopped sending") from None
        except (urllib3.exceptions.HTTPError, OSError):
            raise BrokenConnectionError("broke the connection") from None
        if not data and self._left:
            raise BrokenConnectionError("broke the connection")
        if self._left is not None:
            self._left -= len(data)
        self._watch_the_pace(len(data))
        return data

    def _watch_the_pace(self, received: int) -> None:
        self._window_bytes += received
        seconds = time.monotonic() - self._window_began
        if seconds < self.patience.stall:
            return
        if self._window_bytes < self.patience.slowest * seconds:
            raise BrokenConnectionError("sends next to nothing")
        self._window_began, self._window_bytes = time.monotonic(), 0
