"""Flags, brackets and the long run with capital beside the answers of many scenarios, as tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from suasion.equilibrium.batch.beside import bracket_ends, capital_answers, has_bracket, has_capital
from suasion.equilibrium.batch.many import ManyOutcome
from suasion.equilibrium.doubts import flagged
from suasion.equilibrium.economy import Economy
from suasion.equilibrium.flags import Flag, Flagged
from suasion.equilibrium.types import Shock
from suasion.errors import SuasionWarning

MOST_NAMED = 3
"""Answers that one warning names."""

_FLAGS = ["scenario", "horizon", *(f.name for f in fields(Flagged))]


def flags_of(
    names: Sequence[str], economies: Mapping[str, Economy], outcomes: Sequence[ManyOutcome]
) -> pd.DataFrame:
    """Return one row a flag: scenario, horizon, and what :class:`~suasion.equilibrium.flags.Flagged` has.

    names: of the scenarios.
    economies, outcomes: of the horizons.
    """
    rows = [
        {"scenario": name, "horizon": key, **asdict(one), "flag": one.flag.value}
        for key, outcome in zip(economies, outcomes, strict=True)
        for name, some in zip(names, outcome.flags, strict=True)
        for one in some
    ]
    return pd.DataFrame(rows, columns=_FLAGS)


def beyond(flags: pd.DataFrame) -> tuple[SuasionWarning, ...]:
    """Return doubts about answers beyond the model, each with the worst of those that it concerns.

    flags: from :func:`flags_of`.
    """
    few: list[dict[Any, Any]] = _worst_first(flags).groupby("flag").head(MOST_NAMED).to_dict("records")
    named = [(f"{one['scenario']}: {one['country']}", Flag(one["flag"]), one["sector"]) for one in few]
    return flagged([Flagged(*names, float("nan"), float("nan")) for names in named])


def _worst_first(flags: pd.DataFrame) -> pd.DataFrame:
    return flags.sort_values("value", ascending=False, kind="stable")


def with_brackets(
    flags: pd.DataFrame,
    economies: Mapping[str, Economy],
    names: Sequence[str],
    makers: Sequence[Callable[[], Shock]],
) -> pd.DataFrame:
    """Return flags with the ends of the bracket of their country, per cent change of its welfare.

    flags: from :func:`flags_of`.
    economies: of the horizons.
    names, makers: of the scenarios, and what compiles each; without these the ends are NaN.
    """
    ends = np.full((len(flags), 2), np.nan)
    for key, economy in economies.items():
        mine = np.flatnonzero((flags["horizon"] == key).to_numpy())
        if not mine.size or not makers or not has_bracket(economy):
            continue
        scenarios = list(dict.fromkeys(flags["scenario"].iloc[mine]))
        found = bracket_ends(economy, [makers[list(names).index(one)] for one in scenarios])
        rows = [scenarios.index(one) for one in flags["scenario"].iloc[mine]]
        countries = [economy.accounts.countries.index(one) for one in flags["country"].iloc[mine]]
        ends[mine] = 100.0 * np.expm1(found[rows, :, countries])
    return flags.assign(replacement_percent=ends[:, 0], no_switching_percent=ends[:, 1])


def with_capital(
    welfare: xr.DataArray, economies: Mapping[str, Economy], makers: Sequence[Callable[[], Shock]]
) -> xr.DataArray:
    """Return welfare in a long run in which the stock of capital adjusts too, in the form of ``welfare``.

    welfare: (scenario, horizon, country) per cent.
    economies: of the horizons.
    makers: what compiles each scenario; without these, and before the long run, it is NaN.
    """
    values = np.full(welfare.shape, np.nan)
    for place, economy in enumerate(economies.values()):
        if makers and has_capital(economy):
            values[:, place] = 100.0 * np.expm1(capital_answers(economy, makers))
    return welfare.copy(data=values).rename("welfare_with_capital")
