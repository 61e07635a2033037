"""Pacts and rivalries of three powers, out of published files, as a triangle needs them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from suasion.errors import InputError
from suasion.sources.atop import PLEDGES, read_atop
from suasion.sources.catalogue_store import located
from suasion.sources.cow_crosswalk import read_cow_crosswalk
from suasion.sources.cow_system import with_countries
from suasion.sources.rivalries import read_rivalries, rivalry_years


def read_ties(
    powers: Sequence[str], folder: str | Path | None = None, pledge: str = "defence"
) -> tuple[pd.DataFrame, pd.DataFrame, range]:
    """Read pacts and rivalries among some powers.

    Parameters
    ----------
    powers : alpha-3 codes
    folder : holds ATOP, the strategic rivalries and the list of states of the Correlates of War; the user's store
        without it
    pledge : which promise makes a pact: defence, offence, neutrality, nonaggression or consultation, in either
        direction.

    Returns
    -------
    pacts, rivalries : DataFrame
        ``a``, ``b``, ``first``, ``last``; one row a pair and year.
    years : range
        Years that both files cover.

    Raises
    ------
    InputError
        If there is no such pledge.
    SourceFileError
        If a file is absent.
    """
    if pledge not in PLEDGES:
        raise InputError(f"There is no pledge {pledge!r}; give one of {', '.join(PLEDGES)}.")
    names = ("cow-states", "atop", "rivalries")
    places = [Path(folder)] * 3 if folder is not None else [located(name) for name in names]
    states = read_cow_crosswalk(places[0])
    promised = read_atop(places[1], states)
    rivals = with_countries(rivalry_years(read_rivalries(places[2])), states)
    years = range(
        max(int(t["year"].min()) for t in (promised, rivals)),
        min(int(t["year"].max()) for t in (promised, rivals)) + 1,
    )
    return _among(promised[promised[pledge]], powers), _among(rivals, powers), years


def _among(table: pd.DataFrame, powers: Sequence[str]) -> pd.DataFrame:
    own = table[table["country1"].isin(powers) & table["country2"].isin(powers)]
    pairs = pd.DataFrame(
        {"a": own["country1"], "b": own["country2"], "first": own["year"], "last": own["year"]}
    )
    return pairs.reset_index(drop=True)
