"""A page: an answer, and what of it stands where, as ``pages.toml`` has it; a template looks up the words."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from markupsafe import Markup, escape

from suasion.answers import front
from suasion.answers.answer import Answer
from suasion.answers.catalogue import say
from suasion.answers.front import worth_telling
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.numbers import MINUS
from suasion.answers.picture import page_of
from suasion.answers.picture.inline.canvas import WIDE
from suasion.answers.render.lines import findings_of, title_of
from suasion.answers.table import Table
from suasion.files import shipped
from suasion.pages import printed
from suasion.pages.charts import FORMS
from suasion.questions.bands import ranged
from suasion.schema.variables import BAND


class Spec(dict[str, Any]):
    """A part of ``pages.toml``; what it does not name is empty."""

    def __missing__(self, key: str) -> str:
        """Return what stands for a key that is not named."""
        return ""


Row = Mapping[str, Any]
NUMBERS = {"percent", "musd", "probability", "score", "count", "ratio", "change"}
"""Units of cells that stand to the right."""


@cache
def layouts() -> Mapping[str, Spec]:
    """Return what stands on each page, by its name."""
    found: dict[str, Spec] = _specs(shipped("suasion.pages", "pages.toml", tomllib.load))
    return found


def _specs(value: Any) -> Any:
    if isinstance(value, dict):
        return Spec({key: _specs(one) for key, one in value.items()})
    return [_specs(one) for one in value] if isinstance(value, list) else value


@dataclass(frozen=True, slots=True)
class Link:
    """A link.

    note: What is said under it.
    words, path: What is read, and where it leads.
    """

    words: str
    path: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a list.

    text: As printed, with its range and its link.
    kind: Classes of its looks.
    value: What it is sorted by.
    """

    text: Markup
    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Page:
    """An answer laid out.

    name: Of the layout.
    answer: What is shown.
    values: What stands in braces in the layout, and in its words.
    links: Lists of links, by name.
    choices: What a form offers, by the name of its field: codes and names.
    chosen: What it has chosen.
    notes: Sentences of the names that the layout gives them.
    """

    name: str
    answer: Answer
    values: Mapping[str, Any] = field(default_factory=dict)
    links: Mapping[str, Sequence[Link]] = field(default_factory=dict)
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def layout(self) -> Spec:
        """What stands on it."""
        return layouts()[self.name]

    def fill(self, text: str) -> str:
        """Text of the layout with its places filled."""
        return text.format_map(self.values)

    @property
    def title(self) -> str:
        """The question, or the name of what it is about."""
        return self.fill(self.layout["title"]) if "title" in self.layout else self.heading

    @property
    def heading(self) -> str:
        """The heaviest of the findings that may stand there, why there are none, or the question as it was asked."""
        if "heading" not in self.layout:
            return title_of(self.answer)
        found = self.sentences(self.layout["heading"])
        without = self.layout.get("otherwise", "")
        return found[0] if found else say(without, **self.values) if without else findings_of(self.answer)[0]

    @property
    def lead(self) -> str:
        """All findings, as one text."""
        return " ".join(findings_of(self.answer))

    def sentences(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return findings by their keys, those that the answer has; ``KEY:WORDS`` says one in other words."""
        found = {one.key: one for one in self.answer.findings}
        made = []
        for name in names:
            key, _, words = self.fill(name).partition(":")
            if (one := found.get(key)) is not None:
                place = words and f"{words}{f'.{one.compared.direction}' if one.compared else ''}"
                made.append(capital(DEFAULT_LANGUAGE.say(place, one.values)) if place else one.sentence())
        return tuple(made)

    @property
    def level(self) -> int:
        """Discs of evidence: two where the numbers have ranges, one where none was run, none without numbers.

        Where the layout names them, so many.
        """
        if "level" in self.layout:
            return int(self.layout["level"])
        key = self.layout.get("ranges", "")
        rows = self.answer.rows(key) if key else []
        return (2 if any(printed.span(row, "short_percent") for row in rows) else 1) if rows else 0

    def rows(self, spec: Spec) -> list[dict[str, Any]]:
        """Return the rows of a part that are large enough for it, no more than it has room for."""
        found = [one for one in self.answer.rows(spec["table"]) if self._wanted(spec, one)]
        return found[: spec["most"]] if "most" in spec else found

    def _wanted(self, spec: Spec, row: Row) -> bool:
        if spec.get("worth") and not worth_telling(row["short_percent"], row["short_musd"]):
            return False
        if any(row[name] != value for name, value in spec.get("where", {}).items()):
            return False
        return all(row[name] >= least for name, least in spec.get("least", {}).items())

    def drawing(self, spec: Spec) -> str:
        """Return the picture of a part, its table's own where the layout names no form; empty without rows."""
        rows = self.rows(spec)
        if rows and not spec["form"]:
            return page_of(self.answer.table(spec["table"]), level=3, wide=spec["wide"] or WIDE)
        return (
            FORMS[spec["form"]](rows, Spec({**spec, "of": self.fill(spec["of"])}), self.values)
            if rows
            else ""
        )

    def shown(self, spec: Spec) -> bool:
        """Whether a part has anything to show."""
        if "links" in spec and spec["as"] == "links":
            return bool(self.links.get(spec["links"]))
        if "findings" in spec:
            return bool(self.sentences(spec["findings"]))
        if "table" not in spec:
            return not self.answer.absent
        return bool(self.answer.rows(spec["table"])) and bool(spec["none"] or self.rows(spec))

    @property
    def sections(self) -> Iterator[tuple[Spec, list[Spec]]]:
        """Sections that have anything to show, each with its parts."""
        for section in self.layout["section"]:
            parts = [part for part in section["part"] if self.shown(part)]
            if any(part["as"] != "heading" for part in parts):
                yield section, parts

    def lines(self, spec: Spec, rows: Sequence[Row]) -> Iterator[list[Cell]]:
        """Yield the cells of a list, row by row."""
        table = self.answer.table(spec["table"])
        for row in rows:
            yield [self._cell(table, column, row) for column in spec["column"]]

    def folds(self, spec: Spec) -> Iterator[tuple[str, list[dict[str, str]]]]:
        """Yield the folds of a part by the group that they stand in, each with its cells as plain text."""
        table = self.answer.table(spec["table"])
        names = [column.name for column in table.columns]
        words = [dict(zip(names, row, strict=True)) for row in zip(*map(table.words, names), strict=True)]
        for group in dict.fromkeys(row.get(spec.get("group", ""), "") for row in words):
            yield group, [row for row in words if row.get(spec.get("group", ""), "") == group]

    def inner(self, spec: Spec, row: Row) -> list[dict[str, Any]]:
        """Return the rows of a list that stands in a fold."""
        table = self.answer.table(spec["table"])
        keys = zip(*(table.words(name) for name in spec["on"]), strict=True)
        wanted = tuple(row[name] for name in spec["on"])
        return [one for one, key in zip(table.records, keys, strict=True) if key == wanted]

    def kind(self, table: str, column: Spec) -> str:
        """Classes of the looks of a column."""
        unit = self.answer.table(table).column(self._names(column)[0]).unit
        return " ".join(
            filter(
                None,
                (
                    "n" if unit in NUMBERS else "",
                    "less" if column.get("less") else "",
                    column.get("side", ""),
                ),
            )
        )

    def _names(self, column: Spec) -> list[str]:
        return self.fill(column["of"]).split()

    def _cell(self, table: Table, column: Spec, row: Row) -> Cell:
        names = self._names(column)
        texts = [_text(table, column, row, name) for name in names if row[name] not in (None, "")]
        path = column["link"].format_map({**self.values, **row})
        path = self.choices[column["paths"]].get(row[names[0]], "") if "paths" in column else path
        if path and texts:
            texts[0] = (Markup('<a href="{}">{}</a>').format(path, texts[0][0]), texts[0][1])
        shown = [_with(text, span) for text, span in texts] or [escape(say("number.no_data"))]
        return Cell(Markup(column["between"] or " ").join(shown), self.kind(table.key, column), row[names[0]])


def _text(table: Table, column: Spec, row: Row, name: str) -> tuple[Markup, str]:
    """One value as printed, and its range."""
    value, unit = row[name], table.column(name).unit
    text, span = DEFAULT_LANGUAGE.cell(value, unit, name), ""
    if unit == "country":
        return (escape(printed.plain(value)) if column["plain"] else state_link(value)), ""
    if unit == "percent" and not column["exact"]:
        text = printed.loss(value, first=name.startswith("short"))
        span = "" if column["bare"] else printed.span(row, name, column["ends"] or BAND)
    elif unit == "change":
        span = printed.change_span(row, name)
    elif unit == "musd":
        text = printed.money(value)
        span = front.money_span(ranged(row, name, "musd"), DEFAULT_LANGUAGE.numbers)
    elif unit == "probability":
        text = printed.loss(100.0 * value)
    elif column["digits"]:
        text = _digits(value, column)
        low, high = printed.number_in(row, f"{name}_low"), printed.number_in(row, f"{name}_high")
        span = (
            "" if low is None or high is None else front.joined(_digits(low, column), _digits(high, column))
        )
    elif unit == "industry":
        text = capital(DEFAULT_LANGUAGE.industry(value, "goods"))
    if column["over"] and value >= column["over"][0]:
        text = say(column["over"][1], size=printed.loss(value))
    return escape(text), span


def _digits(value: float, column: Spec) -> str:
    """A number with the digits that the layout names."""
    text = f"{round(value, 2) + 0.0:{column['digits']}}".replace("-", MINUS)
    return DEFAULT_LANGUAGE.numbers.signs(text)


def _with(text: Markup, span: str) -> Markup:
    """A number, and its range in a lighter colour."""
    return Markup('{} <span class="muted">{}</span>').format(text, span) if span else text


def state_link(code: str, form: str = "plain") -> Markup:
    """Return the name of a country or group as a link to its page; ``full`` as it stands inside a sentence."""
    name = printed.plain(code) if form == "plain" else DEFAULT_LANGUAGE.country(code)
    return Markup('<a href="/country/{}">{}</a>').format(code, name)
