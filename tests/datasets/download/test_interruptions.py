"""Killed and started again, and two at once."""

import signal
import subprocess
import sys
import threading
import time

import pytest

SCRIPT = """
import sys

from course_utils.datasets.download import archives, download, mirrors, pairs

root, url, size, md5, names = sys.argv[1:]
known = [pairs.Pair(n, s, (40, 48)) for n, s in (w.split(":") for w in names.split())]
pairs._voc_pairs = lambda folder, all_pairs: known
archive = archives.Archive("tiny.tar", "http://page", (url,), int(size), md5)
archives.VOC_ARCHIVE = archive
mirrors._STALL = 20
print("ready")
download("voc", root)
"""


@pytest.fixture
def start(tiny):
    """Start the command as a process of its own."""
    processes = []

    def run(root, archive):
        names = " ".join(f"{pair.name}:{pair.split}" for pair in tiny.pairs)
        known = [archive.urls[0], str(archive.size), archive.md5, names]
        process = subprocess.Popen(
            [sys.executable, "-u", "-c", SCRIPT, str(root), *known],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        processes.append(process)
        assert process.stdout.readline() == "ready\n"
        return process

    yield run
    for process in processes:
        process.kill()
        process.wait()


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.parametrize(("end", "block"), [(signal.SIGKILL, 512), (signal.SIGINT, 0)])
def test_a_download_that_was_ended_goes_on_where_it_was(
    end, block, start, server, plans, archive_at, get, require_nothing_wrong, root
):
    part = root.with_name(".voc.partial") / "archive.part"
    slowly = plans.slow(40_000, 20, block, pause=0.1)
    archive = archive_at(server.url("a", slowly, plans.whole))
    process = start(root, archive)
    wait_for(lambda: part.exists() and part.stat().st_size > 20_000)
    process.send_signal(end)
    process.communicate(timeout=20)
    require_nothing_wrong()
    position = part.stat().st_size
    if end == signal.SIGINT:
        assert position == 40_000  # all that came
    assert "waiting" not in get(archive)  # the lock of a killed process is free
    assert server.log == [("/a", 0), ("/a", position)]


def test_two_at_once_download_once(
    start, server, plans, archive_at, require_complete, root
):
    second_waits = threading.Event()
    plan = plans.slow(20_000, 60, pause=0.1, stop=second_waits)
    archive = archive_at(server.url("a", plan, plans.whole))
    first = start(root, archive)
    wait_for(lambda: server.log)
    second = start(root, archive)
    assert "is running: waiting for it" in second.stdout.readline()
    second_waits.set()
    outputs = [p.communicate(timeout=60)[0] for p in (first, second)]
    assert (first.returncode, second.returncode) == (0, 0), outputs
    require_complete()
    assert [start for _, start in server.log if start == 0] == [0]
    assert "all 6 pairs are in" in outputs[1]


def test_the_command_says_so_when_it_is_stopped(
    server, plans, archive_at, download, monkeypatch
):
    def stop(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr("course_utils.datasets.download.mirrors._check_answer", stop)
    status, printed = download(archive_at(server.url("a", plans.whole)))
    assert status == 130
    assert "stopped; run the same command again" in printed
