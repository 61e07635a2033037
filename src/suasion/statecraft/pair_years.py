"""Pairs of states by year: promises, arms, deadly disputes and acts, each with what it rests on.

A register that the user added (arms of SIPRI, militarized disputes) comes before single figures and cases on record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import pandas as pd

from suasion.sources.catalogue import data_set
from suasion.sources.catalogue_store import load, manifest_of
from suasion.statecraft.align.parts import added_deliveries
from suasion.statecraft.arms.shares import arms_shares
from suasion.statecraft.commitments import promises
from suasion.statecraft.published import published_arms
from suasion.statecraft.record import PACTS_RECORD, Fact, FactKind, covers_of, facts_between, status_of

Row = dict[Any, Any]
Pairs = Sequence[tuple[str, str]]
WINDOW = 5
"""Years of deliveries that a share of arms is of, as in the reports."""
CLASHES = (FactKind.DISPUTE, FactKind.WAR)
TRAINED = (FactKind.EXERCISE, FactKind.PATROL, FactKind.OPERATION)
WAR = 5
"""Level of hostility of a war."""


def _row(a: str, b: str, year: int, **cells: object) -> Row:
    return {"country": a, "partner": b, "year": year, **cells}


def _sources(kinds: Collection[FactKind], a: str, b: str, year: int) -> str:
    """Where the facts of some kinds that hold in a year were read, or else what covers it; empty for nothing."""
    told = [one.source for one in facts_between(a, b) if one.kind in kinds and one.holds(year)]
    covers = (one for one in covers_of(a, b) if one.kind in kinds and one.first <= year <= one.last)
    return "; ".join(dict.fromkeys(told or [one.source for one in covers]))


def pacts_by_year(pairs: Pairs, years: Sequence[int]) -> Iterator[Row]:
    """Whether a defence pact binds two states: yes, no, or not known."""
    for a, b in pairs:
        for year in years:
            status = promises(a, b, year)["defence"]
            source = _sources([FactKind.DEFENCE], a, b, year) or PACTS_RECORD
            yield _row(a, b, year, defence_pact=status, pact_source=source if status != "unknown" else None)


def arms_by_year(pairs: Pairs, years: Sequence[int]) -> Iterator[Row]:
    """Arms that the second delivered to the first: of the year, and its share of all that came in five years.

    A year of which neither register, report nor record says anything has no row.
    """
    register = added_deliveries()
    traders = set() if register is None else {*register["supplier"], *register["recipient"]}
    for a, b in pairs:
        if register is not None and {a, b} <= traders:
            yield from _registered(register, a, b, years)
            continue
        for year in years:
            if found := _recorded(a, b, year) | _printed(a, b, year):
                yield _row(a, b, year, **found)


def _registered(register: pd.DataFrame, a: str, b: str, years: Sequence[int]) -> Iterator[Row]:
    single, sums = (arms_shares(register, a, b, window).set_index("year") for window in (1, WINDOW))
    about = {"arms_record": "register", "arms_source": data_set("sipri").citation}
    for year in years:
        if year in single.index:
            size = {"arms_tiv": single["tiv"].loc[year], "arms_share": sums["import_share"].loc[year]}
            yield _row(a, b, year, **size, **about)


def _recorded(a: str, b: str, year: int) -> Row:
    """A single figure, or nought where a source covers the pair and has none."""
    facts = [one for one in facts_between(a, b) if one.kind is FactKind.ARMS and one.holds(year)]
    size = sum(float(one.value) for one in facts if (one.a, one.b) == (b, a))
    if not size and (facts or status_of(FactKind.ARMS, a, b, year) != "no"):
        return {}
    source = _sources([FactKind.ARMS], a, b, year)
    return {"arms_tiv": size, "arms_record": "record", "arms_source": source}


def _printed(a: str, b: str, year: int) -> Row:
    """A share of imports that a report prints of years that end in this one."""
    rows = published_arms(a, b)
    here = rows[(rows["recipient"] == a) & (rows["trade_share_of"] == "imports") & (rows["last"] == year)]
    return {
        name: value
        for row in here.to_dict("records")
        for name, value in (
            ("arms_share", row["trade_share"]),
            ("arms_record", "report"),
            ("arms_source", row["report"]),
        )
    }


def disputes_by_year(pairs: Pairs, years: Sequence[int]) -> Iterator[Row]:
    """Whether two states had a militarized dispute with deaths, or a war: yes, no, or not known.

    With the register, the level of hostility of any dispute too (0 without one, to 5).
    """
    register = _disputes()
    named, last = {key[0] for key in register}, max((key[2] for key in register), default=0)
    for a, b in pairs:
        for year in years:
            told = {status_of(kind, a, b, year) for kind in CLASHES}
            deadly = next((one for one in ("yes", "no") if one in told), "unknown")
            row = _row(a, b, year, dispute_record="record", dispute_source=_sources(CLASHES, a, b, year))
            if {a, b} <= named and year <= last:
                hostility, fatality = register.get((a, b, year), (0.0, 0.0))
                died = hostility == WAR or fatality > 0.0
                deadly = "yes" if died or deadly == "yes" else "unknown" if fatality != fatality else "no"
                row |= {
                    "dispute_hostility": hostility,
                    "dispute_record": "register",
                    "dispute_source": data_set("mids").citation,
                }
            if deadly != "unknown" or "dispute_hostility" in row:
                yield row | {"deadly_dispute": deadly}


def _disputes() -> dict[tuple[str, str, int], tuple[float, float]]:
    """Hostility and fatality of the disputes that the user added, by pair and year."""
    if not (manifest_of("mids") and manifest_of("cow-states")):
        return {}
    table: pd.DataFrame = load("mids", states=load("cow-states"))
    keys = zip(table["country1"], table["country2"], table["year"].astype(int), strict=True)
    return dict(
        zip(
            keys,
            zip(table["hostility"].astype(float), table["fatality"].astype(float), strict=True),
            strict=True,
        )
    )


def events_by_year(pairs: Pairs, years: Sequence[int]) -> Iterator[Row]:
    """Facts on record that begin in a year: all, exercises among them, and measures of the second on the first.

    A year without one has no row: only what a source covers would be nought.
    """
    for a, b in pairs:
        begun: dict[int, list[Fact]] = {}
        for one in facts_between(a, b):
            begun.setdefault(int(one.start[:4]), []).append(one)
        for year in set(years) & set(begun):
            facts = begun[year]
            yield _row(
                a,
                b,
                year,
                events_count=len(facts),
                exercises_count=sum(one.kind in TRAINED for one in facts),
                measures_count=sum(one.kind is FactKind.MEASURE and one.a == b for one in facts),
                events_source="; ".join(dict.fromkeys(one.source for one in facts)),
            )
