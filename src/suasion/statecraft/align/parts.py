"""The measures of alignment, one basis after another: pacts, organizations, votes, ideal points; and their data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from suasion.errors import InputError, MissingValueError
from suasion.sources.catalogue import data_set
from suasion.sources.catalogue_store import load, manifest_of
from suasion.sources.factbook import memberships
from suasion.sources.unga_resolutions import CITATION as RESOLUTIONS
from suasion.sources.unga_resolutions import join_roll_calls
from suasion.sources.unga_votes import CITATION as ROLL_CALLS
from suasion.sources.unga_votes import RollCalls
from suasion.statecraft.alliance.hazards import load_hazards, load_pact_model
from suasion.statecraft.commitments import commitment, defence_between, promises
from suasion.statecraft.pacts import COMMITMENT, KINDS, pact_coverage, pair_of
from suasion.statecraft.record import PACTS_RECORD
from suasion.statecraft.shipped_points import SOURCE as SHIPPED
from suasion.statecraft.shipped_points import second_dimension, shipped_ideal_points, spread
from suasion.statecraft.similarity import cohen_kappa, s_score, scott_pi, tau_b
from suasion.statecraft.tables import read_table
from suasion.types import Z90, Citation

FIRST_UN_SESSION = 1946
"""Year in which the first UN session opened; one a year since."""
LAST_OF_OLDER = 74
"""Last UN session of the older record of roll calls."""
STALE = 3
"""Years before the last of a record within which both states must be in it; an older value says nothing of today."""


@dataclass(frozen=True, slots=True)
class AlignmentRow:
    """One measure.

    Attributes
    ----------
    basis : ``pacts``, ``defence pacts``, ``organizations 2014``, ``organizations 2025``, ``votes``, ``ideal points``
        or ``issues``
    measure : ``S``, ``S squared``, ``pi``, ``kappa``, ``tau-b``, ``agreement``, ``shared``, ``distance`` and others
    value : None where it was not measured, or is not defined
    items : items compared; None for a distance of ideal points, which is between two numbers
    year : year or years of the data; empty where there is no value
    source : what it rests on
    by : whose weights: a country's code; empty where disputes weigh alike
    low, high : range over the judgements behind it, or 90 % band; None where there is none
    """

    basis: str
    measure: str
    value: float | None
    items: int | None
    year: str
    source: str
    low: float | None = None
    high: float | None = None
    by: str = ""


About = tuple[str, str]
"""Year and source that the rows of one basis share."""


def missing_row(basis: str, measure: str) -> AlignmentRow:
    """Return a row without a value."""
    return AlignmentRow(basis, measure, None, 0, "", "")


def how_to_add(name: str) -> str:
    """Command that adds a data set of the catalogue."""
    return f"run `{data_set(name).add_command()}`"


def pact_rows(a: str, b: str, year: int, atop: pd.DataFrame | None) -> tuple[AlignmentRow, ...]:
    """Return whether a defence pact binds the two, and the similarity of the commitments of both to all others.

    a, b: alpha-3 codes.
    year: year of the pacts; of promises below defence the last year up to it that the embedded table covers.
    atop: alliances with country codes; without them the embedded tables.
    """
    return (
        pact_between(a, b, year, atop),
        *_similar("pacts", "S", a, b, year, atop),
        *_similar("defence pacts", "kappa", a, b, year, atop),
    )


def pact_between(a: str, b: str, year: int, atop: pd.DataFrame | None = None) -> AlignmentRow:
    """Return whether a defence pact binds the two; as for :func:`pact_rows`."""
    told = promises(a, b, year, atop)["defence"]
    between = AlignmentRow("defence pact", "between them", float(told == "yes"), 1, str(year), PACTS_RECORD)
    return missing_row("defence pact", "between them") if told == "unknown" else between


def _similar(
    basis: str, first: str, a: str, b: str, year: int, atop: pd.DataFrame | None
) -> tuple[AlignmentRow, ...]:
    """Similarity of all promises, or of defence pacts alone."""
    allied = basis == "defence pacts"
    try:
        if atop is not None:
            table, *about = _coded(a, b, year, atop)
        elif allied and year == load_pact_model()["last_year"]:
            table, *about = _of_all_states(a, b, year)
        else:
            table, *about = _embedded(a, b, year)
    except MissingValueError:
        return (missing_row(basis, first),)
    x, y = (table[side].tolist() for side in ("a", "b"))
    if allied:
        x, y = ([float(v == COMMITMENT["defence"]) for v in side] for side in (x, y))
    return similarity_rows(basis, x, y, 1.0 if allied else 3.0, (about[0], about[1]))


def organisation_rows(a: str, b: str) -> tuple[AlignmentRow, ...]:
    """Return shared memberships and their similarity, for each edition of the Factbook."""
    rows: list[AlignmentRow] = []
    for edition in EDITIONS:
        basis = f"organizations {edition}"
        try:
            table = membership_portfolios(a, b, edition)
        except InputError:
            rows.append(missing_row(basis, "shared"))
            continue
        about = (str(edition), SOURCE.format(edition=edition))
        both = float(((table["a"] == 1) & (table["b"] == 1)).sum())
        rows.append(AlignmentRow(basis, "shared", both, len(table), *about))
        rows += similarity_rows(basis, table["a"].tolist(), table["b"].tolist(), 1.0, about)
    return tuple(rows)


def vote_rows(a: str, b: str, year: int, votes: RollCalls | None) -> tuple[AlignmentRow, ...]:
    """Return the similarity of votes in the last UN session of the record that opened up to ``year``.

    Only roll calls on which both voted and which were not unanimous count; an absence is no vote. A UN session votes in
    the autumn of the year in which it opens, and on a few matters in the year after: its votes belong together.
    """
    if votes is None:
        return (missing_row("votes", "S"),)
    opened = votes.calls.set_index("rcid")["un_session"] + FIRST_UN_SESSION - 1
    own = votes.votes[votes.votes["country"].isin([a, b])]
    wide = own.pivot(index="rcid", columns="country", values="vote").dropna()
    when = opened.reindex(wide.index)
    recent = when[when <= year]
    latest = opened[opened <= year].max()
    if wide.shape[1] < 2 or recent.empty or recent.max() <= latest - STALE:
        return (missing_row("votes", "S"),)
    last = int(recent.max())
    cast = votes.votes[votes.votes["rcid"].isin(recent.index[recent == last])]
    contested = cast.groupby("rcid")["vote"].nunique()
    here = wide.loc[contested.index[contested > 1]]
    if here.empty:
        return (missing_row("votes", "S"),)
    x, y = (here[side].tolist() for side in (a, b))
    number = last - FIRST_UN_SESSION + 1
    source = RESOLUTIONS if number > LAST_OF_OLDER else ROLL_CALLS
    about = (str(last), source)
    agreement = 1.0 - float(np.mean(np.abs(np.subtract(x, y)))) / 2.0
    first = AlignmentRow("votes", "agreement", agreement, len(x), *about)
    return (first, *similarity_rows("votes", x, y, 2.0, about))


def ideal_point_row(a: str, b: str, year: int, points: pd.DataFrame | None) -> AlignmentRow:
    """Return the distance of ideal points in the last year up to ``year`` in which both have one.

    a, b: alpha-3 codes.
    year: calendar year.
    points: ``country``, ``year``, ``mean``, ``low``, ``high``; our own estimate, which ships, without.
    Raises InputError if the table lacks a column.
    """
    name = ("ideal points", "distance")
    path = distance_path(a, b, points)
    last = (points if points is not None else shipped_ideal_points())["year"]
    recent = path[(path["year"] <= year) & (path["year"] > last[last <= year].max() - STALE)]
    if recent.empty:
        return missing_row(*name)
    row = recent.iloc[-1]
    source = "ideal points given" if points is not None else SHIPPED
    when, ends = str(int(row["year"])), (float(row["low"]), float(row["high"]))
    return AlignmentRow(*name, float(row["distance"]), None, when, source, *ends)


def second_dimension_row(a: str, b: str, year: int) -> AlignmentRow:
    """Return the distance in the second dimension of votes, which ships; as for :func:`ideal_point_row`."""
    row = ideal_point_row(a, b, year, second_dimension())
    return replace(row, measure="second distance", source=SHIPPED if row.value is not None else "")


def distance_path(a: str, b: str, points: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the distance of two ideal points year by year, with a 90 % band.

    a, b: alpha-3 codes.
    points: ``country``, ``year``, ``mean``, ``low``, ``high``; our own estimate, which ships, without.
    Returns: ``year``, ``distance``, ``low``, ``high``, one row a year in which both have an ideal point; the
      unit is the standard deviation over all country sessions. The band takes the two as independent and
      normal.
    Raises InputError if the table lacks a column.
    """
    table = shipped_ideal_points() if points is None else points
    lacking = [c for c in ("country", "year", "mean", "low", "high") if c not in table]
    if lacking:
        raise InputError(f"The ideal points lack {', '.join(lacking)}; low and high are their 90 % band.")
    table = table[table["country"].isin([a, b])]
    table = table.assign(spread=spread(table)).set_index("year")
    one, two = (table.loc[table["country"] == c, ["mean", "spread"]] for c in (a, b))
    years = one.index.intersection(two.index).sort_values()
    one, two = one.loc[years], two.loc[years]
    apart = (one["mean"] - two["mean"]).abs().to_numpy(dtype=np.float64)
    reach = Z90 * np.asarray(np.hypot(one["spread"], two["spread"]), dtype=np.float64)
    low = np.maximum(apart - reach, 0.0)
    return pd.DataFrame({"year": years.astype(int), "distance": apart, "low": low, "high": apart + reach})


