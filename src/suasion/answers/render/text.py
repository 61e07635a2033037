"""An answer as text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import zip_longest

from suasion.answers.answer import Answer
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import after_table, findings_of, table_title, title_of
from suasion.answers.render.marked import tight
from suasion.answers.table import Table
from suasion.answers.values import Quantity

WIDTH = 80
GAP = 2
"""Columns of the terminal between two of a table."""
SHORTEST = 6
"""Width below which no column is cut."""
UNASKED_ROWS = 25
"""Rows of a table that a reader sees who has not asked for it."""


def as_text(
    answer: Answer, table: str = "", language: Language = DEFAULT_LANGUAGE, width: int = WIDTH, most: int = 0
) -> str:
    """Return findings, one table, the main one if none is named, and what there is to say of it.

    most: rows of the table; all without.
    """
    said, rest = (
        ["\n".join(wrapped_lines(line, width)) for line in lines]
        for lines in (findings_of(answer, language), after_table(answer, language))
    )
    body = [] if answer.absent else [table_text(answer.table(table), language, width, most)]
    return "\n\n".join([title_of(answer, language), *said, *body, *rest]) + "\n"


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    """Widths of columns beside each other: what has most room to wrap gives way first, words are cut last."""
    columns = list(zip(*rows, strict=True))
    wide = [max(len(line) for cell in cells for line in cell.split("\n")) for cells in columns]
    least = [max(len(word) for cell in cells for word in re.split(r"[ \n]", cell)) for cells in columns]
    while sum(wide) + GAP * len(wide) > width and max(wide) > SHORTEST:
        slack = [now - end for now, end in zip(wide, least, strict=True)]
        measure = slack if max(slack) > 0 else wide
        wide[measure.index(max(measure))] -= 1
    return wide


def table_text(table: Table, language: Language = DEFAULT_LANGUAGE, width: int = WIDTH, most: int = 0) -> str:
    """Return a table, or where it is longer than that as many of its rows, and how many there are.

    most: rows; all without. Over years the last ones are shown.
    """
    rows, latest = table.printed(language), _to_today(table)
    text = partial(grid_text, table_title(table, language), _heads(table, language), width=width)
    if not 0 < most < len(rows):
        return text(rows)
    counts = {"shown": Quantity(most, "count"), "rows": Quantity(len(rows), "count")}
    told = language.say(f"table.printed.{'last' if latest else 'first'}", counts)
    return f"{text(rows[-most:] if latest else rows[:most])}\n{told}"


def _heads(table: Table, language: Language) -> list[str]:
    """Heads of the columns; those of a grid are narrow."""
    narrow = table.picture is not None and table.picture.form == "grid"
    return [head.replace(" ", "\n").replace("-", "-\n") if narrow else head for head in table.heads(language)]


def _to_today(table: Table) -> bool:
    """Whether the rows of a table run over years, up to the last one."""
    if table.columns[0].name != "year":
        return False
    years = [year for year in table.cells("year") if isinstance(year, int | float)]
    return bool(years) and years[0] < years[-1]


def grid_text(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], width: int = WIDTH) -> str:
    """Return cells under their heads; words stay whole as long as the columns fit.

    title: stands above; empty for none.
    heads: of the columns.
    rows: cells as printed.
    width: columns of the terminal.
    """
    cells = [tuple(map(tight, row)) for row in rows]
    wide = _widths([heads, *cells], width)
    rule = "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * (sum(wide) + GAP * (len(wide) - 1))
    lines = [
        "",
        *_beside(heads, wide),
        f" {rule}",
        *(line for row in cells for line in _beside(row, wide)),
        "",
    ]
    return "\n".join([title, *lines] if title else lines)


def _beside(cells: Sequence[str], wide: Sequence[int], *, head: bool = False) -> Iterator[str]:
    """Lines of a row, each cell wrapped to its width; heads stand on the rule below them."""
    wrapped = [wrapped_lines(cell, across) for cell, across in zip(cells, wide, strict=True)]
    if head:
        most = max(map(len, wrapped), default=0)
        wrapped = [[""] * (most - len(lines)) + lines for lines in wrapped]
    for parts in zip_longest(*wrapped, fillvalue=""):
        yield " " + (" " * GAP).join(map(str.ljust, parts, wide)).rstrip()


def wrapped_lines(text: str, width: int, mark: str = "") -> list[str]:
    """Lines of a text, numbers and their units together, the lines after the first under what follows the mark."""
    import textwrap

    found: list[str] = []
    for line in tight(text).split("\n"):
        found += textwrap.wrap(
            line, width, initial_indent=mark, subsequent_indent=" " * len(mark), break_on_hyphens=False
        ) or [""]
    # What held a number and its unit together is a plain space again: a reader searches for "1.2 %".
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in found]
