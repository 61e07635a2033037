"""The certificate of a table that somebody gives: what in it cannot be, and what no published table has.

A table whose rows add up may still be in two units, transposed, or shifted by a column, and then every answer is
wrong without a word. Each check looks at one kind of such a fault and returns a remark, whose words say what was found,
where, and how it is mended; a table with a fault that leaves no answer is refused. RatioLimits are wider than what five
published tables have (OECD 2019, 2022 and 2023, WIOD 1995 and 2011): they are assumptions, and a table beyond them is
told of, not refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from suasion.quotient import over
from suasion.remarks import Remark
from suasion.types import FloatArray
from suasion.world.known import known_flows, known_goods, known_sizes, nearest_size

if TYPE_CHECKING:
    from suasion.world.world import World

SHOWN = 5
"""Labels that a remark names, the worst first."""


class RatioLimits(NamedTuple):
    """Least and most of a ratio that raises no doubt."""

    low: float
    high: float


RATIOS: dict[str, RatioLimits] = {
    "value_added": RatioLimits(0.15, 0.85),
    "spending": RatioLimits(0.5, 2.0),
    "home_final": RatioLimits(0.4, 0.99),
    "home_inputs": RatioLimits(0.2, 0.99),
    "openness": RatioLimits(0.02, 0.75),
    "balance": RatioLimits(1 / 6, 4.0),
}
"""Of a country: value added in output; final purchases over value added; own products in final purchases and in inputs;
exports in output; exports over imports. In the five tables: .27-.73, .61-1.67, .54-.97, .35-.95, .04-.62, .20-2.4."""
BLOCKS = RatioLimits(0.3, 0.7)
"""Final sales in world output; .48-.53 in the five tables."""
NO_BLOCKS = RatioLimits(0.03, 0.97)
"""Beyond these the two blocks are in different units, and the table is refused."""
UNIT = RatioLimits(0.6, 1.6)
"""Median of value added over what is known of states' sizes, million USD; .84-.92 in the tables of 2011 and later."""
NEAR, A_YEAR = 1.3, 0.1
"""How far a state's size may be from the median of all, as a factor, and what each year between adds to it."""
YEARS = 6
"""Known sizes of so many years before or after say nothing more of a table."""
FLOW, GOODS, GOODS_SPREAD, PAIR_YEARS = 5.0, 3.0, 10.0, 3
"""How far a flow may be from known trade, as a factor, less what exporter and importer have in common with others: from
published flows of a near year the first (WIOD's of 2011 are up to 3.9 from them); where there are none, from trade in
goods the second, or so many times the median distance if that is more."""
LARGE, LEAST = 2e-3, 300.0
"""Flows are compared that are at least this part of the exporter's output, and so many million USD."""
ROW, ROW_TOLD = 0.01, 0.001
"""Gap of a row to its own stated output, as a part of the row, beyond rounding: refused, and told."""
INDUSTRY, MAIN = 0.52, 0.01
"""How far the part of value added in an industry's output may be from its median elsewhere, less what its country has
in common; of industries with at least the second part of their country's output. .51 in the five tables."""
SHIFTED = 0.04
"""By how much two industries must each fit the other's mix of inputs elsewhere best (cosine); .023 in the tables."""
SWAPPED = 1.05
"""By how much value added must spread more than final sales do, over industries; .60-.67 in the five tables."""
ENOUGH = 20
"""Industries of a table whose spread says something."""


