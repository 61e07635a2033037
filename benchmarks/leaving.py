"""Fifty addresses ask for one long job each and leave; then one reader comes, and at last every worker stops.

    python benchmarks/leaving.py [--workers 2] [--questions 20]

starts a server with an empty cache, has a dossier made, and measures a reader alone: scenarios that nobody asked for.
Then fifty others ask for a dossier with ranges each and fall silent. The reader asks for one too and for as many new
scenarios as before. At last all workers are stopped, and what was made before is asked for. ``LIMITS`` is what must
hold; the exit code is 1 where it does not.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import signal
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from load import Tally, started

CODES = ("USA", "CHN", "DEU", "FRA", "ITA", "JPN", "IND", "BRA", "GBR", "POL", "ESP")
OTHERS = 50
READER = {"x-forwarded-for": "203.0.113.7"}
KEPT = ("/", "/dossier/ISL/COK", "/briefing/ISL/COK.pdf", "/card/ISL/COK.png")
LIMITS = {"long job begins, s": 60.0, "p95 over p95 alone": 2.0, "kept, workers stopped, s": 0.1}
TIMES = 5
"""How often each kept page is asked for with the workers stopped; the slowest counts."""


def quick(client: httpx.Client, first: int, count: int) -> Tally:
    """New scenarios of the reader, one after the other; told to come back he does, and waits on."""
    tally = Tally()
    for number in range(first, first + count):
        address = f"/api/scenario?do=tariff&by=DEU&on=CHN&in=textiles&size={number}.5"
        begun = time.perf_counter()
        while (answer := client.get(address, headers=READER)).status_code in (202, 429):
            time.sleep(0.2)
        tally.note(answer.status_code, time.perf_counter() - begun)
        time.sleep(0.5)
    return tally


def crowd(client: httpx.Client) -> None:
    """One long job from each of fifty addresses."""
    pairs = list(itertools.islice(itertools.permutations(CODES, 2), OTHERS))

    def ask(number: int) -> None:
        a, b = pairs[number]
        client.get(f"/dossier/{a}/{b}?bands=1", headers={"x-forwarded-for": f"198.51.100.{number + 1}"})

    with ThreadPoolExecutor(10) as many:
        list(many.map(ask, range(OTHERS)))


def until_it_runs(client: httpx.Client, most: float) -> float:
    """Seconds until the reader's long job runs."""
    begun = time.monotonic()
    while time.monotonic() < begun + most:
        page = client.get("/dossier/KAZ/RUS?bands=1", headers=READER)
        if page.status_code == 202:
            key = re.findall(r'data-job="([0-9a-f]{64})"', page.text)[0]
            if client.get(f"/api/jobs/{key}", headers=READER).json()["state"] in ("running", "done"):
                return time.monotonic() - begun
        time.sleep(0.5)
    return float("inf")


def workers_of(server: int) -> list[int]:
    """Processes that the server began."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
    return [int(one) for one in children]


def stopped(client: httpx.Client, server: int) -> dict[str, float]:
    """Longest time of each kept page while every worker is stopped."""
    workers = workers_of(server)
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        return {path: max(_taken(client, path) for _ in range(TIMES)) for path in KEPT}
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)


def _taken(client: httpx.Client, path: str) -> float:
    begun = time.perf_counter()
    client.get(path, headers=READER).raise_for_status()
    return time.perf_counter() - begun


def main() -> int:
    """Measure, print, and compare with the limits."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--questions", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        child, address = started(folder, given.workers, ahead=False)
        try:
            with httpx.Client(base_url=address, timeout=120) as client:
                while client.get("/dossier/ISL/COK", headers=READER).status_code == 202:
                    time.sleep(1)
                quick(client, 1, 3)  # warms
                alone = quick(client, 100, given.questions)
                crowd(client)
                begins = until_it_runs(client, 300.0)
                beside = quick(client, 300, given.questions)
                pages = stopped(client, child.pid)
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=120)
    measured = {
        "scenarios alone, statuses": dict(alone.statuses),
        "scenarios beside, statuses": dict(beside.statuses),
        "p95 alone, s": round(alone.quantile(0.95), 3),
        "p95 beside, s": round(beside.quantile(0.95), 3),
        "long job begins, s": round(begins, 1),
        "p95 over p95 alone": round(beside.quantile(0.95) / alone.quantile(0.95), 2),
        "kept, workers stopped, s": round(max(pages.values()), 3),
        "pages": {path: round(seconds, 4) for path, seconds in pages.items()},
        "load of the machine": round(os.getloadavg()[0], 1),
    }
    print(json.dumps(measured, indent=1))
    return int(any(measured[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    raise SystemExit(main())
