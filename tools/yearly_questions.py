"""Questions that open and close within one year, to be frozen before it: sanctions, votes, shares of trade and pacts.

``tools/freeze_forecasts.py --of yearly`` freezes them. Their rules of resolution are the words ``word.rule`` of a
language, one for each kind.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

YEAR = 2027
OPENS, CLOSES = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)
PLACES = (0, 1, 3, 9, 29)
"""Places among the targets of a sender, the likeliest first, of whom it is asked: not the likeliest alone."""
PACTS, TITLE = 9, ("CHN", "RUS")
"""Likeliest pairs that are asked of beside the title's."""
ENDINGS = (("ARM", "RUS"), ("PRK", "RUS"))
SHARES = (
    ("RUS", "CHN"), ("CHN", "RUS"), ("USA", "CHN"), ("CHN", "USA"), ("USA", "MEX"), ("USA", "CAN"), ("MEX", "USA"),
    ("VNM", "USA"), ("DEU", "CHN"), ("DEU", "USA"), ("GBR", "USA"), ("JPN", "CHN"), ("KOR", "CHN"), ("AUS", "CHN"),
    ("BRA", "CHN"), ("IND", "CHN"), ("IND", "RUS"), ("TUR", "RUS"), ("KAZ", "CHN"), ("KAZ", "RUS"),
)  # fmt: skip
LEAST, LAST, MEMBERS = 6, 80, 193
"""UN sessions out of seven in which a text came to a vote; last of them; members."""
SHARED_SD = 8.0
"""Outcomes that the spread of all texts counts for beside a text's own. Assumption."""
OFFICIAL = (
    "Global Sanctions Data Base, first edition that covers the year; without one within four years the sender's "
    "official journal (Federal Register, Official Journal of the European Union, and the like)"
)
UN = "United Nations, machine-readable General Assembly resolutions"
TREATIES = "United Nations Treaty Collection, or the official text as published by a signatory"
CUSTOMS = (
    "BACI (CEPII), first release that covers the year, holes patched as in the package; void without one"
)
TWO_AHEAD = 2


def yearly(today: dt.date) -> Iterator[dict[str, Any]]:
    """All questions of the year.

    today: day of freezing, before the year.
    """
    for made in (*_sanctions(), *_votes(), *_shares(), *_pacts()):
        grace = made.pop("grace", 365)
        numbers = {name: _rounded(value) for name, value in made.items()}
        yield {
            "opens": OPENS.isoformat(),
            "closes": CLOSES.isoformat(),
            "frozen_on": today.isoformat(),
            "resolves_by": (CLOSES + dt.timedelta(days=grace)).isoformat(),
            "made": "frozen",
            "second_look": False,
            **numbers,
        }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    return [round(float(one), 4) for one in value] if isinstance(value, np.ndarray) else value


def _sanctions() -> Iterator[dict[str, Any]]:
    """Some targets of each sender, and all by the hash of their table."""
    from suasion.statecraft.sanctions import SENDERS, onset_inputs, sanction_onset, sanction_onsets

    table, digest = sanction_onsets(), onset_inputs()
    shared = {"source": OFFICIAL, "grace": 1460, "sha256": digest}
    for sender in SENDERS:
        own = table[table["sender"] == sender]
        for target in own["target"].iloc[list(PLACES)]:
            one = sanction_onset(sender, str(target))
            assert one is not None
            numbers = {"p": one.probability, "low": one.low, "high": one.high, "base": one.base}
            name = f"sanctions-{sender}-{target}-{YEAR}"
            pair = {"a": sender, "b": str(target), "data_to": one.data_to}
            yield {"id": name, "asked": "sanctions_onset", **pair, **numbers, **shared}
    last = int(table.attrs["last_year"])
    yield {"id": f"sanctions-all-{YEAR}", "asked": "sanction_table", "data_to": last, **shared}


def _votes() -> Iterator[dict[str, Any]]:
    """How many members vote for each text that comes to a vote nearly every year: the mean of the last three votes."""
    counts, titles = recurring()
    levels, residuals = _tried(counts)
    walked = _tried(counts, 1)[1]
    from scipy.special import ndtri

    from suasion.outlook.learner.record import LEVELS

    for place, (key, level) in enumerate(levels.items(), 1):
        last = float(counts.loc[key].dropna().iloc[-1])
        quantiles, walk = (
            np.clip(centre + _sd(found, str(key)) * ndtri(LEVELS), 0.0, MEMBERS).round(1)
            for centre, found in ((float(level), residuals), (last, walked))
        )
        slug = re.sub("[^a-z0-9]+", "-", str(key))[:40].strip("-")
        name = f"votes-{place:02d}-{slug}-{YEAR}"
        told = {"about": titles[str(key)], "data_to": 2025, "source": UN}
        yield {"id": name, "asked": "votes_in_favour", **told, "quantiles": quantiles, "walk": walk}