@dataclass(frozen=True, slots=True)
class TableAccounts:
    """What the checks look at, million USD.

    output, income: (country, sector).
    bought, final: (exporter, importer), for further production and for final use.
    inputs: (country, user, input).
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    year: int
    output: FloatArray
    income: FloatArray
    bought: FloatArray
    final: FloatArray
    inputs: FloatArray
    last: FloatArray
    """Final sales by seller (country, sector)."""


class GivenTable(NamedTuple):
    """The blocks as given: inter (N S, N S), final (N S, N), output (N S,), and whether that was stated."""

    inter: FloatArray
    final: FloatArray
    output: FloatArray
    stated: bool


def accounts_of(
    table: GivenTable, countries: tuple[str, ...], sectors: tuple[str, ...], year: int
) -> TableAccounts:
    """What the checks look at, of a table as given."""
    n, s = len(countries), len(sectors)
    use, output = table.inter.reshape(n, s, n, s), table.output.reshape(n, s)
    inputs = use.sum(axis=0).transpose(1, 2, 0)
    return TableAccounts(
        countries,
        sectors,
        year,
        output,
        output - inputs.sum(axis=2),
        use.sum(axis=(1, 3)),
        table.final.reshape(n, s, n).sum(axis=1),
        inputs,
        table.final.sum(axis=1).reshape(n, s),
    )


def world_accounts(world: World) -> TableAccounts:
    """What the checks look at, of a world."""
    arrays = world.arrays
    return TableAccounts(
        world.countries,
        world.sectors,
        world.year,
        world.array("output"),
        world.array("value_added"),
        arrays["intermediate"].sum(axis=2).T,
        arrays["final"].sum(axis=2).T,
        arrays["input_use"],
        arrays["final"].sum(axis=0),
    )


def doubts_of_world(world: World) -> tuple[Remark, ...]:
    """What no published table has and this world has; of a world that was checked as a table see its provenance."""
    return tuple(one for check in _OF_ACCOUNTS for one in check(world_accounts(world)))


def certificate(
    table: GivenTable, countries: tuple[str, ...], sectors: tuple[str, ...], year: int
) -> tuple[tuple[Remark, ...], tuple[Remark, ...]]:
    """Check a table that somebody gives.

    Returns: What is refused, and what every answer must say.
    """
    accounts = accounts_of(table, countries, sectors, year)
    names = [f"({c}, {k})" for c in countries for k in sectors]
    refused = [*_row_gaps(table, names), *_apart(accounts)]
    told = [one for check in _OF_TABLES for one in check(table, names)]
    told += [one for check in _OF_ACCOUNTS for one in check(accounts)]
    return tuple(refused), tuple(told)


def _remark(
    kind: str, names: Sequence[str], off: FloatArray, value: FloatArray, **more: Any
) -> Iterator[Remark]:
    """One remark on all labels that are off, the worst first; none where no label is."""
    worst = [int(j) for j in np.argsort(-off, kind="stable") if off[j] > 0]
    if worst:
        where = ", ".join(names[j] for j in worst[:SHOWN])
        head = {"count": len(worst), "where": where, "worst": float(value[worst[0]])}
        yield Remark(f"input_{kind}", head | more)


def _beyond(value: FloatArray, low: FloatArray | float, high: FloatArray | float) -> FloatArray:
    """How far values lie outside of limits, as logarithms; 0 within, and where there is no value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        off = np.maximum(np.log(value) - np.log(high), np.log(low) - np.log(value))
    return np.asarray(np.where(np.isnan(value), 0.0, np.where(value <= 0.0, np.inf, np.maximum(off, 0.0))))


# ------------------------------------------------------------------- of a table


def _row_gaps(table: GivenTable, names: Sequence[str], told: bool = False) -> Iterator[Remark]:
    """Rows that differ from their own stated output by more than rounding can."""
    if not table.stated:
        return
    rows = table.inter.sum(axis=1) + table.final.sum(axis=1)
    size = np.maximum(np.maximum(rows, table.output), 0.0)
    gap = over(np.abs(rows - table.output), size, 0.0)
    beyond = np.abs(rows - table.output) - _rounding(table)
    least, most = (ROW_TOLD, ROW) if told else (ROW, np.inf)
    off = np.where((gap > least) & (gap <= most) & (beyond > 0.0), gap, 0.0)
    yield from _remark("row_small" if told else "row_gap", names, off, 100.0 * gap)


def _small_gaps(table: GivenTable, names: Sequence[str]) -> Iterator[Remark]:
    return _row_gaps(table, names, told=True)


def _rounding(table: GivenTable) -> float:
    """What rounding of its cells can add up to in a row: half a unit a cell where all are whole units."""
    for digits in range(4):
        unit = 10.0**-digits
        if all(
            np.all(np.abs(part / unit - np.rint(part / unit)) < 1e-6)
            for part in (table.output, *table.inter[:9])
        ):
            return float(0.5 * unit * (table.inter.shape[1] + table.final.shape[1]))
    return 0.0


def _rounded(table: GivenTable, names: Sequence[str]) -> Iterator[Remark]:
    """Rows that rounding changes by more than a per cent."""
    if table.stated and (most := _rounding(table)):
        rows = table.inter.sum(axis=1) + table.final.sum(axis=1)
        gap = np.abs(rows - table.output)
        share = over(gap, np.maximum(rows, table.output), 0.0)
        yield from _remark(
            "rounded", names, np.where((gap <= most) & (share > ROW), share, 0.0), 100.0 * share
        )


