"""A scenario with its answer, as plain as tables, files and remarks have it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from suasion.answers import numbers as n
from suasion.answers.answer import Answer
from suasion.answers.catalogue import say
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.answers.render.lines import title_of
from suasion.answers.table import Table
from suasion.equilibrium.scenario.file import to_yaml
from suasion.questions.scenarios.address import MOST_MEASURES, Measure, Query, to_address
from suasion.questions.scenarios.instruments import BuilderOptions

FORM_MEASURES = 2
OTHERS: tuple[dict[str, Any], ...] = ({"deficits": "world"}, {"ease": 0.5}, {"ease": 2.0})
"""Assumptions in use elsewhere: imbalances that stay in world money; suppliers that fit in half or twice as well."""
USUAL: dict[str, Any] = {"ease": 1.0, "swap": 1.0, "deficits": "balance", "draws": 0}
Row = dict[str, Any]


@dataclass(frozen=True)
class ScenarioAnswer:
    """A scenario with its answer.

    query: What was asked.
    answer: What the JSON twin gives.
    options: What can be chosen; None where there is no form.
    usual_answer: That of the same measures under the usual assumptions, where these are others.
    example: Whether nothing was asked, and this is a worked example.
    """

    query: Query
    answer: Answer | None = None
    options: BuilderOptions | None = None
    usual_answer: Answer | None = None
    example: bool = False

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
    def year(self) -> int | None:
        """Year of the economy."""
        return self.answer.sources[0].year if self.answer else None

    @property
    def address(self) -> str:
        """What is asked, without whether a range is: one follows by itself."""
        return to_address(self.query, bands="")

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Rows of the form: what was chosen, then empty ones."""
        chosen = self.query.measures
        room = 1 if len(chosen) < MOST_MEASURES else 0
        return (*chosen, *[Measure("embargo", (), ())] * max(room, FORM_MEASURES - len(chosen)))

    def table(self, key: str) -> Table | None:
        """A table of the answer; None where it has none of that key."""
        return next((one for one in self.answer.tables if one.key == key), None) if self.answer else None

    def rows(self, key: str) -> list[Row]:
        """Rows of a table of the answer; none where it has none of that key."""
        return self.answer.rows(key) if self.answer else []

    @property
    def absent(self) -> str:
        """Why there are no numbers."""
        return self.answer.absent.sentence() if self.answer and self.answer.absent else ""

    @property
    def tables(self) -> tuple[Row, ...]:
        """Tables of the folds as printed: sides, losses, trade, industries, what is done."""
        return tuple(
            {
                "key": key,
                "title": table.title(),
                "count": len(table.rows),
                "heads": table.heads(),
                "rows": table.printed(),
            }
            for key in ("sides", "losses", "trade", "industries", "instruments")
            if (table := self.table(key))
        )

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
                "theirs": _theirs(row),
                "ours": n.signed_percent(row["ours_percent"]),
                "why": say(f"site.scenario.differs.{reason}", year=row["base_year"]),
                "reason": reason,
            }
            for k, row in enumerate(table.records)
            for reason in (row["cause"] if row["cause"] != "none" else row["agreement"],)
        )

    @property
    def cautions(self) -> tuple[str, ...]:
        """What is doubtful, then how the numbers are to be read."""
        losses = self.table("losses")
        doubts = [one.sentence() for one in (self.answer.findings if self.answer else ()) if one.caution]
        return (*doubts, *([note.sentence() for note in losses.notes] if losses else []))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the model says of the table, the shock and the elasticities."""
        return tuple(row["remark"] for row in self.rows("remarks"))

    @property
    def told(self) -> tuple[str, ...]:
        """Everything that the answer says, as other forms have it."""
        return tuple(
            one.sentence() for one in (self.answer.findings if self.answer else ()) if not one.caution
        )

    @property
    def yaml(self) -> str:
        """The scenario file."""
        return to_yaml(self.query.scenario) if self.query.measures else ""

    @property
    def usual(self) -> bool:
        """Whether all assumptions have their usual values."""
        return (self.query.ease, self.query.swap, self.query.deficits) == (1.0, 1.0, "balance")

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


def _theirs(row: Row) -> str:
    """A published figure or range, with the digits that its authors printed."""
    low, high = (
        n.DEFAULT_NUMBERS.unit(n.signs(f"{row[name]:+g}").replace("-", n.MINUS)) for name in ("theirs_from_percent", "theirs_to_percent")
    )
    return low if low == high else DEFAULT_LANGUAGE.numbers.words["number.span"].format(low=low, high=high)