def similarity_rows(
    basis: str, x: Sequence[float], y: Sequence[float], scale: float, about: About
) -> tuple[AlignmentRow, ...]:
    """Return S, Scott's pi, Cohen's kappa and tau-b of two portfolios.

    basis: name of the basis.
    x, y: portfolios of the same items.
    scale: conceivable range of an item; S with squared distance is left out where it is 1, for it is the
      same.
    about: what the rows share.
    """
    values = {"S": s_score(x, y, scale=scale)}
    if scale != 1.0:
        values["S squared"] = s_score(x, y, scale=scale, distance="squared")
    values |= {"pi": scott_pi(x, y), "kappa": cohen_kappa(x, y), "tau-b": tau_b(x, y)}
    return tuple(_row(basis, measure, value, len(x), about) for measure, value in values.items())


def _row(basis: str, measure: str, value: float, items: int, about: About) -> AlignmentRow:
    defined = None if np.isnan(value) else float(value)  # not where one and the same value is throughout
    return AlignmentRow(basis, measure, defined, items, *about)


def _of_all_states(a: str, b: str, year: int) -> tuple[pd.DataFrame, str, str]:
    """Defence pacts of the two with all states of the record of pacts, in its last year."""
    pairs = load_hazards().index
    states = sorted(set(pairs.get_level_values("a")) | set(pairs.get_level_values("b")))
    if not {a, b} <= set(states):
        raise MissingValueError(f"the record of pacts does not have both {a} and {b}")
    top = COMMITMENT["defence"]
    rows = {
        c: [top if c == own or defence_between(own, c, year) == "yes" else 0 for own in (a, b)]
        for c in states
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["a", "b"]).astype(float)
    return table, str(year), f"{PACTS_RECORD}, {len(states)} states"