def _idle(table: GivenTable, names: Sequence[str]) -> Iterator[Remark]:
    """Industries that buy and sell nothing: a row was lost."""
    column = table.inter.sum(axis=0)
    sells = table.inter.sum(axis=1) + np.abs(table.final).sum(axis=1)
    yield from _remark("idle", names, np.where(sells <= 0.0, column, 0.0), column)


def _short(table: GivenTable, names: Sequence[str]) -> Iterator[Remark]:
    """Industries that buy more than they sell."""
    less = table.inter.sum(axis=0) - table.output
    yield from _remark(
        "negative_value_added", names, np.where(less > 1e-9 * table.output.max(), less, 0.0), less
    )


def _same(table: GivenTable, names: Sequence[str]) -> Iterator[Remark]:
    """Rows or columns that are the same as another one, or hold one number."""
    for kind, lines in (("row", table.inter), ("column", table.inter.T)):
        print_ = lines @ np.random.default_rng(1).random(lines.shape[1])
        _, place, count = np.unique(print_, return_inverse=True, return_counts=True)
        twice = np.where((count[place] > 1) & (print_ > 0.0), print_, 0.0)
        yield from _remark(f"same_{kind}", names, twice, print_)
        one = np.where((np.ptp(lines, axis=1) == 0.0) & (print_ > 0.0) & (lines.shape[1] > 2), print_, 0.0)
        yield from _remark(f"constant_{kind}", names, one, lines[:, 0])


# ---------------------------------------------------------------- of its accounts


def _apart(
    accounts: TableAccounts, limits: RatioLimits = NO_BLOCKS, kind: str = "blocks_apart"
) -> Iterator[Remark]:
    """Final sales and sales for production in different units."""
    share = np.array([accounts.last.sum() / max(float(accounts.output.sum()), 1e-300)])
    yield from _remark(kind, ("",), _beyond(share, *limits), 100.0 * share)


def _blocks(accounts: TableAccounts) -> Iterator[Remark]:
    return _apart(accounts, BLOCKS, "blocks")


def _ratios(accounts: TableAccounts) -> Iterator[Remark]:
    """Countries whose accounts are unlike those of any state in a published table."""
    one, used, last = accounts.output.sum(axis=1), accounts.bought, accounts.final
    flow = used + last
    home, income = np.diag(flow), accounts.income.sum(axis=1)
    sold, got = flow.sum(axis=1) - home, flow.sum(axis=0) - home
    values = {
        "value_added": over(income, one, np.nan),
        "spending": over(last.sum(axis=0), income, np.nan),
        "home_final": over(np.diag(last), last.sum(axis=0), np.nan),
        "home_inputs": over(np.diag(used), used.sum(axis=0), np.nan),
        "openness": over(sold, one, np.nan),
        "balance": over(sold, got, np.nan),
    }
    for kind, limits in RATIOS.items():
        if len(accounts.countries) > 1 or kind in ("value_added", "spending"):
            yield from _remark(
                kind, accounts.countries, _beyond(values[kind], *limits), values[kind], **limits._asdict()
            )


def _sizes(accounts: TableAccounts) -> Iterator[Remark]:
    """Value added of states against what is known of their size, and with it the unit of the table."""
    known = [nearest_size(known_sizes().get(c, []), accounts.year) for c in accounts.countries]
    apart = np.array([abs(year - accounts.year) for year, _ in known], dtype=float)
    gdp = np.array([value for _, value in known])
    gdp[apart > YEARS] = np.nan
    ratio = accounts.income.sum(axis=1) / gdp
    if np.isfinite(ratio).sum() < 3:
        return
    middle = float(np.nanmedian(ratio))
    yield from _remark("unit", ("",), _beyond(np.array([middle]), *UNIT), np.array([middle]))
    limit = NEAR + A_YEAR * apart
    if middle > 0.0:
        yield from _remark(
            "size", accounts.countries, _beyond(ratio / middle, 1.0 / limit, limit), ratio / middle
        )


