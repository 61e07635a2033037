"""What the world of every state costs: process time of one thread, so that a busy machine says nearly the same."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from suasion.coercion.outcomes import base_accounts
from suasion.equilibrium import Embargo, Scenario, Tariff, compile_scenario, resolve, respond
from suasion.equilibrium.batch.many import job_of, respond_many
from suasion.equilibrium.economy import Economy, economy_on
from suasion.world import World, load_world
from table import Table, number

CUTS = [
    "RUS-CHN",
    "USA-CHN",
    "MNG-CHN",
    "IRN-CHN",
    "TON-TCD",
    "ARM-RUS",
    "KGZ-RUS",
    "BTN-IND",
    "CUB-VEN",
    "DEU-POL",
]
TAXED = ["USA-CHN", "IND-CHN", "IRQ-TUR"]
RANDOM = 128
Made = TypeVar("Made")


def timed(make: Callable[[], Made], repeats: int = 1) -> tuple[Made, float]:
    """What is made, and the least process time of it in seconds."""
    taken = []
    for _ in range(repeats):
        start = time.process_time()
        made = make()
        taken.append(time.process_time() - start)
    return made, min(taken)


def embargoes(world: World, economy: Economy) -> list[float]:
    """Seconds of each cut and tariff with its certificate."""
    measures = [Embargo(*pair.split("-")) for pair in CUTS]
    measures += [Tariff(*pair.split("-"), 0.25) for pair in TAXED]
    shocks = [compile_scenario(world, Scenario("one", [one])) for one in measures]
    return [timed(lambda shock=shock: respond(economy, shock), 3)[1] for shock in shocks]


def bench() -> Table:
    """Load, base, single answers and a batch of random cuts."""
    world, loaded = timed(lambda: load_world(states="all"))
    accounts, balanced = timed(lambda: base_accounts(world, "balance"))
    long, linear = timed(lambda: economy_on(accounts, resolve(world, "long"), "balance"))
    rows = [
        ("world, loaded, s", number(loaded), "1"),
        ("base, balanced and linearised, s", number(balanced + linear), "1"),
    ]
    draw = np.random.default_rng(1)
    pairs = [tuple(draw.choice(world.countries, 2, replace=False)) for _ in range(RANDOM)]
    for horizon, most in (("long", "0.16"), ("short", "0.41")):
        economy = long if horizon == "long" else economy_on(accounts, resolve(world, "short"), "balance")
        taken = embargoes(world, economy)
        jobs = [
            job_of(economy, compile_scenario(world, Scenario("cut", [Embargo(*map(str, pair))])))
            for pair in pairs
        ]
        many = timed(lambda economy=economy, jobs=jobs: respond_many(economy, jobs), 2)[1] / RANDOM
        rows += [
            (
                f"one embargo or tariff with its certificate, {horizon}, s: median of {len(taken)}",
                number(statistics.median(taken)),
                most,
            ),
            (f"the same: worst, {horizon}, s", number(max(taken)), ""),
            (
                f"one of {RANDOM} random embargoes, {horizon}, ms",
                number(1e3 * many),
                "10" * (horizon == "long"),
            ),
        ]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0**2
    rows.append(("memory at most, GiB", number(memory), "1.5"))
    note = (
        f"{len(world.countries)} economies, {len(world.sectors)} industries, applied tariffs. Bars are those set where "
        "memory was read at 27 GB/s and matrices multiplied at 66 Gflop/s; times follow both."
    )
    return Table("Every state", note, ("what", "value", "bar"), tuple(rows))
