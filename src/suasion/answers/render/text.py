"""An answer as text for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import groupby, pairwise, zip_longest

from suasion.answers.content import AnswerContent
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import after_table, findings_of, title_of
from suasion.answers.render.marked import tight
from suasion.answers.table import Table
from suasion.answers.values import Quantity, Value

WIDTH = 80
GAP = 2
"""Columns of the terminal between two of a table."""
SHORTEST = 6
"""Width below which no column is cut."""
UNASKED_ROWS = 25
"""Rows of a table that a reader sees who has not asked for it."""
REST = "ROW"
"""The rest of the world, which a list by names has last."""
NO_SIZES = ("text", "country", "industry", "word", "year", "years", "horizon")
"""Units of names and dates."""


def as_text(
    answer: AnswerContent,
    table: str = "",
    language: Language = DEFAULT_LANGUAGE,
    width: int = WIDTH,
    most: int = 0,
) -> str:
    """Return findings, one table, the main one if none is named, and what there is to say of it.

    most: rows of the table; all without.
    """
    said, rest = (
        ["\n".join(wrapped_lines(line, width)) for line in lines]
        for lines in (findings_of(answer, language), after_table(answer, language))
    )
    body = [] if answer.absent else [table_of(answer, table, language, width, most)]
    return "\n\n".join([title_of(answer, language), *said, *body, *rest]) + "\n"


def table_of(
    answer: AnswerContent,
    table: str = "",
    language: Language = DEFAULT_LANGUAGE,
    width: int = WIDTH,
    most: int = 0,
) -> str:
    """Return a table of an answer, and of how many rows it is a digest.

    most: rows of the table; all without.
    """
    one = answer.table(table)
    whole = len(answer.table(one.whole).rows) if one.whole else 0
    most = min(most or len(one.rows), len(one.rows)) if whole else most
    return table_text(one, language, width, most, whole)


def _least(cells: Sequence[str]) -> int:
    """Width of a column in which no word is cut."""
    return max(len(word) for cell in cells for word in re.split(r"[ \n]", cell))


def _widths(columns: Sequence[Sequence[str]], width: int) -> list[int]:
    """Widths of columns beside each other: what has most room to wrap gives way first, words are cut last."""
    wide = [max(len(line) for cell in cells for line in cell.split("\n")) for cells in columns]
    least = [_least(cells) for cells in columns]
    while sum(wide) + GAP * len(wide) > width and max(wide) > SHORTEST:
        slack = [now - end for now, end in zip(wide, least, strict=True)]
        measure = slack if max(slack) > 0 else wide
        wide[measure.index(max(measure))] -= 1
    return wide


def _blocks(columns: list[tuple[str, ...]], width: int) -> list[list[tuple[str, ...]]]:
    """Columns that fit beside each other without a cut word, alike many in each block, after what names its rows."""
    if _fit(columns, width):
        return [columns]
    named, numbers = 1, ("", *(str(row) for row in range(1, len(columns[0]))))
    if len(set(columns[0])) < len(columns[0]):
        named, columns = 2, [numbers, *columns]
    many = len(columns)
    blocks = _filled(columns, named, many, width)
    return _filled(columns, named, named - (named - many) // len(blocks), width)


def _filled(
    columns: Sequence[tuple[str, ...]], named: int, most: int, width: int
) -> list[list[tuple[str, ...]]]:
    """Blocks of at most so many columns that fit, the first ones of all in each."""
    blocks = [[*columns[:named]]]
    for column in columns[named:]:
        full = len(blocks[-1]) == most or not _fit([*blocks[-1], column], width)
        if full and len(blocks[-1]) > named:
            blocks.append([*columns[:named]])
        blocks[-1].append(column)
    return blocks


def _fit(columns: Sequence[Sequence[str]], width: int) -> bool:
    """Whether columns fit beside each other without a cut word."""
    return sum(map(_least, columns)) + GAP * len(columns) <= width


def table_text(
    table: Table,
    language: Language = DEFAULT_LANGUAGE,
    width: int = WIDTH,
    most: int = 0,
    whole: int = 0,
) -> str:
    """Return a table, or where it is longer than that as many of its rows, and how many there are.

    most: rows; all without. Of a table in parts, such as one of two states, some of each; over years the last ones; of
      rows that stand in alphabetical order the largest.
    whole: rows of the table that this one is a digest of.
    """
    rows = table.printed(language)
    text = partial(grid_text, table.title(language), _heads(table, language), width=width)
    if not 0 < most < max(len(rows), whole):
        return text(rows)
    kept, head, which = _kept(table, rows, most, language)
    told: dict[str, Value] = {
        "shown": Quantity(len(kept), "count"),
        "rows": Quantity(max(len(rows), whole), "count"),
        "head": head,
    }
    return f"{text([rows[place] for place in kept])}\n{language.say(f'table.printed.{which}', told)}"


def as_printed(table: Table, most: int, language: Language = DEFAULT_LANGUAGE) -> Table:
    """Return a table with the rows of it that are printed where no more than so many are.

    most: rows.
    """
    if len(table.rows) <= most or (table.picture and table.picture.form == "grid"):
        return replace(table, rows=table.rows[:most])
    places, _, _ = _kept(table, table.printed(language), most, language)
    return replace(table, rows=tuple(table.rows[place] for place in places))


def _kept(
    table: Table, rows: Sequence[tuple[str, ...]], most: int, language: Language
) -> tuple[list[int], str, str]:
    """Places of the rows that are printed, the head of what they are parts by, and which they are."""
    parts, head = _parts(table, rows, most, language)
    starts = [sum(map(len, parts[:place])) for place in range(len(parts))]
    latest = _to_today(table, parts)
    kept: list[int] = []
    largest = False
    for start, part, count in zip(starts, parts, _shared(most, [len(one) for one in parts]), strict=True):
        places = list(range(start, start + len(part)))
        sized = [] if latest else _by_size(table, places)
        largest = largest or bool(sized)
        kept += places[-count:] if latest and count else (sized or places)[:count]
    which = "last" if latest else "largest" if largest or table.whole else "first"
    return kept, head, f"{which}{'_of_each' if head else ''}"


def _by_size(table: Table, places: Sequence[int]) -> list[int]:
    """Places of rows that stand by the names of what they are of, the largest number first; none of other rows."""
    shown = [one.name for one in table.shown]
    drawn = [table.picture.value] if table.picture else []
    sized = next((one for one in (*drawn, *shown) if _is_size(table, one)), "")
    if not table.axes or not sized or (table.picture and table.picture.form == "grid"):
        return []
    *outer, last = [table.cells(axis) for axis in table.axes]
    beside = [
        str(last[before]) <= str(last[after])
        for before, after in pairwise(places)
        if all(one[before] == one[after] for one in outer) and last[after] != REST
    ]
    if not beside or not all(beside):
        return []
    size = table.cells(sized)
    value = {place: cell if isinstance(cell := size[place], int | float) else 0.0 for place in places}
    return sorted(places, key=lambda place: -abs(value[place]))


def _is_size(table: Table, name: str) -> bool:
    return table.column(name).unit not in NO_SIZES and name not in table.axes


def _parts(
    table: Table, rows: Sequence[tuple[str, ...]], most: int, language: Language
) -> tuple[list[list[tuple[str, ...]]], str]:
    """Rows by the first column that varies, other than years, if each of its entries stands in one place.

    Returns: The parts, and the head of that column; all rows and an empty head otherwise.
    """
    for place, head in enumerate(table.heads(language)):
        parts = [list(part) for _, part in groupby(rows, key=lambda row: row[place])]
        if len(parts) == 1 or head == language.say("head.year"):
            continue
        entries = {row[place] for row in rows}
        return (parts, head) if len(parts) == len(entries) <= most // 2 else ([list(rows)], "")
    return [list(rows)], ""


def _shared(most: int, sizes: Sequence[int]) -> list[int]:
    """How many rows of each part are shown: as many of each as there are, or as there is room for."""
    shares = [0] * len(sizes)
    while sum(shares) < most:
        short = [k for k, size in enumerate(sizes) if shares[k] < size]
        for k in short[: most - sum(shares)]:
            shares[k] += 1
    return shares


def _heads(table: Table, language: Language) -> list[str]:
    """Heads of the columns; those of a grid are narrow."""
    narrow = table.picture is not None and table.picture.form == "grid"
    return [head.replace(" ", "\n").replace("-", "-\n") if narrow else head for head in table.heads(language)]


def _to_today(table: Table, parts: Sequence[Sequence[Sequence[str]]]) -> bool:
    """Whether each part of a table runs over years, up to the last one."""
    shown = [column.name for column in table.shown]
    if "year" not in shown or (len(parts) == 1 and shown[0] != "year"):
        return False
    years = [[row[shown.index("year")] for row in part] for part in parts]
    return all(one[0] <= one[-1] for one in years) and any(one[0] < one[-1] for one in years)


def grid_text(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], width: int = WIDTH) -> str:
    """Return cells under their heads; columns that would cut words stand below, with the first one again.

    title: stands above; empty for none.
    heads: of the columns.
    rows: cells as printed.
    width: columns of the terminal.
    """
    cells = [tuple(map(tight, row)) for row in (heads, *rows)]
    lines = [line for block in _blocks(list(zip(*cells, strict=True)), width) for line in _grid(block, width)]
    return "\n".join([title, *lines, ""] if title else [*lines, ""])


def _grid(columns: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """Lines of columns beside each other, the first row above a rule."""
    wide = _widths(columns, width)
    rule = "\N{BOX DRAWINGS LIGHT HORIZONTAL}" * (sum(wide) + GAP * (len(wide) - 1))
    heads, *rows = zip(*columns, strict=True)
    yield from ("", *_beside(heads, wide), f" {rule}", *(line for row in rows for line in _beside(row, wide)))


def _beside(cells: Sequence[str], wide: Sequence[int]) -> Iterator[str]:
    """Lines of a row, each cell wrapped to its width."""
    wrapped = [wrapped_lines(cell, across) for cell, across in zip(cells, wide, strict=True)]
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
