"""The server is killed, loses its temporary folder or its cache, shares it, or is flooded; nothing of others goes."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import resource
import shutil
import signal
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from harness import HOME, TEMP, WORK, Box, Run

httpx = pytest.importorskip("httpx", reason="httpx absent")
pytest.importorskip("fastapi", reason="the extra `app` is absent")

#: With this variable also what takes minutes, as in `make evidence`.
WHOLE = bool(os.environ.get("SUASION_FAULTS"))
CACHE = f"{HOME}/.cache/suasion/web"
OWN = "suasion-worker-*"
START_S = 120.0
#: Questions of several kinds, and of different sizes on disk.
ASKED = (
    "/api/scenario?do=embargo&by=USA&on=RUS&in=energy",
    "/api/scenario?do=tariff&by=USA&on=CHN&size=10&in=textiles",
    "/api/products/270900",
    "/api/products/260300",
    "/api/data",
)
FRESH = itertools.count(1)


class Server:
    """`suasion serve` in a box, with its log in a file there."""

    def __init__(self, box: Box, *, ahead: bool = False, **variables: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.box = box
        self.log = f"server-{self.port}.log"
        self.process = box.start(
            "serve",
            "--port",
            str(self.port),
            "--workers",
            "1",
            "--ahead" if ahead else "--no-ahead",
            shell=f"2>{self.log}",
            **variables,
        )
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)
        end = time.monotonic() + START_S
        while True:
            with contextlib.suppress(httpx.TransportError):
                if self.client.get("/healthz").status_code == 200:
                    return
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.05)

    def said(self) -> str:
        """Its log."""
        return self.box.seen(f"{WORK}/{self.log}").read_text()

    def get(self, path: str) -> bytes:
        """Body of a good answer."""
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:300]}"
        return answer.content

    def fresh(self) -> bytes:
        """Answer to a question that nobody asked."""
        return self.get(f"/api/scenario?do=tariff&by=DEU&on=CHN&in=textiles&size={next(FRESH)}.5")

    def ahead(self, least: int) -> int:
        """Wait until it has made so many pages ahead of their readers; how many it has."""
        end = time.monotonic() + START_S
        while (done := self.client.get("/healthz").json()["ahead"]["done"]) < least:
            assert time.monotonic() < end, f"{done} pages were made ahead"
            time.sleep(0.1)
        return int(done)

    def workers(self) -> list[int]:
        """Processes that it started."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"\nPPid:\t{self.process.pid}\n" in (folder / "status").read_text():
                    found.append(int(folder.name))
        return found

    def end(self, by: int) -> Run:
        """Send a signal, wait until it and its workers are gone, and check what must hold."""
        began, left = time.monotonic(), self.workers()
        self.client.close()
        self.process.send_signal(by)
        out, _ = self.process.communicate(timeout=60)
        while any(alive(pid) for pid in left):
            assert time.monotonic() < began + 60, "workers outlived their server"
            time.sleep(0.05)
        made = Run(self.process.returncode, out, self.said(), time.monotonic() - began)
        return self.box.check(made, -by if by == signal.SIGKILL else 128 + by)


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def folders(box: Box) -> list[Path]:
    """What servers have in the temporary folder."""
    return list(box.seen(TEMP).glob(OWN))


