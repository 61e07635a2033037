"""In sanction-simulator's environment: embargoes on its own network of 2022."""

from __future__ import annotations

import json
import sys
import time
from importlib import metadata

import sanction_simulator as ss
import sanction_simulator.power_trade_estimation as pte

problem = json.load(sys.stdin)
start = time.perf_counter()
bench = pte.Benchmark(ss.data_dir(), cache=ss.bench_cache())
loaded = time.perf_counter() - start
legs = [(f"{a}-{b}", pte.bilateral_legs(bench.cidx[a], bench.cidx[b])) for a, b in problem["pairs"]]


def run(some: list) -> float:
    """Seconds of some embargoes by its own batch routine, diagnostics included."""
    begin = time.perf_counter()
    pte.run_scenarios(bench, some, pte.TAU_BASE, pte.RHO_BASE, pte.DELTA_BASE, log=lambda *_: None)
    return time.perf_counter() - begin


run(legs[:1])
answer = {
    "load": loaded,
    "one": run(legs[:1]),
    "many": run(legs),
    "version": metadata.version("sanction-simulator"),
}
print(json.dumps(answer))
