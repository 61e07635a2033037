"""The structural form among the other forecasts of shares, and the summary of the record that the package keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import evidence_hindcast
from evidence import FOLDER, ROOT

if TYPE_CHECKING:
    from suasion.outlook import Hindcast, Panel
    from suasion.outlook.hindcast.table import PoolRecord
    from suasion.outlook.projection.chain import ProjectedYear

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
POOL = ROOT / "src" / "suasion" / "outlook" / "hindcast" / "pool_record.json"
RECORD = ROOT / "src" / "suasion" / "outlook" / "hindcast" / "hindcast_record.json"
MADE_UP = "made up: the model's own shares"
STATES, SECTORS = ["RUS", "CHN", "USA", "DEU"], ["A01", "B06", "C26", "C29"]
#: Growth of the made-up world, per cent a year, constant: what the model can know.
RATES = {"RUS": 0.0, "CHN": 9.0, "USA": 2.0, "DEU": 1.0}
#: Deviation of the noise on its log odds from year to year.
NOISE, LAST = 0.01, 2034


def sources() -> Sequence[Path]:
    """Embedded world behind the made-up rows; WIOD and growth are not in the repository."""
    return [SNAPSHOT / "icio2022.npz"]


def structural() -> pd.DataFrame:
    """Skill on WIOD's totals with the structural form among the others, and on made-up shares."""
    from suasion.outlook import skill_table

    parts = [skill_table(_scored(measure)) for measure in evidence_hindcast.MEASURES]
    return pd.concat([*parts, sampled_structural()], ignore_index=True).astype({"horizon": str})


@cache
def _scored(measure: str) -> Hindcast:
    """Hindcast on WIOD's totals with the structural form."""
    from suasion.outlook import hindcast, real_growth, structural_changes
    from suasion.outlook.defiance.place import open_world

    folder = evidence_hindcast._reference()
    panel, drivers = evidence_hindcast._panel("wiod13", measure)
    assert drivers is not None
    courses = structural_changes(
        panel, real_growth(folder), lambda year: open_world(f"wiod13 {year}", folder)
    )
    return hindcast(panel, drivers=replace(drivers, courses=courses))


def sampled_structural(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Recompute the made-up shares: a world whose growth is steady, seen with noise."""
    from suasion.outlook import skill_table

    return skill_table(_made_up()).astype({"horizon": str})


@cache
def _made_up() -> Hindcast:
    """Hindcast of the model's own shares."""
    from suasion.outlook import OwnRate, WorldPath, hindcast, states, structural_changes, world_of
    from suasion.outlook.odds import OddsDrivers
    from suasion.world import load_world

    small = load_world("icio2022").select(STATES, SECTORS)
    rest = tuple(c for c in small.countries if c not in RATES)
    rates = {**RATES, **dict.fromkeys(rest, 2.0)}
    own = tuple(OwnRate((c,), small.year + 1, LAST, r) for c, r in rates.items())
    course, found = states(small, WorldPath("made up", growth=own, source="none"), LAST)
    worlds = {state.year: world_of(course, state) for state in found}
    panel = _noisy_panel(found, small.countries)
    years = range(small.year - 10, LAST + 1)
    growth = pd.DataFrame({c: np.log1p(r / 100) for c, r in rates.items()}, index=list(years))
    courses = structural_changes(panel, growth, lambda year: worlds[year])
    nothing = np.full((panel.of.size, panel.years.size - 1), np.nan)
    return hindcast(panel, drivers=OddsDrivers(nothing, nothing, courses))


def _noisy_panel(found: Sequence[ProjectedYear], countries: tuple[str, ...]) -> Panel:
    """Shares of the model, their log odds with a walk of small steps added."""
    from suasion.outlook.histories import Flows, Panel, panel_of
    from suasion.outlook.projection.reading import receipts

    trade = np.stack([receipts(state.solved).T for state in found])
    years = np.array([state.year for state in found])
    panel = panel_of(Flows(MADE_UP, countries, years, trade), "turnover")
    odds = np.log(panel.shares) - np.log1p(-panel.shares)
    steps = np.random.default_rng(1).normal(0.0, NOISE, odds.shape)
    odds = odds + steps.cumsum(axis=1)
    return Panel(panel.source, panel.measure, panel.of, panel.partner, years, 1.0 / (1.0 + np.exp(-odds)))


def tables() -> Sequence[Path]:
    """Tables that the kept summary is made of."""
    return [FOLDER / "hindcasts.csv", FOLDER / "hindcast_structural.csv"]


def record() -> pd.DataFrame:
    """Summary of the record; rewrites the numbers kept in the package."""
    from fits.hindcast_record import record_text

    rows = _rows()
    RECORD.write_text(record_text(rows), encoding="utf-8")
    return _frame(rows)


def sampled_record(committed: pd.DataFrame) -> pd.DataFrame:
    """Recompute the whole summary, and read what the package keeps."""
    from suasion.outlook.hindcast.table import record as kept

    assert kept() == _rows(), "the package keeps another summary: run tools/evidence.py hindcast_record"
    return _frame(_rows())


def _rows() -> tuple[dict[str, Any], ...]:
    from fits.hindcast_record import record_of

    found = [pd.read_csv(path) for path in tables()]
    return record_of([t[(t["measure"] == "turnover") & (t["source"] != MADE_UP)] for t in found])


def _frame(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows).astype({"horizon": str})


def pool() -> pd.DataFrame:
    """Weights of the outlook's pool by past performance; rewrites those kept in the package."""
    from fits.hindcast_record import record_text
    from suasion.outlook.projection.beside import pool_of

    kept = _short(pool_of(_scored("turnover")))
    POOL.write_text(record_text(kept), encoding="utf-8")
    return pd.concat([_pool_frame(kept), _pool_frame(_short(pool_of(_made_up())))], ignore_index=True)


def sampled_pool(committed: pd.DataFrame) -> pd.DataFrame:
    """Recompute the made-up weights, and read those that the package keeps."""
    from suasion.outlook.hindcast.table import pool_record
    from suasion.outlook.projection.beside import pool_of

    return pd.concat(
        [_pool_frame(pool_record()), _pool_frame(_short(pool_of(_made_up())))], ignore_index=True
    )


def _short(found: PoolRecord) -> PoolRecord:
    """Weights to four digits, as many as the past can tell."""
    return replace(found, weights={name: round(weight, 4) for name, weight in found.weights.items()})


def _pool_frame(kept: PoolRecord) -> pd.DataFrame:
    rest = {name: value for name, value in asdict(kept).items() if name != "weights"}
    rows = [{"form": form, "weight": weight, **rest} for form, weight in kept.weights.items()]
    return pd.DataFrame(rows).astype({"horizon": str})
