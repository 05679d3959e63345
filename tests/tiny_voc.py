"""A tiny VOC archive, and servers that deliver it badly."""

import contextlib
import io
import tarfile
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
from PIL import Image

from course_utils.datasets.download.pairs import Pair
from course_utils.labels import VOC, colormap

SPLITS = {"train": ["p1", "p2", "p3", "p4"], "val": ["p5", "p6"]}
FOLDER = "VOCdevkit/VOC2012"


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


def as_tar(members):
    """Pack (name, data) or TarInfo; 1 MiB of one file is like 1 MiB of another."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as tar:
        for member in members:
            if isinstance(member, tarfile.TarInfo):
                tar.addfile(member)
                continue
            name, data = member
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return file.getvalue()


@dataclass
class TinyVOC:
    """Everything about an archive of six wanted pairs and more that is not wanted."""

    files: dict[str, bytes]
    pairs: list[Pair]
    members: list[tuple[str, bytes]]
    tar: bytes


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


@contextlib.contextmanager
def serve(host="http://127.0.0.1", wrap=lambda server: server):
    running = wrap(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    running.daemon_threads = True
    running.described = Server(f"{host}:{running.server_port}")
    threading.Thread(
        target=running.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
    ).start()
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

    def slow(self, number, seconds, block=1, pause=0.02, stop=None):
        """Deliver some bytes, then a few now and then, until the event ``stop``."""
        stop = stop or threading.Event()

        def plan(http, start):
            self.cut(number)(http, start)
            begin, until = start + number, time.monotonic() + seconds
            while time.monotonic() < until and not stop.wait(pause):
                http.wfile.write(self.body[begin : begin + block])
                http.wfile.flush()
                begin += block

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
