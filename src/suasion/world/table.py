"""Build a world from a multi-country input-output table: inter-industry block, final block, output."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from suasion.errors import (
    AlignmentError,
    InputError,
    MissingValueError,
    NegativeValueError,
    UnbalancedTableError,
)
from suasion.types import FloatArray
from suasion.world.arrays import read_only
from suasion.world.certificate import GivenTable, certificate
from suasion.world.checks import SHOWN, Provenance, Step, as_labels, check_distinct, check_year, listed
from suasion.world.uses import UseMatrix, pool_origins, pool_users
from suasion.world.world import World

ROW_TOLERANCE = 1e-4
"""Largest gap of a row to stated output, as a share of the largest output; tables are rounded."""

MOST_COVERED = 0.01
"""Largest part of world output by which final sales are raised to cover inputs beyond output."""

ROUNDING = 1e-12
"""Inputs beyond output by less than this share are rounding of sums in float64."""


def from_table(
    inter: Any,
    final: Any,
    output: Any,
    countries: Sequence[str],
    sectors: Sequence[str],
    year: int,
    *,
    tolerance: float = ROW_TOLERANCE,
    tariffs: Any = None,
    provenance: Provenance | None = None,
    notes: Sequence[str] = (),
    sector_names: Mapping[str, str] | None = None,
) -> World:
    """Build a world from any multi-country input-output table.

    Rows sell, columns buy; both run country by country and sector by sector within it.

    Parameters
    ----------
    inter
        (N S, N S) sales for further production, million USD at basic prices. A data frame whose index and
        columns are (country, sector) pairs is put in order by its labels.
    final
        (N S, N F) sales for final use, F categories within each country; or (N S, N). Columns of a data frame
        are countries, or pairs that begin with one, in any order; columns that are only numbered go by position.
    output
        (N S,) gross output; None takes the sums of the rows.
    countries, sectors, year
        Labels and year.
    tolerance
        Largest gap between a row's sum and its output, as a share of the largest output.
    tariffs
        Anything :meth:`World.with_tariffs` takes.
    provenance, notes, sector_names
        As for :class:`World`.

    Returns
    -------
    World
        With the table itself as its observed :attr:`World.use`. What no published table has, and this one has, is in
        ``provenance.doubts``, and said by every answer; see :mod:`suasion.world.certificate`.

    Raises
    ------
    AlignmentError, MissingValueError, NegativeValueError, UnbalancedTableError
        With the first offenders and the remedy.
    InputError
        A table does not hold real numbers, or labels, the year or the tolerance are none.

    Notes
    -----
    Rules, each applied in this order and counted in the provenance:

    1. Final categories of one destination are summed, which nets most withdrawals from stocks.
    2. A seller's final sales are stated output less what it sells for further production. If that is
       negative they are zero, and its output rises to what it sells for further production.
    3. A sale to a destination that is still negative becomes zero and the seller's other final sales shrink
       in proportion to the sum of rule 2. What rounding left out of the row is added to final sales at home.
    4. Value added is output less inputs.
    5. Where inputs exceed output, the industry's final sales at home are raised until value added is zero; more
       than a per cent of world output in all is refused, for the table has another fault.

    Examples
    --------
    >>> import numpy as np
    >>> inter, final = np.full((4, 4), 10.0), np.full((4, 2), 30.0)
    >>> su.from_table(inter, final, None, ["USA", "CHN"], ["A", "B"], 2023)
    <World 2023: 2 countries x 2 sectors...>
    """
    names = (as_labels("countries", countries), as_labels("sectors", sectors))
    check_distinct("countries", names[0])
    check_distinct("sectors", names[1])
    check_year(year)
    blocks = _blocks(inter, final, output, *names)
    _check_blocks(blocks, names, _allowed(tolerance))
    table = GivenTable(blocks.inter, blocks.final, blocks.output, output is not None)
    refused, doubts = certificate(table, *names, int(year))
    if refused:
        raise UnbalancedTableError(" ".join(refused))
    origin = provenance or Provenance()
    return settled_table(
        blocks,
        names,
        int(year),
        provenance=replace(origin, doubts=(*origin.doubts, *doubts)),
        notes=tuple(notes),
        tariffs=tariffs,
        sector_names=sector_names,
    )


def from_long(source: Any, year: int, **options: Any) -> World:
    """Build a world from a table with a row a flow, or from a CSV file of any layout.

    Parameters
    ----------
    source
        A frame with the columns ``exporter``, ``input`` (the industry that sells), ``importer``, ``user`` and
        ``value`` (million USD); a ``user`` that sells nothing is final use, and a flow without a row is zero. Or a CSV
        file of such rows, or of a square with labels in two rows and columns or in one, as ``CHN_A``.
    year
        Year of the accounts.
    **options
        As for :func:`from_table`.

    Returns
    -------
    World

    Raises
    ------
    InputError, DataError
        As for :func:`from_table`, or a flow stands twice or has no value.
    """
    from suasion.world.flat import read_flat

    found = read_flat(source)
    return from_table(*found.arguments, year, **options)


def settled_table(
    blocks: TableArrays,
    names: tuple[tuple[str, ...], tuple[str, ...]],
    year: int,
    *,
    provenance: Provenance,
    notes: tuple[str, ...] = (),
    tariffs: Any = None,
    sector_names: Mapping[str, str] | None = None,
) -> World:
    """Build a world from a table that was checked, by the rules of :func:`from_table`; arguments as there."""
    n, s = len(names[0]), len(names[1])
    sales, steps = settled_final(blocks, n, s)
    use = read_only(blocks.inter).reshape(n, s, n, s)
    sales, more = _covered(sales, use, names)
    arrays = {
        "intermediate": pool_origins(use),
        "final": np.ascontiguousarray(sales.transpose(2, 0, 1)),
        "input_use": pool_users(use),
    }
    made = (arrays["intermediate"] + arrays["final"]).sum(axis=0)
    arrays["factor_income"] = np.maximum(made - arrays["input_use"].sum(axis=2), 0.0)
    world = World(
        *names,
        year,
        arrays,
        provenance=provenance.then(*steps, *more),
        notes=notes,
        sector_names=sector_names or {},
        use_matrix=UseMatrix("observed", lambda: use),
    )
    return world if tariffs is None else world.with_tariffs(tariffs)


@dataclass(frozen=True, slots=True)
class TableArrays:
    """A table in plain arrays, country by country: inter (NS, NS), final (NS, N), output (NS,)."""

    inter: FloatArray
    final: FloatArray
    output: FloatArray


def settled_final(blocks: TableArrays, n: int, s: int) -> tuple[FloatArray, list[str]]:
    """Apply rules 2 and 3 of :func:`from_table`.

    Returns: Final sales (exporter, sector, importer), and what was done.
    """
    due = blocks.output - blocks.inter.sum(axis=1)
    target = np.maximum(due, 0.0)
    kept = np.maximum(blocks.final, 0.0)
    total = kept.sum(axis=1)
    kept = kept * np.minimum(1.0, target / np.where(total > 0, total, 1.0))[:, None]
    rounding = target - kept.sum(axis=1)
    sales = kept.reshape(n, s, n)
    home = np.arange(n)
    sales[home, :, home] += np.maximum(rounding, 0.0).reshape(n, s)
    return sales, _settled_steps(blocks, due)


def _settled_steps(blocks: TableArrays, due: FloatArray) -> list[Step]:
    negative, steps = blocks.final < 0, []
    if negative.any():
        moved = -float(blocks.final[negative].sum())
        steps.append(
            f"{int(negative.sum())} negative final sales ({moved:.6g} million USD, "
            f"{moved / due.sum():.2g} of all) set to zero, the seller's others reduced in proportion"
        )
    low = due < 0
    if low.any():
        steps.append(
            f"{int(low.sum())} sellers with negative final sales overall: output raised by "
            f"{-float(due[low].sum()):.6g} million USD"
        )
    gap = float(np.abs(due - blocks.final.sum(axis=1)).sum())
    if gap > 1e-9 * blocks.output.sum():
        share = gap / float(blocks.output.sum())
        steps.append(f"{gap:.6g} million USD of rounding ({share:.2g} of output) put into final sales")
    return steps


def _covered(
    final: FloatArray, use: FloatArray, names: tuple[tuple[str, ...], ...]
) -> tuple[FloatArray, list[str]]:
    """Apply rule 5: raise final sales at home where inputs exceed output."""
    made = use.sum(axis=(2, 3)) + final.sum(axis=2)
    short = np.maximum(use.sum(axis=(0, 1)) - made, 0.0)
    short[short < ROUNDING * made] = 0.0
    if not short.any():
        return final, []
    home = np.arange(final.shape[0])
    more = final.copy()
    more[home, :, home] += short
    share = float(short.sum() / made.sum())
    if share > MOST_COVERED:
        labels = [f"({c}, {k})" for c in names[0] for k in names[1]]
        cells = [labels[j] for j in np.argsort(-short, axis=None)[:SHOWN].tolist() if short.flat[j] > 0]
        raise UnbalancedTableError(
            f"Inputs exceed output by {short.sum():.6g} million USD, {share:.2g} of world output, most in "
            f"{', '.join(cells)}. Mend them, or merge these industries with larger ones."
        )
    step: Step = (
        f"{int((short > 0).sum())} industries used more inputs than they produced: final sales at home "
        f"raised by {short.sum():.6g} million USD, {share:.2g} of world output"
    )
    return more, [step]


def _blocks(
    inter: Any, final: Any, output: Any, countries: tuple[str, ...], sectors: tuple[str, ...]
) -> TableArrays:
    pairs = [(c, k) for c in countries for k in sectors]
    inter, final = (
        _ordered(inter, pairs, pairs, "inter"),
        _ordered(_by_buyer(final, countries), pairs, None, "final"),
    )
    rows, n = len(pairs), len(countries)
    if inter.shape != (rows, rows):
        raise AlignmentError(
            f"`inter` has shape {inter.shape}; {n} countries x {len(sectors)} sectors need {rows, rows}."
        )
    if final.ndim != 2 or final.shape[0] != rows or final.shape[1] % n or not final.shape[1]:
        raise AlignmentError(
            f"`final` has shape {final.shape}; it needs {rows} rows and a multiple of {n} columns."
        )
    pooled = final.reshape(rows, n, -1).sum(axis=2)
    made = (
        inter.sum(axis=1) + pooled.sum(axis=1)
        if output is None
        else _ordered(output, pairs, None, "output").ravel()
    )
    if made.shape != (rows,):
        raise AlignmentError(f"`output` has {made.size} values; the table has {rows} rows.")
    return TableArrays(inter, pooled, made)


def _by_buyer(final: Any, countries: tuple[str, ...]) -> Any:
    """Sum labelled columns of final sales by country, in the order of ``countries``; others are left alone."""
    labels: list[Any] = list(final.columns) if isinstance(final, pd.DataFrame) else []
    if labels == list(range(len(labels))):
        return final
    buyers = [label[0] if isinstance(label, tuple) else label for label in labels]
    absent = [c for c in countries if c not in set(buyers)]
    extra = [str(b) for b in dict.fromkeys(buyers) if b not in set(countries)]
    if absent or extra:
        parts = [f"lack {listed(absent)}"] * bool(absent) + [f"have unknown {listed(extra)}"] * bool(extra)
        raise AlignmentError(
            f"Columns of `final` {' and '.join(parts)}. Label them with countries, or (country, category) pairs."
        )
    values = _values(final, "final")
    pooled = [values[:, [b == c for b in buyers]].sum(axis=1) for c in countries]
    return pd.DataFrame(np.column_stack(pooled), index=final.index)


def _ordered(
    table: Any, rows: list[tuple[str, str]], columns: list[tuple[str, str]] | None, name: str
) -> FloatArray:
    """Return plain values, labelled tables in the order of ``rows`` and ``columns``."""
    if isinstance(table, pd.DataFrame | pd.Series):
        _check_pairs(name, list(table.index), rows)
        table = table.loc[rows]
    if isinstance(table, pd.DataFrame) and columns is not None:
        _check_pairs(name, list(table.columns), columns)
        table = table.loc[:, columns]
    return _values(table, name)


def _values(table: Any, name: str) -> FloatArray:
    """Plain numbers; what is masked is missing, and complex numbers, dates and truth values are none."""
    try:
        if np.asarray(table).dtype.kind in "cMmb":
            raise TypeError
        masked = np.ma.isMaskedArray(table)
        return np.asarray(table.astype(np.float64).filled(np.nan) if masked else table, dtype=np.float64)
    except (TypeError, ValueError):
        kind = type(table).__name__
        raise InputError(
            f"`{name}` is no table of numbers ({kind}). Give an array or a DataFrame; a sparse matrix by its toarray()."
        ) from None


def _allowed(tolerance: float) -> float:
    """The tolerance, if it is one."""
    if (
        isinstance(tolerance, bool)
        or not isinstance(tolerance, int | float | np.number)
        or not 0 <= tolerance < 1
    ):
        raise InputError(f"tolerance is {tolerance!r}; give a part of the largest output, from 0 to below 1.")
    return float(tolerance)


def _check_pairs(name: str, given: list[Any], wanted: list[tuple[str, str]]) -> None:
    if len(set(given)) < len(given):
        raise AlignmentError(f"`{name}` has labels twice. Aggregate them first.")
    absent, extra = (
        [str(x) for x in wanted if x not in set(given)],
        [str(x) for x in given if x not in set(wanted)],
    )
    if absent or extra:
        parts = [f"lacks {listed(absent)}"] * bool(absent) + [f"has unknown {listed(extra)}"] * bool(extra)
        raise AlignmentError(
            f"`{name}` {' and '.join(parts)}. Label it with (country, sector) pairs of the world."
        )


def _check_blocks(
    blocks: TableArrays, names: tuple[tuple[str, ...], tuple[str, ...]], tolerance: float
) -> None:
    rows = [f"({c}, {k})" for c in names[0] for k in names[1]]
    for name, values in (("inter", blocks.inter), ("final", blocks.final), ("output", blocks.output)):
        bad = ~np.isfinite(values)
        if bad.any():
            where = listed([rows[j] for j in np.unique(np.nonzero(bad)[0])])
            raise MissingValueError(
                f"`{name}` has NaN or infinite cells in the rows {where}. Fill them on purpose."
            )
    for name, values in (("inter", blocks.inter), ("output", blocks.output)):
        if (values < 0).any():
            where = listed([rows[j] for j in np.unique(np.nonzero(values < 0)[0])])
            raise NegativeValueError(
                f"`{name}` has negative cells in the rows {where}. Only final sales may be negative."
            )
    gap = np.abs(blocks.inter.sum(axis=1) + blocks.final.sum(axis=1) - blocks.output)
    limit = tolerance * float(blocks.output.max())
    if gap.max() > limit:
        worst = [f"{rows[j]} by {gap[j]:.6g}" for j in np.argsort(-gap)[:SHOWN] if gap[j] > limit]
        raise UnbalancedTableError(
            f"Sales differ from output in {int((gap > limit).sum())} rows: {listed(worst)}. "
            f"Mend them, leave `output` out to take the sums, or raise `tolerance` (now {tolerance:g})."
        )
