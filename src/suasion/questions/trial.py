"""What the model foresaw of measures that were in force, and what happened: what it got right, and what wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from suasion.answers import MAIN, USUAL, Answer, Finding, Picture, Quantity, Source, Table
from suasion.errors import InputError
from suasion.nearest import did_you_mean
from suasion.questions.question import question

if TYPE_CHECKING:
    import pandas as pd

SOURCES = (Source("trial.source"),)
EPISODES = (
    "trial_episode year rate_kind trial_use trial_outcome rate_percent foreseen_percent happened_percent trial_slope "
    "slope_error slope_before signs_right skill_no_change flows held_count data_share response_share model_share"
)
SEEN = "trial_episode year seller industry value_musd rate_percent foreseen_percent happened_percent"
COVERAGE = "trial_part rate_kind trial_range cases held_count width_factor interval_score"
BANS = "trial_ban trial_flow trial_goods year value_musd foreseen_percent happened_percent trial_outcome"
GOODS = {"B05": "coal", "B06": "oil"}
RULES = ("present", "newcomers_named", "half", "world")
SPANS = {
    "all": "whole",
    "before 2018": "before",
    "from 2018": "after",
    "Russia and Belarus, 2020 to 2022": "russia",
}
BAR = (0.75, 1.25)
"""Slopes that count as right in size."""


@question
def trial(*, episode: str = "") -> Answer:
    """What the model foresaw of measures that were in force, beside what happened: right and wrong alike.

    Parameters
    ----------
    episode : str
        One measure, with its industries: us_china_collected, us_china_list, china_us_list, china_us_later, us_steel.

    Returns
    -------
    Answer
        Tables ``trial-episodes``, ``trial-drawn``, ``trial-coverage``, ``trial-bans``, ``trial-stops`` and
        ``trial-response``; of an episode ``trial-industries`` too.

    Raises
    ------
    InputError
        If there is no such episode.

    Examples
    --------
    >>> su.trial()
    <Answer trial: trial-episodes (...>
    """
    from suasion.outlook.scoreboard.score import trial_table

    table = trial_table("episodes")
    name, known = episode.strip(), list(dict.fromkeys(table["episode"]))
    if name and name not in known:
        hint = did_you_mean(name, known)
        raise InputError(f"There is no episode {name!r}; there are {', '.join(known)}.{hint}")
    kept = table[table["episode"] == name] if name else table
    more = [industries_table(trial_table("industries"), set(kept["episode"]))] if name else []
    rest = (_coverage(trial_table("coverage")), bans_table(trial_table("bans")), _stops(), _response())
    tables = (_episodes(kept), *more, _drawn(kept), *rest)
    return Answer("trial", {}, tuple(_verdicts(table)), tables, sources=SOURCES, result=table)


def percent(log: float) -> float:
    """A change of a logarithm in per cent."""
    return 100.0 * math.expm1(log)


def _changes(table: pd.DataFrame) -> pd.DataFrame:
    """Changes in per cent, those foreseen with the range of all that is doubtful."""
    return table.assign(
        rate_percent=100.0 * table["rate"],
        foreseen_percent=table["foreseen"].map(percent),
        foreseen_percent_low=table["low_full"].map(percent),
        foreseen_percent_high=table["high_full"].map(percent),
        happened_percent=table["actual"].map(percent),
    )


NAMES = {
    "episode": "trial_episode",
    "kind": "rate_kind",
    "use": "trial_use",
    "outcome": "trial_outcome",
    "slope": "trial_slope",
    "error": "slope_error",
    "placebo": "slope_before",
    "signs": "signs_right",
    "skill": "skill_no_change",
    "held_full": "held_count",
}


def _episodes(table: pd.DataFrame) -> Table:
    return Table.of(
        "trial-episodes",
        EPISODES,
        _changes(table).rename(columns=NAMES),
        axes="trial_episode year",
        brief="trial_episode year foreseen_percent happened_percent trial_slope signs_right",
        notes=(Finding("trial.slope"), Finding("trial.ranges")),
    )


def _drawn(table: pd.DataFrame) -> Table:
    """What was foreseen and what happened, a row each: for the picture."""
    rows = [
        {
            "trial_episode": row["episode"],
            "year": row["year"],
            "trial_told": told,
            "trial_percent": row[f"{told}_percent"],
            **{f"trial_percent_{end}": row.get(f"{told}_percent_{end}") for end in ("low", "high")},
        }
        for row in _changes(table).to_dict("records")
        for told in ("foreseen", "happened")
    ]
    return Table.of(
        "trial-drawn",
        "trial_episode year trial_told trial_percent",
        rows,
        axes="trial_episode year trial_told",
        picture=Picture("ranges", "trial_percent", "trial_episode", series="trial_told", panel="year"),
        detail=True,
    )


def industries_table(table: pd.DataFrame, names: set[str]) -> Table:
    """Return what was foreseen and what happened, industry by industry.

    table: of the trial's industries.
    names: of episodes.
    """
    kept = table[table["episode"].isin(names)]
    rows = _changes(kept.assign(rate=kept["rate"].map(math.expm1)))
    names_of = {"episode": "trial_episode", "weight": "value_musd"}
    return Table.of(
        "trial-industries", SEEN, rows.rename(columns=names_of), axes="trial_episode year seller industry"
    )


def _coverage(table: pd.DataFrame) -> Table:
    names = {"of": "trial_part", "rates": "rate_kind", "range": "trial_range", "held": "held_count"}
    return Table.of(
        "trial-coverage",
        COVERAGE,
        table.rename(columns={**names, "width": "width_factor"}),
        axes="trial_part rate_kind trial_range",
        notes=(Finding("trial.scores"),),
    )


def bans_table(table: pd.DataFrame) -> Table:
    """Return what was foreseen of bans, and of those who sold and bought instead.

    table: of the trial's bans.
    """
    percents = {
        f"{name}_percent{end}": 100.0 * table[of]
        for name, end, of in (
            ("foreseen", "", "foreseen"),
            ("foreseen", "_low", "low"),
            ("foreseen", "_high", "high"),
            ("happened", "", "actual"),
        )
    }
    names = {
        "episode": "trial_ban",
        "flow": "trial_flow",
        "industry": "trial_goods",
        "outcome": "trial_outcome",
        "base_musd": "value_musd",
    }
    return Table.of(
        "trial-bans",
        BANS,
        table.rename(columns=names).assign(**percents),
        axes="trial_ban trial_flow trial_goods year",
        brief="trial_ban trial_flow trial_goods year foreseen_percent happened_percent",
        notes=(Finding("trial.bans"),),
    )


def _stops() -> Table:
    """How far each rule was off, in stops and in calm years."""
    from suasion.outlook.scoreboard.score import trial_table

    table = trial_table("stops")
    rows = [
        {
            "gap_rule": rule,
            "stops_span": SPANS[row["span"]],
            "gap_miss": row[rule],
            "stops_count": int(row["stops"]),
        }
        for row in table.to_dict("records")
        for rule in RULES
    ]
    return Table.of(
        "trial-stops", "gap_rule stops_span gap_miss stops_count", rows, axes="gap_rule stops_span"
    )


def _response() -> Table:
    from suasion.outlook.scoreboard.score import trial_table

    ends = ("", "_low", "_high")
    names = {f"{run}{end}": f"{run}_factor{end}" for run in ("first", "long") for end in ends}
    return Table.of(
        "trial-response",
        "response_basis episode_count first_factor long_factor",
        trial_table("response").rename(
            columns={"basis": "response_basis", "episodes": "episode_count", **names}
        ),
        axes="response_basis",
        notes=(Finding("trial.response"),),
    )


def _verdicts(table: pd.DataFrame) -> Iterator[Finding]:
    """Right and wrong, as many of each as there are."""
    from suasion.outlook.scoreboard.score import trial_table

    judged = table[table["slope"].notna()]
    paid, law = (judged[judged["episode"] == name] for name in PAID_AND_LAW)
    for place, (key, part) in enumerate((("paid", paid), ("law", law))):
        inside = part["slope"].between(*BAR).all()
        slopes = {end: Quantity(float(part["slope"].agg(how)), "score") for end, how in ENDS}
        more = {
            "paid": ("signs", Quantity(float(part["signs"].min()), "probability")),
            "law": ("rate", Quantity(100.0 * float(part["rate"].max()), "percent")),
        }
        values = slopes | dict([more[key]])
        yield Finding(f"trial.{key}.{'right' if inside else 'wrong'}", values, weight=MAIN - place / 10)
    found = trial_table("coverage")
    found = found[(found["of"] == "industries") & (found["rates"] == "all")]
    for name in ("elasticities", "full"):
        row = found[found["range"] == name].iloc[0]
        held = {"held": Quantity(int(row["held"]), "count"), "cases": Quantity(int(row["cases"]), "count")}
        yield Finding(f"trial.held.{name}", held, weight=USUAL)
    yield of_energy(trial_table("bans"))
    stops = trial_table("stops").iloc[0]
    values = {name: Quantity(float(stops[name]), "score") for name in ("present", "world")}
    values |= {"count": Quantity(int(stops["stops"]), "count")}
    yield Finding("trial.stops", values, weight=USUAL)


def of_energy(table: pd.DataFrame) -> Finding:
    """Return who took Russian oil, gas and coal after the bans, in the last year on record.

    table: of the trial's bans.
    """
    sold = table[(table["flow"] == "seller_elsewhere") & (table["year"] == table["year"].max())]
    values = {}
    for row in sold.to_dict("records"):
        foreseen, low, high, actual = (100.0 * row[name] for name in ("foreseen", "low", "high", "actual"))
        values[f"{GOODS[row['industry']]}_foreseen"] = Quantity(foreseen, "change", low, high)
        values[f"{GOODS[row['industry']]}_happened"] = Quantity(actual, "change")
    return Finding("trial.energy", values, weight=USUAL)


ENDS = (("least", "min"), ("most", "max"))
PAID_AND_LAW = ("us_china_collected", "us_china_list")
"""Episodes of one measure, once as it was paid and once as the law has it."""
