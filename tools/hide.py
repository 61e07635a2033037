"""Hide known economies, divide the rest of the world again, and compare losses: the test of the world of every state.

Usage: ``python tools/hide.py --cache FOLDER [--out FILE]``. Five minutes of one core.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from fits.every.hide import hide, scores  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, default=ROOT / "build" / "packages")
    parser.add_argument("--out", type=Path, help="file for all losses (CSV)")
    options = parser.parse_args(arguments)
    losses = hide(options.cache)
    if options.out:
        losses.to_csv(options.out, index=False, float_format="%.5g", lineterminator="\n")
    print(scores(losses).round(3).to_string(index=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
