"""Every fault here is survived, or ends in advice; and no wrong file is left."""

import re
import time

import pytest
from tiny_voc import answers

from course_utils.datasets.download import mirrors

GOOD_PART = 30_000  # bytes, in the middle of the images
HEADERS = [0, 1, 511, 512, 513, 1024]  # the archive is made of blocks of 512 bytes
CUTS = [*HEADERS, 4000, 9_999, 12_800, 20_000, GOOD_PART, -10_241, -600, -512, -1]


@pytest.fixture
def case(server, plans, archive_at):
    """What a fault is made of: an archive at mirrors named a, b, ..."""

    class Case:
        good, faulty = plans.whole, plans
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
def test_after_a_cut_it_goes_on_at_the_same_byte(
    case, number, get, patient, server, root
):
    number %= len(case.body)
    get(case.archive([case.faulty.cut(number), case.good]))
    assert server.log == [("/a", 0), ("/a", number)]
    assert '"archive_md5": "compared"' in (root / "download.json").read_text()


@pytest.mark.parametrize("number", CUTS)
def test_the_next_mirror_goes_on_at_the_same_byte(case, number, get, patient, server):
    number %= len(case.body)
    printed = get(case.archive([case.faulty.cut(number), answers(404)], case.good))
    assert server.log == [("/a", 0), ("/a", number), ("/b", number)]
    assert "answers 404 Not Found" in printed


def flipped(case, at):
    body = bytearray(case.body)
    body[at] ^= 0x55
    return case.faulty.other(bytes(body))


ONCE = {  # and then the mirror does as it should
    "cut before any byte": lambda c: c.faulty.cut(0),
    "stall at the start": lambda c: c.faulty.stall(0),
    "stall in the middle": lambda c: c.faulty.stall(20_000),
    "a byte now and then": lambda c: c.faulty.slow(9000, 1),
    "500": lambda c: answers(500),
    "503": lambda c: answers(503),
    "429 with seconds": lambda c: answers(429, Retry_After="1"),
    "429 with a date": lambda c: answers(
        429, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT"
    ),
    "429 with nonsense": lambda c: answers(429, Retry_After="soon"),
    "chunks, cut": lambda c: c.faulty.chunked(20_000, ends_well=False),
    "chunks that end too early": lambda c: c.faulty.chunked(20_000),
    "no length, cut": lambda c: c.faulty.until_hang_up(20_000),
}
ALWAYS = {  # but there is another mirror
    "429 for an hour": lambda c: answers(429, Retry_After="3600"),
    "403": lambda c: answers(403),
    "404": lambda c: answers(404),
    "410": lambda c: answers(410),
    "500 for ever": lambda c: answers(500),
    "204, nothing": lambda c: answers(204),
    "redirect": lambda c: answers(302, Location=c.url("moved", c.good)),
    "redirect to a dead page": lambda c: answers(
        301, Location=c.url("gone", answers(404))
    ),
    "redirect in a circle": lambda c: answers(302, Location="/a"),
    "redirect to nowhere": lambda c: answers(302, Location="http://127.0.0.1:9/x"),
    "redirect to another protocol": lambda c: answers(302, Location="gopher://x/"),
    "redirect without an address": lambda c: answers(302),
    "a login page": lambda c: answers(200, b"<html>", Content_Type="text/html"),
    "a short other file": lambda c: c.faulty.other(b"x" * 9000),
    "a longer file": lambda c: c.faulty.other(c.body + b"x"),
    "an empty file": lambda c: c.faulty.other(b""),
    "packed once more": lambda c: c.faulty.other(c.body, Content_Encoding="gzip"),
    "wrong byte in an image": lambda c: flipped(c, 20_000),
    "wrong byte in a header": lambda c: flipped(c, 150),
    "wrong byte in what is not wanted": lambda c: flipped(c, 600),
    "wrong last byte": lambda c: flipped(c, -1),
    "all bytes wrong": lambda c: c.faulty.other(b"\x55" * len(c.body)),
}
AFTER_A_CUT = {  # at byte 20,000, and there is another mirror
    "ranges refused": lambda c: c.faulty.no_ranges,
    "416": lambda c: answers(416),
    "501": lambda c: answers(501),
    "a range that begins elsewhere": lambda c: answers(
        206, Content_Range="bytes 0-9/10"
    ),
    "a range of another file": lambda c: answers(
        206, b"x" * 9, Content_Range="bytes 20000-20008/20009"
    ),
    "a range without saying which": lambda c: answers(206, b"xyz"),
    "a range that is nonsense": lambda c: answers(206, Content_Range="lines 1-2/3"),
}
OTHERS = {  # plans of the mirrors
    "cut every 9000 bytes": lambda c: [c.faulty.cut(9000)],
    "cut before any byte, twice": lambda c: [[c.faulty.cut(0)] * 2 + [c.good]],
    "chunks": lambda c: [c.faulty.chunked()],
    "no length": lambda c: [c.faulty.until_hang_up()],
    "ranges refused": lambda c: [[c.faulty.cut(20_000), c.faulty.no_ranges]],
    "ranges refused, cut again and again": lambda c: [
        [c.faulty.no_ranges_cut(n) for n in range(9000, len(c.body), 9000)]
        + [c.faulty.no_ranges]
    ],
    "ranges refused by all": lambda c: [
        [c.faulty.cut(20_000), answers(404)],
        c.faulty.no_ranges,
    ],
    "a range that is only a part": lambda c: [
        [c.faulty.cut(20_000), c.faulty.part_only(5000), c.good]
    ],
    "another file at the mirror without ranges": lambda c: [
        [c.faulty.cut(20_000), answers(404)],
        c.faulty.other(b"z" * len(c.body)),
        c.good,
    ],
    "wrong bytes after a switch": lambda c: [
        [c.faulty.cut(20_000), answers(404)],
        flipped(c, 40_000),
        c.good,
    ],
}


