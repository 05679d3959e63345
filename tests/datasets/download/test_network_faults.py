"""Every fault here is survived, or ends in advice; and no wrong file is left."""

import re
import time

import pytest

from course_utils.datasets.download import mirrors

GOOD_PART = 30_000  # bytes, in the middle of the images
HEADERS = [0, 1, 511, 512, 513, 1024]  # the archive is made of blocks of 512 bytes
CUTS = [*HEADERS, 4000, 9_999, 12_800, 20_000, GOOD_PART, -10_241, -600, -512, -1]


@pytest.fixture
def case(server, plans, archive_at, kit):
    """What a fault is made of: an archive at mirrors named a, b, ..."""

    class Case:
        good, faulty, answers = plans.whole, plans, staticmethod(kit.answers)
        body, url = plans.body, server.url

        def archive(self, *mirrors, **known):
            plans = [m if isinstance(m, list) else [m] for m in mirrors]
            urls = [server.url(n, *p) for n, p in zip("abcd", plans, strict=False)]
            return archive_at(*urls, **known)

    return Case()


@pytest.fixture
def patient(monkeypatch):
    """Take no pause of a busy machine for a server that stopped sending."""
    monkeypatch.setattr(mirrors, "_STALL", 10)


@pytest.mark.parametrize("number", CUTS)
def test_after_a_cut_it_goes_on_at_the_same_byte(case, number, get, patient, server):
    number %= len(case.body)
    get(case.archive([case.faulty.cut(number), case.good]))
    assert server.log == [("/a", 0), ("/a", number)]


@pytest.mark.parametrize("number", CUTS)
def test_the_next_mirror_goes_on_at_the_same_byte(case, number, get, patient, server):
    number %= len(case.body)
    dead = case.answers(404)
    printed = get(case.archive([case.faulty.cut(number), dead], case.good))
    assert server.log == [("/a", 0), ("/a", number), ("/b", number)]
    assert "answers 404 Not Found" in printed


def flipped(case, at):
    body = bytearray(case.body)
    body[at] ^= 0x55
    return case.faulty.other(bytes(body))


