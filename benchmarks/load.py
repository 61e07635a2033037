"""Load the web application on the loopback: cached pages and fresh solves by simultaneous users.

    python benchmarks/load.py [--users 50] [--seconds 60] [--workers 2]

starts a server with an empty cache, warms it, then runs two rounds and prints one table. Users behave as people
do: they read for a second between pages (``--think``). What must hold stands in ``LIMITS``; the exit code is 1
where it does not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import IO

import httpx

CACHED = (
    "/",
    "/scenario",
    "/scenario?do=embargo&by=USA~EU&on=RUS&in=energy",
    "/api/scenario?do=embargo&by=USA~EU&on=RUS&in=energy",
    "/products",
    "/products/270900",
    "/data",
    "/method",
    "/api",
    "/dossier/RUS/CHN",
)
LIMITS = {"cached p95, s": 0.1, "fresh served within 30 s, share": 0.95, "memory drift": 0.05}
SERVED_WITHIN = 30.0


class Tally:
    """Statuses and times of one round."""

    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.times: list[float] = []

    def note(self, status: int, seconds: float) -> None:
        """Count one answer."""
        self.statuses[status] += 1
        self.times.append(seconds)

    def quantile(self, share: float) -> float:
        """Time within which this share of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


async def cached_user(client: httpx.AsyncClient, tally: Tally, end: float, think: float, start: int) -> None:
    """Read finished pages one after the other."""
    place = start
    await asyncio.sleep(think * (start % 10) / 10)
    while time.monotonic() < end:
        begun = time.perf_counter()
        answer = await client.get(CACHED[place % len(CACHED)])
        tally.note(answer.status_code, time.perf_counter() - begun)
        place += 1
        await asyncio.sleep(think)


async def fresh_user(client: httpx.AsyncClient, tally: Tally, end: float, think: float, start: int) -> None:
    """Ask scenarios that nobody asked before; come back when told to."""
    place = 0
    while time.monotonic() < end:
        size = 1 + (start * 1009 + place * 50 + place) % 49000 / 100
        address = f"/api/scenario?do=tariff&by=USA&on=CHN&size={size:.2f}&in=electronics"
        begun = time.perf_counter()
        while True:
            answer = await client.get(address)
            if answer.status_code != 429:
                break
            tally.statuses[429] += 1
            await asyncio.sleep(float(answer.headers["retry-after"]))
        tally.note(answer.status_code, time.perf_counter() - begun)
        place += 1
        await asyncio.sleep(think)


async def round_of(user, address: str, users: int, seconds: float, think: float) -> Tally:
    """One round of simultaneous users."""
    tally, end = Tally(), time.monotonic() + seconds
    limits = httpx.Limits(max_connections=users, max_keepalive_connections=users)
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        await asyncio.gather(*(user(client, tally, end, think, k) for k in range(users)))
    return tally


def memory_mb(pid: int) -> float:
    """Memory of a process and its children, MB."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text()
        except OSError:
            continue
        fields = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
        if pid in (int(fields["Pid"]), int(fields["PPid"])) and "VmRSS" in fields:
            total += int(fields["VmRSS"].split()[0])
    return total / 1024


SERVER = """
import sys
from pathlib import Path
from suasion.web import Settings
from suasion.web.server import serve
port, workers, folder, ahead = sys.argv[1:]
serve(Settings(port=int(port), workers=int(workers), cache=Path(folder), ahead=bool(ahead)), str)
"""


def started(
    folder: str, workers: int, log: IO[bytes] | int = subprocess.DEVNULL, *, ahead: bool = True
) -> tuple[subprocess.Popen[bytes], str]:
    """A server with an empty cache, once it can answer; it makes pages ahead of their readers unless told otherwise."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", SERVER, str(port), str(workers), folder, "yes" if ahead else ""]
    child = subprocess.Popen(command, stderr=log, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            if httpx.get(f"{address}/healthz").status_code == 200:
                return child, address
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not start")


def alone(address: str) -> float:
    """Time of a fresh scenario on an idle server, the median of five."""
    times = []
    for size in (11, 12, 13, 14, 15):
        begun = time.perf_counter()
        httpx.get(f"{address}/api/scenario?do=embargo&by=USA&on=RUS&in=energy&ease=1.{size}", timeout=60)
        times.append(time.perf_counter() - begun)
    return sorted(times)[2]


def main() -> int:
    """Run both rounds and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--think", type=float, default=1.0, help="seconds between two requests of a user")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        child, address = started(folder, given.workers)
        try:
            for path in CACHED:
                httpx.get(address + path, timeout=120).raise_for_status()
            while (
                httpx.get(f"{address}/leverage", timeout=60).status_code == 202
            ):  # all pairs are solved ahead
                time.sleep(2)
            single = alone(address)
            rounds, memory = {}, []
            for name, user in (("warm-up", fresh_user), ("cached", cached_user), ("fresh", fresh_user)):
                seconds = given.seconds / 3 if name == "warm-up" else given.seconds
                rounds[name] = asyncio.run(round_of(user, address, given.users, seconds, given.think))
                memory.append(memory_mb(child.pid))
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=60)
    return report(rounds, memory, single)


def report(rounds: dict[str, Tally], memory: list[float], single: float) -> int:
    """Print the table; 1 where a limit is missed."""
    cached, fresh = rounds["cached"], rounds["fresh"]
    served = sum(seconds <= SERVED_WITHIN for seconds in fresh.times) / max(1, len(fresh.times))
    measured = {
        "fresh scenario alone, s": round(single, 3),
        "cached requests": len(cached.times),
        "cached statuses": dict(cached.statuses),
        "cached p50, s": round(cached.quantile(0.5), 4),
        "cached p95, s": round(cached.quantile(0.95), 4),
        "fresh requests": len(fresh.times),
        "fresh statuses": dict(fresh.statuses),
        "fresh p95, s": round(fresh.quantile(0.95), 2),
        "fresh served within 30 s, share": round(served, 3),
        "memory after warm-up and after, MB": [round(memory[0]), round(memory[-1])],
        "memory drift": round(memory[-1] / memory[0] - 1, 3),
        "stopped in good order": True,
    }
    print(json.dumps(measured, indent=1))
    bad = [
        set(cached.statuses) != {200},
        not set(fresh.statuses) <= {200, 429},
        measured["cached p95, s"] > LIMITS["cached p95, s"],
        served < LIMITS["fresh served within 30 s, share"],
        measured["memory drift"] > LIMITS["memory drift"],
    ]
    return int(any(bad))


if __name__ == "__main__":
    raise SystemExit(main())
