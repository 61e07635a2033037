"""A real server under clients that are slow, rude or gone, and under kill -9 in the middle of a job."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from suasion.errors import InputError
from suasion.web import bodies
from suasion.web.cache import ResultCache

pytest.importorskip("fastapi", reason="the extra `app` is absent")
httpx = pytest.importorskip("httpx", reason="httpx absent")

ROOT = Path(__file__).resolve().parents[2]
SWEEP = (
    "/sweep?by=USA~EU~G7~JPN~KOR~TUR~GBR~AUS~CAN~MEX~VNM~POL&on=RUS~CHN~BRA~IND~SAU~ZAF~IDN~THA"
    "&do=embargo~export_ban~import_ban&years=1"
)
SCENARIOS = (
    12 * 8 * 3
)  # nine chunks, so that most of them are left when the first is there, however fast the machine
SERVE = """
    import sys
    from pathlib import Path
    from suasion.web import Settings, serve, slow_clients
    slow_clients.HEAD_SECONDS = 1.5
    serve(Settings(port=int(sys.argv[1]), workers=1, cache=Path(sys.argv[2]), ahead=False, body_seconds=1.5))
"""
START_S = 120.0


class Server:
    """A server in a process of its own."""

    def __init__(self, cache: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        command = [sys.executable, "-c", textwrap.dedent(SERVE), str(self.port), str(cache)]
        self.process = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment)

    def ready(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            with contextlib.suppress(httpx.TransportError):
                if httpx.get(f"{self.address}/healthz").status_code == 200:
                    return
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def children(self) -> list[int]:
        """Processes that it started."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"\nPPid:\t{self.process.pid}\n" in (folder / "status").read_text():
                    found.append(int(folder.name))
        return found


@pytest.fixture
def server(tmp_path):
    made: list[Server] = []

    def make() -> Server:
        made.append(Server(tmp_path / "cache"))
        return made[-1]

    yield make
    for one in made:
        if one.process.poll() is None:
            one.kill()


def has_part(folder: Path, seconds: float) -> bool:
    """Whether a part of a sweep is there before so many seconds are over."""
    end = time.monotonic() + seconds
    while not (found := list((folder / "cache" / "sweeps").rglob("part-*"))) and time.monotonic() < end:
        time.sleep(0.01)
    return bool(found)


def hung_up(connection: socket.socket, seconds: float) -> bytes:
    """What comes before the other side closes; fails where it does not."""
    said = b""
    with connection:
        connection.settimeout(seconds)
        while got := connection.recv(4096):
            said += got
    return said


def test_slow_clients_are_hung_up_on_and_a_killed_server_takes_its_job_up_again(server, tmp_path):
    """One server for both, since it takes seconds to start."""
    first = server()
    first.ready()
    with httpx.Client(base_url=first.address, timeout=60) as client:
        head, idle, body = (socket.create_connection(("127.0.0.1", first.port)) for _ in range(3))
        head.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        body.sendall(b"POST /scenario HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 900\r\n\r\nyaml=")
        assert client.get("/healthz").status_code == 200  # the others are served meanwhile
        assert hung_up(head, 10) == b""
        assert hung_up(idle, 10) == b""
        assert b"408" in hung_up(body, 10).splitlines()[0]
        for size in (200_000, 5_000_000):  # answered, not hung up on, however much is still on its way
            stream = (b"x" * 50_000 for _ in range(size // 50_000))
            answer = client.post("/scenario", content=stream)
            assert (answer.status_code, answer.json()["error"]["kind"]) == (413, "TooLarge")
            assert client.post("/scenario", content=b"x" * size).status_code == 413
        assert client.get("/data").status_code == 200  # kept in the cache before the crash

        end = time.monotonic() + 2 * START_S
        while time.monotonic() < end:
            assert client.get(SWEEP).status_code == 202  # a job that nobody asks for is dropped
            if has_part(tmp_path, 20.0):
                break
    left = first.children()
    first.kill()
    assert len(list((tmp_path / "cache" / "jobs").glob("*.json"))) == 1
    assert has_part(tmp_path, 0.0)
    end = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in left) and time.monotonic() < end:
        time.sleep(0.1)
    assert not [pid for pid in left if Path(f"/proc/{pid}").exists()], "workers outlived their server"
    fresh = ResultCache(tmp_path / "cache")
    kept = [path.stem for path in (tmp_path / "cache" / "results").rglob("*.bin")]
    assert kept
    assert all(fresh.get(key) is not None for key in kept)

    second = server()
    second.ready()
    with httpx.Client(base_url=second.address, timeout=60) as client:
        end = time.monotonic() + 120
        while (answer := client.get(SWEEP)).status_code == 202 and time.monotonic() < end:
            time.sleep(0.2)
        assert answer.status_code == 200
        assert f"{SCENARIOS} scenarios" in answer.text
        assert client.get("/data").status_code == 200
    assert list((tmp_path / "cache" / "jobs").glob("*.json")) == []
    assert list((tmp_path / "cache" / "sweeps").glob("*")) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"a": 1, "a": 2}', "'a' stands twice"),
        (b'{"a": {"b": [{"c": 1, "c": 1}]}}', "'c' stands twice"),
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b'{"a": [-Infinity]}', "-Infinity is no JSON number"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_json_that_can_be_read_in_two_ways_is_refused(body, words):
    with pytest.raises(InputError, match=words):
        bodies.check_json(body)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b'{"a": 1, "b": {"a": 2}}'])
def test_other_bodies_are_left_to_their_route(body):
    assert bodies.check_json(body) is None


def test_the_limits_of_slow_clients_are_sane():
    from suasion.web import slow_clients

    assert 5 <= slow_clients.HEAD_SECONDS <= 60


def test_the_body_does_not_wait_for_the_reader_to_acknowledge_the_header():
    """Which takes 40 ms of each request on a connection that is kept."""
    from suasion.web.server import listening
    from suasion.web.settings import Settings

    async def taken() -> int:
        seen = asyncio.get_running_loop().create_future()

        def connected(_, writer):
            own = writer.get_extra_info("socket")
            seen.set_result(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        made = listening(Settings(host="127.0.0.1", port=0))
        async with await asyncio.start_server(connected, sock=made):
            _, writer = await asyncio.open_connection(*made.getsockname())
            writer.close()
            return await seen

    assert asyncio.run(taken())