@pytest.mark.parametrize(
    ("by", "harm"),
    [
        pytest.param(signal.SIGKILL, "a cleaner took its folder", marks=pytest.mark.evidence),
        pytest.param(signal.SIGHUP, "a cleaner took its folder", marks=pytest.mark.evidence),
        pytest.param(signal.SIGTERM, "its disk is full", marks=pytest.mark.evidence),
        pytest.param(signal.SIGINT, "none", marks=pytest.mark.evidence),
    ],
)
def test_it_ends_and_nothing_of_others_goes_with_it(box: Box, by, harm):
    """A worker that lost its server removed what Python then took for the temporary folder: the system's own.

    The first case is also the end of `test_a_damaged_cache_changes_no_answer`.
    """
    variables = {}
    if harm == "its disk is full":
        variables["TMPDIR"] = f"{TEMP}/small"
        box.disk(f"{TEMP}/small", "8k")
        box.write(f"{TEMP}/small/filler", b"x" * 4096)
    server = Server(box, **variables)
    server.fresh()
    if harm == "a cleaner took its folder":
        assert folders(box)
        for folder in folders(box):
            shutil.rmtree(folder)
        if by == signal.SIGHUP:
            server.fresh()  # it goes on, with a folder made anew
            for folder in folders(box):
                shutil.rmtree(folder)
    server.end(by)
    assert folders(box) == []
    if harm == "its disk is full":
        assert box.seen(f"{TEMP}/small/filler").exists()


@pytest.mark.evidence  # two servers make whole dossiers ahead
def test_the_next_start_sweeps_what_a_killed_server_left_and_nothing_else(box: Box):
    """Folders of the same name that bear no marker, or another's, stay; what was made ahead is not made again."""
    first = Server(box, ahead=True)
    kept = {ask: first.get(ask) for ask in ASKED[:2]}
    done = first.ahead(2)
    first.fresh()  # a reader is answered while the server works ahead
    first.end(signal.SIGKILL)
    made = {path: path.stat().st_ino for path in box.seen(f"{CACHE}/results").rglob("*.bin")}
    left = folders(box)
    assert left
    box.write(f"{TEMP}/suasion-worker-mine/thesis.tex", "of a user")
    shutil.copytree(left[0], box.seen(f"{TEMP}/suasion-worker-copy"))
    second = Server(box, ahead=True)
    assert not any(folder.exists() for folder in left)
    assert box.seen(f"{TEMP}/suasion-worker-mine/thesis.tex").read_text() == "of a user"
    assert box.seen(f"{TEMP}/suasion-worker-copy").is_dir()
    assert {ask: second.get(ask) for ask in ASKED[:2]} == kept
    assert second.ahead(done + 1) > done
    assert {path: path.stat().st_ino for path in made} == made, "what was made ahead is not made again"
    second.end(signal.SIGTERM)


def pages(pair: str) -> tuple[str, ...]:
    """What must be there without a worker: of a dossier that is kept, and of what ships, made before or not."""
    kept = (f"/dossier/{pair}", f"/briefing/{pair}.pdf", f"/card/{pair}.png", f"/dossier/{pair}.json")
    return (
        *kept,
        "/",
        "/countries",
        "/country/ISL",
        "/country/DEU",
        "/pairs",
        "/leverage?holder=USA",
        "/data",
    )


def check_without_workers(server: Server) -> None:
    """What was made and what ships is there: a stopped worker answers nothing, so whatever comes is made without one."""
    end = time.monotonic() + 4 * START_S
    while (answer := server.client.get("/dossier/ISL/COK")).status_code == 202:
        assert time.monotonic() < end, "the dossier was not made"
        time.sleep(1)
    assert answer.status_code == 200
    stopped = server.workers()
    assert stopped
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    begun = time.monotonic()
    for path in pages("ISL/COK"):
        server.get(path)
    # A page that waited for a worker would take the 30 s of its limit, and 429 or 503 would come of it.
    assert time.monotonic() < begun + 30
    for pid in stopped:
        os.kill(pid, signal.SIGCONT)


