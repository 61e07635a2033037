"""Freeze forecasts: append lines to the file in the package, each sealed by the hash of the line before.

``python tools/freeze_forecasts.py`` freezes the questions that open tomorrow; ``--of`` names some kinds alone,
``--of yearly`` those that open and close with next year (``tools/yearly_questions.py``), and ``--of hindcasts`` adds
what the learner would have said at past origins, marked as such, with its outcome. A line is never changed: a question
whose numbers moved since it was last frozen is frozen again under its name and the day, at most once a quarter; one
whose numbers are the same is left. A table that a line seals by its hash stays in the package. Print the new head in
the changelog, the README and the docs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion.outlook.scoreboard.frozen import FILE, Scoreboard, read_desk, sealed
from yearly_questions import CUSTOMS, TREATIES, yearly

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "src" / "suasion" / "outlook" / "scoreboard"
PAIR = ("RUS", "CHN")
SHARE_YEARS = (2026, 2030)
TABLE_YEARS = (1, 3, 5)
HINDCASTS = ((2014, 5), (2018, 5), (2020, 3))
KNOTS = (
    ("low_95", 2.5), ("low_90", 5), ("low_80", 10), ("median", 50), ("high_80", 90), ("high_90", 95), ("high_95", 97.5),
)  # fmt: skip


def version() -> str:
    """Version of the package and of its fitted numbers."""
    import suasion

    learner = ROOT / "src" / "suasion" / "outlook" / "learner" / "goods.npz"
    return f"{suasion.__version__}, learner {hashlib.sha256(learner.read_bytes()).hexdigest()[:12]}"


def head(name: str, asked: str, closes: dt.date, today: dt.date, **more: Any) -> dict[str, Any]:
    """Fields that all frozen forecasts have."""
    from suasion.outlook.scoreboard.frozen import GRACE

    grace = more.pop("grace", GRACE)
    return {
        "id": name,
        "asked": asked,
        "opens": (today + dt.timedelta(days=1)).isoformat(),
        "closes": closes.isoformat(),
        "frozen_on": today.isoformat(),
        "resolves_by": (closes + dt.timedelta(days=grace)).isoformat(),
        "made": "frozen",
        "second_look": False,
        "version": version(),
        **more,
    }


def pacts(today: dt.date) -> Iterator[dict[str, Any]]:
    """The title question, and all pairs by the hash of their table."""
    from suasion.statecraft.alliance.hazards import inputs_hash
    from suasion.statecraft.alliance.number import CLOSES, OPENS, pact_number

    if today + dt.timedelta(days=1) != OPENS:
        raise SystemExit(f"Questions on pacts open on {OPENS}, the day after freezing; today is {today}.")
    for year in CLOSES:
        made = pact_number(*PAIR, year)
        assert made is not None
        numbers = {"p": made.probability, "low": made.low, "high": made.high, "base": made.base}
        yield head(
            f"pact-RUS-CHN-{year}",
            "pact",
            made.closes,
            today,
            a=PAIR[0],
            b=PAIR[1],
            data_to=made.data_to,
            source=TREATIES,
            second_look=True,  # the prior of hostility and of opposed blocs were chosen after 2019-25 had been seen
            sha256=made.inputs,
            **{name: round(value, 6) for name, value in numbers.items()},
        )
        yield head(
            f"pacts-all-{year}",
            "pact_table",
            made.closes,
            today,
            data_to=made.data_to,
            source=TREATIES,
            sha256=inputs_hash(),
            second_look=True,
        )


def shares(today: dt.date) -> Iterator[dict[str, Any]]:
    """China's share of Russia's goods trade, and the shares of all pairs by the hash of their table."""
    from suasion.outlook.learner.fan import goods_record, share_fan

    fan = share_fan(*PAIR, SHARE_YEARS)
    assert fan is not None
    for year, quantiles in zip(SHARE_YEARS, fan.quantiles, strict=True):
        own = {"quantiles": listed(quantiles), "walk": listed(walk(fan.past, year - fan.start))}
        yield head(
            f"share-RUS-CHN-{year}",
            "share",
            dt.date(year, 12, 31),
            today,
            a=PAIR[0],
            b=PAIR[1],
            data_to=fan.start,
            source=CUSTOMS,
            grace=1460,  # the table of a year comes two to three years after it
            second_look=True,  # the part of breaks was chosen after 2020-23 had been seen
            **own,
        )
    path = FOLDER / "shares_all.parquet"
    table_of_shares().to_parquet(path, index=False, compression="zstd")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    for ahead in TABLE_YEARS:
        year = int(goods_record().years[-1]) + ahead
        if year <= today.year - 1:
            continue  # over already: no forecast
        yield head(
            f"shares-all-{year}",
            "share_table",
            dt.date(year, 12, 31),
            today,
            data_to=int(goods_record().years[-1]),
            source=CUSTOMS,
            grace=1460,
            sha256=digest,
            second_look=True,
        )


def table_of_shares() -> pd.DataFrame:
    """Quantiles of the shares of all pairs so many years after the last table, in ten-thousandths."""
    from suasion.outlook.learner.fan import able, goods_record, quantiles_at
    from suasion.outlook.learner.kept import learnt
    from suasion.outlook.learner.record import LEVELS, shares_of

    record, parts = goods_record(), []
    at = record.years.size - 1
    rows = able(record, at)
    for ahead in TABLE_YEARS:
        made = shares_of(quantiles_at(record, rows, at, ahead, learnt("goods")))
        frame = pd.DataFrame(
            {
                "of": record.panel.of[rows],
                "partner": record.panel.partner[rows],
                "year": int(record.years[at]) + ahead,
            }
        )
        for level in (2.5, 10, 25, 50, 75, 90, 97.5):
            values = np.array([np.interp(level / 100, LEVELS, q) for q in made])
            frame[f"p{level:g}"] = np.rint(1e4 * values).astype(np.uint16)
        parts.append(frame.astype({"of": "category", "partner": "category", "year": np.int16}))
    return pd.concat(parts, ignore_index=True)


def walk(past: pd.DataFrame, ahead: int) -> np.ndarray:
    """99 per cents of the random walk without drift from a past of shares."""
    from scipy.special import stdtrit

    from suasion.outlook.learner.record import LEVELS, odds_of, shares_of

    odds = odds_of(past["share"].to_numpy(float)[-15:])
    gaps = np.diff(past["year"].to_numpy(float)[-15:])
    sd = float(np.sqrt(np.mean(np.diff(odds) ** 2 / gaps) * ahead))
    return shares_of(odds[-1] + sd * stdtrit(float(gaps.size), LEVELS))


def listed(values: np.ndarray) -> list[float]:
    """Numbers as they stand in a line."""
    return [round(float(value), 5) for value in values]


def hindcasts(today: dt.date) -> Iterator[dict[str, Any]]:
    """What the learner would have said of China in Russia's trade at past origins, and what came.

    From the evidence: between the median and the ends of its bands log odds lie on a straight line over normal scores.
    """
    from scipy.special import ndtri

    from suasion.outlook.learner.fan import goods_record
    from suasion.outlook.learner.record import LEVELS, odds_of, shares_of

    record = goods_record()
    row = record.panel.row(*PAIR)
    table = pd.read_csv(ROOT / "docs" / "evidence" / "share_learner_pair.csv").set_index(
        ["horizon", "origin"]
    )
    for origin, ahead in HINDCASTS:
        kept = table.loc[(ahead, origin)]
        knots = odds_of(kept[[name for name, _ in KNOTS]].to_numpy(float))
        at = ndtri(np.array([level for _, level in KNOTS]) / 100)
        ends = [np.polyfit(at[part], knots[part], 1) for part in (slice(0, 2), slice(-2, None))]
        scores = ndtri(LEVELS)
        odds = np.interp(scores, at, knots)
        odds = np.where(scores < at[0], np.polyval(ends[0], scores), odds)
        odds = np.where(scores > at[-1], np.polyval(ends[1], scores), odds)
        last = origin - int(record.years[0]) + 1
        past = pd.DataFrame({"year": record.years[:last], "share": record.panel.shares[row, :last]}).dropna()
        name = f"hindcast-share-RUS-CHN-{origin}-{origin + ahead}"
        close = dt.date(origin + ahead, 12, 31)
        line = head(name, "share", close, today, a=PAIR[0], b=PAIR[1], data_to=origin, source=CUSTOMS)
        line |= {"opens": f"{origin + 1}-01-01", "made": "hindcast", "second_look": True}
        yield line | {"quantiles": listed(shares_of(odds)), "walk": listed(walk(past, ahead))}
        outcome = round(float(kept["outcome"]), 5)
        yield {
            "id": name,
            "resolved_on": today.isoformat(),
            "outcome": outcome,
            "source": "BACI (CEPII) as shipped",
        }


def purchases(today: dt.date) -> Iterator[dict[str, Any]]:
    """What is bought under tariffs and bans of which the outcome is still to come, see :mod:`fits.frozen_flows`."""
    from fits import frozen_flows

    for line in frozen_flows.lines(FOLDER):
        fields = {"grace": 365, "data_to": 2026, **line}
        name, asked, year = (fields.pop(key) for key in ("id", "asked", "year"))
        yield head(name, asked, dt.date(year, 12, 31), today, **fields)


KINDS = {
    "pacts": pacts,
    "shares": shares,
    "hindcasts": hindcasts,
    "purchases": purchases,
    "yearly": yearly,
}
SAID = ("p", "low", "high", "quantiles", "sha256")


def again(line: dict[str, Any], board: Scoreboard, today: dt.date) -> dict[str, Any] | None:
    """A line as it is to be frozen: under another name where its numbers moved since an earlier quarter, else None."""
    name = line["id"]
    earlier = [one.to_dict() for one in board.forecasts if one.id == name or one.id.startswith(f"{name}-on-")]
    if not earlier:
        return line
    same = all(_alike(line.get(field), earlier[-1].get(field)) for field in SAID)
    before = dt.date.fromisoformat(earlier[-1]["frozen_on"])
    recent = (before.year, (before.month - 1) // 3) == (today.year, (today.month - 1) // 3)
    return None if same or recent else {**line, "id": f"{name}-on-{today.isoformat()}"}


def _alike(one: Any, other: Any) -> bool:
    """Whether two numbers, lists or texts are the same but for the rounding of what they are made of."""
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return bool(np.allclose(one, other, rtol=1e-3, atol=0.05))
    return bool(one == other)


def main(argv: Sequence[str] | None = None) -> int:
    """Append lines, and print the new head."""
    parser = argparse.ArgumentParser(description="Freeze forecasts in the package.")
    parser.add_argument("--of", nargs="+", choices=KINDS, default=["pacts", "shares"])
    asked = parser.parse_args(argv)
    today, path = dt.date.today(), FOLDER / FILE
    text = path.read_text("utf-8")
    board = read_desk(text)
    every = ({"version": version()} | line for name in asked.of for line in KINDS[name](today))
    made = (again(line, board, today) for line in every)
    lines = [line for line in made if line is not None]
    new = text + "".join(f"{line}\n" for line in sealed(lines, board.head))
    kept = read_desk(new)
    path.write_text(new, encoding="utf-8")
    print(f"{len(lines)} lines; head {kept.head}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
