"""A table for a paper as LaTeX: rules of booktabs, over pages where it is long, in parts where it is wide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from textwrap import wrap

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.numbers import MINUS
from suasion.answers.render.lines import notes_of
from suasion.answers.render.paper import Grid
from suasion.answers.table import Table

PAGE, WIDE, SLIM = 40, 16, 8
"""Lines that a page has room for beside heads and notes; letters of a head before it is broken, and of a narrow one."""
LINE, CELLS, NARROW = 340.0, (150.0, 80.0, 55.0), (45.0, 36.0)
"""Points: of a line of the class ``article`` (345) at most, and of words in a column before they are broken, the
first that leaves half of a line to numbers, or fits where there are none; narrow ones with letters of parts only."""
NAME = 12
"""Letters of a word, an address or an identifier, that has no place to break but after its signs."""
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
        head = [r"\toprule", *_tex_heads(part, _letters(cell)), r"\midrule"]
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
    room = LINE if grid.names == len(longest) else LINE / 2
    for size, scale, gap in SIZES:
        for cell in (*CELLS, *NARROW) if size == SIZES[-1][0] else CELLS:
            widths = [scale * width + 2.0 * gap for width in _widths(grid, longest, cell, scale)]
            if sum(widths[: grid.names]) <= room:
                break
        if sum(widths) <= LINE:
            return size, cell, [grid]
    if sum(widths[: grid.names]) > room:
        fits = sum(sum(widths[: count + 1]) <= LINE / 2 for count in range(grid.names))
        grid = replace(grid, names=max(fits, 1))
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


def _needed(grid: Grid, cell: float) -> list[float]:
    """Points that each column of words needs for its longest word and its head, at ten points.

    cell: of words before they are broken, as narrow columns have narrow heads.
    """
    words = [{one for row in grid.cells for one in row[place].split()} for place in range(grid.left)]
    return [
        max(
            _head_points(grid.heads[-1][place], _letters(cell)),
            *(_points(piece) for one in inside for piece in _broken(one).split()),
            0.0,
        )
        for place, inside in enumerate(words)
    ]


def _letters(cell: float) -> int:
    return SLIM if cell in NARROW else WIDE


def _broken(word: str) -> str:
    """A word with a blank where a line may end: after the signs of a long name, and after hyphens."""
    return re.sub(r"(?<=[_/.])(?=\w)" if len(word) > NAME else r"(?<=-)(?=[^\W\d])", " ", word)


def _widths(grid: Grid, longest: Sequence[float], cell: float, scale: float) -> list[float]:
    """Points of each column at ten points: of its cells and heads, and of its part of a head over several.

    longest: of the cells of each column. cell: at which words are broken, in letters of a scale.
    """
    needed = _needed(grid, cell)
    made = [
        max(min(cells, cell / scale), needed[place])
        if place < grid.left
        else max(cells, _head_points(head, WIDE))
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
    wide = (
        (scale * most, max(cell, scale * least))
        for most, least in zip(_longest(grid, grid.left), _needed(grid, cell), strict=True)
    )
    words = (f"p{{{ceil(least)}pt}}" if most > least else "l" for most, least in wide)
    return "".join(words) + "r" * (len(grid.heads[-1]) - grid.left)


def _tex_heads(grid: Grid, slim: int) -> Iterator[str]:
    """Lines of heads, broken where they are long: those of words at so many letters."""
    for level in grid.spans:
        sides = ["l"] * grid.left + ["r"] * len(level)
        wide = [slim if side == "l" else WIDE for side in sides]
        yield (
            " & ".join(
                _over(*one, *how) for one, how in zip(level, zip(sides, wide, strict=True), strict=False)
            )
            + r" \\"
        )
        if len(level) < len(grid.heads[-1]):
            yield _rules(level)


def _over(text: str, count: int, side: str, letters: int) -> str:
    """A head over one or several columns, in lines of few letters for each."""
    lines = [escaped(line) for line in wrap(text, letters * count, break_long_words=False)]
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
    whole = (_breakable(word) if len(word) > NAME else word for word in marked.split(" "))
    return " ".join(whole).replace(MINUS, "$-$")


def _breakable(word: str) -> str:
    """A long name in LaTeX, which a line may break after its signs."""
    return re.sub(r"(?<=[_/.])(?=\w)", r"\\allowbreak{}", word)


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
