"""Download an archive from whichever of its mirrors delivers it."""

import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
import urllib3
from tqdm import tqdm

from course_utils.datasets.download import archives

_CONNECT, _STALL = 10.0, 30.0  # seconds to wait for a connection, and for more bytes
_SLOWEST = 1000.0  # bytes a second over _STALL; fewer count as none
_PAUSE = 2.0  # seconds; doubled before each retry
_TRIES, _PROGRESS = 4, 1 << 16  # tries in a row that bring fewer bytes than _PROGRESS
_NOT_NOW = (408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524)
_CERTIFICATE = (
    "its certificate can't be verified; is the computer's clock right, and does a "
    "company network inspect the traffic (then set REQUESTS_CA_BUNDLE)? On macOS with "
    'Python from python.org, run "Install Certificates.command" once'
)


class _MirrorError(Exception):
    """A mirror does not deliver; it may do so later only if this is temporary."""

    def __init__(self, problem: str, *, is_temporary: bool = False) -> None:
        super().__init__(problem)
        self.is_temporary = is_temporary


def fetch_archive(
    archive: archives.Archive, part: Path, take: Callable[[Path], Any]
) -> Any:
    """Download an archive, compare its MD5, and return what ``take(part)`` returns.

    The bytes are appended to the file ``part``, from where the last call stopped, by
    one mirror after another. If they prove wrong, all of them are thrown away, and the
    last mirror is asked for all of them; if they are wrong again, it is ruled out.

    Raises:
        ArchiveError: No mirror delivers the right bytes; says what each of them did.
    """
    if archive.md5 is None:
        part.write_bytes(b"")  # without MD5, nobody could tell whether the rest fits
    failures, problems, suspects = dict.fromkeys(archive.urls, 0), {}, set()
    while min(failures.values()) < _TRIES:
        url = min(failures, key=lambda url: max(1, failures[url]))
        if failures[url] > 1:
            time.sleep(_PAUSE * 2 ** (failures[url] - 1))
        start = part.stat().st_size
        try:
            _receive(url, part, archive.size)
            if archive.md5 is not None:
                archives.require_md5(part, archive.md5)
            return take(part)
        except _MirrorError as error:
            problems[url] = f"{url} {error}"
            has_grown = part.stat().st_size - start >= _PROGRESS
            failures[url] = 1 if has_grown else failures[url] + 1
            is_out = not error.is_temporary
        except archives.ArchiveError as error:
            problems[url] = f"{url} is damaged: {error}"
            part.write_bytes(b"")
            is_out = start == 0 or url in suspects
            suspects.add(url)
        if is_out:
            failures[url] = _TRIES
        tqdm.write(problems[url])
    raise archives.ArchiveError(
        "\n  ".join(["no mirror delivers it:", *problems.values()])
    )


def _receive(url: str, part: Path, size: int | None) -> None:
    """Append to a file what it lacks of an archive, in one request to one mirror."""
    start = part.stat().st_size
    if size is not None and start >= size:
        return
    headers = {"Accept-Encoding": "identity", "Range": f"bytes={start}-"}
    options = {"headers": headers, "stream": True, "timeout": (_CONNECT, _STALL)}
    try:
        with requests.get(url, **options) as response:
            begin, total = _check_answer(response, start, size)
            _append(response, part, start - begin, total)
    except requests.exceptions.SSLError:
        raise _MirrorError(_CERTIFICATE) from None
    except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
        raise _explained(error) from None
    if total is not None and part.stat().st_size < total:
        raise _MirrorError("broke the connection", is_temporary=True)


def _check_answer(
    response: requests.Response, start: int, size: int | None
) -> tuple[int, int | None]:
    """Return the byte that an answer begins with, and the size of the whole file."""
    status, headers = response.status_code, response.headers
    begin, total = 0, headers.get("Content-Length", "")
    if status not in (200, 206):
        problem = f"answers {status} {response.reason or ''}"
        raise _MirrorError(problem, is_temporary=status in _NOT_NOW)
    if headers.get("Content-Type", "").startswith("text/html"):
        raise _MirrorError("sends a web page; does this network ask for a login?")
    if status == 206:
        given = headers.get("Content-Range", "no range")
        match = re.fullmatch(rf"bytes {start}-\d+/(\d+|\*)", given.strip())
        if not match:
            raise _MirrorError(f"sends {given} when asked for byte {start}")
        begin, total = start, match[1]
    total = int(total) if total.isdecimal() else size
    if size not in (None, total):
        raise _MirrorError(f"has a file of {total:,} bytes there, not of {size:,}")
    return begin, total


def _append(
    response: requests.Response, part: Path, skip: int, total: int | None
) -> None:
    """Write bytes as they come, but for the first ones if the file has them already."""
    began, received = time.monotonic(), 0
    options = {"total": total, "initial": part.stat().st_size, "file": sys.stdout}
    with tqdm(unit="B", unit_scale=True, **options) as bar, part.open("ab") as file:
        while block := response.raw.read1(archives.BLOCK, decode_content=False):
            bar.update(file.write(block[skip:]))
            skip, received = max(0, skip - len(block)), received + len(block)
            seconds = time.monotonic() - began
            if seconds >= _STALL:
                if received < _SLOWEST * seconds:
                    raise _MirrorError("sends next to nothing", is_temporary=True)
                began, received = time.monotonic(), 0


def _explained(error: Exception) -> _MirrorError:
    """Turn an error of the libraries into one of ours, which names its first cause."""
    network = requests.ConnectionError, requests.Timeout, urllib3.exceptions.HTTPError
    is_temporary = isinstance(error, network)
    while error.__context__ is not None:
        error = error.__context__
    problem = "can't be reached, or broke the connection" if is_temporary else "fails"
    return _MirrorError(f"{problem} ({error})", is_temporary=is_temporary)
