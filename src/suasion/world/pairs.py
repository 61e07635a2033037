"""How the trade of every pair is known in an embedded world, and where it is in doubt."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.errors import InputError
from suasion.quotient import over
from suasion.sources.embedded import load_npz
from suasion.types import FloatArray
from suasion.world.draws import PAIR_GOODS, trade_spread
from suasion.world.load_embedded import embedded_world
from suasion.world.world import World

LOW, HIGH = 0.7, 1.4
"""Ratio of the table's goods trade to customs, over the ratio that is common to all pairs, outside which a pair may be
flagged."""
FAR = 1.6448536
"""Deviations of a pair's trade within which the 90 % ranges of losses hold it already."""
KINDS = ("own", "reported", "published", "projection", "patched", "absent")
DESTINATIONS = ("estimated", "group", "published")
SOURCES = {
    2022: ("", "baci", "", "", "", "table"),
    2023: ("", "baci", "china-customs", "", "growth", "growth"),
    2024: ("", "", "china-customs", "baci-materials", "growth", "growth"),
}
"""By kind: CEPII BACI of 2020 and 2023, or its raw materials to 2024; customs of China; growth of both economies."""
GUESSED = ("growth", "baci-materials")
"""Sources that report no total of the pair for the year."""


def pair_totals(year: int) -> pd.DataFrame:
    """How the trade of every pair is known in an embedded world.

    Parameters
    ----------
    year : 2022, 2023 or 2024

    Returns
    -------
    DataFrame
        ``exporter``, ``importer``, ``year``; ``table`` and ``customs``, the goods trade in the world and by customs
        (CEPII BACI; 2022 on the log line between 2020 and 2023), million USD, the latter missing where there is none;
        ``spread``, the deviation of the table's in logs over plausible tables; ``source`` (:data:`SOURCES`) and
        ``kind`` (:data:`KINDS`) of the total; ``destinations``, how far final sales of goods are published;
        ``flag``, a reason for doubt (:func:`doubts`).

    Raises
    ------
    InputError
        If the year has no such record.
    """
    if year not in SOURCES:
        raise InputError(f"Pairs are marked for the worlds of 2022, 2023 and 2024, not {year}.")
    world, raw, base = embedded_world(year), load_npz(f"world{year}.npz"), load_npz("world2022.npz")
    table, spread = _goods(world)
    customs = np.where(raw["customs"] > 0, raw["customs"], np.nan)
    importer, exporter = np.nonzero(~np.eye(len(table), dtype=bool))
    kind = raw["kind"] if "kind" in raw else np.where(np.isfinite(customs), 1, 5)
    group = base["seller_group"]
    singly = np.bincount(group[group >= 0], minlength=len(base["groups"])) == 1
    known = np.where(group < 0, 0, np.where(singly[group], 2, 1))
    frame = pd.DataFrame(
        {
            "exporter": np.array(world.countries)[exporter],
            "importer": np.array(world.countries)[importer],
            "year": year,
            "table": table[importer, exporter],
            "customs": customs[importer, exporter],
            "spread": spread[importer, exporter],
            "source": np.array(SOURCES[year])[kind[importer, exporter]],
            "kind": np.array(KINDS)[kind[importer, exporter]],
            "destinations": np.array(DESTINATIONS)[known[exporter]],
        }
    )
    return frame.assign(flag=doubts(*(frame[name].to_numpy() for name in ("table", "customs", "spread"))))


def pair_guessed(world: World, a: str, b: str) -> bool:
    """Whether most of a pair's goods trade in an embedded world is moved on from earlier years, and reported by nobody.

    a, b: codes of two economies of the world.
    Returns: False for worlds that are not embedded, of which nothing is known here.
    """
    if world.year not in SOURCES or world.checksum != embedded_world(world.year).checksum:
        return False
    raw = load_npz(f"world{world.year}.npz")
    if "kind" not in raw:
        return False
    goods = np.array([code < "D" for code in world.sectors])
    one, two = world.countries.index(a), world.countries.index(b)
    ways = [one, two], [two, one]
    value = sum(world.array(use)[ways][:, goods].sum(1) for use in ("final", "intermediate"))
    guessed = [SOURCES[world.year][kind] in GUESSED for kind in raw["kind"][ways]]
    return bool(value[guessed].sum() > value.sum() / 2)


def _goods(world: World) -> tuple[FloatArray, FloatArray]:
    """Goods trade (importer, exporter), and its deviation in logs over drawn tables, before totals are met."""
    goods = np.array([code < "D" for code in world.sectors])
    final = world.array("final")[:, :, goods].sum(2)
    table = final + world.array("intermediate")[:, :, goods].sum(2)
    share = over(final, table)
    return table, np.hypot(trade_spread(world), PAIR_GOODS * share)


def doubts(table: FloatArray, customs: FloatArray, spread: FloatArray) -> NDArray[np.str_]:
    """Mark where a table's trade is off customs by more than its ranges hold.

    A table at basic prices and without re-exports is below customs for all pairs: the median ratio is taken out. What
    is left is a doubt where it is below :data:`LOW` or above :data:`HIGH` and outside the pair's 90 % range.

    table, customs: ndarray, shape (pair,). Goods trade, million USD; customs NaN where unknown.
    spread: ndarray, shape (pair,). Deviation of the table's in logs.
    Returns: ndarray of str, shape (pair,) ``"below"``, ``"above"`` or empty.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.log(table / customs)
    known = np.isfinite(gap)
    gap = np.where(known, gap - (np.median(gap[known]) if known.any() else 0.0), 0.0)
    far = np.abs(gap) > FAR * spread
    return np.where(far & (gap < np.log(LOW)), "below", np.where(far & (gap > np.log(HIGH)), "above", ""))