def _embedded(a: str, b: str, year: int) -> tuple[pd.DataFrame, str, str]:
    known = pact_coverage()
    then = min(year, known.last_year)
    if not {a, b} <= set(known.states) or then < known.first_year:
        raise MissingValueError(
            f"the embedded pacts cover {', '.join(known.states)} from {known.first_year} to {known.last_year}; "
            f"{how_to_add('atop')} and {how_to_add('cow-states').removeprefix('run ')}"
        )
    rows = {c: [3 if c == own else commitment(own, c, then) for own in (a, b)] for c in known.states}
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["a", "b"]).astype(float)
    return table, str(then), f"typed treaties, {len(known.states)} states"


def _coded(a: str, b: str, year: int, atop: pd.DataFrame) -> tuple[pd.DataFrame, str, str]:
    then = min(year, int(atop["year"].max()))
    here = atop[atop["year"] == then].dropna(subset=["country1", "country2"])
    states = sorted(set(here["country1"]) | set(here["country2"]))
    without = [c for c in (a, b) if c not in states]
    if without:
        raise MissingValueError(f"the alliance data of {then} have no pact of {' nor of '.join(without)}")
    level = here[list(KINDS)].astype(int).mul(pd.Series(COMMITMENT)).max(axis=1)
    strength = here.assign(level=level)
    columns = {}
    for side, own in (("a", a), ("b", b)):
        given = strength[strength["country1"] == own].groupby("country2")["level"].max()
        columns[side] = [3.0 if c == own else float(given.get(c, 0)) for c in states]
    table = pd.DataFrame(columns, index=states)
    return table, str(then), f"ATOP, {len(states)} states with a pact"