SURVIVED = {
    "cut every 9000 bytes": lambda c: c.archive([c.faulty.cut(9000)]),
    "cut before any byte, twice": lambda c: c.archive([c.faulty.cut(0)] * 2 + [c.good]),
    "stall at the start": lambda c: c.archive([c.faulty.stall(0), c.good]),
    "stall in the middle": lambda c: c.archive([c.faulty.stall(20_000), c.good]),
    "a byte now and then": lambda c: c.archive([c.faulty.slow(9000, 1), c.good]),
    "500, then good": lambda c: c.archive([c.answers(500), c.good]),
    "503, then good": lambda c: c.archive([c.answers(503), c.good]),
    "429 with seconds": lambda c: c.archive([c.answers(429, Retry_After="1"), c.good]),
    "429 with a date": lambda c: c.archive(
        [c.answers(429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"), c.good]
    ),
    "429 for an hour": lambda c: c.archive(c.answers(429, Retry_After="3600"), c.good),
    "429 with nonsense": lambda c: c.archive(
        [c.answers(429, Retry_After="soon"), c.good]
    ),
    "403": lambda c: c.archive(c.answers(403), c.good),
    "404": lambda c: c.archive(c.answers(404), c.good),
    "410": lambda c: c.archive(c.answers(410), c.good),
    "500 for ever": lambda c: c.archive(c.answers(500), c.good),
    "204, nothing": lambda c: c.archive(c.answers(204), c.good),
    "redirect": lambda c: c.archive(
        c.answers(302, Location=c.url("moved", c.good)), c.good
    ),
    "redirect to a dead page": lambda c: c.archive(
        c.answers(301, Location=c.url("gone", c.answers(404))), c.good
    ),
    "redirect in a circle": lambda c: c.archive(c.answers(302, Location="/a"), c.good),
    "redirect to nowhere": lambda c: c.archive(
        c.answers(302, Location="http://127.0.0.1:9/x"), c.good
    ),
    "redirect to another protocol": lambda c: c.archive(
        c.answers(302, Location="gopher://127.0.0.1/"), c.good
    ),
    "redirect without an address": lambda c: c.archive(c.answers(302), c.good),
    "a login page": lambda c: c.archive(
        c.answers(200, b"<html>", Content_Type="text/html"), c.good
    ),
    "a short other file": lambda c: c.archive(c.faulty.other(b"x" * 9000), c.good),
    "a longer file": lambda c: c.archive(c.faulty.other(c.body + b"x"), c.good),
    "an empty file": lambda c: c.archive(c.faulty.other(b""), c.good),
    "packed once more": lambda c: c.archive(
        c.faulty.other(c.body, Content_Encoding="gzip"), c.good
    ),
    "wrong byte in an image": lambda c: c.archive(flipped(c, 20_000), c.good),
    "wrong byte in a header": lambda c: c.archive(flipped(c, 150), c.good),
    "wrong byte in what is not wanted": lambda c: c.archive(flipped(c, 600), c.good),
    "wrong last byte": lambda c: c.archive(flipped(c, -1), c.good),
    "all bytes wrong": lambda c: c.archive(
        c.faulty.other(b"\x55" * len(c.body)), c.good
    ),
    "chunks": lambda c: c.archive(c.faulty.chunked()),
    "chunks, cut": lambda c: c.archive(
        [c.faulty.chunked(20_000, ends_well=False), c.good]
    ),
    "chunks that end too early": lambda c: c.archive(
        [c.faulty.chunked(20_000), c.good]
    ),
    "no length": lambda c: c.archive(c.faulty.until_hang_up()),
    "no length, cut": lambda c: c.archive([c.faulty.until_hang_up(20_000), c.good]),
    "ranges refused": lambda c: c.archive([c.faulty.cut(20_000), c.faulty.no_ranges]),
    "ranges refused, cut again and again": lambda c: c.archive(
        [c.faulty.no_ranges_cut(n) for n in range(9000, len(c.body), 9000)]
        + [c.faulty.no_ranges]
    ),
    "ranges refused, but not by the next": lambda c: c.archive(
        [c.faulty.cut(20_000), c.faulty.no_ranges], c.good
    ),
    "ranges refused by all": lambda c: c.archive(
        [c.faulty.cut(20_000), c.answers(404)], c.faulty.no_ranges
    ),
    "416 to a range": lambda c: c.archive(
        [c.faulty.cut(20_000), c.answers(416)], c.good
    ),
    "501 to a range": lambda c: c.archive(
        [c.faulty.cut(20_000), c.answers(501)], c.good
    ),
    "a range that begins elsewhere": lambda c: c.archive(
        [c.faulty.cut(20_000), c.answers(206, Content_Range="bytes 0-9/10")], c.good
    ),
    "a range of another file": lambda c: c.archive(
        [
            c.faulty.cut(20_000),
            c.answers(206, b"x" * 9, Content_Range="bytes 20000-20008/20009"),
        ],
        c.good,
    ),
    "a range without saying which": lambda c: c.archive(
        [c.faulty.cut(20_000), c.answers(206, b"xyz")], c.good
    ),
    "a range that is nonsense": lambda c: c.archive(
        [c.faulty.cut(20_000), c.answers(206, Content_Range="lines 1-2/3")], c.good
    ),
    "a range that is only a part": lambda c: c.archive(
        [c.faulty.cut(20_000), lambda http, start: part_of(c, http, start), c.good]
    ),
    "another file at the mirror without ranges": lambda c: c.archive(
        [c.faulty.cut(20_000), c.answers(404)],
        c.faulty.other(b"z" * len(c.body)),
        c.good,
    ),
    "wrong bytes after a switch": lambda c: c.archive(
        [c.faulty.cut(20_000), c.answers(404)], flipped(c, 40_000), c.good, c.good
    ),
}


def part_of(case, http, start):
    """Send 5000 bytes only, and say so."""
    end = min(start + 5000, len(case.body))
    part = f"bytes {start}-{end - 1}/{len(case.body)}"
    http.head(206, Content_Length=end - start, Content_Range=part)
    http.wfile.write(case.body[start:end])


@pytest.mark.parametrize("fault", SURVIVED)
def test_a_fault_is_survived(case, fault, get):
    get(SURVIVED[fault](case))


DEADLY = {
    "403": (lambda c: c.archive(c.answers(403)), "answers 403 Forbidden"),
    "404": (lambda c: c.archive(c.answers(404)), "answers 404 Not Found"),
    "two dead mirrors": (
        lambda c: c.archive(c.answers(404), c.answers(403)),
        r"404 Not Found\n.*answers 403",
    ),
    "500": (lambda c: c.archive(c.answers(500)), "answers 500"),
    "429 for an hour": (
        lambda c: c.archive(c.answers(429, Retry_After="3600")),
        "answers 429",
    ),
    "redirect in a circle": (
        lambda c: c.archive(c.answers(302, Location="/a")),
        "Exceeded 30 redirects",
    ),
    "no answer": (lambda c: c.archive(lambda http, start: time.sleep(1)), "timed out"),
    "stall for ever": (lambda c: c.archive(c.faulty.stall(1000)), "timed out"),
    "a byte now and then, for ever": (
        lambda c: c.archive(c.faulty.slow(1000, 1)),
        "sends next to nothing",
    ),
    "no bytes, ever": (lambda c: c.archive(c.faulty.cut(0)), "broke the connection"),
    "one byte each time": (
        lambda c: c.archive(c.faulty.cut(1)),
        "broke the connection",
    ),
    "a shorter file": (
        lambda c: c.archive(c.faulty.other(c.body[:-1])),
        r"has a file of 71,679 bytes there, not of 71,680",
    ),
    "a login page": (
        lambda c: c.archive(c.answers(200, b"<html>", Content_Type="text/html")),
        "does this network ask for a login",
    ),
    "a wrong byte": (lambda c: c.archive(flipped(c, -1)), "its MD5 checksum is"),
    "wrong bytes everywhere": (
        lambda c: c.archive(flipped(c, 20_000), flipped(c, 600)),
        r"/a is damaged: .*\n.*/b is damaged: its MD5",
    ),
    "no tar archive, and no checksum known": (
        lambda c: c.archive(c.faulty.other(b"\x55" * len(c.body)), md5=None),
        "it is no archive, or damaged",
    ),
    "nobody listens": (
        lambda c: c.archive_of("http://127.0.0.1:9/a"),
        "can't be reached, or broke .*refused",
    ),
    "unknown name": (
        lambda c: c.archive_of("http://nowhere.invalid/a"),
        "can't be reached, or broke the connection",
    ),
    "no address": (lambda c: c.archive_of("nonsense"), "Invalid URL"),
}


@pytest.mark.parametrize("fault", DEADLY)
def test_a_deadly_fault_ends_in_advice_and_nothing_is_lost(
    case, fault, download, get, archive_at, require_nothing_wrong
):
    case.archive_of = archive_at
    make, message = DEADLY[fault]
    status, printed = download(make(case))
    assert status == 2
    assert re.search(message, printed)
    assert "course_utils download voc --from tiny.tar" in printed
    require_nothing_wrong()
    get(case.archive(case.good))
