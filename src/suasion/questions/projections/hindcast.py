"""What forecasts of a share would have said in the past: of one pair, how good they were over all pairs, the record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from suasion.answers import (
    DETAIL,
    MAIN,
    USUAL,
    Answer,
    Comparison,
    Country,
    Finding,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.questions.question import File, State, question
from suasion.types import Progress, counting

if TYPE_CHECKING:
    import pandas as pd

    from suasion.outlook.histories import Measure, Panel
    from suasion.outlook.odds import OddsDrivers

RECORD = {
    "source": "source_name",
    "measure": "share_of",
    "horizon": "ahead",
    "forecasts": "forecasts_count",
    "verdict": "skill_verdict",
}
"""Columns of the record, and their names in answers."""
GAINS = {
    "gain_drift_percent": ("skill", "skill_low", "skill_high"),
    "gain_still_percent": ("skill_still", "skill_still_low", "skill_still_high"),
}
"""Gains in answers, and in the model's frame with both ends."""


def form_key(form: Any) -> str:
    """The member of the list of forms for a form of the model."""
    return str(form).replace(",", "").replace(" ", "_")


def record_rows(rows: Any) -> list[dict[str, Any]]:
    """Rows of a record of skill under the names of answers; its verdicts are members of an enum.

    rows: Columns of :func:`suasion.outlook.hindcast.table.skill_table`, or of the kept record.
    """
    from suasion.outlook.hindcast.table import SkillVerdict

    found = rows.rename(columns=RECORD).to_dict("records")
    for row in found:
        row["forecast_form"] = form_key(row["form"])
        row["skill_verdict"] = SkillVerdict(row["skill_verdict"]).name.lower()
        for name, ends in GAINS.items():
            for ending, end in zip(("", "_low", "_high"), ends, strict=True):
                row |= {f"{name}{ending}": 100.0 * row[end]} if end in row else {}
    return list(found)


def record_table() -> Table:
    """How good such forecasts have been: the two random walks, the best attempts, the structural form."""
    import pandas as pd

    from suasion.outlook.hindcast.table import record

    return Table.of(
        "outlook-record",
        "source_name share_of ahead forecast_form forecasts_count crps gain_drift_percent gain_still_percent "
        "skill_verdict",
        record_rows(
            pd.DataFrame(record()).rename(columns={"low": "skill_still_low", "high": "skill_still_high"})
        ),
        axes="source_name share_of ahead forecast_form",
        notes=(Finding("outlook.record_note"),),
        brief="source_name ahead forecast_form crps gain_still_percent skill_verdict",
        detail=True,
    )


def record_findings() -> Iterator[Finding]:
    """Say how little the best attempt gains where the horizon is longest, source by source."""
    from suasion.outlook.hindcast.table import ATTEMPT, ENOUGH, record

    rows = [row for row in record() if row["role"] == ATTEMPT]
    for place, source in enumerate(dict.fromkeys(row["source"] for row in rows)):
        last = max(row["horizon"] for row in rows if row["source"] == source)
        best = next(row for row in rows if row["source"] == source and row["horizon"] == last)
        gain = Quantity(100.0 * best["skill_still"], "change", 100.0 * best["low"], 100.0 * best["high"])
        values: dict[str, Value] = {
            "source": source,
            "ahead": last,
            "form": Word("forecast_form", form_key(best["form"])),
            "gain": gain,
            "p": Quantity(best["p_still"], "score"),
        }
        key = "few_origins" if best["p_still"] is None else "told" if best["p_still"] < ENOUGH else "not_told"
        yield Finding(f"outlook.record_{key}", values, weight=DETAIL - place / 10)


SOURCES = (Source("hindcast.source"),)
FIRST = ("random walk", "random walk with drift", "stack")
"""Forms that are told before the others."""


