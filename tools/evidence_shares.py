"""The learner of shares at rolling origins: scores, coverage by size, Russia and China by name."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from evidence import ROOT

if TYPE_CHECKING:
    from suasion.outlook.learner.record import ShareRecord

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
LEARNER = ROOT / "src" / "suasion" / "outlook" / "learner"
KEPT = LEARNER / "tried.csv"
RUNS = (("goods", 1), ("goods", 3), ("goods", 5), ("fuels", 1), ("fuels", 5))
SAMPLED = ("goods", 5)
SAMPLED_ORIGIN = 2010
SIZES = ("below_3", "from_3_to_12", "above_12")
PAIR = ("RUS", "CHN")
OTHERS = ("walk", "smoothed", "stack")
DRAWS = 500


def sources() -> Sequence[Path]:
    """Embedded trade, and how it is learnt from."""
    data = [
        SNAPSHOT / name for name in ("goods_totals.parquet", "materials.parquet", "material_products.csv")
    ]
    return [
        *data,
        *(LEARNER / f"{name}.py" for name in ("fan", "record")),
        *(ROOT / "tools" / "fits" / "shares" / f"{name}.py" for name in ("fit", "rolling")),
    ]


def record_named(table: str) -> ShareRecord:
    """Record of shares by its name."""
    from suasion.outlook.learner.fan import fuels_record, goods_record

    return {"goods": goods_record, "fuels": fuels_record}[table]()


def share_learner() -> pd.DataFrame:
    """All runs; rewrites the summary kept in the package."""
    from fits.shares.rolling import rolling

    rolled = {}
    for table, horizon in RUNS:
        print(f"{table}, {horizon} years", file=sys.stderr)
        rolled[table, horizon] = rolling(record_named(table), horizon)
    return tabled(rolled)


def tabled(rolled: dict[tuple[str, int], pd.DataFrame]) -> pd.DataFrame:
    """Scores of forecasts already made; rewrites the summary kept in the package."""
    from fits.shares.rolling import beside_others

    rows: list[dict[str, Any]] = []
    for (table, horizon), made in rolled.items():
        both = beside_others(record_named(table), made, horizon)
        rows += [{"table": table, "horizon": str(horizon), **row} for row in _rows(both)]
    found = pd.DataFrame(rows)
    kept = found[~found["part"].str.startswith("origin")]
    kept.to_csv(KEPT, index=False, float_format="%.6g", lineterminator="\n")
    return found


def _rows(both: pd.DataFrame) -> Iterator[dict[str, Any]]:
    yield {"part": "all", **_scores(both), **_gains(both)}
    for size, part in both.groupby("size"):
        yield {"part": SIZES[int(str(size))], **_scores(part)}
    for origin, part in both.groupby("origin"):
        yield {"part": f"origin {origin}", **_scores(part)}


def _scores(part: pd.DataFrame) -> dict[str, Any]:
    """Mean scores in points of share, and how often bands held."""
    held = {
        f"held_{band}": float(part["outcome"].between(part[f"low_{band}"], part[f"high_{band}"]).mean())
        for band in (80, 90, 95)
    }
    crps = {"crps": 100 * float(part["crps"].mean())}
    others = {f"crps_{name}": 100 * float(part[f"crps_{name}"].mean()) for name in OTHERS}
    count = {"forecasts": len(part), "origins": part["origin"].nunique(), "economies": part["of"].nunique()}
    return {**count, **crps, **others, **held, "walk_95": float(part["walk_95"].mean())}


def _gains(both: pd.DataFrame) -> dict[str, float]:
    """Part of the others' score that is saved, with 90 % intervals from draws of whole economies."""
    import numpy as np

    names = ["crps", *(f"crps_{name}" for name in OTHERS)]
    sums = both.groupby("of")[names].sum().to_numpy()
    often = np.random.default_rng(0).multinomial(len(sums), np.full(len(sums), 1 / len(sums)), size=DRAWS)
    drawn, whole = often @ sums, sums.sum(0)
    found = {}
    for place, name in enumerate(OTHERS, 1):
        low, high = np.quantile(1 - drawn[:, 0] / drawn[:, place], [0.05, 0.95])
        found[f"gain_{name}"] = float(1 - whole[0] / whole[place])
        found |= {f"gain_{name}_low": float(low), f"gain_{name}_high": float(high)}
    return found


@cache
def _first_origin() -> pd.DataFrame:
    """Forecasts from the first origin, which two tables sample."""
    from fits.shares.rolling import rolling

    return rolling(record_named(SAMPLED[0]), SAMPLED[1], until=SAMPLED_ORIGIN)


def sampled_share_learner(committed: pd.DataFrame) -> pd.DataFrame:
    """Recompute the first origin, which has the fewest examples: its own columns, not those of the other forms."""
    from fits.shares.rolling import on_record
    from suasion.outlook.hindcast.origins import Rules, known_at

    table, horizon = SAMPLED
    record = record_named(table)
    made = _first_origin()
    # Rows that the other forms could forecast, too: the committed scores are of those.
    others, _ = known_at(on_record(record), SAMPLED_ORIGIN - int(record.years[0]), Rules())
    made = made[made["row"].isin(others)]
    held = {
        f"held_{band}": float(made["outcome"].between(made[f"low_{band}"], made[f"high_{band}"]).mean())
        for band in (80, 95)
    }
    row = {"table": table, "horizon": str(horizon), "part": f"origin {SAMPLED_ORIGIN}", **held}
    return pd.DataFrame([{**row, "crps": 100 * float(made["crps"].mean()), "forecasts": len(made)}])


def share_learner_pair() -> pd.DataFrame:
    """Russia and China from every origin, with what came."""
    from fits.shares.rolling import rolling

    made = [rolling(record_named("goods"), horizon) for horizon in (1, 3, 5)]
    return pair_of(pd.concat(made))


def pair_of(made: pd.DataFrame) -> pd.DataFrame:
    """Rows of the named pair."""
    rows = made[(made["of"] == PAIR[0]) & (made["partner"] == PAIR[1])]
    columns = [
        "horizon",
        "origin",
        "target",
        "share",
        "outcome",
        "median",
        "low_80",
        "high_80",
        "low_90",
        "high_90",
        "low_95",
        "high_95",
    ]
    inside = rows["outcome"].between(rows["low_95"], rows["high_95"]).map({True: "inside", False: "outside"})
    return (
        rows[columns].assign(where_95=inside).astype({"horizon": str, "origin": str}).reset_index(drop=True)
    )


def sampled_pair(committed: pd.DataFrame) -> pd.DataFrame:
    """Recompute the first origin."""
    return pair_of(_first_origin())
