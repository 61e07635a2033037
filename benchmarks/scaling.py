"""How time grows with countries, sectors and the size of a batch; and the largest size, with its memory."""

from __future__ import annotations

import resource
import sys
import time

from suasion.equilibrium import Embargo, Scenario, compile_scenario, resolve, respond, simulate
from suasion.equilibrium.batch.many import BATCH, job_of, respond_many
from suasion.equilibrium.economy import economy_on, prepare
from suasion.world import World
from suasion.world.testing import random_world
from table import Table, exponent, number, seconds

COUNTRIES, SECTORS, BATCHES = (20, 40, 80, 160), (15, 30, 60, 120), (1, 4, 16, 64, 256)
OTHER_SECTORS, OTHER_COUNTRIES = 40, 40
LARGE, LARGE_GB = (160, 120), 4.0
#: By horizon; the short run may take three times as long.
LARGE_SECONDS = {"long": 10.0, "short": 30.0}
HEAD = ("size", "base, s", "one embargo, s", f"one of {BATCH} in a batch, s")


def bench_countries() -> Table:
    """Grow the number of countries."""
    return _grow("countries", [(n, OTHER_SECTORS) for n in COUNTRIES], COUNTRIES)


def bench_sectors() -> Table:
    """Grow the number of sectors."""
    return _grow("sectors", [(OTHER_COUNTRIES, s) for s in SECTORS], SECTORS)


def _grow(what: str, sizes: list[tuple[int, int]], axis: tuple[int, ...]) -> Table:
    times = [_at(n, s) for n, s in sizes]
    rows = [(f"{n} x {s}", *map(number, row)) for (n, s), row in zip(sizes, times, strict=True)]
    last = [f"{exponent(axis, column):.2f}" for column in zip(*times, strict=True)]
    note = (
        f"Made-up worlds, every country trading every good with every other. The exponent says by which power of the "
        f"number of {what} time grows: 2 is four times as long at twice the size. Base: deficits balanced, equations "
        "linearised."
    )
    return Table(f"Growth with {what}", note, HEAD, (*rows, ("exponent", *last)))


def _at(n: int, s: int) -> tuple[float, float, float]:
    world = random_world(n, s, seed=1)
    parameters = resolve(world, "long")
    start = time.perf_counter()
    economy = prepare(world, parameters)
    base = time.perf_counter() - start
    shocks = [_cut(world, k) for k in range(BATCH)]
    single = seconds(lambda: respond(economy, shocks[0]))
    batch = seconds(lambda: respond_many(economy, [job_of(economy, shock) for shock in shocks]), 1) / BATCH
    return base, single, batch


def _cut(world: object, k: int) -> object:
    names = world.countries
    first = k % len(names)
    second = (first + 1 + (k // len(names)) % (len(names) - 1)) % len(names)
    return compile_scenario(world, Scenario("cut", [Embargo(names[first], names[second])]))


def bench_batch() -> Table:
    """Grow the batch at 80 x 50."""
    world = random_world(80, 50, seed=1)
    parameters = resolve(world, "long")
    economy = economy_on(prepare(world, parameters).accounts, parameters, "balance")
    shocks = [_cut(world, k) for k in range(max(BATCHES))]
    alone = seconds(lambda: respond(economy, shocks[0]))
    times = [
        seconds(lambda some=shocks[:size]: respond_many(economy, [job_of(economy, x) for x in some]), 2)
        / size
        for size in BATCHES
    ]
    rows = [
        (str(size), number(each), number(alone / each)) for size, each in zip(BATCHES, times, strict=True)
    ]
    rows.append(("exponent", f"{exponent(BATCHES, times):.2f}", ""))
    note = (
        f"A made-up world of 80 x 50; preparing the shocks included. More than {BATCH} shocks are cut into batches of "
        "that size, which run side by side. The exponent is that of the time of one shock."
    )
    return Table(
        "Growth with the batch", note, ("shocks", "time of one, s", "solved singly over that"), tuple(rows)
    )


def bench_large() -> Table:
    """One embargo at 160 x 120, long and short run, in a process of its own, this one, and its memory."""
    world = random_world(*LARGE, seed=1)
    before = peak_gb()
    rows = tuple(_large(world, horizon, before) for horizon in LARGE_SECONDS)
    head = (
        *("size", "horizon", "seconds", "bar", "peak memory, GB", "bar", "of which before the solve, GB"),
        *("residual", "within both"),
    )
    note = (
        "From a world in memory to the certified answer, nothing prepared: the base is balanced first. The memory is "
        "the peak of the whole process."
    )
    return Table("160 x 120", note, head, rows)


def _large(world: World, horizon: str, before: float) -> tuple[str, ...]:
    start = time.perf_counter()
    found = simulate(world, Scenario("cut", [Embargo("C1", "C2")]), horizon=horizon)
    taken, peak, bar = time.perf_counter() - start, peak_gb(), LARGE_SECONDS[horizon]
    return (
        f"{LARGE[0]} x {LARGE[1]}",
        horizon,
        number(taken),
        f"{bar:g}",
        number(peak),
        f"{LARGE_GB:g}",
        number(before),
        f"{found.certificate.residual:.0e}",
        "yes" if taken <= bar and peak <= LARGE_GB else "no",
    )


def peak_gb() -> float:
    """Peak memory of this process, GB."""
    unit = 1.0 if sys.platform == "darwin" else 1024.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e9
