"""An answer as text for a terminal."""

from __future__ import annotations

import io

from suasion.answers.answer import Answer
from suasion.answers.language import ENGLISH, Language
from suasion.answers.render.lines import lines_of, table_title, title_of
from suasion.answers.table import Table

WIDTH = 80


def as_text(answer: Answer, table: str = "", language: Language = ENGLISH, width: int = WIDTH) -> str:
    """Return one table, the main one if none is named, and the sentences."""
    import textwrap

    sentences = [textwrap.fill(line, width) for line in lines_of(answer, language)]
    body = [] if answer.absent else [table_text(answer.table(table), language, width)]
    return "\n\n".join([title_of(answer, language), *body, *sentences]) + "\n"


def table_text(table: Table, language: Language = ENGLISH, width: int = WIDTH) -> str:
    """Return a table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table as Grid
    from rich.text import Text

    grid = Grid(box=box.SIMPLE_HEAD, title=Text(table_title(table, language)), pad_edge=False)
    grid.title_justify = "left"
    narrow = table.picture is not None and table.picture.form == "grid"
    for head in table.heads(language):
        grid.add_column(
            Text(head.replace(" ", "\n").replace("-", "-\n") if narrow else head), overflow="fold"
        )
    for row in table.printed(language):
        grid.add_row(*map(Text, row))
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(grid)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())
