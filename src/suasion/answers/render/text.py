"""An answer as text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from suasion.answers.answer import Answer
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import lines_of, table_title, title_of
from suasion.answers.render.marked import tight
from suasion.answers.table import Table

WIDTH = 80
GAP = 2
"""Columns of the terminal between two of a table."""
SHORTEST = 6
"""Width below which no column is cut."""


def as_text(
    answer: Answer, table: str = "", language: Language = DEFAULT_LANGUAGE, width: int = WIDTH
) -> str:
    """Return one table, the main one if none is named, and the sentences."""
    sentences = ["\n".join(wrapped_lines(line, width)) for line in lines_of(answer, language)]
    body = [] if answer.absent else [table_text(answer.table(table), language, width)]
    return "\n\n".join([title_of(answer, language), *body, *sentences]) + "\n"


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


def table_text(table: Table, language: Language = DEFAULT_LANGUAGE, width: int = WIDTH) -> str:
    """Return a table."""
    narrow = table.picture is not None and table.picture.form == "grid"
    heads = [
        head.replace(" ", "\n").replace("-", "-\n") if narrow else head for head in table.heads(language)
    ]
    return grid_text(table_title(table, language), heads, table.printed(language), width)


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
