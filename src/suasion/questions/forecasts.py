"""What has been forecast in public, how long it still runs, and how good it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import MAIN, USUAL, Answer, Comparison, Country, Finding, Quantity, Source, Table, Value
from suasion.questions.projections.tables import tried_table
from suasion.questions.question import question

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from suasion.outlook.scoreboard.frozen import Scoreboard

SOURCES = (Source("forecasts.source"),)
OPEN = "forecast asked state other_state frozen_on opens_on closes_on days_left frozen left resolves"
DONE = (
    "forecast asked made state other_state closes_on outcome middle brier log_loss crps "
    "reference_score pit within_95"
)
POSITIONS = {
    "in-force": "forecast state frozen_on opens_on closes_on days_left frozen_position resolves",
    "scored": "forecast made state closes_on outcome_position middle_position crps reference_score pit within_95",
}
"""Forecasts of ideal points have tables of their own: a position is no chance."""
PURCHASES = {
    "in-force": "forecast state other_state frozen_on opens_on closes_on days_left frozen_percent resolves",
    "scored": "forecast made state other_state closes_on outcome_percent middle_percent crps reference_score pit "
    "within_95",
}
"""So have those of what a state buys from another, against its purchases from all others."""
YEARLY = "forecast asked state other_state closes_on days_left frozen resolves"
"""Forecasts of questions that open and close with one year, beside those of longer ones."""
VOTES = "forecast vote_text closes_on days_left frozen_votes resolves"
RULES = "asked rule forecasts_count"
OF_ALL_PAIRS = "forecast asked frozen_on opens_on closes_on days_left resolves"
"""Forecasts of all pairs, each of which has its number in a file: none of them has two states and one chance."""
HELD = "ahead part forecasts_count held_80 held_90 held_95"
LOOKS = "forecast asked frozen_on data_to version"


@question
def forecasts(*, on: str = "") -> Answer:
    """What is forecast and frozen, what of it is resolved, and how good it was.

    Parameters
    ----------
    on : str
        Day from which days left are counted, of forecasts frozen up to it (2027-01-31); today without.

    Returns
    -------
    Answer
        Tables ``in-force``, ``yearly-in-force``, ``votes-in-force``, ``all-pairs-in-force``, ``scored`` (of each
        ``positions-``, for ideal points, and ``purchases-``), ``resolution-rules``, ``held`` and ``second-looks``.

    Raises
    ------
    InputError
        If nothing was frozen up to that day.

    Examples
    --------
    >>> su.forecasts(on="2026-12-02")
    <Answer forecasts 2026-12-02: in-force (...>
    """
    from suasion.outlook.scoreboard.frozen import desk
    from suasion.outlook.scoreboard.score import in_force, resolved

    kept = desk()
    day = _day(on, min(one.frozen_on for one in kept.forecasts))
    every = in_force(kept, day)
    running, places, bought, voted = _apart(every)
    of_all = running["a"] == ""
    yearly = running["yearly"] & ~of_all
    last, earlier = _last(running[~of_all & ~yearly])
    done, placed, ended, _ = _apart(resolved(kept))
    tables = (
        _in_force(last, earlier),
        _yearly(running[yearly]),
        _votes(voted),
        *_positions("in-force", places),
        *_purchases("in-force", bought),
        _of_all_pairs(running[of_all]),
        _scored(_named(done)),
        *_positions("scored", placed),
        *_purchases("scored", ended),
        _rules(kept),
        tried_table("held", HELD),
        _looks(kept),
    )
    asked: dict[str, Value] = {"on": day.isoformat()}
    said = (
        *_title(last, day),
        *_open(every),
        *_this_year(running[yearly], voted),
        *_scores(done),
        Finding("forecasts.head", {"head": kept.head[:16]}, weight=USUAL),
    )
    return Answer(
        "forecasts", asked, said, tuple(one for one in tables if one.rows), sources=SOURCES, result=kept
    )


def _day(on: str, first: dt.date) -> dt.date:
    """The day that is asked of, which is not before that of the first forecast."""
    import datetime as dt

    from suasion.errors import InputError

    try:
        day = dt.date.fromisoformat(on) if on else dt.date.today()
    except ValueError:
        raise InputError(f"{on!r} is no day; write it as 2027-01-31.") from None
    if day < first:
        raise InputError(
            f"Nothing was frozen by {day}: the first forecast is of {first}. Give that day or a later one."
        )
    return day


def _apart(frame: pd.DataFrame) -> tuple[pd.DataFrame, ...]:
    """Forecasts of chances and shares, and those of ideal points, of purchases and of votes, each of its own unit."""
    kinds = ("ideal_point", "purchases", "votes_in_favour")
    return frame[~frame["asked"].isin(kinds)], *(frame[frame["asked"] == kind] for kind in kinds)


def _last(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Forecasts as they were frozen last, and those that were frozen again since."""
    earlier = frame.duplicated(["asked", "a", "b", "closes"], keep="last")
    return frame[~earlier], frame[earlier]


def _in_force(last: pd.DataFrame, earlier: pd.DataFrame) -> Table:
    """Pacts first; what was frozen again stands last."""
    import pandas as pd

    title = last["asked"] == "pact"
    again = (Finding("forecasts.frozen_again"),) if len(earlier) else ()
    return Table.of(
        "in-force",
        OPEN,
        _named(pd.concat([last[title], last[~title], earlier])),
        axes="forecast",
        brief="asked state other_state closes_on frozen_on frozen left",
        notes=(Finding("forecasts.left"), *again),
    )


def _yearly(frame: pd.DataFrame) -> Table:
    """Questions that open and close with one year, the likeliest of each kind first."""
    rows = frame.sort_values(["asked", "frozen"], ascending=[True, False], kind="stable")
    return Table.of(
        "yearly-in-force",
        YEARLY,
        _named(rows),
        axes="forecast",
        brief="asked state other_state closes_on frozen",
    )


def _votes(frame: pd.DataFrame) -> Table:
    """How many members will vote for texts that come to a vote nearly every year."""
    rows = frame.rename(columns=lambda name: re.sub("^frozen(?!_on)", "frozen_votes", name)).rename(
        columns={"about": "vote_text"}
    )
    return Table.of(
        "votes-in-force", VOTES, _named(rows), axes="forecast", brief="vote_text closes_on frozen_votes"
    )


def _rules(kept: Scoreboard) -> Table:
    """How questions of each kind are decided, and how many there are."""
    counts: dict[str, int] = {}
    for one in kept.forecasts:
        counts[one.asked] = counts.get(one.asked, 0) + 1
    rows = [{"asked": kind, "rule": kind, "forecasts_count": count} for kind, count in counts.items()]
    return Table.of("resolution-rules", RULES, rows, axes="asked")


def _this_year(chances: pd.DataFrame, votes: pd.DataFrame) -> Iterator[Finding]:
    """How many questions open and close with one year."""
    closes = [*chances["closes"], *votes["closes"]]
    if closes:
        told = {"count": Quantity(len(closes), "count"), "year": closes[0].year}
        yield Finding("forecasts.yearly", told, weight=USUAL + 0.6)


def _of_all_pairs(frame: pd.DataFrame) -> Table:
    """Forecasts of all pairs: what is in force, in the order in which it was frozen."""
    return Table.of(
        "all-pairs-in-force",
        OF_ALL_PAIRS,
        _named(frame),
        axes="forecast",
        brief="asked closes_on frozen_on days_left",
        notes=(Finding("forecasts.of_all"),),
    )


def _positions(key: str, frame: pd.DataFrame) -> Iterator[Table]:
    """Forecasts of ideal points: none where none is of this standing."""
    rows = frame.rename(columns=lambda name: re.sub("^(frozen(?!_on)|middle|outcome)", r"\1_position", name))
    if len(rows):
        yield Table.of(f"positions-{key}", POSITIONS[key], _named(rows), axes="forecast")


def _purchases(key: str, frame: pd.DataFrame) -> Iterator[Table]:
    """Forecasts of purchases: none where none is of this standing."""
    rows = frame.rename(columns=lambda name: re.sub("^(frozen(?!_on)|middle|outcome)", r"\1_percent", name))
    if len(rows):
        note = (Finding("forecasts.purchases"),)
        yield Table.of(f"purchases-{key}", PURCHASES[key], _named(rows), axes="forecast", notes=note)


def _named(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    rows = frame.rename(
        columns={
            "id": "forecast",
            "a": "state",
            "b": "other_state",
            "log": "log_loss",
            "opens": "opens_on",
            "closes": "closes_on",
            "reference": "reference_score",
        }
    ).astype(object)
    rows = rows.where(rows.notna(), None)
    for column in ("frozen_on", "opens_on", "closes_on"):
        if column in rows:
            rows[column] = rows[column].map(str)
    for column in ("state", "other_state"):
        rows[column] = [code or None for code in rows[column]]
    if "within_95" in rows:
        rows["within_95"] = [
            None if one is None else "inside" if one else "outside" for one in rows["within_95"]
        ]
    return rows.to_dict("records")


def _scored(rows: list[dict[str, Any]]) -> Table:
    """Resolved forecasts; people see no column of a kind of score that none of them has."""
    had = {name for row in rows for name, cell in row.items() if cell is not None}
    brief = " ".join(name for name in DONE.split() if name in had)
    return Table.of("scored", DONE, rows, axes="forecast", brief=brief, notes=(Finding("forecasts.kinds"),))


def _looks(kept: Scoreboard) -> Table:
    """Forecasts whose form was chosen after outcomes like theirs were seen."""
    return Table.of(
        "second-looks",
        LOOKS,
        [
            {
                "forecast": one.id,
                "asked": one.asked,
                "frozen_on": str(one.frozen_on),
                "data_to": one.data_to,
                "version": one.version,
            }
            for one in kept.forecasts
            if one.second_look
        ],
        axes="forecast",
        detail=True,
    )


def _title(running: pd.DataFrame, day: dt.date) -> Iterator[Finding]:
    pacts = running[running["asked"] == "pact"]
    for place, row in enumerate(pacts.to_dict("records")):
        frozen = Quantity(row["frozen"], "probability", row["frozen_low"], row["frozen_high"])
        left = Quantity(row["left"], "probability", row["left_low"], row["left_high"])
        sides: dict[str, Value] = {"a": Country(row["a"]), "b": Country(row["b"])}
        told: dict[str, Value] = {**sides, "frozen": frozen, "left": left, "on": str(day)}
        told |= {"days": Quantity(row["days_left"], "count")}
        told |= {name: str(row[name]) for name in ("closes", "frozen_on")}
        yield Finding("forecasts.pact", told, weight=MAIN - place / 10)
    shares = running[running["asked"] == "share"]
    for place, row in enumerate(shares.to_dict("records")):
        frozen = Quantity(row["frozen"], "probability", row["frozen_low"], row["frozen_high"])
        sides = {"a": Country(row["a"]), "b": Country(row["b"])}
        yield Finding(
            "forecasts.share",
            {**sides, "frozen": frozen, "year": row["closes"].year, "frozen_on": str(row["frozen_on"])},
            weight=USUAL + 0.5 - place / 10,
        )


def _open(running: pd.DataFrame) -> Iterator[Finding]:
    """How many questions are open, and when the first of them closes."""
    if len(running):
        values: dict[str, Value] = {
            "count": Quantity(len(running), "count"),
            "days": Quantity(int(running["days_left"].min()), "count"),
            "closes": str(running["closes"].min()),
        }
        yield Finding("forecasts.open", values, weight=USUAL + 0.2)


def _scores(done: pd.DataFrame) -> Iterator[Finding]:
    """Scores so far, by kind; of what was frozen apart from hindcasts."""
    frozen = done[done["made"] == "frozen"]
    if frozen.empty:
        yield Finding("forecasts.none_resolved", weight=USUAL)
    looked_back = done[(done["made"] == "hindcast") & done["crps"].notna()]
    if len(looked_back):
        own, walk = (Quantity(float(looked_back[name].mean()), "score") for name in ("crps", "reference"))
        held = Quantity(int((looked_back["within_95"] == True).sum()), "count")  # noqa: E712
        values = {"own": own, "walk": walk, "count": Quantity(len(looked_back), "count"), "held": held}
        values["apart"] = Quantity(100.0 * abs((own.value or 0.0) / (walk.value or 1.0) - 1.0), "percent")
        yield Finding("forecasts.hindcasts", values, Comparison(own, walk), weight=USUAL)