def test_a_damaged_cache_changes_no_answer(box: Box):
    """Files that were cut, flipped, swapped among each other, or deleted, while it is down and while it runs.

    The same server then answers with every worker stopped. At last a cleaner takes its temporary folder and it is killed:
    nothing of others goes.
    """
    first = Server(box)
    asked = ASKED if WHOLE else ASKED[::2]
    right = {ask: first.get(ask) for ask in asked}
    first.end(signal.SIGTERM)
    files = sorted(box.seen(f"{CACHE}/results").rglob("*.bin"))
    assert len(files) >= len(asked)
    contents = [path.read_bytes() for path in files]
    for place, path in enumerate(files):  # another question's answer, a flipped bit, an end cut off
        middle = len(contents[place]) // 2
        flipped = (
            contents[place][:middle] + bytes([contents[place][middle] ^ 1]) + contents[place][middle + 1 :]
        )
        path.write_bytes((contents[place - 1], flipped, contents[place][:-7])[place % 3])
    second = Server(box)
    assert {ask: second.get(ask) for ask in asked} == right
    shutil.rmtree(box.seen(CACHE))
    assert {ask: second.get(ask) for ask in asked} == right
    check_without_workers(second)
    assert folders(box)
    for folder in folders(box):
        shutil.rmtree(folder)
    second.end(signal.SIGKILL)
    assert folders(box) == []


@pytest.mark.evidence
def test_two_servers_on_one_cache_and_a_flood_of_connections(box: Box):
    """The same answers from both, while one is killed too; who asks whether it lives is answered in a flood."""
    with ThreadPoolExecutor(2) as both:
        one, two = both.map(lambda _: Server(box), range(2))
        for ask in ASKED if WHOLE else ASKED[:1]:
            assert len(set(both.map(lambda server, ask=ask: server.get(ask), (one, two)))) == 1
    box.check(one.end(signal.SIGKILL), -signal.SIGKILL)
    assert folders(box), "that of the other server"
    two.fresh()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    with contextlib.ExitStack() as flood:
        for _ in range(1200):  # more than it takes at a time
            flood.enter_context(socket.create_connection(("127.0.0.1", two.port), timeout=10))
        with httpx.Client(base_url=f"http://127.0.0.1:{two.port}", timeout=10) as client:
            assert client.get("/healthz").status_code == 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    two.fresh()
    two.end(signal.SIGTERM)


@pytest.mark.evidence
def test_after_fifty_who_ask_and_leave_a_reader_is_served(box: Box):
    """One long job from each of fifty addresses, then silence: the next reader's long job begins before all of theirs.

    `tests/unit/test_web_pool.py` holds the rules of the queues by jobs that only sleep.
    """
    server = Server(box)
    codes = ("USA", "CHN", "DEU", "FRA", "ITA", "JPN", "IND", "BRA", "GBR", "POL", "ESP")
    asked = list(itertools.islice(itertools.permutations(codes, 2), 50))

    def ask(number: int) -> int:
        a, b = asked[number]
        sender = {"x-forwarded-for": f"198.51.100.{number + 1}"}
        return int(server.client.get(f"/dossier/{a}/{b}?bands=1", headers=sender).status_code)

    with ThreadPoolExecutor(10) as many:
        assert set(many.map(ask, range(50))) == {202, 429}
    reader = {"x-forwarded-for": "203.0.113.7"}
    end, state = time.monotonic() + START_S, ""
    while state not in ("running", "done"):
        assert time.monotonic() < end, f"the reader's job is still {state or 'refused'}"
        page = server.client.get("/dossier/KAZ/RUS?bands=1", headers=reader)
        if page.status_code == 202:
            key = re.findall(r'data-job="([0-9a-f]{64})"', page.text)[0]
            state = server.client.get(f"/api/jobs/{key}", headers=reader).json()["state"]
        time.sleep(1)
    assert server.client.post(f"/api/jobs/{key}/cancel").status_code == 409, "a stranger cancels nothing"
    assert server.client.post(f"/api/jobs/{key}/cancel", headers=reader).json()["state"] == "cancelled"
    server.get("/")
    server.end(signal.SIGTERM)


def test_what_cannot_be_served_is_one_line(box: Box):
    """A port that is taken, a cache that cannot be made; neither says first that it serves."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        made = box.check(box.run("serve", "--port", str(taken.getsockname()[1])), 1)
        assert "Give another --port" in made.err
        assert "Suasion on http" not in made.err
    box.write(f"{HOME}/file", "")
    made = box.check(box.run("serve", "--port", "0", "--cache", f"{HOME}/file/cache"), 3)
    assert "Suasion on http" not in made.err
