"""Hindcasts of shares by form and horizon, pairs by name, break hazards, and past disputes with an exit cost."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evidence import ROOT

if TYPE_CHECKING:
    from suasion.outlook import Flows, OddsDrivers, Panel
    from suasion.world import World

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
KEPT = ROOT / "src" / "suasion" / "outlook" / "defiance" / "defiance.json"
MEASURES = ("turnover", "exports", "imports")
GROUPS = ("fuels", "crude oil", "natural gas", "coal", "iron ore", "copper ore", "rare earths", "all")
LARGE = ", the 80 economies"
SAMPLED_GROUP, SAMPLED_MEASURE = "coal", "exports"
#: (of, partner) to the origins from which they are shown; the totals end in 2016, the materials in 2024.
PAIRS = (("RUS", "CHN"), ("CHN", "RUS"))
TOTALS_ORIGIN, MATERIALS_ORIGINS = 2013, (2013, 2019)
_TEXT = {"origin": str, "year": str}  # parts of a row's name are text
CLASSES = ((0.01, 1.0), (0.01, 0.05), (0.05, 0.2), (0.2, 1.0))


def sources() -> Sequence[Path]:
    """Embedded data behind the rows that are recomputed; other trade and the disputes are not in the repository."""
    return [SNAPSHOT / "materials.parquet", SNAPSHOT / "material_products.csv"]


def disputes_sources() -> Sequence[Path]:
    """Embedded world, and the numbers kept in the package."""
    return [SNAPSHOT / "icio2022.npz", KEPT]


def _reference() -> str:
    folder = os.environ.get("SUASION_TEST_DATA")
    if not folder:
        raise SystemExit("set SUASION_TEST_DATA to the folder that holds wiod13/, trade/, pwt10/ and gsdb/")
    return folder


@functools.cache
def _flows(name: str) -> Flows:
    from suasion.outlook import flows_from

    folder = {"wiod13": "", "itpd": "trade"}
    if name in folder:
        return flows_from(name, Path(_reference()) / folder[name])
    return flows_from("materials", group=name)


def _panel(name: str, measure: str, large: bool = False) -> tuple[Panel, OddsDrivers | None]:
    """Panel of a source, with growth and costs for the totals; or of the 80 economies of the embedded world in it."""
    import numpy as np

    from suasion.outlook import OddsDrivers, Panel, drivers_of, panel_of, real_growth

    panel = panel_of(_flows(name), measure)
    drivers = (
        drivers_of(_flows(name), panel, real_growth(_reference())) if name in ("wiod13", "itpd") else None
    )
    if not large:
        return panel, drivers
    from suasion.world import load_world

    states = list(load_world("icio2022").countries)
    kept = np.isin(panel.of, states) & np.isin(panel.partner, states)
    chosen = panel.only(kept)
    named = Panel(
        panel.source + LARGE, chosen.measure, chosen.of, chosen.partner, chosen.years, chosen.shares
    )
    return named, OddsDrivers(drivers.gaps[kept], drivers.costs[kept]) if drivers else None


def _skill(name: str, measure: str, large: bool = False) -> pd.DataFrame:
    from suasion.outlook import hindcast, skill_table

    print(f"{name} {measure}{LARGE if large else ''}", file=sys.stderr)
    panel, drivers = _panel(name, measure, large)
    return skill_table(hindcast(panel, drivers=drivers)).astype({"horizon": str})


def hindcasts() -> pd.DataFrame:
    """Skill on totals and materials: all pairs, and those of the 80 economies of the embedded world for turnover."""
    totals = [_skill(name, measure) for name in ("wiod13", "itpd") for measure in MEASURES]
    materials = [_skill(group, measure) for group in GROUPS for measure in ("exports", "imports")]
    return pd.concat(
        [*totals, *materials, *(_skill(name, "turnover", large=True) for name in ("itpd", "fuels", "all"))],
        ignore_index=True,
    )


def sampled_hindcasts(committed: pd.DataFrame) -> pd.DataFrame:
    """Recompute one group of materials, from embedded data."""
    return _skill(SAMPLED_GROUP, SAMPLED_MEASURE)


def named_pairs() -> pd.DataFrame:
    """Russia and China from 2013 on totals, from 2013 and 2019 on materials; both directions."""
    from suasion.outlook import named_hindcast

    rows = []
    for of, partner in PAIRS:
        for measure in MEASURES:
            panel, drivers = _panel("itpd", measure)
            rows.append(named_hindcast(panel, of, partner, TOTALS_ORIGIN, drivers=drivers))
    return pd.concat([pd.concat(rows).astype(_TEXT), sampled_pairs()], ignore_index=True)


def sampled_pairs(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Recompute Russia and China on materials, from embedded data."""
    from suasion.outlook import named_hindcast

    rows = []
    for group in ("fuels", "all"):
        for (of, partner), measure in zip(PAIRS, ("exports", "imports"), strict=True):
            panel, _ = _panel(group, measure)
            rows += [named_hindcast(panel, of, partner, origin) for origin in MATERIALS_ORIGINS]
    return pd.concat(rows, ignore_index=True).astype(_TEXT)


def hazards() -> pd.DataFrame:
    """Break hazards by source, size of the share and threshold."""
    names = [
        ("wiod13", False),
        ("itpd", False),
        ("itpd", True),
        ("fuels", False),
        ("fuels", True),
        ("all", True),
    ]
    return pd.concat([_hazards(name, large) for name, large in names], ignore_index=True)


def sampled_hazards(committed: pd.DataFrame) -> pd.DataFrame:
    """Recompute the fuels of the 80 economies, from embedded data."""
    return _hazards("fuels", True)


def _hazards(name: str, large: bool) -> pd.DataFrame:
    from dataclasses import asdict

    from fits.break_hazards import break_hazard

    panel, _ = _panel(name, "turnover", large)
    return pd.DataFrame(
        [
            {
                "from_share": low,
                "to_share": high,
                **asdict(break_hazard(panel, threshold=t, least=low, most=high)),
            }
            for low, high in CLASSES
            for t in (0.5, 0.6931471805599453, 1.0)
        ]
    ).astype({"from_share": str, "to_share": str, "threshold": str})


def disputes() -> pd.DataFrame:
    """Logit and scores in every variant, and the named disputes; rewrites the numbers kept in the package."""
    from fits.defiance.build import costs_of_cases, kept_numbers, named_disputes, variant_table
    from suasion.outlook.defiance.place import open_world

    @functools.cache
    def world(name: str) -> World:
        return open_world(name, _reference())

    costs = costs_of_cases(_reference(), _reference())
    named = named_disputes(world)
    text = json.dumps(kept_numbers(costs, named), indent=1, allow_nan=False)
    KEPT.write_text(text + "\n", encoding="utf-8")
    return pd.concat([variant_table(costs), _named(named)], ignore_index=True)


def sampled_disputes(committed: pd.DataFrame) -> pd.DataFrame:
    """Recompute the dispute that the embedded world holds."""
    from fits.defiance.build import DISPUTES, dispute_rows
    from suasion.world import load_world

    rows = [r for d in DISPUTES if d[4] == "icio2022" for r in dispute_rows(d, load_world("icio2022"))]
    return _named(rows)


def _named(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Named disputes as rows of the same table."""
    return pd.DataFrame(
        {
            "variant": [f"{r['dispute']} {r['year']}, {r['world']}" for r in rows],
            "horizon": [r["horizon"] for r in rows],
            "weaker": [r["weaker"] for r in rows],
            "loss_percent": [r["loss_percent"] for r in rows],
            "stronger_loss_percent": [r["stronger_loss_percent"] for r in rows],
        }
    )
