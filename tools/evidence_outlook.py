"""How good the emulator of an outlook is, on draws that were solved and held out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evidence import ROOT

if TYPE_CHECKING:
    from suasion.outlook import Outlook

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
PATHS = ROOT / "src" / "suasion" / "outlook" / "paths" / "examples"
STATES, SECTORS = ["RUS", "CHN", "USA", "DEU"], ["A01", "B06", "C26", "C29"]
DRAWS, SOLVED = 1000, 300
KEYS = ("world", "quantity", "of", "outlet", "year")


def sources() -> Sequence[Path]:
    """Embedded world and the path behind the table."""
    return [SNAPSHOT / "icio2022.npz", PATHS / "persist.yaml"]


def emulator(folder: Path | None = None) -> pd.DataFrame:
    """Errors with 1,000 draws of which 300 are solved and 100 of these held out, and those of a small world.

    Parameters
    ----------
    folder : where solved blocks are kept, to go on after a stop
    """
    from suasion.outlook import ProjectionOptions, outlook, shipped_paths
    from suasion.world import load_world

    options = ProjectionOptions(horizons=("long",), draws=DRAWS, solve=SOLVED)
    made = outlook(load_world("icio2022"), "RUS", "CHN", shipped_paths()[:1], options=options, folder=folder)
    return pd.concat([_errors(made, "80 economies, 50 sectors"), sampled_emulator()], ignore_index=True)


def sampled_emulator(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Recompute the small world: 40 draws, 30 solved, 10 of these held out."""
    from suasion.outlook import CostPath, ProjectionOptions, WorldPath, outlook
    from suasion.world import load_world

    small = load_world("icio2022").select(STATES, SECTORS)
    path = WorldPath("small", costs=(CostPath(("USA", "DEU"), ("RUS",), ((2022, 1.5),), hold=True),))
    options = ProjectionOptions(horizons=("long",), audience=("USA", "DEU"), draws=40, solve=30)
    made = outlook(small, "RUS", "CHN", [path], 2024, years=(), options=options)
    return _errors(made, "5 economies, 5 sectors")


def _errors(made: Outlook, world: str) -> pd.DataFrame:
    """Errors by outcome; shares and losses in per cent; the base year, where shares do not differ, left out."""
    table = made.errors[made.errors["quantity"] != "loss_usd"]
    table = table[(table["year"] > made.base_year) | (table["quantity"] == "loss_percent")]
    scale = table["quantity"].str.endswith("share").map({True: 100.0, False: 1.0})
    return pd.DataFrame(
        {
            "world": world,
            "quantity": table["quantity"],
            "of": table["of"],
            "outlet": table["outlet"].replace("", "none"),
            "year": table["year"].astype(str),
            "held": table["held"],
            "error": table["error"] * scale,
            "worst": table["worst"] * scale,
            "spread": table["spread"] * scale,
            "error_over_spread": table["error"] / table["spread"],
        }
    ).reset_index(drop=True)
