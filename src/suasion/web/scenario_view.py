"""What the pages of a scenario show of its answer: rows by side and horizon, with changes as printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from suasion.answers import numbers as n
from suasion.answers.answer import Answer
from suasion.answers.finding import Finding
from suasion.answers.language import ENGLISH
from suasion.answers.render.lines import title_of
from suasion.answers.table import Table
from suasion.dossier.explore.map import NOTE, map_alt, map_spec
from suasion.equilibrium.scenario.file import to_yaml
from suasion.questions.scenarios.address import (
    MOST_MEASURES,
    Measure,
    Query,
    plain,
    shown_horizon,
    to_address,
)
from suasion.questions.scenarios.instruments import Options
from suasion.questions.scenarios.runs import when_of
from suasion.web.strings import say

FORM_MEASURES = 3
OTHERS: tuple[dict[str, Any], ...] = ({"deficits": "world"}, {"ease": 0.5}, {"ease": 2.0})
"""Assumptions in use elsewhere: imbalances that stay in world money; suppliers that fit in half or twice as well."""
USUAL: dict[str, Any] = {"ease": 1.0, "swap": 1.0, "deficits": "balance", "draws": 0}
COMPARED = ("simulate.one_loses", "simulate.more", "simulate.winners", "simulate.no_winner")
MOST_BARS, MOST_FLOWS, MOST_MOVED = 8, 10, 12
Row = dict[str, Any]


@dataclass(frozen=True)
class ScenarioPage:
    """A scenario with its answer.

    Attributes
    ----------
    query : Query
        What was asked.
    answer : Answer or None
        What the JSON twin gives; None before anything is asked.
    options : Options or None
        What can be chosen; None where there is no form.
    usual_answer : Answer or None
        That of the same measures under the usual assumptions, where these are others.
    """

    query: Query
    answer: Answer | None = None
    options: Options | None = None
    usual_answer: Answer | None = None

    @property
    def question(self) -> str:
        """Title of the answer."""
        return title_of(self.answer) if self.answer else ""

    @property
    def run_id(self) -> str:
        """Hash of data, scenario and version; empty at a glance."""
        return self.answer.run.id if self.answer and self.answer.run else ""

    @property
    def source(self) -> str:
        """Data set and year."""
        return self.answer.sources[0].line() if self.answer else ""

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Rows of the form: what was chosen, then empty ones."""
        empty = Measure("embargo", (), ())
        rows = [*self.query.measures]
        while len(rows) < FORM_MEASURES or (
            len(rows) == len(self.query.measures) and len(rows) < MOST_MEASURES
        ):
            rows.append(empty)
        return tuple(rows)

    @property
    def shown(self) -> str:
        """Label of the horizon of map, trade and prices."""
        return shown_horizon(self.query)

    @property
    def runs(self) -> tuple[Row, ...]:
        """Horizons: label, words, kind of mark, and how the solving went."""
        status = {row["horizon"]: row["cost_status"] for row in records(self.table("sides"))}
        gaps = {one.name: one for one in (self.answer.checks if self.answer else ())}
        return tuple(
            {
                "label": label,
                "words": run_words(label),
                "kind": label if label in ("short", "long") else "dial",
                "status": status.get(label, "no_equilibrium"),
                "residual": getattr(gaps.get(f"{label} equations"), "residual", 0.0),
                "holds": all(one.holds for name, one in gaps.items() if name.startswith(f"{label} ")),
            }
            for label, _ in self.query.cases
        )

    @property
    def shown_words(self) -> str:
        """Horizon of map, trade and prices in words."""
        return run_words(self.shown)

    @property
    def pending(self) -> bool:
        """Whether some horizon is still being solved."""
        return any(run["status"] == "pending" for run in self.runs)

    @property
    def known(self) -> bool:
        """Whether the shown horizon has an equilibrium."""
        return any(run["label"] == self.shown and run["status"] == "solved" for run in self.runs)

    def table(self, key: str) -> Table | None:
        """A table of the answer; None where it has none of that key."""
        return next((one for one in self.answer.tables if one.key == key), None) if self.answer else None

    @property
    def absent(self) -> str:
        """Why there are no numbers."""
        return self.answer.absent.sentence() if self.answer and self.answer.absent else ""

    @property
    def sentence(self) -> str:
        """What each side loses or gains; why there is no number."""
        return self.absent or told(self.answer, "simulate.moves", "simulate.both", "simulate.unsolved")

    @property
    def verdict(self) -> str:
        """Who loses more, and who else gains, over the shown horizon."""
        return " ".join(self._compared(shown=True))

    @property
    def elsewhen(self) -> tuple[str, ...]:
        """The same over the other horizons."""
        return tuple(self._compared(shown=False))

    def _compared(self, *, shown: bool) -> Iterator[str]:
        when = when_of(self.shown)
        for one in findings_in(self.answer):
            if one.key.startswith(COMPARED) and (one.values.get("when") == when) == shown:
                yield one.sentence()

    @property
    def usual_sentence(self) -> str:
        """The same as :attr:`sentence` under the usual assumptions; empty where these are the usual ones."""
        return told(self.usual_answer, "simulate.moves", "simulate.both")

    @property
    def cautions(self) -> tuple[str, ...]:
        """What is doubtful, then how the numbers are to be read."""
        losses = self.table("losses")
        doubts = [one.sentence() for one in findings_in(self.answer) if one.caution]
        notes = [note.sentence() for note in losses.notes] if losses else []
        return (*doubts, *notes)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the model says of the table, the shock and the elasticities."""
        return tuple(row["remark"] for row in records(self.table("remarks")))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """Horizon, elasticities and deficit rule in words."""
        asked = self.query
        return (
            say("result.shown_at", run=self.shown_words),
            say("result.elasticities", ease=plain(asked.ease), swap=plain(asked.swap)),
            say("result.deficits", rule=asked.deficits),
        )

    @property
    def instruments(self) -> Row | None:
        """What is done, as printed: heads and rows."""
        table = self.table("instruments")
        return {"heads": table.heads(), "rows": table.printed()} if table else None

    @property
    def yaml(self) -> str:
        """The scenario file."""
        return to_yaml(self.query.scenario) if self.query.measures else ""

    @property
    def usual(self) -> bool:
        """Whether all assumptions have their usual values."""
        return (self.query.ease, self.query.swap, self.query.deficits) == (1.0, 1.0, "balance")

    @cached_property
    def sides(self) -> tuple[Row, ...]:
        """Each party with its change at every horizon."""
        draws: dict[tuple[str, str], list[float]] = {}
        for row in records(self.table("draws")):
            draws.setdefault((row["party"], row["horizon"]), []).append(-row["loss_percent"])
        return self._by("sides", "party", draws)

    @cached_property
    def economies(self) -> tuple[Row, ...]:
        """Each economy with its change at every horizon, the largest loss of the shown one first."""
        rows = self._by("losses", "country", {})
        return tuple(
            sorted(rows, key=lambda row: (row["changes"][self._place]["percent"] or 0.0, row["code"]))
        )

    @property
    def _place(self) -> int:
        return next((k for k, run in enumerate(self.runs) if run["label"] == self.shown), 0)

    def _by(self, key: str, name: str, draws: Mapping[tuple[str, str], list[float]]) -> tuple[Row, ...]:
        table = self.table(key)
        made: dict[str, Row] = {}
        names = table.words(name) if table else ()
        for row, words in zip(records(table), names, strict=True):
            one = made.setdefault(
                row[name], {"code": row[name], "name": words, "side": row["side"], "changes": []}
            )
            one["changes"].append(change_of(row, draws.get((row[name], row["horizon"]), [])))
        return tuple(made.values())

    def moved(self, sign: int) -> tuple[Row, ...]:
        """Largest losses (-1) or gains (+1) of economies in the shown horizon."""
        rows = [{**row, **row["changes"][self._place]} for row in self.economies]
        found = [row for row in rows if row["percent"] is not None and n.sign_of(row["percent"]) == sign]
        return tuple(sorted(found, key=lambda row: -abs(row["percent"]))[:MOST_MOVED])

    @property
    def panels(self) -> tuple[Row, ...]:
        """Trade diverted, then prices and output of each side, in the shown horizon."""
        return (*self._flows(), *self._industries()) if self.known else ()

    def _flows(self) -> Iterator[Row]:
        table = self.table("trade")
        here = [row for row in records(table) if row["horizon"] == self.shown]
        for flow in dict.fromkeys(row["flow"] for row in here):
            rows = [
                bar(row["partner"], "country", row["change_musd"], "musd_change")
                for row in here
                if row["flow"] == flow
            ]
            yield panel(flow, rows[:MOST_FLOWS])

    def _industries(self) -> Iterator[Row]:
        here = [row for row in records(self.table("industries")) if row["horizon"] == self.shown]
        for what in ("price", "output"):
            for side in dict.fromkeys(row["side"] for row in here):
                rows = [
                    bar(row["industry"], "industry", row[f"{what}_change_percent"], "change")
                    for row in here
                    if row["side"] == side and row[f"{what}_change_percent"] is not None
                ]
                known = [row for row in rows if n.sign_of(row["change"])]
                largest = sorted(known, key=lambda row: -abs(row["change"]))[:MOST_BARS]
                yield panel(f"{what}_{side}", largest)

    @property
    def published(self) -> tuple[Row, ...]:
        """What others found, beside ours."""
        table = self.table("found")
        if table is None:
            return ()
        words = {name: table.words(name) for name in ("economies", "run", "measure", "agreement", "cause")}
        return tuple(
            {
                **row,
                **{name: cells[k] for name, cells in words.items()},
                "theirs": span(row),
                "ours": n.signed_percent(row["ours_percent"]),
                "why": say(
                    f"differs.{row['cause'] if row['cause'] != 'none' else row['agreement']}",
                    year=row["base_year"],
                ),
            }
            for k, row in enumerate(records(table))
        )

    @property
    def map_spec(self) -> Row | None:
        """Specification of the map; None where the shown horizon has no number."""
        table = self.table("losses")
        return map_spec(table, self.shown) if table and self.known else None

    @property
    def map_alt(self) -> str:
        """Description of the map."""
        named = {sign: [f"{row['name']} {row['text']}" for row in self.moved(sign)[:3]] for sign in (-1, 1)}
        return map_alt(named[-1], named[1])

    map_note = NOTE  # where the outlines come from, and what they do not say

    @property
    def others_address(self) -> str:
        """Address of the comparison with the same measures under other assumptions that are in use."""
        usual = replace(self.query, **USUAL)
        others = (usual, *(replace(usual, **changed) for changed in OTHERS))
        return urlencode([("s", one.address) for one in others])

    @property
    def usual_address(self) -> str:
        """Address of the same measures under the usual assumptions."""
        return self.at(ease="", swap="", deficits="", bands="")

    @property
    def frozen(self) -> str:
        """Path and query of exactly this run."""
        return f"/result/{self.run_id[:16]}?{self.query.address}"

    def at(self, **changed: str) -> str:
        """Address of the same question with single parameters replaced."""
        return to_address(self.query, **changed)


def findings_in(answer: Answer | None) -> tuple[Finding, ...]:
    """Findings of an answer that may not be there."""
    return answer.findings if answer else ()


def told(answer: Answer | None, *starts: str) -> str:
    """Findings whose keys begin so, as one paragraph."""
    return " ".join(one.sentence() for one in findings_in(answer) if one.key.startswith(starts))


def records(table: Table | None) -> list[Row]:
    """Rows of a table by the names of their columns; none without a table."""
    if table is None:
        return []
    names = [column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in table.rows]


def run_words(label: str) -> str:
    """A horizon in words."""
    return say(f"run.{label}") if label in ("short", "long", "months") else say("run.years", years=label)


def change_of(row: Row, draws: list[float]) -> Row:
    """A loss as a change with its bands, as printed."""
    loss, usd, label = row["loss_percent"], row["loss_musd"], row["horizon"]
    blank: Row = dict.fromkeys(("percent", "usd", "low", "high", "half"), None)
    blank |= {"run": label, "kind": label if label in ("short", "long") else "dial", "single": []}
    if loss is None:
        text = (
            "…"
            if row["cost_status"] == "pending"
            else ENGLISH.cell(row["cost_status"], "word", "cost_status")
        )
        return {**blank, "text": text}
    percent = -loss
    low, high = (_turned(row.get(f"loss_percent_{end}")) for end in ("high", "low"))
    band = n.ENGLISH_NUMBERS.band(low, high)
    half = row.get("half_from_percent")
    return {
        **blank,
        "percent": percent,
        "usd": -usd,
        "low": low,
        "high": high,
        "half": None if half is None else (-row["half_to_percent"], -half),
        "single": draws,
        "text": n.signed_percent(percent) + (f" ({band})" if band else ""),
    }


def _reason(row: Row) -> str:
    """Why a published figure and ours differ; how they agree where there is nothing to explain."""
    return str(row["agreement"] if row["cause"] == "none" else row["cause"])


def _turned(value: float | None) -> float | None:
    return None if value is None else -value


def bar(code: str, unit: Any, change: float, printed: Any) -> Row:
    """One bar: name, change, and the change as printed."""
    name = ENGLISH.cell(code, unit, "")
    return {"name": name, "change": change, "text": ENGLISH.cell(change, printed, "")}


def panel(key: str, rows: list[Row]) -> Row:
    """Bars under a heading, from the largest fall to the largest rise."""
    words = {name: say(f"panel.{key}{end}") for name, end in (("title", ""), ("subtitle", "_measure"))}
    return {"key": key.replace("_", "-"), **words, "rows": sorted(rows, key=lambda row: row["change"])}


def span(row: Row) -> str:
    """A published figure or range, with the digits that its authors printed."""
    low, high = (
        f"{row[name]:+g} %".replace("-", n.MINUS) for name in ("theirs_from_percent", "theirs_to_percent")
    )
    return low if low == high else say("result.between", low=high, high=low)
