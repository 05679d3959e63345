"""A tiny VOC archive, and servers that deliver it badly."""

import contextlib
import hashlib
import io
import tarfile
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from course_utils.datasets.download import archives, inspect_folder, mirrors
from course_utils.datasets.download.archives import Archive
from course_utils.datasets.download.pairs import Pair
from course_utils.labels import VOC, colormap

SPLITS = {"train": ["p1", "p2", "p3", "p4"], "val": ["p5", "p6"]}
FOLDER = "VOCdevkit/VOC2012"
IMPATIENT = {"_CONNECT": 2, "_STALL": 0.25, "_PAUSE": 0.01, "_TRIES": 3}
IMPATIENT |= {"_PROGRESS": 4096}


def encoded(picture, kind, **options):
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def make_pair(seed, height=40, width=48):
    """A noisy photograph, and a target of classes seed and 20 with some void."""
    values = np.random.default_rng(seed).integers(256, size=(height, width, 3))
    target = np.zeros((height, width), dtype=np.uint8)
    target[5 : 10 + seed, 10:30] = seed
    target[-10:] = 20
    target[-11] = 255
    picture = Image.fromarray(target)
    picture.putpalette(colormap(VOC).tobytes())
    photograph = Image.fromarray(values.astype(np.uint8))
    return encoded(photograph, "JPEG", quality=95), encoded(picture, "PNG")


def shares_of(target):
    values = np.asarray(Image.open(io.BytesIO(target)))
    counts = np.bincount(values.ravel(), minlength=256)
    return {k: counts[k] / values.size for k in range(1, 21) if counts[k]}


@dataclass
class TinyVOC:
    """Everything about an archive of six wanted pairs and more that is not wanted."""

    files: dict[str, bytes]
    pairs: list[Pair]
    members: list[tuple[str, bytes]]
    tar: bytes


