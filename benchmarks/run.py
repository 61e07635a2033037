"""Time the benchmark cases in one run and write them as a page."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from cases import CASES
from timing import REFERENCE, measure, report


def main(argv: Sequence[str] | None = None) -> int:
    """Time the cases and write or print the page."""
    parser = argparse.ArgumentParser(description="Time the benchmark cases.")
    parser.add_argument("--out", type=Path, help="file to write; standard output without it")
    parser.add_argument("--only", default="", help="run the cases whose name has this text")
    options = parser.parse_args(argv)
    timings = [measure(REFERENCE)]
    for case in CASES:
        if options.only in case.name:
            print(f"{case.name} ...", file=sys.stderr)
            timings.append(measure(case))
    page = report(timings)
    if options.out:
        options.out.write_text(page, encoding="utf-8")
    else:
        print(page)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
