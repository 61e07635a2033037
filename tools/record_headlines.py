"""Add a record to the change log of headline numbers, with the reason why they moved.

python tools/record_headlines.py "Trade elasticities of services from another source"
"""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

from suasion import __version__
from suasion.coercion import exit_cost
from suasion.dossier.site import changes
from suasion.measures import share_matrix
from suasion.world import World, load_world

PATH = Path(changes.__file__).with_name(changes.FILE)
PAIRS = (
    ("RUS", "CHN"),
    ("USA", "CHN"),
    ("AUS", "CHN"),
    ("DEU", "RUS"),
    ("MEX", "USA"),
    ("UKR", "RUS"),
    ("ISL", "STP"),
)
"""Pairs whose headline numbers are on record."""
HORIZONS = ("long", "short")


def headline_values(world: World) -> dict[tuple[str, str, str], float]:
    """Compute the numbers that are on record: per cent by pair, country and measure.

    world: The economy; it holds all states of :data:`PAIRS`.
    """
    shares = share_matrix(world)
    made = {}
    for a, b in PAIRS:
        cost = exit_cost(world, a, b, horizon="both")
        for mine, other in ((a, b), (b, a)):
            key = f"{a}-{b}", mine
            made[*key, "share"] = 100.0 * float(shares.sel(country=mine, partner=other))
            for horizon in HORIZONS:
                made[*key, f"loss_{horizon}"] = float(cost.loss(mine, horizon))
    return made


def main() -> None:
    """Recompute all headline numbers and append them."""
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        raise SystemExit("Give the reason in one sentence, in quotation marks.")
    world = load_world()
    data = f"{world.provenance.dataset}, {world.year} ({world.checksum[:12]})"
    head = (datetime.now(UTC).date().isoformat(), __version__, data, sys.argv[1].strip().rstrip("."))
    rows = [(*head, *key, f"{value:.9g}") for key, value in headline_values(world).items()]
    new = not PATH.exists()
    with PATH.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(changes.FIELDS)
        writer.writerows(rows)
    print(f"{len(rows)} numbers recorded in {PATH}")


if __name__ == "__main__":
    main()
