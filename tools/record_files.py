"""Recordings as text: a folder of small files, a row a line, so that a moved number is a line that a reader can read.

``frames/NAME.tsv`` and ``answers/QUESTION/PAIR.tsv`` hold tables, ``dossiers/PAIR.tsv`` a place and its value a
line. A table is a line ``# NAME`` with its number of rows, a line ``= COLUMN VALUE`` for each column that is the
same all the way down, the names of the others, and its rows. A cell is empty where there is no value; text that
reads as something else stands in quotation marks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

DIGITS = 10
"""Of a committed number: rounded by at most 5e-10 of itself, half of what two machines may differ by."""
NOTHING = 1e-12
"""What is smaller is zero but for rounding, and is committed as zero: a tenth of what two machines may differ by."""

Table = dict[str, list[Any]]


def write(recording: Mapping[str, Any], folder: Path, digits: int | None = DIGITS) -> None:
    """Write a recording as files.

    digits: Of each number; none keeps all, for a comparison on one machine.
    """
    for name, table in recording["frames"].items():
        _put(folder / "frames" / f"{name}.tsv", _table("", table, digits))
    for pair, questions in recording["answers"].items():
        for name, tables in questions.items():
            lines = (line for key, table in tables.items() for line in _table(key, table, digits))
            _put(folder / "answers" / name / f"{pair}.tsv", lines)
    for pair, values in recording["dossiers"].items():
        lines = (f"{place}\t{_shown(value, digits)}" for place, value in values.items())
        _put(folder / "dossiers" / f"{pair}.tsv", lines)


def _put(path: Path, lines: Iterator[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="\n")


def _table(name: str, table: Mapping[str, Sequence[Any]], digits: int | None) -> Iterator[str]:
    shown = {column: [_shown(item, digits) for item in items] for column, items in table.items()}
    same = {column for column, items in shown.items() if len(items) > 1 and len(set(items)) == 1}
    rows = max((len(items) for items in shown.values()), default=0)
    yield f"# {name}\t{rows}"
    for column in shown:
        if column in same:
            yield f"= {column}\t{shown[column][0]}"
    kept = [column for column in shown if column not in same]
    yield "\t".join(kept)
    if kept:
        yield from ("\t".join(row) for row in zip(*(shown[column] for column in kept), strict=True))


def _shown(item: Any, digits: int | None) -> str:
    if item is None:
        return ""
    if isinstance(item, float):
        if digits is None:
            return repr(item)
        text = f"{item:.{digits}g}" if abs(item) >= NOTHING else "0.0"
        return text if set(text) & set(".en") else f"{text}.0"
    if isinstance(item, str):
        plain = item and item.isprintable() and _value(item) == item
        return item if plain else json.dumps(item)
    return json.dumps(item)


def _value(text: str) -> Any:
    if not text:
        return None
    if text[0] not in '-0123456789"tfn':
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def frame_names(folder: Path) -> list[str]:
    """Names of recorded frames."""
    return sorted(path.stem for path in (folder / "frames").glob("*.tsv"))


def dossier_names(folder: Path) -> list[str]:
    """Names of recorded dossiers."""
    return sorted(path.stem for path in (folder / "dossiers").glob("*.tsv"))


def pairs(folder: Path) -> list[str]:
    """Pairs whose answers are recorded."""
    return sorted({path.stem for path in (folder / "answers").glob("*/*.tsv")})


def frame(folder: Path, name: str) -> Table:
    """Read one frame."""
    return _tables(folder / "frames" / f"{name}.tsv")[""]


def answers(folder: Path, pair: str) -> dict[str, dict[str, Table]]:
    """Read the tables of all questions on a pair."""
    return {path.parent.name: _tables(path) for path in sorted((folder / "answers").glob(f"*/{pair}.tsv"))}


def dossier(folder: Path, pair: str) -> dict[str, Any]:
    """Read the values of one dossier by place."""
    lines = (folder / "dossiers" / f"{pair}.tsv").read_text("utf-8").split("\n")[:-1]
    return {place: _value(text) for place, text in (line.split("\t") for line in lines)}


def read(folder: Path) -> dict[str, Any]:
    """Read a whole recording."""
    return {
        "frames": {name: frame(folder, name) for name in frame_names(folder)},
        "dossiers": {pair: dossier(folder, pair) for pair in dossier_names(folder)},
        "answers": {pair: answers(folder, pair) for pair in pairs(folder)},
    }


def _tables(path: Path) -> dict[str, Table]:
    lines = path.read_text("utf-8").split("\n")[:-1]
    made: dict[str, Table] = {}
    at = 0
    while at < len(lines):
        name, count = lines[at][2:].split("\t")
        rows = int(count)
        at += 1
        same: Table = {}
        while lines[at].startswith("= "):
            column, text = lines[at][2:].split("\t")
            same[column] = [_value(text)] * rows
            at += 1
        kept = lines[at].split("\t") if lines[at] else []
        cells = [line.split("\t") for line in lines[at + 1 : at + 1 + rows]] if kept else []
        made[name] = same | {column: [_value(row[i]) for row in cells] for i, column in enumerate(kept)}
        at += 1 + len(cells)
    return made