def recurring() -> tuple[pd.DataFrame, dict[str, str]]:
    """Votes in favour by text and UN session, of texts that recur, and their titles.

    Returns: a row a text, a column a UN session, missing where there was no recorded vote; titles by row.
    """
    from suasion.sources.unga_resolutions import read_unga_resolutions

    record = read_unga_resolutions(os.environ["SUASION_TEST_DATA"])
    yes = record.votes[record.votes["vote"] == 1].groupby("rcid").size()
    calls = record.calls[~record.calls["emergency"]]
    table = calls.assign(yes=calls["rcid"].map(yes), key=calls["title"].map(_key))
    table = table[~table.duplicated(["key", "un_session"], keep=False)]
    wide = table.pivot(index="key", columns="un_session", values="yes").astype(float)
    kept = wide[(wide.notna().sum(axis=1) >= LEAST) & wide[LAST].notna()]
    titles = table.sort_values("un_session").drop_duplicates("key", keep="last").set_index("key")["title"]
    return kept, {str(key): str(titles[key]) for key in kept.index}


def _key(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", title.casefold()).strip()


def _tried(counts: pd.DataFrame, votes: int = 3) -> tuple[pd.Series, dict[str, list[float]]]:
    """Mean of the last votes of each text, and how far such means lay from what came two UN sessions later."""
    levels, residuals = {}, {}
    for key, row in counts.iterrows():
        levels[str(key)] = float(row.dropna().iloc[-votes:].mean())
        pasts = {year: row.loc[: year - TWO_AHEAD].dropna() for year in row.dropna().index}
        residuals[str(key)] = [
            float(row[year] - past.iloc[-votes:].mean()) for year, past in pasts.items() if len(past) >= votes
        ]
    return pd.Series(levels), residuals


def _sd(residuals: dict[str, list[float]], key: str) -> float:
    """Spread of a text's outcomes, drawn towards that of all texts."""
    every = np.concatenate([np.array(values) for values in residuals.values()])
    own = np.array(residuals[key])
    return float(np.sqrt((np.sum(own**2) + SHARED_SD * np.mean(every**2)) / (own.size + SHARED_SD)))


def _shares() -> Iterator[dict[str, Any]]:
    """Shares of partners in goods trade."""
    from freeze_forecasts import walk
    from suasion.outlook.learner.fan import share_fan

    for of, partner in SHARES:
        fan = share_fan(of, partner, (YEAR,))
        assert fan is not None
        numbers = {"quantiles": np.array(fan.quantiles[0]), "walk": walk(fan.past, YEAR - fan.start)}
        pair = {"a": of, "b": partner, "data_to": fan.start, "source": CUSTOMS, "grace": 1460}
        yield {"id": f"share-{of}-{partner}-{YEAR}", "asked": "share", **pair, **numbers, "second_look": True}


def _pacts() -> Iterator[dict[str, Any]]:
    """The likeliest pairs to sign, the title's, and endings that are talked of."""
    from suasion.statecraft.alliance.endings import hazards_by_bloc
    from suasion.statecraft.alliance.number import PactEvent, pact_number

    own = hazards_by_bloc().xs("bilateral", level="kind")["hazard"].sort_values(ascending=False)
    signing = dict.fromkeys([TITLE, *map(tuple, own.index[: PACTS + 1])], PactEvent.BILATERAL)
    for (a, b), pact in (signing | dict.fromkeys(ENDINGS, PactEvent.ENDING)).items():
        one = pact_number(a, b, YEAR, pact=pact, opens=OPENS)
        if one is None:
            continue
        ending = pact is PactEvent.ENDING
        numbers = {
            "p": one.probability,
            "low": one.low,
            "high": one.high,
            "base": one.base,
            "sha256": one.inputs,
        }
        pair = {"a": one.a, "b": one.b, "data_to": one.data_to, "source": TREATIES, "second_look": True}
        asked = {
            "id": f"{'ending' if ending else 'pact'}-{a}-{b}-{YEAR}",
            "asked": "pact_ending" if ending else "pact",
        }
        yield asked | pair | numbers
