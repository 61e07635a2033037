"""Compute the positions of members on disputes that were put to the vote: src/.../tables/dispute_positions.parquet.

Reads the roll calls of the store (``suasion data add unga-votes``, ``unga-resolutions``) and the resolutions listed in
``positions.toml``, whose counts it holds against the record. ``--check`` compares with the file that ships instead.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from suasion.sources.cache import write_parquet
from suasion.sources.catalogue_store import load
from suasion.sources.unga_votes import RollCalls
from suasion.statecraft.positions import DIGITS, FILE, Dispute, disputes

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "suasion" / "statecraft" / "tables" / FILE


def symbol(text: str) -> str:
    """Symbol of a resolution in full: the older record also writes R/68/262."""
    return text if text.startswith("A/RES/") else f"A/RES/{text.removeprefix('R/')}"


def mean_votes(cast: pd.DataFrame, dates: pd.Series) -> pd.DataFrame:
    """Positions of all members by their votes on the resolutions of one dispute.

    cast: ``country``, ``rcid``, ``vote`` (1 yes, 2 abstain, 3 no).
    dates: day of each roll call, by ``rcid``.
    Returns: ``country``, ``position`` (mean of 1, 0 and -1), ``votes`` (number), ``since`` and ``date`` (days
      of the first and the last, YYYY-MM-DD), ``latest`` (1, 0 or -1).
    """
    table = cast.assign(
        side=2 - cast["vote"].astype(int), day=cast["rcid"].map(dates).dt.strftime("%Y-%m-%d")
    )
    by = table.sort_values("day").groupby("country")
    return by.agg(
        position=("side", "mean"),
        votes=("side", "size"),
        since=("day", "first"),
        date=("day", "last"),
        latest=("side", "last"),
    ).reset_index()


def of_dispute(dispute: Dispute, records: Sequence[RollCalls]) -> pd.DataFrame:
    """Positions on one dispute, refused where a count differs from the one that is listed."""
    parts, dates = [], {}
    for listed in dispute.resolutions:
        for record in records:
            own = record.calls["resolution"].fillna("").map(symbol) == listed.symbol
            if own.any():
                call = record.calls[own].iloc[0]
                break
        else:
            raise SystemExit(f"{listed.symbol} is in neither record")
        found = record.tally(int(call["rcid"]))
        if (found, str(call["date"].date())) != (
            {"yes": listed.yes, "abstain": listed.abstain, "no": listed.no},
            listed.date,
        ):
            raise SystemExit(
                f"{listed.symbol}: {found} on {call['date'].date()}; positions.toml says {listed}"
            )
        dates[int(call["rcid"])] = call["date"]
        parts.append(record.votes[record.votes["rcid"] == call["rcid"]])
    return mean_votes(pd.concat(parts), pd.Series(dates)).assign(issue=dispute.key)


def made() -> pd.DataFrame:
    """All positions by recorded votes, as they ship."""
    records = (load("unga-resolutions"), load("unga-votes"))
    table = pd.concat([of_dispute(d, records) for d in disputes() if d.resolutions], ignore_index=True)
    texts = dict.fromkeys(("issue", "country", "since", "date"), "category")
    small = table.assign(position=table["position"].round(DIGITS).astype(np.float32)).astype(
        texts | {"votes": np.int8, "latest": np.int8}
    )
    return small[["issue", "country", "position", "votes", "since", "date", "latest"]]


def main(argv: Sequence[str] | None = None) -> int:
    """Write, or compare."""
    parser = argparse.ArgumentParser(description="Compute positions on disputes from your roll calls.")
    parser.add_argument("--check", action="store_true", help="compare with the file that ships")
    given = parser.parse_args(argv)
    table = made()
    if given.check:
        return int(not table.equals(pd.read_parquet(TARGET)))
    write_parquet(table, TARGET)
    TARGET.chmod(0o644)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
