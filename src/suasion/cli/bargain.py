"""``suasion bargain``: who gets what in a supply network, with and without a link, a customer, a veto."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from suasion.cli.console import Format, print_rows, progress, tell
from suasion.cli.files import check_picture
from suasion.errors import InputError
from suasion.files import write_bytes
from suasion.games import Network, NetworkFile, bargain, compare, read_network, sweep
from suasion.games.chart import division_chart, picture
from suasion.games.network_file import BASE

ONE = ("player", "name", "shapley", "gain", "share_percent", "nucleolus", "alone", "pivotal")
HEADS = ("player", "name", "Shapley", "gain", "gain %", "nucleolus", "alone", "pivotal")
SEVERAL = ("case", "player", "name", "shapley", "gain", "share_percent", "change")
SHORT = ("case", "name", "shapley", "gain", "share_percent", "change")
SHORT_HEADS = ("case", "name", "Shapley", "gain", "gain %", "change")
RANGE = ("case", "player", "value", "low", "high", "least", "most")


def run_bargain(
    file: str,
    cases: str,
    without: str,
    third_party: str,
    *,
    draws: int,
    seed: int,
    chart: Path | None,
    form: Format,
) -> None:
    """Divide the surplus of a network's cases, draw it, and print it.

    Raises
    ------
    NetworkError
        If the file is not valid, or a name on the command line is unknown.
    OutputError
        If the picture cannot be written; found before the work starts.
    """
    if chart is not None:
        check_picture(chart)
    source = read_network(file)
    networks = chosen(source, names(cases), names(without), names(third_party))
    if draws:
        if without or third_party:
            raise InputError(
                "Ranges are swept over cases of the file: write the change as a case, or leave out --draws."
            )
        print_ranges(source, list(networks), draws, seed, form)
    elif len(networks) == 1:
        print_one(next(iter(networks.values())), form)
    else:
        print_several(compare(networks), next(iter(networks.values())).value, form)
    if chart is not None:
        unit = next(iter(networks.values())).value
        write_bytes(chart, picture(division_chart(compare(networks), unit), chart.suffix))
        tell(f"wrote {chart}")


def names(text: str) -> list[str]:
    """Split a list on the command line at commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def chosen(
    source: NetworkFile, cases: Sequence[str], without: Sequence[str], third_party: Sequence[str]
) -> dict[str, Network]:
    """Networks of the cases asked for; with a link, customer or veto removed, each of them with and without."""
    found = {case: source.network(case) for case in (cases or [BASE])}
    if not without and not third_party:
        return found
    out = {}
    for case, network in found.items():
        customers = [c.name for c in network.customers if c.name in without]
        gone = [name for name in without if name not in customers]
        out[case] = network
        changed = network.without(routes=gone, customers=customers).with_access(third_party)
        out[f"{case} (changed)"] = changed
    return out


def print_one(network: Network, form: Format) -> None:
    """Print the division of one network, and say on stderr what flows."""
    made = bargain(network)
    table = made.table[list(ONE)]
    rows = [tuple(row) for row in table.itertuples(index=False)]
    if form is Format.table:
        print_rows(HEADS, [shown(row) for row in rows], form, f"{network.name}, {network.value}")
    else:
        print_rows(ONE, [plain(row) for row in rows], form)
    tell("the core is empty" if made.core_empty else "the core is not empty")
    for market in made.markets.itertuples():
        tell(f"{market.name}: {market.quantity:.1f} {network.quantity} at {market.price:.0f} {network.price}")
    for note in made.notes:
        tell(note)


def print_several(table: pd.DataFrame, unit: str, form: Format) -> None:
    """Print several divisions, and the change from the first."""
    columns = SHORT if form is Format.table else SEVERAL
    rows = [tuple(row) for row in table[list(columns)].itertuples(index=False)]
    if form is Format.table:
        print_rows(SHORT_HEADS, [shown(row) for row in rows], form, unit)
    else:
        print_rows(SEVERAL, [plain(row) for row in rows], form)


def print_ranges(source: NetworkFile, cases: list[str], draws: int, seed: int, form: Format) -> None:
    """Print gains over the ranges of the file's numbers."""
    with progress(source.name) as step:
        step(0, 1, f"{draws} draws")
        made = sweep(source, cases, draws, seed)
    rows = [tuple(row) for row in made.summary("gain")[list(RANGE)].itertuples(index=False)]
    title = f"{source.name}: gain (Shapley), 5th and 95th of 100 over {draws} draws"
    print_rows(RANGE, [shown(r) if form is Format.table else plain(r) for r in rows], form, title)
    if made.rejected:
        tell(f"{made.rejected} draws made no valid network and are left out")


def shown(row: Sequence[object]) -> tuple[object, ...]:
    """Row for people: whole numbers, gaps as gaps."""
    return tuple(f"{round(cell):,}" if isinstance(cell, float) else cell for cell in plain(row))


def plain(row: Sequence[object]) -> tuple[object, ...]:
    """Row for machines: numbers that are missing are None."""
    return tuple(None if isinstance(cell, float) and pd.isna(cell) else cell for cell in row)
