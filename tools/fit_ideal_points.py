"""Estimate ideal points anew from the user's roll calls and write src/suasion/statecraft/tables/ideal_points.parquet.

``SUASION_TEST_DATA=FOLDER python tools/fit_ideal_points.py`` reads the published files in the folder (or the store,
without the variable). ``--check`` compares with the file that ships instead, and fails where the two differ by more
than the tolerance: correlation, and mean difference in posterior standard deviations. Some forty minutes on two cores:
the whole record, and its halves by three splits of the subjects. ``--second`` keeps the first dimension that ships and
fits the second anew, in five minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from evidence_ideal_points import against
from fits.second_dimension import second_places
from fits.vote_subjects import halves_by_subject, shares_held, with_subjects
from suasion.sources.cache import write_parquet
from suasion.sources.catalogue_store import located
from suasion.sources.ideal_points import read_ideal_points, read_matches
from suasion.sources.unga_resolutions import join_roll_calls, read_unga_resolutions
from suasion.sources.unga_votes import RollCalls, read_unga_votes
from suasion.statecraft import estimate_ideal_points, voting_record
from suasion.statecraft.shipped_points import COLUMNS, FILE, NUMBERS, shipped_ideal_points
from suasion.statecraft.tables import read_table

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "src" / "suasion" / "statecraft" / "tables" / FILE
SEED = 0
WHOLE = {"draws": 300, "burn": 200, "thin": 2}
HALF = {"draws": 150, "burn": 120, "thin": 2}
SPLITS = 3
NAMED = 92_000_001
"""Number of the first vote of the record of pairs: none of the published ones is as high."""
OPENS = 9
"""Month in which a UN session opens."""
DIGITS = 3
LEAST_CORRELATION = 0.999
MOST_APART = 0.5
"""Mean difference of posterior means in posterior standard deviations: two runs with different seeds differ by less."""


def repeated_titles(calls: pd.DataFrame, since: int = 75) -> pd.DataFrame:
    """Find resolutions that repeat one of an earlier UN session: the same title, but for case and marks.

    calls: of :class:`RollCalls`.
    since: UN session from which repeats are sought; before it the published list has them.
    Returns: ``rcid`` and ``repeats``, the last earlier one. A title that two texts of one UN session bear is
      left out.
    """
    part = calls["amendment"].fillna(False) | calls["paragraph"].fillna(False)
    whole = calls[~part].assign(key=calls["title"].fillna("").map(_key))
    whole = whole[(whole["key"] != "") & ~whole.duplicated(["key", "un_session"], keep=False)]
    whole = whole.sort_values("un_session")
    whole["repeats"] = whole.groupby("key")["rcid"].shift()
    found = whole[(whole["un_session"] >= since) & whole["repeats"].notna()]
    return found[["rcid", "repeats"]].astype("int64").reset_index(drop=True)


def _key(title: str) -> str:
    """A title without what the older record adds to it, in lower case, letters and digits alone."""
    plain = re.sub(r"\s*:\s*(draft )?resolution\b.*", "", title.casefold())
    return re.sub(r"[^a-z0-9]+", " ", plain).strip()


def named_votes() -> RollCalls:
    """Votes that the machine-readable files lack: of the record of pairs, where all for and against stand.

    Returns: Of those who abstained only the ones that were read: the others have no vote.
    """
    sides = {"in_favour": 1, "abstain": 2, "against": 3}
    typed = [one for one in read_table("record.toml")["vote"] if {"in_favour", "against"} <= {*one["whole"]}]
    calls, votes = [], []
    for number, one in enumerate(typed, start=NAMED):
        date = pd.Timestamp(one["date"])
        un_session = date.year - 1945 - (date.month < OPENS)
        calls.append({"rcid": number, "un_session": un_session, "date": date, "title": one["what"]})
        votes += [
            {"rcid": number, "country": code, "un_session": un_session, "vote": vote}
            for side, vote in sides.items()
            for code in one[side]
        ]
    return RollCalls(pd.DataFrame(votes), pd.DataFrame(calls))


def to_ship(table: pd.DataFrame) -> pd.DataFrame:
    """Return an estimate as the table that ships: rounded, in small types.

    table: ``country``, ``un_session``, ``votes`` and the numbers of both dimensions of the whole record.
    Returns: The same columns.
    """
    small = {c: table[c].round(DIGITS).astype(np.float32) for c in NUMBERS}
    return table[list(COLUMNS)].assign(
        country=table["country"].astype("category"),
        un_session=table["un_session"].astype(np.int16),
        votes=table["votes"].astype(np.int16),
        **small,
    )


@dataclass(frozen=True)
class Record:
    """Roll calls of both sources, and which repeat which."""

    calls: RollCalls
    matches: pd.DataFrame

    @classmethod
    def of_data(cls) -> Record:
        """From the folder of SUASION_TEST_DATA or from the store."""
        folder = os.environ.get("SUASION_TEST_DATA")
        names = ("unga-votes", "unga-resolutions", "ideal-points")
        older, later, published = (folder or located(name) for name in names)
        calls = join_roll_calls(read_unga_votes(older), read_unga_resolutions(later))
        named = named_votes()
        calls = RollCalls(
            pd.concat([calls.votes, named.votes[list(calls.votes)]], ignore_index=True),
            pd.concat([calls.calls, named.calls], ignore_index=True),
        )
        matches = pd.concat([read_matches(published), repeated_titles(calls.calls)], ignore_index=True)
        return cls(calls, matches)

    def estimate(self, seed: int = SEED) -> pd.DataFrame:
        """Ideal points with sd and r-hat of the whole record."""
        return estimate_ideal_points(self.calls.plenary(), self.matches, seed=seed, **WHOLE).frame

    def halves(self, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Ideal points of the two halves of a split by subject."""
        one, two = (
            estimate_ideal_points(votes, self.matches, seed=seed, **HALF).frame for votes in self.split(seed)
        )
        return one, two

    def split(self, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Votes of the two halves of a split by subject."""
        votes = self.calls.plenary()
        chain = voting_record(votes, self.matches).chain
        one, two = (
            votes[votes["rcid"].isin(half)] for half in halves_by_subject(self.calls.calls, chain, seed)
        )
        return one, two

    def second(self, first: pd.DataFrame, seed: int = SEED) -> pd.DataFrame:
        """The first dimension's table with ``second`` and its two sds.

        first: ``country``, ``un_session``, ``mean`` and what else is to be kept.
        """
        whole, _ = second_places(self.calls.plenary(), self.matches, first)
        splits = []
        for k in range(SPLITS):
            one, two = (second_places(votes, self.matches, first)[0] for votes in self.split(seed + k))
            splits.append((one, two))
        told = ", ".join(f"{share:.1%}" for share in shares_held(whole, splits))
        print(
            f"second dimension: differences of halves inside bands of the other splits: {told}",
            file=sys.stderr,
        )
        made = with_subjects(whole, splits).rename(
            columns={"mean": "second", "sd": "second_sd", "sd2": "second_sd2"}
        )
        keys = ["country", "un_session"]
        return first.merge(
            made[[*keys, "second", "second_sd", "second_sd2"]], "left", keys, validate="one_to_one"
        )


def estimate_of_data(seed: int = SEED) -> pd.DataFrame:
    """Table of the whole record with ``sd``, ``sd2`` and ``r_hat``; r-hat is told on standard error."""
    record = Record.of_data()
    whole = record.estimate(seed)
    told = ", ".join(f"{whole['r_hat'].quantile(q):.3f} ({q:.0%})" for q in (0.5, 0.95, 0.99))
    print(f"r-hat {told}", file=sys.stderr)
    splits = [record.halves(seed + k) for k in range(SPLITS)]
    held = ", ".join(f"{share:.1%}" for share in shares_held(whole, splits))
    print(f"differences of halves inside bands that the other splits made: {held}", file=sys.stderr)
    return record.second(with_subjects(whole, splits), seed)


def second_of_data(seed: int = SEED) -> pd.DataFrame:
    """Table that ships, with its second dimension fitted anew."""
    first = shipped_ideal_points().drop(columns=["second", "second_sd", "second_sd2"], errors="ignore")
    return Record.of_data().second(first, seed)


def differences(old: pd.DataFrame, new: pd.DataFrame) -> dict[str, float]:
    """Correlation of the means, and their mean and largest difference in posterior standard deviations."""
    both = old.merge(new, on=["country", "un_session"], how="outer", suffixes=("", "_new"), indicator=True)
    if (both["_merge"] != "both").any():
        raise SystemExit(
            f"{int((both['_merge'] != 'both').sum())} country sessions are in one of the two only"
        )
    apart = (both["mean"] - both["mean_new"]).abs() / both["sd"]
    return {
        "correlation": float(np.corrcoef(both["mean"], both["mean_new"])[0, 1]),
        "mean difference": float(apart.mean()),
        "largest difference": float(apart.max()),
    }


def main(argv: Sequence[str] | None = None) -> int:
    """Estimate and write, or compare."""
    parser = argparse.ArgumentParser(description="Estimate ideal points from your roll calls.")
    parser.add_argument(
        "--check", action="store_true", help="compare with the file that ships, write nothing"
    )
    parser.add_argument(
        "--against",
        type=Path,
        help="print how what ships agrees with a published release (file), fit nothing",
    )
    parser.add_argument("--second", action="store_true", help="fit the second dimension alone")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the random numbers")
    given = parser.parse_args(argv)
    if given.against:
        print(against(read_ideal_points(given.against), given.against.name).to_string(float_format="%.3f"))
        return 0
    made = to_ship((second_of_data if given.second else estimate_of_data)(given.seed))
    if not given.check:
        write_parquet(made, TARGET)
        TARGET.chmod(0o644)
        return 0
    found = differences(shipped_ideal_points(), made.astype({"country": str}))
    for name, value in found.items():
        print(f"{name}: {value:.4g}", file=sys.stderr)
    return int(found["correlation"] < LEAST_CORRELATION or found["mean difference"] > MOST_APART)


if __name__ == "__main__":
    raise SystemExit(main())
