"""Tables as files have them: long, a row a flow, or wide, with labels in two rows and columns, or in one of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import AlignmentError, DuplicateLabelError, InputError, MissingValueError, SourceFileError
from suasion.files import is_file, unreadable
from suasion.world.checks import listed

LONG: dict[str, tuple[str, ...]] = {
    "exporter": ("exporter", "seller", "origin", "from", "row_country", "seller_country", "source_country"),
    "input": (
        "input",
        "sector",
        "row_sector",
        "seller_sector",
        "row_industry",
        "origin_sector",
        "source_sector",
    ),
    "importer": ("importer", "buyer", "destination", "to", "col_country", "buyer_country", "target_country"),
    "user": (
        "user",
        "use",
        "col_sector",
        "buyer_sector",
        "col_industry",
        "destination_sector",
        "target_sector",
    ),
    "value": ("value", "amount", "flow", "usd", "musd"),
}
"""Columns of a long table, each with the names that stand for it."""
MARKS = ("|", "_", ":", ".", "-", " ")
"""What may stand between country and sector in one label."""
OUTPUT = {"output", "total", "out", "x", "gross output", "total output", "gross_output", "go"}
"""Columns without a country that hold stated output."""


Pair = tuple[str, str]
"""Country and sector, or category of final use."""


@dataclass(frozen=True)
class FlatTable:
    """Blocks read from a file, labelled, and how they were found there.

    inter, final: indexed by (country, sector); columns (country, sector) and (country, category).
    output: where the file states it.
    layout: ``long``, ``two headers``, or the mark between country and sector.
    left: rows and columns that are no flow of an industry: taxes, value added, totals.
    """

    inter: pd.DataFrame
    final: pd.DataFrame
    output: pd.Series[float] | None
    layout: str
    left: tuple[str, ...]

    @property
    def countries(self) -> tuple[str, ...]:
        """Labels in the order of the file."""
        return tuple(dict.fromkeys(pair[0] for pair in self.inter.index))

    @property
    def sectors(self) -> tuple[str, ...]:
        """Labels in the order of the file."""
        return tuple(dict.fromkeys(pair[1] for pair in self.inter.index))

    @property
    def arguments(self) -> tuple[Any, Any, Any, tuple[str, ...], tuple[str, ...]]:
        """As :func:`suasion.world.from_table` takes them, but the year."""
        return self.inter, self.final, self.output, self.countries, self.sectors


def read_flat(source: str | Path | pd.DataFrame) -> FlatTable:
    """Read a table in any of the layouts.

    source: a CSV file (``.csv``, ``.csv.gz``), or a long frame.
    Raises SourceFileError: There is no such file, or it is no such table.
    Raises DataError: Its labels do not make a table.
    """
    raw = source if isinstance(source, pd.DataFrame) else _read(Path(source))
    names = [str(name).strip() for name in (raw.columns if isinstance(source, pd.DataFrame) else raw.iloc[0])]
    found = _long_columns(names)
    if len(found) == len(LONG):
        rows = raw if isinstance(source, pd.DataFrame) else raw.iloc[1:]
        return _from_long(
            rows.set_axis(names, axis=1)[[found[key] for key in LONG]].set_axis([*LONG], axis=1)
        )
    if isinstance(source, pd.DataFrame):
        lacking = [key for key in LONG if key not in found]
        raise AlignmentError(
            f"A long table has the columns {', '.join(LONG)}; this one lacks {', '.join(lacking)} and has "
            f"{listed(names)}."
        )
    return _from_wide(raw)


def _read(path: Path) -> pd.DataFrame:
    if not is_file(path):
        raise SourceFileError(f"There is no file {path}. Check the path.")
    try:
        return pd.read_csv(path, header=None, dtype=str, keep_default_na=False)
    except OSError as error:
        raise unreadable(path, error) from error
    except (ValueError, EOFError) as error:
        raise SourceFileError(f"{path} cannot be read as CSV: {error}. Save it as CSV in UTF-8.") from error


def _long_columns(names: Sequence[str]) -> dict[str, str]:
    plain = {name.casefold().replace(" ", "_"): name for name in names}
    found = {key: next((plain[one] for one in own if one in plain), "") for key, own in LONG.items()}
    return {key: name for key, name in found.items() if name}


def _from_long(rows: pd.DataFrame) -> FlatTable:
    labels = (
        rows[["exporter", "input", "importer", "user"]].astype(str).apply(lambda column: column.str.strip())
    )
    value = _numbers(rows["value"], "value")
    if not np.isfinite(value).all():
        where = [" ".join(row) for row in labels[~np.isfinite(value)].to_numpy().tolist()]
        raise MissingValueError(
            f"{len(where)} flows have no value: {listed(where)}. Fill them, or drop the rows."
        )
    twice = labels.duplicated()
    if twice.any():
        where = [" ".join(row) for row in labels[twice].to_numpy().tolist()]
        raise DuplicateLabelError(
            f"{int(twice.sum())} flows stand twice: {listed(where)}. Add them up first."
        )
    sellers = pd.MultiIndex.from_frame(labels[["exporter", "input"]].drop_duplicates())
    made = set(labels["input"])
    further = labels["user"].isin(made).to_numpy()
    pairs = pd.MultiIndex.from_product([list(dict.fromkeys(p[i] for p in sellers)) for i in (0, 1)])
    blocks = []
    for mask in (further, ~further):
        part = labels[mask].assign(value=value[mask])
        table = part.pivot(index=["exporter", "input"], columns=["importer", "user"], values="value")
        blocks.append(table.reindex(index=pairs))
    inter, final = blocks[0].reindex(columns=pairs).fillna(0.0), blocks[1].fillna(0.0)
    if final.empty or not len(final.columns):
        raise AlignmentError(
            "No flow goes to final use: a `user` that sells nothing, as `final`, is final use."
        )
    return FlatTable(inter, final, None, "long", ())


def _from_wide(raw: pd.DataFrame) -> FlatTable:
    headers = 2 if _is_text(raw.iloc[1, 2:]) else 1
    margins = 2 if _is_text(raw.iloc[headers:, 1]) else 1
    rows, mark = _pairs(raw.iloc[headers:, :margins].to_numpy(dtype=str))
    columns, _ = _pairs(raw.iloc[:headers, margins:].to_numpy(dtype=str).T, mark)
    countries, sectors = ({pair[i] for pair in rows if pair} for i in (0, 1))
    inside = [None if pair is None or pair[0] not in countries else pair[1] in sectors for pair in columns]
    users, last = (np.array([one is kind for one in inside]) for kind in (True, False))
    # A row whose label is no user of the table is value added, a tax or a total.
    bought = {pair for pair, one in zip(columns, users, strict=True) if one}
    kept = np.array([pair in bought for pair in rows])
    if not bought or not last.any():
        raise AlignmentError(
            "No table of industries was found: rows and columns need labels of country and sector, in two rows and "
            f"columns or in one with a mark between ({' '.join(MARKS[:-1])}), and final use beside the industries."
        )
    others = [j for j, one in enumerate(inside) if one is None]
    stated = [j for j in others if _is_output(raw, headers, margins + j)]
    left = ["?" if pair is None else " ".join(pair) for pair, one in zip(rows, kept, strict=True) if not one]
    left += [str(raw.iloc[0, margins + j]) for j in others if j not in stated]
    body, index = raw.iloc[headers:, margins:].loc[kept], _index(rows, kept)
    inter, final = (_block(body, index, columns, chosen) for chosen in (users, last))
    output: pd.Series[float] | None = None
    if stated:
        output = pd.Series(_numbers(body.iloc[:, stated[0]], "output"), index)
    return FlatTable(inter, final, output, "two headers" if headers == 2 else mark, tuple(left))


def _index(labels: Sequence[Pair | None], chosen: Any) -> pd.MultiIndex:
    return pd.MultiIndex.from_tuples([pair for pair, one in zip(labels, chosen, strict=True) if one and pair])


def _block(
    body: pd.DataFrame, index: pd.MultiIndex, labels: Sequence[Pair | None], chosen: Any
) -> pd.DataFrame:
    cells = _numbers(body.loc[:, chosen].to_numpy(), "table")
    return pd.DataFrame(cells.reshape(len(index), -1), index, _index(labels, chosen))


def _is_text(cells: Any) -> bool:
    """Whether most of some cells are labels, not numbers."""
    texts = pd.Series([str(cell).strip() for cell in np.ravel(cells)])
    words = pd.to_numeric(texts, errors="coerce").isna() & (texts != "")
    return bool(words.sum() > 0.5 * len(texts))


def _pairs(labels: Any, mark: str = "") -> tuple[list[Pair | None], str]:
    """Country and sector of each label, None for what is no pair; and the mark between them."""
    texts = [[str(part).strip() for part in row] for row in labels]
    if texts and len(texts[0]) == 2:
        country = ""
        found: list[Pair | None] = []
        for first, second in texts:  # a label over several columns may stand over the first alone
            country = first or country
            found.append((country, second) if country and second else None)
        return found, mark
    one = [row[0] for row in texts]
    mark = mark or max(MARKS, key=lambda m: (sum(m in text for text in one), -MARKS.index(m)))
    parts = [(first.strip(), second.strip()) for first, _, second in (text.partition(mark) for text in one)]
    return [pair if all(pair) else None for pair in parts], mark


def _is_output(raw: pd.DataFrame, headers: int, column: int) -> bool:
    texts = {str(raw.iloc[row, column]).strip().casefold() for row in range(headers)} - {""}
    return bool(texts & OUTPUT)


def _numbers(cells: Any, name: str) -> Any:
    """Numbers of cells; empty ones are missing, and what is no number is refused."""
    texts = pd.Series(np.ravel(cells))
    found = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=np.float64)
    given = texts.astype(str).str.strip().ne("").to_numpy()
    wrong = np.isnan(found) & given & ~texts.isna().to_numpy()
    if wrong.any():
        odd = [repr(text) for text in texts[wrong].astype(str).unique()]
        raise InputError(
            f"`{name}` holds {int(wrong.sum())} cells that are no numbers: {listed(odd)}. Take out marks and units."
        )
    return found