def as_tar(members):
    """Pack (name, data) or TarInfo; 1 MiB of one file is like 1 MiB of another."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                tar.addfile(member)
                continue
            info = tarfile.TarInfo(member[0])
            info.size = len(member[1])
            tar.addfile(info, io.BytesIO(member[1]))
    return file.getvalue()


@pytest.fixture(scope="session")
def tiny():
    files, pairs = {}, []
    for split, names in SPLITS.items():
        for name in names:
            image, target = make_pair(int(name[1]))
            files[f"JPEGImages/{name}.jpg"] = image
            files[f"SegmentationClass/{name}.png"] = target
            pairs.append(Pair(name, split, (40, 48), shares_of(target)))
    members = [(f"{FOLDER}/Annotations/{k}.xml", b"<a/>" * 500) for k in range(5)]
    for folder in ("JPEGImages", "SegmentationClass"):
        members += [(f"{FOLDER}/{n}", d) for n, d in files.items() if folder in n]
        members.append((f"{FOLDER}/{folder}/unwanted.jpg", b"x" * 5000))
    members.append((f"{FOLDER}/SegmentationObject/p1.png", b"y" * 9000))
    return TinyVOC(files, pairs, members, as_tar(members))


@dataclass
class Server:
    """What the mirrors answer: for each path a list of plans, the last one repeated."""

    address: str
    plans: dict[str, list] = field(default_factory=dict)
    log: list[tuple[str, int]] = field(default_factory=list)

    def url(self, name, *plans):
        self.plans[f"/{name}"] = list(plans)
        return f"{self.address}/{name}"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        start = int(self.headers.get("Range", "bytes=0-")[6:-1])
        server = self.server.described
        server.log.append((self.path, start))
        plans = server.plans[self.path]
        plan = plans.pop(0) if len(plans) > 1 else plans[0]
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            plan(self, start)
        self.close_connection = True

    def head(self, status, **headers):
        self.send_response(status)
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def log_message(self, *args):
        pass


def serve(wrap=lambda server: server):
    server = wrap(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    server.daemon_threads = True
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    ).start()
    return server


@pytest.fixture
def server():
    running = serve()
    running.described = Server(f"http://127.0.0.1:{running.server_port}")
    yield running.described
    running.shutdown()
    running.server_close()


class Plans:
    """Ways to deliver one body."""

    def __init__(self, body):
        self.body = body

    def whole(self, http, start, body=None, **headers):
        """Deliver as a good server does, ranges included."""
        body = self.body if body is None else body
        if start:
            part = f"bytes {start}-{len(body) - 1}/{len(body)}"
            http.head(206, Content_Length=len(body) - start, Content_Range=part)
        else:
            http.head(200, Content_Length=len(body), **headers)
        http.wfile.write(body[start:])

    def other(self, body, **headers):
        return lambda http, start: self.whole(http, start, body, **headers)

    def cut(self, number):
        """Announce everything, deliver some bytes from the start, and hang up."""

        def plan(http, start):
            status = 206 if start else 200
            part = f"bytes {start}-{len(self.body) - 1}/{len(self.body)}"
            length = len(self.body) - start
            http.head(status, Content_Length=length, Content_Range=part)
            http.wfile.write(self.body[start : start + number])

        return plan

    def slow(self, number, seconds, block=1, pause=0.02):
        """Deliver some bytes, then a few now and then."""

        def plan(http, start):
            self.cut(number)(http, start)
            begin, until = start + number, time.monotonic() + seconds
            while time.monotonic() < until:
                http.wfile.write(self.body[begin : begin + block])
                http.wfile.flush()
                begin += block
                time.sleep(pause)

        return plan

    def slow_until(self, event, number):
        """Deliver some bytes, then a byte now and then until the event, and hang up."""

        def plan(http, start):
            self.cut(number)(http, start)
            at = start + number
            while not event.wait(0.1):
                http.wfile.write(self.body[at : at + 1])
                at += 1

        return plan

    def stall(self, number, seconds=1.0):
        """Deliver some bytes, then none for a while."""
        return self.slow(number, seconds, block=0)

    def part_only(self, number):
        """Deliver some bytes only, and say so."""

        def plan(http, start):
            end = min(start + number, len(self.body))
            part = f"bytes {start}-{end - 1}/{len(self.body)}"
            http.head(206, Content_Length=end - start, Content_Range=part)
            http.wfile.write(self.body[start:end])

        return plan

    def no_ranges(self, http, start):
        """Deliver everything, whatever was asked for."""
        self.whole(http, 0)

    def no_ranges_cut(self, number):
        return lambda http, start: self.cut(number)(http, 0)

    def chunked(self, number=None, *, ends_well=True):
        """Deliver in chunks, without saying how much there is."""

        def plan(http, start):
            http.head(200, Transfer_Encoding="chunked")
            for at in range(0, len(self.body[:number]), 5000):
                chunk = self.body[:number][at : at + 5000]
                http.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
            if ends_well:
                http.wfile.write(b"0\r\n\r\n")

        return plan

    def until_hang_up(self, number=None):
        """Deliver without a length: the end is where the connection closes."""

        def plan(http, start):
            http.head(200)
            http.wfile.write(self.body[:number])

        return plan


def answers(status, body=b"", **headers):
    """Answer a status and nothing useful."""

    def plan(http, start):
        http.head(status, Content_Length=len(body), **headers)
        http.wfile.write(body)

    return plan


@pytest.fixture
def plans(tiny):
    return Plans(tiny.tar)


@pytest.fixture
def archive_at(tiny):
    def make(*urls, name="tiny.tar", body=None, **known):
        body = tiny.tar if body is None else body
        md5 = hashlib.md5(body).hexdigest()
        known = {"size": len(body), "md5": md5, **known}
        return Archive(name, "http://page.example", urls, **known)

    return make


@pytest.fixture
def kit():
    """What tests need of this file; it can't be imported."""
    return SimpleNamespace(
        answers=answers,
        as_tar=as_tar,
        encoded=encoded,
        folder=FOLDER,
        make_pair=make_pair,
        serve=serve,
        server=Server,
    )


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Wait for a server no longer than a test may take."""
    for name, value in IMPATIENT.items():
        monkeypatch.setattr(mirrors, name, value)


@pytest.fixture
def want(monkeypatch):
    """Choose the pairs of VOC that the command wants."""

    def want(pairs):
        module = "course_utils.datasets.download.pairs"
        monkeypatch.setattr(f"{module}.voc_pairs", lambda folder, all_pairs: pairs)

    return want


@pytest.fixture
def root(tmp_path):
    return tmp_path / "voc"


@pytest.fixture
def download(tiny, want, root, monkeypatch, run_command):
    """Run the command on an archive; return its status and all that it printed."""
    want(tiny.pairs)

    def run(archive, *arguments, to=root):
        monkeypatch.setattr(archives, "VOC_ARCHIVE", archive)
        return run_command("download", "voc", "--root", to, *arguments)

    return run


@pytest.fixture
def get(download, require_complete):
    """Run the command, require a complete data set; return what was printed."""

    def run(archive, *arguments):
        status, printed = download(archive, *arguments)
        assert status == 0, printed
        require_complete()
        return printed

    return run


@pytest.fixture
def require_complete(tiny, root):
    """Require a data set that is whole, right, and alone."""

    def require(root=root):
        for name, data in tiny.files.items():
            assert (root / name).read_bytes() == data
        lists = {p.stem: p.read_text().split() for p in root.glob("ImageSets/*/*.txt")}
        assert lists == {**SPLITS, "trainval": SPLITS["train"] + SPLITS["val"]}
        assert inspect_folder(root) == (6, [], [])
        assert len([p for p in root.rglob("*") if p.is_file()]) == 12 + 3 + 1
        assert not root.with_name(f".{root.name}.partial").exists()

    return require


@pytest.fixture
def require_nothing_wrong(tiny, root):
    """Require that there is no data set, and that what was kept of it is right."""

    def require(root=root):
        assert not root.exists()
        kept = root.with_name(f".{root.name}.partial")
        names = {path.name for path in kept.rglob("*") if path.is_file()}
        assert names in (set(), {"archive.part", "made_by_course_utils.txt"})
        if names:
            part = (kept / "archive.part").read_bytes()
            assert part and tiny.tar.startswith(part)

    return require
