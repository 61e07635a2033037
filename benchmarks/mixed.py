"""Everything at once on the loopback: readers, scenarios, downloads, dear questions and nonsense, for ten minutes.

    python benchmarks/mixed.py [--seconds 600]

starts a server with an empty cache. What must hold: no answer of 500 or above but 503, which says when to come back;
no traceback in the log; and memory that stays where it was after the first fifth. The exit code is 1 where it does not.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import signal
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx

from hostile import DEAR
from load import CACHED, memory_mb, started

DRIFT = 0.05
"""How much memory may grow from the second fifth of the time to the last, as in ``load.py``."""
PAIRS = ("RUS/CHN", "USA/CHN", "DEU/CHN", "KAZ/RUS", "UKR/RUS", "AUS/CHN", "ISL/STP", "TWN/CHN")
NONSENSE = (
    "/dossier/{0}/CHN", "/api/scenario?do={0}&by=USA&on=CHN", "/api/scenario?do=tariff&by={0}&on=CHN&size=5",
    "/api/scenario?do=tariff&by=USA&on=CHN&size={0}", "/products/{0}", "/{0}", "/leverage?by={0}", "/country/{0}",
    "/api/dossier/{0}", "/data?{0}={0}", "/scenario?do=tariff&by=USA&on=CHN&years={0}",
)  # fmt: skip
WORDS = ("nan", "-1", "1e308", "Atlantis", "%00", "..%2f..%2fetc%2fpasswd", "'", "<script>", "🇷🇺", "a" * 4000)


def question(dice: random.Random) -> str:
    """A scenario that was probably not asked before."""
    doing, size = dice.choice(("tariff", "export_tax", "quota")), dice.randrange(100, 9900) / 100
    by, on = dice.sample(("USA", "EU", "CHN", "RUS", "IND", "DEU", "TUR"), 2)
    return (
        f"do={doing}&by={by}&on={on}&in={dice.choice(('textiles', 'electronics', 'energy'))}&size={size:.2f}"
    )


def reader(dice: random.Random) -> str:
    """A finished page."""
    return dice.choice(CACHED)


def explorer(dice: random.Random) -> str:
    """A fresh scenario, as page or data."""
    return f"{dice.choice(('/scenario', '/api/scenario'))}?{question(dice)}"


def visitor(dice: random.Random) -> str:
    """A dossier, perhaps one that has to be made, or one of its files."""
    return f"/dossier/{dice.choice(PAIRS)}{dice.choice(('', '.csv', '.json', '.md'))}"


def hostile(dice: random.Random) -> str:
    """A question that takes long."""
    return "/api/scenario?" + dice.choice(DEAR).format(dice.randrange(100, 9000) / 100)


def fool(dice: random.Random) -> str:
    """What fits no address."""
    return dice.choice(NONSENSE).format(dice.choice(WORDS))


ROLES = ((reader, 8, 1.0), (explorer, 4, 4.0), (visitor, 3, 6.0), (hostile, 1, 1.0), (fool, 2, 0.5))
"""Who, how many of them, and seconds between two requests of one."""


async def play(
    address: str, number: int, ask, think: float, end: float, statuses: dict[str, Counter[int]]
) -> None:
    """Ask until the end, whatever comes back."""
    dice = random.Random(number)
    transport = httpx.AsyncHTTPTransport(local_address=f"127.0.0.{20 + number}")
    async with httpx.AsyncClient(base_url=address, timeout=120, transport=transport) as client:
        while time.monotonic() < end:
            answer = await client.get(ask(dice))
            statuses[ask.__name__][answer.status_code] += 1
            await asyncio.sleep(think)


async def watch(pid: int, end: float, seen: list[float]) -> None:
    """Note the memory of the server and its workers every two seconds."""
    while time.monotonic() < end:
        seen.append(memory_mb(pid))
        await asyncio.sleep(2)


async def all_at_once(address: str, pid: int, seconds: float) -> tuple[dict[str, Counter[int]], list[float]]:
    """Statuses by role, and memory through time."""
    end, memory = time.monotonic() + seconds, []
    statuses: dict[str, Counter[int]] = {ask.__name__: Counter() for ask, _, _ in ROLES}
    cast = [(ask, think) for ask, many, think in ROLES for _ in range(many)]
    players = [play(address, k, ask, think, end, statuses) for k, (ask, think) in enumerate(cast)]
    await asyncio.gather(watch(pid, end, memory), *players)
    return statuses, memory


def main() -> int:
    """Run, print what was seen, and say whether it holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as written:
            child, address = started(str(Path(folder) / "cache"), given.workers, written)
            try:
                statuses, memory = asyncio.run(all_at_once(address, child.pid, given.seconds))
            finally:
                child.send_signal(signal.SIGTERM)
                child.wait(timeout=120)
        traces = log.read_text("utf-8", "replace").count("Traceback")
    fifth = max(1, len(memory) // 5)
    early, late = statistics.median(memory[fifth : 2 * fifth]), statistics.median(memory[-fifth:])
    wrong = {code for seen in statuses.values() for code in seen if code >= 500 and code != 503}
    print(
        json.dumps(
            {
                "requests": sum(seen.total() for seen in statuses.values()),
                "statuses": {name: dict(sorted(seen.items())) for name, seen in statuses.items()},
                "tracebacks in the log": traces,
                "memory in the second fifth and the last, MB": [round(early), round(late)],
                "memory drift": round(late / early - 1, 3),
            },
            indent=1,
        )
    )
    return int(bool(wrong) or traces > 0 or late > early * (1 + DRIFT))


if __name__ == "__main__":
    raise SystemExit(main())
