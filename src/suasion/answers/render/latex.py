"""A table for a paper as LaTeX: rules of booktabs, over pages where it is long, in parts where it is wide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import ceil
from textwrap import wrap

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.numbers import MINUS
from suasion.answers.render.lines import notes_of
from suasion.answers.render.paper import Grid
from suasion.answers.table import Table

PAGE, WIDE = 40, 16
"""Lines that a page has room for beside heads and notes, and letters of a head before it is broken."""
LINE, CELLS = 340.0, (150.0, 80.0, 55.0)
"""Points: of a line of the class ``article`` (345) at most, and of words in a column before they are broken, the
first that leaves half of a line to the numbers."""
SIZES = (
    ("", 1.0, 6.0),
    (r"\scriptsize\setlength{\tabcolsep}{3pt}", 0.81, 3.0),
    (r"\footnotesize\setlength{\tabcolsep}{4pt}", 0.87, 4.0),
)
"""Letters of a table, those of parts last: command, size of ten points, and points at each side of a column."""
LETTERS = {
    letter: size
    for size, few in ((4.0, "iljtfrI.,:;()[]'’!| -"), (8.0, "mwMWABCDEFGHKNOPQRUVXYZ%&–−ÄÖÜ"), (10.5, "—…"))
    for letter in few
}
"""Points of letters of Computer Modern at ten points, all others being 5.1: upper bounds."""
USUAL = 5.1


def as_tex(table: Table, sources: Sequence[str] = (), language: Language = DEFAULT_LANGUAGE) -> str:
    """Return a floating table.

    sources: lines that say where the numbers come from.
    """
    title, below = table.title(language), [*notes_of(table, language), *sources]
    return grid_latex(Grid.printed(table, language), title, f"tab:{table.key}", below)


def grid_latex(grid: Grid, caption: str, label: str, below: Iterable[str]) -> str:
    """Return a table with rules of booktabs: floating, or over pages (longtable) where one has no room for it.

    What is wider than a line has smaller letters, and then parts below each other, each with the names of the rows.
    """
    size, cell, parts = _fitted(grid)
    long = sum(len(one.heads) + _lines(one, cell) for one in parts) > PAGE
    notes = " ".join(map(escaped, below))
    title = rf"\caption{{{escaped(caption)}}}"
    forms = [_form(one, size, cell) for one in parts]
    begin = [*([size] if size else []), *([r"\sloppy"] if any("p{" in form for form in forms) else [])]
    made: list[str] = []
    for place, (part, form) in enumerate(zip(parts, forms, strict=True)):
        head = [r"\toprule", *_tex_heads(part), r"\midrule"]
        body = [" & ".join(map(_tex_cell, row)) + r" \\" for row in part.cells]
        if long:
            named = [rf"{title}\label{{{label}}}\tabularnewline"] if not place else []
            made += [
                rf"\begin{{longtable}}{{{form}}}", *named, *head, r"\endfirsthead", *head, r"\endhead",
                r"\midrule", r"\endfoot", r"\bottomrule", r"\endlastfoot", *body, r"\end{longtable}",
            ]  # fmt: skip
        else:
            made += [r"\par\medskip"] if place else []
            made += [rf"\begin{{tabular}}{{{form}}}", *head, *body, r"\bottomrule", r"\end{tabular}"]
    if long:
        closing = [rf"{{\footnotesize {notes}\par}}"] if notes else []
        lines = [*(["{" + begin[0], *begin[1:]] if begin else []), *made, *(["}"] if begin else []), *closing]
    else:
        closing = [rf"\par\smallskip\footnotesize {notes}"] if notes else []
        opening = [r"\begin{table}[htbp]", r"\centering", title, rf"\label{{{label}}}", *begin]
        lines = [*opening, *made, *closing, r"\end{table}"]
    return "\n".join([*lines, ""])


def _fitted(grid: Grid) -> tuple[str, float, list[Grid]]:
    """The size of letters, the width of words, and the parts that each fit in a line."""
    size, cell, widths = "", CELLS[0], [0.0]
    longest = _longest(grid, len(grid.heads[-1]))
    for size, scale, gap in SIZES:
        for cell in CELLS:
            widths = [scale * width + 2.0 * gap for width in _widths(grid, longest, cell / scale)]
            if sum(widths[: grid.names]) <= LINE / 2:
                break
        if sum(widths) <= LINE:
            return size, cell, [grid]
    room = LINE - sum(widths[: grid.names])
    parts: list[list[int]] = []
    for block in _blocks(grid):
        whole = sum(widths[one] for one in block) <= room
        for piece in [block] if whole else [[one] for one in block]:
            if parts and sum(widths[one] for one in (*parts[-1], *piece)) <= room:
                parts[-1] += piece
            else:
                parts.append([*piece])
    return size, cell, [grid.part(one) for one in parts] or [grid]


def _blocks(grid: Grid) -> Iterator[list[int]]:
    """Places of the columns that stand under one head of the first level, without those that name rows."""
    start = 0
    for _, count in grid.spans[0]:
        if start >= grid.names:
            yield [*range(start, start + count)]
        start += count


def _longest(grid: Grid, columns: int) -> list[float]:
    """Points of the longest cell of each of the first columns, at ten points."""
    return [max((_points(row[place]) for row in grid.cells), default=0.0) for place in range(columns)]


def _widths(grid: Grid, longest: Sequence[float], cell: float) -> list[float]:
    """Points of each column at ten points: of its cells and heads, and of its part of a head over several.

    longest: of the cells of each column. cell: at which words are broken.
    """
    made = [
        max(min(cells, cell) if place < grid.left else cells, _head_points(head, WIDE))
        for place, (cells, head) in enumerate(zip(longest, grid.heads[-1], strict=True))
    ]
    for level in grid.spans[:-1]:
        start = 0
        for text, count in level:
            lacks = _head_points(text, WIDE * count) - sum(made[start : start + count])
            made[start : start + count] = [
                one + max(lacks, 0.0) / count for one in made[start : start + count]
            ]
            start += count
    return made


def _head_points(text: str, letters: int) -> float:
    """Points of the longest line of a head, at ten points."""
    return max(map(_points, wrap(text, letters, break_long_words=False)), default=0.0)


def _lines(grid: Grid, cell: float) -> int:
    """Lines of the cells, where words are broken into several."""
    words = (row[: grid.left] for row in grid.cells)
    return sum(max((ceil(_points(one) / cell) for one in row), default=1) or 1 for row in words)


def _points(text: str) -> float:
    """Points of a text at ten points."""
    return sum(LETTERS.get(letter, USUAL) for letter in text)


def _form(grid: Grid, size: str, cell: float) -> str:
    """Columns: words at the left, broken where they are long, and numbers at the right."""
    scale = {one: by for one, by, _ in SIZES}[size]
    words = (f"p{{{cell:g}pt}}" if scale * one > cell else "l" for one in _longest(grid, grid.left))
    return "".join(words) + "r" * (len(grid.heads[-1]) - grid.left)


def _tex_heads(grid: Grid) -> Iterator[str]:
    """Lines of heads, broken where they are long."""
    for level in grid.spans:
        sides = ["l"] * grid.left + ["r"] * len(level)
        yield " & ".join(_over(*one, side) for one, side in zip(level, sides, strict=False)) + r" \\"
        if len(level) < len(grid.heads[-1]):
            yield _rules(level)


def _over(text: str, count: int, side: str) -> str:
    """A head over one or several columns, in lines of few letters."""
    lines = [escaped(line) for line in wrap(text, WIDE * count, break_long_words=False)]
    side = "c" if count > 1 else side
    broken = rf"\shortstack[{side}]{{" + r" \\ ".join(lines) + "}" if len(lines) > 1 else escaped(text)
    return rf"\multicolumn{{{count}}}{{c}}{{{broken}}}" if count > 1 else broken


def escaped(text: str) -> str:
    """A text with what LaTeX takes as a command made plain."""
    plain = text.replace("\\", "\\textbackslash ")
    marked = "".join(
        f"\\{letter}" if letter in "&%$#_{}" else f"\\{letter}{{}}" if letter in "^~" else letter
        for letter in plain
    )
    return marked.replace(MINUS, "$-$")


def _rules(level: Sequence[tuple[str, int]]) -> str:
    """Rules under the heads that cover several columns."""
    made, start = [], 1
    for _, count in level:
        made += [rf"\cmidrule(lr){{{start}-{start + count - 1}}}"] if count > 1 else []
        start += count
    return " ".join(made)


def _tex_cell(text: str) -> str:
    """A cell; a bracket at its start is no option of the line before it."""
    plain = escaped(text)
    return f"{{}}{plain}" if plain.startswith("[") else plain
