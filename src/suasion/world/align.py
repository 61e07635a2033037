"""Labels decide, position never: bring a table to a world's labels, or say why it does not fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from suasion.errors import (
    AlignmentError,
    DuplicateLabelError,
    InputError,
    MissingValueError,
    NotInWorldError,
    SuasionError,
)
from suasion.nearest import did_you_mean
from suasion.sources.countries import resolve_country
from suasion.types import FloatArray
from suasion.world.checks import Labels, cell_names, listed

Rest = float | Literal["keep"] | None
"""Fill for cells that a table does not name."""


def find_labels(kind: str, wanted: Sequence[str], known: Sequence[str]) -> list[str]:
    """Return the labels that ``wanted`` means, in its order.

    kind: ``"country"`` (names and codes are understood as well) or ``"sector"``.
    wanted: Labels, codes or names.
    known: Labels that exist.
    Raises NotInWorldError: For labels that do not exist, with close ones.
    """
    if isinstance(wanted, str):
        raise InputError(f"Give a list of labels, not the text {wanted!r}: [{wanted!r}].")
    return [find_label(kind, x, known) for x in wanted]


def find_label(kind: str, wanted: str, known: Sequence[str]) -> str:
    """Return the label that ``wanted`` means; see :func:`find_labels`."""
    if wanted in known:
        return wanted
    code = resolve_country(wanted) if kind == "country" and _may_be_country(known) else wanted
    if code in known:
        return code
    hint = did_you_mean(wanted, known, 3)
    raise NotInWorldError(
        f"{kind.capitalize()} {code} is not in this world's table of {len(known)}.{hint} "
        f"It has: {', '.join(known) if len(known) <= 90 else listed(known)}."
    )


def _may_be_country(known: Sequence[str]) -> bool:
    """Free labels (toy worlds) are not looked up as countries."""
    codes = [x for x in known if len(x) == 3 and x.isupper()]
    return len(codes) * 2 > len(known)


def aligned(
    name: str, table: Any, dims: Sequence[str], labels: Labels, present: FloatArray, rest: Rest = None
) -> FloatArray:
    """Bring a table to the axes ``dims`` with the order of ``labels``.

    name: Name of the quantity; the value column of a long table.
    table: Plain array (in the world's own order, shape checked), labelled array, long table or mapping.
    dims, labels: Axes wanted and their labels.
    present: Values now, for ``rest="keep"``.
    rest: Fill for cells not named; None raises.
    Returns: Values over ``dims``.
    Raises AlignmentError, MissingValueError, DuplicateLabelError, InputError: With the first offenders.
    """
    if isinstance(table, Mapping):
        table = _long_from_mapping(name, table, dims)
    if isinstance(table, pd.DataFrame):
        values = _no_home_rate(_from_long(name, table, dims, labels), dims, list(table.columns))
        return _fill(name, values, dims, labels, present, rest)
    if isinstance(table, xr.DataArray):
        values = _from_labelled(name, table, dims, labels, present.shape)
        values = _no_home_rate(values, dims, list(table.dims))
    else:
        values = np.asarray(table, dtype=np.float64)
    if values.shape != present.shape:
        raise AlignmentError(
            f"`{name}` has shape {values.shape}; its axes ({', '.join(dims)}) need {present.shape}."
        )
    gaps = ~np.isfinite(values)
    if gaps.any():
        cells = cell_names(gaps.astype(np.float64), dims, labels)
        raise MissingValueError(
            f"`{name}` has NaN at {listed(cells)}. Missing is not zero: fill them on purpose."
        )
    return values


def check_same_labels(name: str, dim: str, given: Sequence[str], known: Sequence[str]) -> None:
    """Raise unless both hold the same labels, in any order."""
    twice = sorted({x for x in given if list(given).count(x) > 1}) if len(set(given)) < len(given) else []
    if twice:
        raise DuplicateLabelError(
            f"`{name}` has labels twice on `{dim}`: {listed(twice)}. Aggregate them first."
        )
    absent, extra = [x for x in known if x not in set(given)], [x for x in given if x not in set(known)]
    if absent or extra:
        parts = [f"lacks {listed(absent)}"] * bool(absent) + [f"has unknown {listed(extra)}"] * bool(extra)
        raise AlignmentError(
            f"`{name}` {' and '.join(parts)} on `{dim}`. Select or reindex it to the world's labels."
        )


def _from_labelled(
    name: str, table: xr.DataArray, dims: Sequence[str], labels: Labels, shape: tuple[int, ...]
) -> FloatArray:
    wrong = [str(d) for d in table.dims if d not in dims]
    if wrong:
        raise AlignmentError(f"`{name}` has axes {listed(wrong)}; it may have {', '.join(dims)}.")
    for dim in table.dims:
        if dim not in table.coords:
            raise AlignmentError(f"`{name}` has no labels on `{dim}`. Give it coordinates.")
        check_same_labels(name, str(dim), [str(x) for x in table.coords[dim].values], labels[str(dim)])
    ordered = table.reindex({d: list(labels[str(d)]) for d in table.dims})
    inner = ordered.transpose(*[d for d in dims if d in table.dims])
    index = tuple(slice(None) if d in table.dims else None for d in dims)
    return np.array(np.broadcast_to(np.asarray(inner.values, dtype=np.float64)[index], shape))


def _long_from_mapping(name: str, table: Mapping[Any, float], dims: Sequence[str]) -> pd.DataFrame:
    wrong = [repr(key) for key in table if not isinstance(key, tuple) or len(key) != len(dims)]
    if wrong:
        raise InputError(f"Keys of `{name}` must be ({', '.join(dims)}), got {listed(wrong)}.")
    rows = [(*key, value) for key, value in table.items()]
    return pd.DataFrame(rows, columns=[*dims, name])


def _from_long(name: str, table: pd.DataFrame, dims: Sequence[str], labels: Labels) -> FloatArray:
    """Values of a long table, NaN where it names no cell; axes without a column apply to all labels."""
    columns = [d for d in dims if d in table.columns]
    if name not in table.columns or not columns:
        raise AlignmentError(f"A table of `{name}` needs a column `{name}` and some of {', '.join(dims)}.")
    if table[name].isna().any():
        raise MissingValueError(
            f"`{name}` has NaN in {int(table[name].isna().sum())} rows. Fill or drop them."
        )
    index = {d: _positions(name, d, table[d], labels[d]) for d in columns}
    _check_rows_once(name, table, np.column_stack(list(index.values())))
    values = np.full(tuple(len(labels[d]) for d in dims), np.nan)
    for row, rate in enumerate(table[name].to_numpy(dtype=np.float64)):
        values[tuple(int(index[d][row]) if d in index else slice(None) for d in dims)] = rate
    return values


def _check_rows_once(name: str, table: pd.DataFrame, cells: npt.NDArray[np.intp]) -> None:
    _, first, counts = np.unique(cells, axis=0, return_index=True, return_counts=True)
    if (counts > 1).any():
        rows = [str(tuple(table.drop(columns=name).iloc[int(j)])) for j in first[counts > 1]]
        raise DuplicateLabelError(f"`{name}` has rows twice: {listed(rows)}. Keep one of each.")


def _no_home_rate(values: FloatArray, dims: Sequence[str], named: Sequence[Any]) -> FloatArray:
    """Zero at home where a rate is spread over a side of trade that the table does not name."""
    if {"importer", "exporter"} <= set(dims) and not {"importer", "exporter"} <= set(named):
        values[np.eye(values.shape[0], dtype=bool)] = 0.0
    return values


def _positions(name: str, dim: str, column: pd.Series[Any], labels: Sequence[str]) -> npt.NDArray[np.intp]:
    kind = "sector" if dim in ("sector", "user", "input") else "country"
    place = {x: j for j, x in enumerate(labels)}
    try:
        found = {x: place[find_label(kind, str(x), labels)] for x in column.unique()}
    except SuasionError as error:
        raise AlignmentError(f"`{name}`, column `{dim}`: {error}") from error
    return np.array([found[x] for x in column], dtype=np.intp)


def _fill(
    name: str, values: FloatArray, dims: Sequence[str], labels: Labels, present: FloatArray, rest: Rest
) -> FloatArray:
    if "importer" in dims and "exporter" in dims:  # no tariff at home unless the table names one
        home = np.eye(values.shape[0], dtype=bool)
        values[home] = np.where(
            np.isnan(values[home]), 0.0 if rest != "keep" else present[home], values[home]
        )
    gaps = np.isnan(values)
    if not gaps.any():
        return values
    if rest is None:
        cells = cell_names(gaps.astype(np.float64), dims, labels)
        raise MissingValueError(
            f"The table of `{name}` names no value for {int(gaps.sum())} cells: {listed(cells)}. "
            'Missing is not zero: give them, or say rest=0.0 or rest="keep".'
        )
    return np.where(gaps, present if rest == "keep" else float(rest), values)