@question
def hindcast(
    a: State,
    b: State,
    *,
    source: str = "materials",
    group: str = "fuels",
    measure: str = "turnover",
    origin: int | None = None,
    path: File | None = None,
    growth: File | None = None,
    structural: bool = False,
    progress: Progress | None = None,
) -> Answer:
    """What forecasts of b's share in a's trade would have said in an earlier year, and what came.

    Parameters
    ----------
    source : str
        Past shares: materials (embedded), itpd or wiod13.
    group : str
        Group of raw materials, fuels or all.
    measure : str
        turnover, exports or imports.
    origin : int, optional
        Last year known; five years before the last by default.
    path : Path, optional
        File or folder of the source; else the store.
    growth : Path, optional
        Penn World Table, for the odds decomposition; else the store.
    structural : bool
        Whether the structural model is asked too, from each year's own table; wiod13 only.
    progress : callable, optional
        Called with (done, total, what).

    Returns
    -------
    Answer
        Table ``hindcast``; over all pairs :func:`forecast_skill` asks the same.

    Examples
    --------
    >>> su.hindcast("AUS", "CHN", group="iron ore")
    <Answer hindcast AUS CHN 2019: hindcast (...>
    """
    from suasion.errors import NotFollowedError
    from suasion.outlook.hindcast.table import last_origin, named_hindcast

    panel, drivers, notes = _histories(source, group, measure, (path, growth), structural, progress)
    last = last_origin(panel) if origin is None else origin
    asked: dict[str, Value] = {"a": Country(a), "b": Country(b), "origin": last}
    try:
        found = named_hindcast(panel, a, b, last, drivers=drivers)
    except NotFollowedError:
        return Answer("hindcast", asked, absent=Finding("hindcast.small", asked), sources=SOURCES)
    return Answer(
        "hindcast",
        asked,
        (*_findings(found, asked), *notes),
        (_pair(found, asked),),
        sources=SOURCES,
        result=found,
    )


def _pair(found: pd.DataFrame, asked: dict[str, Value]) -> Table:
    return Table.of(
        "hindcast",
        "year forecast_form trade_share=outcome forecast_share=median share_80_from=low_80 share_80_to=high_80 "
        "share_95_from=low_95 share_95_to=high_95 fell pit crps",
        _rows(found),
        axes="year forecast_form",
        picture=Picture("ranges", "forecast_share", "forecast_form", panel="year"),
        values=asked,
        brief="year forecast_form trade_share forecast_share share_80_from share_80_to fell",
    )


@question
def forecast_skill(
    *,
    source: str = "materials",
    group: str = "fuels",
    measure: str = "turnover",
    path: File | None = None,
    growth: File | None = None,
    structural: bool = False,
    progress: Progress | None = None,
) -> Answer:
    """How good forecasts of shares would have been over all pairs with enough trade, from every earlier year.

    Parameters
    ----------
    source : str
        Past shares: materials (embedded), itpd or wiod13.
    group : str
        Group of raw materials, fuels or all.
    measure : str
        turnover, exports or imports.
    path : Path, optional
        File or folder of the source; else the store.
    growth : Path, optional
        Penn World Table, for the odds decomposition; else the store.
    structural : bool
        Whether the structural model is scored too, from each year's own table; wiod13 only.
    progress : callable, optional
        Called with (done, total, what).

    Returns
    -------
    Answer
        Table ``forecast-skill``; of one pair :func:`hindcast` tells the forecasts.

    Examples
    --------
    >>> su.forecast_skill(group="iron ore")
    <Answer forecast_skill raw materials: iron ore: forecast-skill (...>
    """
    from suasion.outlook.hindcast.origins import hindcast as score_all
    from suasion.outlook.hindcast.table import skill_table

    panel, drivers, notes = _histories(source, group, measure, (path, growth), structural, progress)
    found = score_all(panel, drivers=drivers, progress=counting(progress, "origins"))
    rows = skill_table(found)
    asked: dict[str, Value] = {"source": panel.source, "measure": Word("share_of", panel.measure)}
    left = (
        Finding(
            f"forecast_skill.left_out_{why.name.lower()}", {"count": Quantity(count, "count")}, weight=DETAIL
        )
        for why, count in found.left_out.items()
    )
    return Answer(
        "forecast_skill",
        asked,
        (*_best(rows), *left, *notes),
        (_skill(rows, asked),),
        sources=SOURCES,
        result=found,
    )


def _skill(rows: pd.DataFrame, asked: dict[str, Value]) -> Table:
    named = [
        {**row, "held_80": row["within_80"], "held_95": row["within_95"], "place": row["rank"] or None}
        for row in record_rows(rows)
    ]
    return Table.of(
        "forecast-skill",
        "ahead forecast_form forecasts_count crps gain_drift_percent gain_still_percent held_80 held_95 place "
        "skill_verdict",
        named,
        axes="ahead forecast_form",
        picture=Picture("ranges", "gain_still_percent", "forecast_form", panel="ahead"),
        values=asked,
        brief="ahead forecast_form crps gain_drift_percent gain_still_percent held_80 place",
    )


