"""One hostile client beside twenty honest ones, on the loopback: the honest lose nothing but time.

    python benchmarks/hostile.py [--seconds 60] [--rate 5]

starts a server with an empty cache and runs two rounds. In both, honest clients, each from an address of its own, ask
scenarios that nobody asked before, read for a while, and come back when told to. In the second, one more client asks
dear questions at a steady rate and heeds nothing: quotas and price caps on all trade of the world, which the server can
see to be dear, and tariffs of 500 %, which it cannot. What must hold: every honest question is answered, and the time
within which 95 in 100 are is at most doubled. The exit code is 1 where it does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import tempfile
import time

import httpx

from load import Tally, memory_mb, started

HONEST = 20
THINK = 8.0
"""Seconds between two questions of an honest client; twenty then leave a server of two workers some room."""
DEAR = (
    "do=quota&by=all&on=all&size={:.2f}",
    "do=tariff&by=all&on=all&size=4{:.2f}",
    "do=price_cap&by=all&on=all&size={:.2f}",
    "do=quota&by=EU&on=all&years=1&size={:.2f}",
)
MOST = 2.0
"""How much longer 95 in 100 honest answers may take than without the hostile client."""
LEAST = 1.0
"""Seconds below which twice nothing is asked for: a worker may be busy with one question of the hostile client."""


async def honest(address: str, number: int, tally: Tally, end: float, offset: int, think: float) -> None:
    """Ask, wait for the answer whatever it takes, read, ask again."""
    transport = httpx.AsyncHTTPTransport(local_address=f"127.0.0.{10 + number}")
    await asyncio.sleep(think * number / HONEST)
    async with httpx.AsyncClient(base_url=address, timeout=120, transport=transport) as client:
        place = 0
        while time.monotonic() < end:
            size = 1 + (offset + number * 1009 + place * 53) % 40_000 / 100
            begun = time.perf_counter()
            while True:
                answer = await client.get(
                    f"/api/scenario?do=tariff&by=USA&on=CHN&in=textiles&size={size:.2f}"
                )
                if answer.status_code not in (202, 429, 503):
                    break
                tally.statuses[answer.status_code] += 1
                await asyncio.sleep(float(answer.headers["retry-after"]))
            tally.note(answer.status_code, time.perf_counter() - begun)
            place += 1
            await asyncio.sleep(think)


async def hostile(address: str, rate: float, tally: Tally, end: float) -> None:
    """Ask dear questions at a steady rate, whatever comes back."""
    transport = httpx.AsyncHTTPTransport(
        local_address="127.0.0.200", limits=httpx.Limits(max_connections=1000)
    )
    async with httpx.AsyncClient(base_url=address, timeout=120, transport=transport) as client:

        async def ask(place: int) -> None:
            question = DEAR[place % len(DEAR)].format(1 + place % 9000 / 100)
            begun = time.perf_counter()
            try:
                answer = await client.get(f"/api/scenario?{question}")
            except httpx.HTTPError:
                return
            tally.note(answer.status_code, time.perf_counter() - begun)

        asked, place = set(), 0
        while time.monotonic() < end:
            asked.add(asyncio.create_task(ask(place)))
            place += 1
            await asyncio.sleep(1 / rate)
        for one in asked:
            one.cancel()


async def round_of(
    address: str, seconds: float, rate: float, offset: int, think: float
) -> tuple[Tally, Tally]:
    """One round: the honest, and beside them the hostile client where the rate is above zero."""
    good, bad, end = Tally(), Tally(), time.monotonic() + seconds
    clients = [honest(address, number, good, end, offset, think) for number in range(HONEST)]
    if rate:
        clients.append(hostile(address, rate, bad, end))
    await asyncio.gather(*clients)
    return good, bad


def main() -> int:
    """Run both rounds and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--rate", type=float, default=5.0, help="questions of the hostile client a second")
    parser.add_argument("--think", type=float, default=THINK)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        child, address = started(folder, given.workers)
        try:
            while httpx.get(f"{address}/leverage", timeout=60).status_code == 202:  # solved ahead of all
                time.sleep(2)
            asyncio.run(round_of(address, given.seconds / 4, 0.0, 0, given.think))
            before = memory_mb(child.pid)
            alone, _ = asyncio.run(round_of(address, given.seconds, 0.0, 11, given.think))
            beside, bad = asyncio.run(round_of(address, given.seconds, given.rate, 27, given.think))
            after = memory_mb(child.pid)
        finally:
            child.send_signal(signal.SIGTERM)
            child.wait(timeout=120)
    quantiles = {
        name: [round(tally.quantile(share), 2) for share in (0.5, 0.95, 1.0)]
        for name, tally in (("alone", alone), ("beside", beside), ("hostile", bad))
    }
    print(
        json.dumps(
            {
                "honest p50, p95, most alone, s": quantiles["alone"],
                "honest p50, p95, most beside it, s": quantiles["beside"],
                "honest statuses alone": dict(alone.statuses),
                "honest statuses beside it": dict(beside.statuses),
                "hostile statuses": dict(bad.statuses),
                "hostile p50, p95, most, s": quantiles["hostile"],
                "memory before and after, MB": [round(before), round(after)],
            },
            indent=1,
        )
    )
    allowed = max(LEAST, MOST * alone.quantile(0.95))
    lost = set(beside.statuses) - {200, 202, 429}
    return int(bool(lost) or beside.quantile(0.95) > allowed)


if __name__ == "__main__":
    raise SystemExit(main())
