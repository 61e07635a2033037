"""An answer as text for a terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from suasion.answers.answer import Answer
from suasion.answers.language import ENGLISH, Language
from suasion.answers.render.lines import lines_of, table_title, title_of
from suasion.answers.table import Table

if TYPE_CHECKING:
    from rich.console import RenderableType

WIDTH = 80
GAP = 2
"""Columns of the terminal between two of a table."""
SHORTEST = 6
"""Width below which no column is cut."""


def as_text(answer: Answer, table: str = "", language: Language = ENGLISH, width: int = WIDTH) -> str:
    """Return one table, the main one if none is named, and the sentences."""
    import textwrap

    sentences = [textwrap.fill(line, width) for line in lines_of(answer, language)]
    body = [] if answer.absent else [table_text(answer.table(table), language, width)]
    return "\n\n".join([title_of(answer, language), *body, *sentences]) + "\n"


def captured(parts: Iterable[RenderableType], width: int = WIDTH) -> str:
    """Return what a terminal shows of parts, without colours and spaces at the ends of lines.

    Parameters
    ----------
    parts : iterable of what rich prints
    width : int
        Columns of the terminal.
    """
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, legacy_windows=False)
    for part in parts:
        console.print(part)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


def together(text: str) -> str:
    """Return a text whose numbers stay on one line with their per-cent sign or multiple."""
    return re.sub(r"(?<=\d) (?=(?:%|[bmt]n)(?!\w))", "\N{NO-BREAK SPACE}", text)


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


def table_text(table: Table, language: Language = ENGLISH, width: int = WIDTH) -> str:
    """Return a table."""
    from rich import box
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    narrow = table.picture is not None and table.picture.form == "grid"
    heads = [
        head.replace(" ", "\n").replace("-", "-\n") if narrow else head for head in table.heads(language)
    ]
    rows = [tuple(map(together, row)) for row in table.printed(language)]
    wide = _widths([heads, *rows], width)
    for head, across in zip(heads, wide, strict=True):
        grid.add_column(Text(head), overflow="fold", width=across)
    for row in rows:
        grid.add_row(*map(Text, row))
    return captured((Text(table_title(table, language)), grid), max(width, sum(wide) + GAP * len(wide)))