def _pairs(accounts: TableAccounts) -> Iterator[Remark]:
    """Flows far from known trade, less what their exporter and importer have in common with others."""
    codes, year = accounts.countries, accounts.year
    flow, output = accounts.bought + accounts.final, accounts.output.sum(axis=1)
    published = known_flows(codes, year, PAIR_YEARS)
    known = known_goods(codes, year, PAIR_YEARS) if published is None else published
    large = (known >= LEAST) & (known >= LARGE * output[:, None]) & ~np.eye(len(codes), dtype=bool)
    if large.sum() < 2 * len(codes):
        return
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(large, np.log(np.maximum(flow, 1e-9) / np.where(large, known, 1.0)), np.nan)
    for _ in range(5):
        for axis in (1, 0):
            left = left - _medians(left, axis)
    names = [f"{a}-{b}" for a in codes for b in codes]
    factor = np.exp(left.ravel())
    spread = max(GOODS, float(np.exp(GOODS_SPREAD * np.nanmedian(np.abs(left)))))
    limit = spread if published is None else FLOW
    yield from _remark("pair", names, _beyond(factor, 1.0 / limit, limit), factor)


def _medians(table: FloatArray, axis: int) -> FloatArray:
    """Medians of known cells along an axis, 0 where none is known."""
    held = np.isfinite(table).any(axis=axis, keepdims=True)
    filled = np.where(held, table, 0.0)
    return np.asarray(np.nanmedian(filled, axis=axis, keepdims=True))


def _industries(accounts: TableAccounts) -> Iterator[Remark]:
    """Industries whose value added is unlike that of the same industry elsewhere."""
    one = accounts.output.sum(axis=1, keepdims=True)
    if min(accounts.output.shape) < 4:
        return
    large = (accounts.output > MAIN * one) & (accounts.output > 0.0)
    share = np.where(large, over(accounts.income, accounts.output, 0.0), np.nan)
    left = share - _medians(share, 0)
    left = left - _medians(left, 1)
    off = np.where(np.abs(left) > INDUSTRY, np.abs(left), 0.0)
    names = [f"({c}, {k})" for c in accounts.countries for k in accounts.sectors]
    yield from _remark("industry", names, np.nan_to_num(off).ravel(), 100.0 * share.ravel())


def _transposed(accounts: TableAccounts) -> Iterator[Remark]:
    """Value added that spreads over industries as final sales do elsewhere, and final sales as value added does."""
    made = np.maximum(accounts.output, 0.0)
    if made.size < ENOUGH or not made.any():
        return
    spread = [_spread(over(part, made, 0.0), made) for part in (accounts.income, accounts.last)]
    off = np.array([spread[0] - SWAPPED * spread[1]])
    yield from _remark("transposed", ("",), np.maximum(off, 0.0), off)


def _spread(share: FloatArray, weight: FloatArray) -> float:
    """Standard deviation with weights."""
    mean = float((share * weight).sum() / weight.sum())
    return float(np.sqrt((weight * (share - mean) ** 2).sum() / weight.sum()))


def _shifted(accounts: TableAccounts) -> Iterator[Remark]:
    """Pairs of a country's industries that buy what the other one buys elsewhere: their columns are swapped."""
    n, s = accounts.output.shape
    if n < 4 or s < 3:
        return
    mix = np.sqrt(over(accounts.inputs, accounts.inputs.sum(axis=2, keepdims=True), 0.0))
    elsewhere = mix.sum(axis=0)[None] - mix
    length = np.linalg.norm(elsewhere, axis=2, keepdims=True)
    fit = mix @ over(elsewhere, length, 0.0).transpose(0, 2, 1)  # country, user, whose mix elsewhere
    own = np.diagonal(fit, axis1=1, axis2=2)
    other = fit.argmax(axis=2)  # country, user
    gain = fit.max(axis=2) - own
    mutual = np.take_along_axis(other, other, axis=1) == np.arange(s)
    both = np.minimum(gain, np.take_along_axis(gain, other, axis=1))
    best = np.where(mutual & (both > SHIFTED), both, 0.0).ravel()
    names = [f"({c}, {k})" for c in accounts.countries for k in accounts.sectors]
    yield from _remark("shifted", names, best, best)


_OF_TABLES: tuple[Callable[[GivenTable, Sequence[str]], Iterator[Remark]], ...] = (
    _small_gaps,
    _rounded,
    _idle,
    _short,
    _same,
)
_OF_ACCOUNTS: tuple[Callable[[TableAccounts], Iterator[Remark]], ...] = (
    _blocks,
    _ratios,
    _sizes,
    _pairs,
    _industries,
    _transposed,
    _shifted,
)
