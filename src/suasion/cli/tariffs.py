"""``suasion tariffs``: a world with applied tariffs, written to a file that ``--world`` opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from suasion.cli.console import tell
from suasion.cli.worlds import SAVED, chosen_world
from suasion.errors import InputError
from suasion.files import check_writable

if TYPE_CHECKING:
    import pandas as pd

    from suasion.world import World

OWN = {"importer", "exporter", "tariff"}
"""Columns of a table of one's own; ``sector`` may be a fourth. Rates are fractions."""


def run_tariffs(file: Path, out: Path, year: int | None) -> None:
    """Put tariffs into the chosen world, write it, and say how many pairs have rates.

    Raises InputError if no pair of the table is in the world, or the ending is wrong.
    Raises SourceFileError if the file is no table of tariffs.
    Raises OutputError if the world cannot be written; found before the work starts.
    """
    if out.suffix != SAVED:
        raise InputError(f"--out {out} must end in {SAVED}: it is a world, for --world.")
    check_writable(out)
    world = chosen_world()
    rates = _rates(file, world, year)
    taxed = world.with_tariffs(rates, rest=0.0)
    taxed.save(out, use=False)
    pairs = len(rates[["importer", "exporter"]].drop_duplicates())
    tell(f"{pairs} pairs have rates; all others, and services, have none.")
    tell(f"wrote {out}; `suasion --world {out} exit-cost A B` works on it")


def _rates(file: Path, world: World, year: int | None) -> pd.DataFrame:
    """Rates by importer, exporter and sector: goods where the table has no sectors."""
    import pandas as pd

    from suasion.files import is_file
    from suasion.sources.wits import read_wits

    head = pd.read_csv(file, nrows=0) if is_file(file) else pd.DataFrame()
    table = pd.read_csv(file, keep_default_na=False) if set(head) >= OWN else read_wits(file, year)
    inside = table["importer"].isin(world.countries) & table["exporter"].isin(world.countries)
    kept = table.loc[inside, [name for name in ("importer", "exporter", "sector", "tariff") if name in table]]
    if kept.empty:
        raise InputError(f"{file} has no pair of the world's {len(world.countries)} economies.")
    if "sector" in kept:
        return kept
    goods = pd.DataFrame({"sector": [code for code in world.sectors if code < "D"]})
    return kept.merge(goods, how="cross")