def _best(rows: pd.DataFrame) -> Iterator[Finding]:
    """The three best attempts at each horizon."""
    from suasion.outlook.hindcast.table import best_three

    for place, (ahead, part) in enumerate(best_three(rows).groupby("horizon")):
        yield Finding(
            "forecast_skill.best",
            {
                "ahead": Quantity(int(str(ahead)), "years"),
                "forms": tuple(Word("forecast_form", form_key(form)) for form in part["form"]),
                "gain": Quantity(100.0 * float(part["skill_still"].iloc[0]), "change"),
            },
            weight=MAIN - place / 10,
        )


def _histories(
    source: str,
    group: str,
    measure: str,
    files: tuple[File | None, File | None],
    structural: bool,
    progress: Progress | None,
) -> tuple[Panel, OddsDrivers | None, tuple[Finding, ...]]:
    """Past shares, what drove them as far as it is on record, and what is lacking."""
    from suasion.errors import InputError, SourceFileError
    from suasion.outlook.histories import flows_from, panel_of
    from suasion.outlook.odds import drivers_of, real_growth

    path, growth = files
    flows = flows_from(source, path, group)
    panel = panel_of(flows, cast("Measure", measure))
    if structural and source != "wiod13":
        raise InputError(
            f"--structural needs a world table of every year; {source} has none. Take --source wiod13."
        )
    if source == "materials":
        return panel, None, ()
    try:
        drivers = drivers_of(flows, panel, real_growth(growth))
    except SourceFileError:
        if growth is not None or structural:
            raise
        return panel, None, (Finding("hindcast.no_growth", weight=DETAIL, caution=True),)
    if structural:
        drivers = _with_courses(drivers, panel, files, progress)
    return panel, drivers, ()


def _with_courses(
    drivers: OddsDrivers, panel: Panel, files: tuple[File | None, File | None], progress: Progress | None
) -> OddsDrivers:
    """Add what the structural model foresaw from each year's own table."""
    from suasion.outlook.hindcast.structural import structural_changes
    from suasion.outlook.odds import real_growth
    from suasion.world import load_world

    path, growth = files
    courses = structural_changes(
        panel,
        real_growth(growth),
        lambda year: load_world("wiod13", year, path),
        progress=counting(progress, "structural"),
    )
    return replace(drivers, courses=courses)


def _rows(found: pd.DataFrame) -> Iterator[dict[str, Any]]:
    from suasion.outlook.hindcast.table import Fell

    rows: list[Any] = found.to_dict("records")
    for row in rows:
        fell = Fell(row["where"]).name.lower()
        yield {**row, "forecast_form": form_key(row["form"]), "fell": fell}


def _findings(found: pd.DataFrame, asked: dict[str, Value]) -> Iterator[Finding]:
    """How the share went, where it fell in each form's forecast, and which break lies between."""
    from suasion.outlook.hindcast.table import KNOWN_BREAKS, Fell

    last = found[found["year"] == found["year"].max()]
    first = last.iloc[0]
    now, then = (Quantity(float(first[name]), "probability") for name in ("start", "outcome"))
    yield Finding(
        "hindcast.went",
        {
            **asked,
            "year": int(first["year"]),
            "source": str(first["source"]),
            "measure": Word("share_of", str(first["measure"])),
            "now": now,
            "then": then,
        },
        Comparison(then, now),
        weight=MAIN + 0.5,
    )
    for place, row in enumerate(last.to_dict("records")):
        gap = max(row["outcome"] - row["high_95"], row["low_95"] - row["outcome"])
        told: dict[str, Value] = {
            "form": Word("forecast_form", form_key(row["form"])),
            "middle": Quantity(row["median"], "probability"),
            "low": Quantity(row["low_95"], "probability"),
            "high": Quantity(row["high_95"], "probability"),
            "below": Quantity(row["pit"], "probability"),
        }
        if gap > 0:
            told["gap"] = Quantity(100.0 * gap, "score")
        fell = Fell(row["where"]).name.lower()
        weight = USUAL + 0.5 if row["form"] in FIRST else DETAIL
        yield Finding(f"hindcast.{fell}", told, weight=weight - place / 100)
    for side in ("a", "b"):
        year = KNOWN_BREAKS.get(cast("Country", asked[side]).code, 0)
        if cast("int", asked["origin"]) < year <= first["year"]:
            yield Finding("hindcast.break", {"state": asked[side], "broke": year}, caution=True)
