"""What two sides levy on each other's goods in a world: means by trade, with range, kind and vintage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from suasion.types import FloatArray
from suasion.world import World
from suasion.world.applied import HOME, KINDS, applied_tariffs

Sides = tuple[Sequence[str], Sequence[str]]
LEVIED = ("tariff_percent", "tariff_percent_low", "tariff_percent_high", "tariff_record", "tariff_vintage")


def mean_tariffs(world: World, sides: Iterable[Sides]) -> pd.DataFrame:
    """Return the mean applied tariff of importers on the goods of exporters, weighted by the trade of a world.

    Parameters
    ----------
    world : World
        Before tariffs; with the industries of the embedded tables.
    sides : iterable of (importers, exporters)
        Codes of economies in the world.

    Returns
    -------
    DataFrame
        One row a pair of sides: ``tariff_percent`` with its 90 % band, in which the rates of all cells move together;
        ``tariff_record`` (of :data:`suasion.world.applied.KINDS`) of most of the trade, and ``tariff_vintage``, the
        earliest year of the figures behind it. All are missing where no goods are traded.

    Raises
    ------
    InputError
        If the world has other industries.
    """
    found = applied_tariffs(world)
    crosses = found.kind > HOME
    flow = np.where(crosses, world.array("intermediate") + world.array("final"), 0.0)
    place = {code: at for at, code in enumerate(world.countries)}
    rows: list[tuple[object, ...]] = []
    for importers, exporters in sides:
        here = np.ix_([place[one] for one in importers], [place[one] for one in exporters])
        weight = flow[here]
        if not weight.sum() > 0.0:
            rows.append((np.nan, np.nan, np.nan, None, np.nan))
            continue
        kinds = np.bincount(found.kind[here].ravel(), weight.ravel(), len(KINDS))
        means = (_mean(values[here], weight) for values in (found.rates, found.low, found.high))
        rows.append((*means, KINDS[int(kinds.argmax())], float(found.vintage[here].min())))
    return pd.DataFrame(rows, columns=list(LEVIED))


def _mean(rates: FloatArray, weight: FloatArray) -> float:
    return float(100.0 * (rates * weight).sum() / weight.sum())
