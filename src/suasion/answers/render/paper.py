"""A table for a paper: heads of several levels and cells in words, as HTML, LaTeX and Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from math import floor, isfinite, log10
from statistics import median_low
from typing import Literal

from suasion.answers.content import AnswerContent
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.numbers import MINUS
from suasion.answers.render.lines import (
    digest_of,
    findings_of,
    head_of,
    notes_of,
    sources_of,
    title_of,
)
from suasion.answers.render.text import NO_SIZES
from suasion.answers.table import Column, Table
from suasion.answers.values import Value
from suasion.schema.variables import BAND

Bands = Literal["brackets", "below", "columns", "none"]
PER_CENT = ("probability", "share")
"""Units from 0 to 1, which a table shows in per cent."""
MOST = 4
"""Decimals at most, where none are asked for."""
WHOLE = 1000.0
"""Size from which on a number has no decimals."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Heads, level by level, and cells.

    heads: Levels from the top; alike cells that stand beside each other are one.
    cells: Lines of cells, the names of rows first.
    names: How many columns name rows.
    left: How many columns stand at the left, as words do: those that name rows, and maybe more.
    """

    heads: tuple[tuple[str, ...], ...]
    cells: tuple[tuple[str, ...], ...]
    names: int
    left: int

    @classmethod
    def of(
        cls,
        table: Table,
        rows: Sequence[str],
        across: Sequence[str],
        columns: Sequence[str],
        digits: int | None,
        bands: Bands,
        language: Language = DEFAULT_LANGUAGE,
    ) -> Grid:
        """Return the grid of a long table.

        rows, across, columns: Names of its columns: those that name rows, that stand in the head, and the numbers.
        """
        shown = [end for name in columns for end in _with_ends(table, name, bands)]
        printed = {name: _column(table, name, digits, bands, language) for name in shown}
        names = {name: table.words(name, language) for name in (*rows, *across)}
        keys = list(zip(*(names[name] for name in rows), strict=True)) if rows else [()] * len(table.rows)
        over = list(zip(*(names[name] for name in across), strict=True)) if across else [()] * len(table.rows)
        tops = list(dict.fromkeys(over))
        lines: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {}
        for place, (key, top) in enumerate(zip(keys, over, strict=True)):
            lines.setdefault(key, {})[top] = place
        cells: list[tuple[str, ...]] = []
        for key, found in lines.items():
            row = [printed[name][found[top]] if top in found else "" for top in tops for name in shown]
            cells += _lines(key, row)
        heads = [_head(table.column(name), language) for name in rows]
        last = (*heads, *(_head(table.column(name), language) for _ in tops for name in shown))
        upper = [
            (*[""] * len(rows), *(top[level] for top in tops for _ in shown)) for level in range(len(across))
        ]
        return cls((*upper, last), tuple(cells), len(rows), len(rows))

    @classmethod
    def printed(cls, table: Table, language: Language) -> Grid:
        """Return the grid of a table as it is printed: one line of heads, and all its cells in words."""
        heads = table.heads(language)
        words = [column.unit in NO_SIZES for column in table.columns[: len(heads)]]
        names = [*words, False].index(False) or 1
        return cls((tuple(heads),), tuple(map(tuple, table.printed(language))), names, len(heads))

    def part(self, columns: Sequence[int]) -> Grid:
        """Return the names of rows, and some of the other columns.

        columns: Their places.
        """
        kept = [*range(self.names), *columns]
        levels, cells = (
            tuple(tuple(line[place] for place in kept) for line in lines)
            for lines in (self.heads, self.cells)
        )
        left = sum(place < self.left for place in kept)
        return Grid(levels, cells, self.names, left)

    @property
    def spans(self) -> list[list[tuple[str, int]]]:
        """Heads of each level with how many columns each covers; the last level has one each."""
        made = [[(text, len(list(same))) for text, same in groupby(level)] for level in self._numbered]
        return [
            *[[(text.partition("\0")[0], count) for text, count in level] for level in made],
            [(text, 1) for text in self.heads[-1]],
        ]

    @property
    def _numbered(self) -> Iterator[list[str]]:
        """Levels above the last, in which only what stands under the same heads is alike."""
        for level in range(len(self.heads) - 1):
            over = list(zip(*self.heads[: level + 1], strict=True))
            yield [
                f"{self.heads[level][place]}\0{place if place < self.names else over[place]}"
                for place in range(len(over))
            ]


def _with_ends(table: Table, name: str, bands: Bands) -> tuple[str, ...]:
    ends = table.band(name) if bands == "columns" else None
    return (name, *ends) if ends else (name,)


def _column(table: Table, name: str, digits: int | None, bands: Bands, language: Language) -> tuple[str, ...]:
    """Cells of a column in words; of a number with its range where that stands in the cell."""
    column = table.column(name)
    if column.unit in NO_SIZES:
        return table.words(name, language)
    ends = table.band(name) if bands in ("brackets", "below") else None
    between = "\n" if bands == "below" else " "
    digits = _decimals(table, column) if digits is None else digits
    rows = zip(*(table.cells(one) for one in (name, *(ends or ()))), strict=True)
    return tuple(_cell(row, column, digits, between, language) for row in rows)


def _cell(row: Sequence[Value], column: Column, digits: int, between: str, language: Language) -> str:
    value, *band = (_number(one, column, digits, language) for one in row)
    return f"{value}{between}[{band[0]}, {band[1]}]" if band and all(band) else value


def _decimals(table: Table, column: Column) -> int:
    """Decimals that show two figures of the median size of a column, of a band that of its number."""
    name = next(
        (one.name for one in table.columns if column.name in (table.band(one.name) or ())), column.name
    )
    numbers = (
        cell for cell in table.cells(name) if isinstance(cell, int | float) and isfinite(cell) and cell
    )
    sizes = [abs(cell) * (100.0 if column.unit in PER_CENT else 1.0) for cell in numbers]
    return min(max(1 - floor(log10(median_low(sizes))), 0), MOST) if sizes else 0


def _number(value: Value, column: Column, digits: int, language: Language) -> str:
    """A number with its decimals; empty where there is none."""
    if not isinstance(value, int | float):
        return "" if value is None else str(value)
    size = 100.0 * value if column.unit in PER_CENT else value
    decimals = 0 if column.unit == "count" or abs(size) >= WHOLE else digits
    text = f"{abs(size):,.{decimals}f}"
    words = language.words
    text = (
        text.replace(",", "\0").replace(".", words["number.decimal"]).replace("\0", words["number.thousands"])
    )
    negative = size < 0 and any(letter in "123456789" for letter in text)
    return MINUS + text if negative else text


def _head(column: Column, language: Language) -> str:
    """Head of a column with its unit."""
    end = next((end for end in BAND if column.name.endswith(end)), "")
    head = head_of(column, language)
    units = {**dict.fromkeys((*PER_CENT, "percent", "change"), "percent"), "musd": "mn", "musd_change": "mn"}
    unit = units.get(column.unit)
    text = language.words[f"number.{unit}"].replace("{number}", "").strip() if unit else ""
    if text and text not in head:
        head = f"{head}, {text}"
    return f"{head} ({end.strip('_')})" if end else head


def _lines(key: Sequence[str], row: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """A row, and a second line where ranges stand below their numbers."""
    parts = [cell.partition("\n") for cell in row]
    yield (*key, *(first for first, _, _ in parts))
    if any(second for _, _, second in parts):
        yield (*[""] * len(key), *(second for _, _, second in parts))


def grid_markdown(grid: Grid) -> str:
    """Return a table whose heads stand in one line, as Markdown has it."""
    joined = [": ".join(filter(None, parts)) for parts in zip(*grid.heads, strict=True)]
    align = ["---"] * grid.left + ["---:"] * (len(joined) - grid.left)
    lines = [joined, align, *grid.cells]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def grid_html(grid: Grid, caption: str, below: Iterable[str]) -> str:
    """Return a table of a page."""
    levels = [
        "".join(f'<th scope="col" colspan="{count}">{escape(text)}</th>' for text, count in level)
        for level in grid.spans
    ]
    heads = "".join(f"<tr>{level}</tr>" for level in levels)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in grid.cells)
    notes = "".join(f"<p>{escape(line)}</p>" for line in below)
    title = escape(caption)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}"><table class="list">'
        f"<caption>{title}</caption><thead>{heads}</thead><tbody>{rows}</tbody></table>{notes}</div>"
    )


def as_markdown(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return the findings, then each table with its cautions, and the sources."""
    parts = [f"## {title_of(answer, language)}", _list(findings_of(answer, language))]
    for table in answer.tables:
        if not table.detail:
            parts += [
                f"### {table.title(language)}",
                table_markdown(table, language),
                _list([*digest_of(answer, table, language), *notes_of(table, language)]),
            ]
    parts += [f"*{line}*" for line in sources_of(answer, language)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _list(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def table_markdown(table: Table, language: Language = DEFAULT_LANGUAGE) -> str:
    """Return a table."""
    return grid_markdown(Grid.printed(table, language))