@pytest.mark.parametrize("fault", ONCE)
def test_a_fault_that_passes_is_survived_by_the_only_mirror(case, fault, get):
    get(case.archive([ONCE[fault](case), case.good]))


@pytest.mark.parametrize("fault", ALWAYS)
def test_a_fault_that_stays_is_survived_by_another_mirror(case, fault, get):
    get(case.archive(ALWAYS[fault](case), case.good))


@pytest.mark.parametrize("fault", AFTER_A_CUT)
def test_a_wrong_answer_to_a_range_is_survived(case, fault, get):
    plans = [case.faulty.cut(20_000), AFTER_A_CUT[fault](case)]
    get(case.archive(plans, case.good))


@pytest.mark.parametrize("fault", OTHERS)
def test_a_fault_is_survived(case, fault, get):
    get(case.archive(*OTHERS[fault](case)))


DEADLY = {  # plans of the mirrors, and what is said
    "403": (lambda c: [answers(403)], "answers 403 Forbidden"),
    "404": (lambda c: [answers(404)], "answers 404 Not Found"),
    "two dead mirrors": (
        lambda c: [answers(404), answers(403)],
        r"404 Not Found\n.*answers 403",
    ),
    "500": (lambda c: [answers(500)], "answers 500"),
    "429 for an hour": (lambda c: [answers(429, Retry_After="3600")], "answers 429"),
    "redirect in a circle": (
        lambda c: [answers(302, Location="/a")],
        "Exceeded 30 redirects",
    ),
    "no answer": (lambda c: [lambda http, start: time.sleep(1)], "timed out"),
    "stall for ever": (lambda c: [c.faulty.stall(1000)], "timed out"),
    "a byte now and then, for ever": (
        lambda c: [c.faulty.slow(1000, 1)],
        "sends next to nothing",
    ),
    "no bytes, ever": (lambda c: [c.faulty.cut(0)], "broke the connection"),
    "one byte each time": (lambda c: [c.faulty.cut(1)], "broke the connection"),
    "a shorter file": (
        lambda c: [c.faulty.other(c.body[:-1])],
        r"has a file of 71,679 bytes there, not of 71,680",
    ),
    "a login page": (
        lambda c: [answers(200, b"<html>", Content_Type="text/html")],
        "does this network ask for a login",
    ),
    "a wrong byte": (lambda c: [flipped(c, -1)], "its MD5 checksum is"),
    "wrong bytes everywhere": (
        lambda c: [flipped(c, 20_000), flipped(c, 600)],
        r"/a is damaged: .*\n.*/b is damaged: its MD5",
    ),
}
UNREACHABLE = {
    "http://127.0.0.1:9/a": "can't be reached, or broke the connection .*refused",
    "http://nowhere.invalid/a": "can't be reached, or broke the connection",
    "nonsense": "Invalid URL",
}


@pytest.fixture
def require_advice(download, get, case, require_nothing_wrong):
    """Require an end in advice, and that the next call succeeds."""

    def require(archive, message):
        status, printed = download(archive)
        assert status == 2
        assert re.search(message, printed), printed
        assert "course_utils download voc --from tiny.tar" in printed
        require_nothing_wrong()
        get(case.archive(case.good))

    return require


@pytest.mark.parametrize("fault", DEADLY)
def test_a_deadly_fault_ends_in_advice(case, fault, require_advice):
    plans, message = DEADLY[fault]
    require_advice(case.archive(*plans(case)), message)


@pytest.mark.parametrize("url", UNREACHABLE)
def test_an_address_that_leads_nowhere_ends_in_advice(url, archive_at, require_advice):
    require_advice(archive_at(url), UNREACHABLE[url])


def test_no_archive_is_recognized_without_a_checksum(case, require_advice):
    no_archive = case.faulty.other(b"\x55" * len(case.body))
    require_advice(case.archive(no_archive, md5=None), "it is no archive, or damaged")
