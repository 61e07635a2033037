"""``suasion hindcast``: what the past says of forecasts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pandas as pd

from suasion.cli.console import Format, print_rows, progress, tell
from suasion.errors import InputError, SourceFileError
from suasion.outlook import (
    Flows,
    OddsDrivers,
    Panel,
    best_three,
    drivers_of,
    flows_from,
    named_hindcast,
    named_sentences,
    panel_of,
    real_growth,
    skill_table,
    structural_changes,
)
from suasion.outlook import hindcast as score_all
from suasion.outlook.hindcast.table import last_origin
from suasion.outlook.histories import Measure
from suasion.sources.countries import resolve_country
from suasion.world import load_world

_SKILL = {
    "horizon": "years", "form": "form", "crps": "CRPS", "skill": "skill", "skill_low": "low", "skill_high": "high",
    "skill_still": "over still", "within_80": "in 80 %", "rank": "rank",
}  # fmt: skip
_NAMED = {
    "year": "year", "form": "form", "outcome": "came", "median": "median", "b80": "80 % band", "b95": "95 % band",
    "where": "it was",
}  # fmt: skip


def run_hindcast(
    of: str,
    partner: str,
    source: str,
    group: str,
    measure: str,
    origin: int | None,
    *,
    path: Path | None,
    growth: Path | None,
    structural: bool,
    form: Format,
) -> None:
    """Hindcast one pair, or all, and print it.

    Raises
    ------
    InputError
        If only one of two states is named, or a choice is not allowed.
    SourceFileError
        If the source's files are not there.
    """
    if bool(of) != bool(partner):
        raise InputError("Name both states, or none for the skill over all pairs.")
    flows = flows_from(source, path, group)
    panel = panel_of(flows, cast(Measure, measure))
    drivers = _drivers(flows, panel, source, growth)
    if structural:
        drivers = _with_courses(drivers, panel, source, path, growth)
    if of:
        last = last_origin(panel) if origin is None else origin
        table = named_hindcast(panel, resolve_country(of), resolve_country(partner), last, drivers=drivers)
        print_frame(with_bands(table), _NAMED, form, f"Seen from {last}")
        for line in named_sentences(table):
            tell(line)
        return
    with progress("Hindcasts") as step:
        found = score_all(panel, drivers=drivers, progress=lambda done, total: step(done, total, "origins"))
    table = skill_table(found)
    title = (
        f"{panel.source}, {panel.measure}: CRPS in percentage points, skill over the random walk with drift"
    )
    print_frame(table, _SKILL, form, title)
    for horizon, part in best_three(table).groupby("horizon"):
        tell(f"Best attempts at {horizon} years: {', '.join(part['form'])}.")
    for why, count in found.left_out.items():
        tell(f"left out: {count} times, {why}")


def _drivers(flows: Flows, panel: Panel, source: str, growth: Path | None) -> OddsDrivers | None:
    """Growth and costs where there is growth on record; a remark where there is none."""
    if source == "materials":
        return None
    try:
        return drivers_of(flows, panel, real_growth(growth))
    except SourceFileError as reason:
        if growth is not None:
            raise
        tell(f"note: without the odds decomposition. {reason}")
        return None


def _with_courses(
    drivers: OddsDrivers | None, panel: Panel, source: str, path: Path | None, growth: Path | None
) -> OddsDrivers:
    """Add what the structural model foresaw from each year's own table."""
    if source != "wiod13":
        raise InputError(
            f"--structural needs a world table of every year; {source} has none. Take --source wiod13."
        )
    if drivers is None:
        raise InputError("--structural needs growth on record; give --growth, the Penn World Table.")
    with progress("Structural courses") as step:
        courses = structural_changes(
            panel,
            real_growth(growth),
            lambda year: load_world("wiod13", year, path),
            progress=lambda done, total: step(done, total, "origins"),
        )
    return replace(drivers, courses=courses)


def with_bands(table: pd.DataFrame) -> pd.DataFrame:
    """Return bands as one text each beside their ends."""
    ends = {
        f"b{b}": [f"{x:.3g} - {y:.3g}" for x, y in zip(table[f"low_{b}"], table[f"high_{b}"], strict=True)]
        for b in (80, 95)
    }
    return table.assign(**ends)


def print_frame(table: pd.DataFrame, heads: Mapping[str, str], form: Format, title: str) -> None:
    """Print a frame: some columns under short heads with three digits for people, all of it for machines."""
    names = [c for c in heads if c in table] if form is Format.table else [str(c) for c in table]
    rows = [[_cell(v, form) for v in row] for row in table[names].itertuples(index=False)]
    print_rows([heads[c] for c in names] if form is Format.table else names, rows, form, title)


def _cell(value: Any, form: Format) -> Any:
    if pd.isna(value):
        return None
    if isinstance(value, float):
        return f"{value:.3g}" if form is Format.table else value
    return value.item() if hasattr(value, "item") else value
