"""What a server may answer, and whether to believe it."""

import re
import time
from email.utils import parsedate_to_datetime

import requests

from course_utils.datasets.download.trouble import BrokenConnectionError, RefusedError

TEMPORARY = {408, 425, 429, 500, 502, 503, 504, 507, 509, 520, 521, 522, 523, 524}
CERTIFICATE_ADVICE = (
    "its certificate can't be verified; is the computer's clock right, and does a "
    "company network inspect the traffic (then set REQUESTS_CA_BUNDLE)? On macOS with "
    'Python from python.org, run "Install Certificates.command" once'
)


def check_answer(
    response: requests.Response, start: int, size: int | None
) -> tuple[int, int | None]:
    """Decide what the body of an answer is.

    Args:
        response: with its headers read, and its body not.
        start: the byte that was asked for.
        size: of the whole file, where that is known.

    Returns:
        The byte the body begins at (``start``, or 0 where the server knows no ranges),
        and the size of the whole file, None where the server does not say it.

    Raises:
        BrokenConnectionError: the server has no time just now.
        RefusedError: this is not the file, or not the part of it that was asked for.
    """
    _check_status(response)
    encoding = response.headers.get("Content-Encoding", "identity")
    if encoding not in ("", "identity"):
        raise RefusedError(f"sends the file packed once more ({encoding})")
    if response.headers.get("Content-Type", "").startswith("text/html"):
        raise RefusedError("sends a web page; does this network ask for a login?")
    begin, total = 0, _number(response.headers.get("Content-Length"))
    if response.status_code == 206:
        begin, total = _content_range(response.headers.get("Content-Range", ""))
        if begin != start:
            raise RefusedError(f"sends byte {begin} when asked for byte {start}")
    if None not in (size, total) and total != size:
        raise RefusedError(f"has a file of {total:,} bytes there, not of {size:,}")
    return begin, total


def _check_status(response: requests.Response) -> None:
    status = response.status_code
    if status in (200, 206):
        return
    message = f"answers {status} {response.reason or ''}".rstrip()
    if status in TEMPORARY:
        wait = seconds_to_wait(response.headers.get("Retry-After", ""))
        raise BrokenConnectionError(message, wait)
    if status == 416:
        message += ": the file there is shorter"
    raise RefusedError(message)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None


def _content_range(text: str) -> tuple[int, int | None]:
    match = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", text.strip())
    if not match:
        raise RefusedError(f"does not say which part it sends ({text or 'nothing'})")
    return int(match[1]), _number(match[3])


def seconds_to_wait(retry_after: str) -> float:
    """Read the header Retry-After: a number of seconds, or a date."""
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        return max(0.0, parsedate_to_datetime(retry_after).timestamp() - time.time())
    except ValueError:
        return 0.0


def translate(error: Exception) -> Exception:
    """Turn an error of the HTTP library into one of ours, in a reader's words."""
    if isinstance(error, requests.exceptions.SSLError):
        return RefusedError(CERTIFICATE_ADVICE)
    if isinstance(error, requests.exceptions.TooManyRedirects):
        return RefusedError("redirects in a circle")
    if isinstance(error, requests.exceptions.ProxyError):
        return BrokenConnectionError("the proxy can't be reached; see HTTPS_PROXY")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return BrokenConnectionError("does not answer")
    if isinstance(error, requests.exceptions.Timeout):
        return BrokenConnectionError("stopped sending")
    if isinstance(error, requests.exceptions.ConnectionError):
        if "Connection aborted" in str(error):
            return BrokenConnectionError("hung up without an answer")
        is_unknown = "NameResolution" in repr(error) or "getaddrinfo" in repr(error)
        text = "has an unknown name" if is_unknown else "can't be reached"
        return BrokenConnectionError(f"{text}; is there a network?")
    return RefusedError(f"can't be used ({type(error).__name__}: {error})")
