"""Run the benchmarks, each in a process of its own, and write them as a page.

Whatever goes wrong in one is a line of the page and does not stop the others.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from table import Table, failed

HERE = Path(__file__).resolve().parent
#: Name to title, module and function.
BENCHES = {
    "numpy": ("Against 40 lines of NumPy", "against_numpy", "bench"),
    "sanction-simulator": ("Against sanction-simulator, 80 x 50", "against_sanction_simulator", "bench"),
    "gegravity": ("Against gegravity, one sector", "against_gegravity", "bench"),
    "waits": ("Waits", "waits", "bench"),
    "installs": ("Installations", "installs", "bench"),
    "limit": ("Against the machine", "limit", "bench"),
    "states": ("Every state", "states", "bench"),
    "games": ("Games on supply networks", "games_cost", "bench"),
    "countries": ("Growth with countries", "scaling", "bench_countries"),
    "sectors": ("Growth with sectors", "scaling", "bench_sectors"),
    "batch": ("Growth with the batch", "scaling", "bench_batch"),
    "rows": ("Growth of the screen with rows", "products", "bench_rows"),
    "160x120": ("160 x 120", "scaling", "bench_large"),
    "paint": ("First paint of the pages", "paint", "bench"),
    "sweep": ("What 88 million solves would cost", "sweep_cost", "bench"),
}
NAMES = ("jobs", *BENCHES)
SINGLE = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
ONE_THREAD = {"sweep": SINGLE, "waits": SINGLE, "states": SINGLE}
LONGEST = 3600.0


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmarks asked for, and write or print the page."""
    parser = argparse.ArgumentParser(description="Run the benchmarks.")
    parser.add_argument("--out", type=Path, help="file to write; standard output without it")
    parser.add_argument("--only", default="", help="one benchmark by its name, or the jobs with this text")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.one:
        print(_bench(options.one).to_json())
        return 0
    names = [options.only] if options.only in NAMES else [] if options.only else list(NAMES)
    parts = ["<!-- Written by `make bench`. -->", "", "# Benchmarks", ""]
    if "jobs" in names or not names:
        text = _jobs("" if names else options.only)
        if not text:
            parser.error(f"There is no benchmark or job {options.only!r}. Benchmarks are {', '.join(NAMES)}.")
        parts.append(text)
    parts += [_apart(name).markdown() for name in names if name != "jobs"]
    page = "\n".join(parts)
    if options.out:
        options.out.write_text(page, encoding="utf-8")
    else:
        print(page)
    return 0


def _jobs(only: str) -> str:
    """Time the jobs whose name has a text; empty where there is none."""
    from cases import CASES
    from products import PRODUCT_CASES
    from timing import REFERENCE, attempt, report

    cases = [case for case in (*CASES, *PRODUCT_CASES) if only in case.name]
    if not cases:
        return ""
    timings = [attempt(REFERENCE)]
    for case in cases:
        print(f"{case.name} ...", file=sys.stderr)
        timings.append(attempt(case))
    return report(timings)


def _apart(name: str) -> Table:
    """Run one benchmark in a process of its own."""
    print(f"{name} ...", file=sys.stderr)
    line = [sys.executable, str(HERE / "run.py"), "--one", name]
    environment = {**os.environ, **ONE_THREAD.get(name, {})}
    try:
        done = subprocess.run(line, capture_output=True, text=True, timeout=LONGEST, env=environment)
    except subprocess.TimeoutExpired:
        return failed(BENCHES[name][0], f"It took more than {LONGEST:.0f} seconds.")
    if done.returncode:
        words = done.stderr.strip().splitlines() or ["no reason given"]
        return failed(BENCHES[name][0], f"It failed: {words[-1][:200]}")
    return Table.from_json(done.stdout.strip().splitlines()[-1])


def _bench(name: str) -> Table:
    _, module, function = BENCHES[name]
    return getattr(importlib.import_module(module), function)()


if __name__ == "__main__":
    raise SystemExit(main())