def added_votes(store: str | Path | None = None) -> RollCalls | None:
    """Roll calls of the General Assembly, older and later ones, as far as they were added."""
    names = [n for n in ("unga-votes", "unga-resolutions") if manifest_of(n, store)]
    found = [cast(RollCalls, load(name, store)) for name in names]
    return join_roll_calls(*found) if len(found) == 2 else next(iter(found), None)


def added_atop(store: str | Path | None = None) -> pd.DataFrame | None:
    """Alliances with country codes, if they and the list of states were added."""
    if not (manifest_of("atop", store) and manifest_of("cow-states", store)):
        return None
    return cast(pd.DataFrame, load("atop", store, states=load("cow-states", store)))


def added_deliveries(store: str | Path | None = None) -> pd.DataFrame | None:
    """Deliveries of arms, if they were added."""
    return cast(pd.DataFrame, load("sipri", store)) if manifest_of("sipri", store) else None


def added_ideal_points(store: str | Path | None = None) -> pd.DataFrame | None:
    """Published ideal points with their band, if they were added: the later release where both were."""
    names = [n for n in ("ideal-points-2024", "ideal-points") if manifest_of(n, store)]
    return cast(pd.DataFrame, load(names[0], store)) if names else None


EDITIONS = (2014, 2025)
"""Editions of the World Factbook. An edition says what was printed then and lags behind events."""

SOURCE: Citation = "CIA World Factbook {edition}"


@cache
def _full_members() -> pd.DataFrame:
    rules = read_table("organisations.toml")
    table = memberships().astype({"organization": str, "status": str, "country": str})
    table["organization"] = table["organization"].replace(rules["aliases"])
    aside = set(rules["missions"]) | set(rules["societies"])
    kept = table[table["status"].isin(rules["member"]) & ~table["organization"].isin(aside)]
    return kept[["vintage", "country", "organization"]].drop_duplicates(ignore_index=True)


def organisations_of(country: str, edition: int = 2025) -> frozenset[str]:
    """Return the organizations of which a state is a full member.

    country: alpha-3 code.
    edition: 2014 or 2025.
    Returns: Abbreviations as printed; empty where the edition has no entry for the state. Missions of the
      United Nations, national societies, observers and partners are left out.
    Raises InputError if there is no such edition.
    """
    table = _edition(edition)
    return frozenset(table.loc[table["country"] == country, "organization"])


def membership_portfolios(a: str, b: str, edition: int = 2025) -> pd.DataFrame:
    """Return memberships of two states over all organizations that have a full member.

    a, b: codes or names of states.
    edition: 2014 or 2025.
    Returns: Index: organization; columns ``a``, ``b``: 1 member, 0 not.
    Raises InputError if there is no such edition, or a state has no entry in it.
    Raises SameCountryError if both are the same.
    """
    first, second = pair_of(a, b)
    everything = sorted(_edition(edition)["organization"].unique())
    columns = {}
    for side, country in (("a", first), ("b", second)):
        own = organisations_of(country, edition)
        if not own:
            raise InputError(f"The Factbook of {edition} lists no organization of {country}.")
        columns[side] = [int(name in own) for name in everything]
    return pd.DataFrame(columns, index=pd.Index(everything, name="organization"))


def _edition(edition: int) -> pd.DataFrame:
    if edition not in EDITIONS:
        raise InputError(f"There is no edition {edition} of the Factbook here; give 2014 or 2025.")
    table = _full_members()
    return table[table["vintage"] == edition]
