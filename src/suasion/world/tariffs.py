"""Put tariffs of published tables into a world and balance it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from suasion.errors import Doubt, ImplausibleInputWarning, InputError, NegativeValueError, warn
from suasion.files import is_file
from suasion.quotient import over
from suasion.sources.groups import expand
from suasion.sources.ir_files import csv_table
from suasion.sources.measure_tables import read_measure_table
from suasion.sources.wits import read_wits
from suasion.types import Advice, FloatArray
from suasion.world import arrays as acc
from suasion.world.align import Rest, aligned
from suasion.world.checks import Step, axis_labels, cell_names, listed

if TYPE_CHECKING:
    from suasion.world.world import World

PUT: Step = "tariffs put in; inputs and value added balanced again"


def with_tariffs(world: World, table: Any, rest: Rest = None, spare: bool = False, **changes: Any) -> World:
    """Return the world with other tariffs, flows and output unchanged.

    Inputs are raised, per country and input, to what intermediate purchases cost at the new user prices;
    the value added of the users falls by the tariff they now pay (it was counted in value added before).
    Final purchases cost more at user prices, the revenue is income of the importer, and transfers stay.

    Parameters
    ----------
    world
        The accounts to change.
    table
        A file of WITS, of tradewartracker or of one's own (:func:`suasion.world.tariffs.rates_in`), where pairs
        that it does not name keep theirs; or rates (0.1 is 10 %) of the border value: a labelled array over all or
        some of ``importer``, ``exporter``, ``sector``; a long table with those columns and ``tariff``; a mapping from
        (importer, exporter, sector) to the rate; or a plain (importer, exporter, sector) array in the
        world's own order.
    rest
        What cells get that a long table or a mapping does not name: a rate, or ``"keep"`` for the present
        one. Left out, gaps raise, because missing is not zero. A country's trade with itself may be left out:
        it then bears no tariff.
    spare
        Whether users whose value added duties would eat up pay less of them, and other users of the same inputs more.
    **changes
        Other fields of the new world.

    Returns
    -------
    World
        ``tariff`` is no longer marked missing.

    Raises
    ------
    AlignmentError, MissingValueError
        If labels do not fit, or cells are absent and ``rest`` is not given.
    NegativeValueError
        If a rate is negative, or value added would turn negative; the cells are named.
    """
    if isinstance(table, str | Path):
        table, rest = rates_in(table, world), "keep" if rest is None else rest
    rates = aligned("tariff", table, acc.STORED["tariff"], world.labels, world.array("tariff"), rest)
    arrays = rebalanced_inputs(
        {**world.arrays, "tariff": rates}, world.array("output"), world.countries, world.sectors, spare
    )
    step = world.provenance.then(PUT)
    fields = {"missing": world.missing - {"tariff"}, "provenance": step, **changes}
    return world.replace(**arrays, **fields)


def rebalanced_inputs(
    arrays: acc.Arrays,
    output: FloatArray,
    countries: tuple[str, ...] | None = None,
    sectors: tuple[str, ...] | None = None,
    spare: bool = False,
) -> dict[str, FloatArray]:
    """Scale ``input_use`` to intermediate purchases at user prices; value added takes the difference.

    arrays: Stored arrays with new rates.
    output: (country, sector), million USD, unchanged.
    countries, sectors: Labels for the error message; positions are shown without them.
    spare: Whether users keep at least half of their value added, and other users pay what they do not.
    Returns: All stored arrays with ``input_use`` and ``factor_income`` changed.
    """
    use = arrays["input_use"]
    want = acc.user_flows(arrays["intermediate"], arrays["tariff"], arrays["export_tax"]).sum(axis=1)
    scaled = use * over(want, use.sum(axis=1), 1.0)[:, None, :]
    if spare:
        scaled = _spared(scaled, want, output, output - 0.5 * arrays["factor_income"].sum(axis=2))
    income = output - scaled.sum(axis=2)
    rounding = 1e-12 * output
    low = income < -rounding
    if low.any():
        labels = axis_labels(
            countries or [str(j) for j in range(use.shape[0])],
            sectors or [str(j) for j in range(use.shape[1])],
            (),
        )
        cells = cell_names(np.where(low, -income, 0.0), ("country", "sector"), labels)
        raise NegativeValueError(
            f"With these tariffs value added turns negative in {int(low.sum())} sectors: {listed(cells)}. "
            "Their inputs would cost more than their output; lower the rates there or merge the sectors."
        )
    return {
        **arrays,
        "input_use": scaled,
        "factor_income": _split(arrays["factor_income"], np.maximum(income, 0.0)),
    }


def _spared(scaled: FloatArray, want: FloatArray, output: FloatArray, most: FloatArray) -> FloatArray:
    """Inputs (country, user, input) that cost no user more than ``most``, with the same sums by input."""
    for _ in range(50):
        paid = scaled.sum(axis=2)
        dear = paid > np.maximum(most, 0.0)
        dear &= paid > most + 1e-9 * output
        if not dear.any():
            break
        scaled = np.where(dear[..., None], scaled * over(most, paid, 1.0)[..., None], scaled)
        held = np.where(dear[..., None], scaled, 0.0).sum(axis=1)
        free = np.where(dear[..., None], 0.0, scaled)
        scaled = np.where(
            dear[..., None], scaled, free * over(want - held, free.sum(axis=1), 1.0)[:, None, :]
        )
    return scaled * over(want, scaled.sum(axis=1), 1.0)[:, None, :]


def _split(before: FloatArray, total: FloatArray) -> FloatArray:
    """Divide new value added among factors in their old shares, evenly where there was none."""
    return over(before, before.sum(axis=2, keepdims=True), 1.0 / before.shape[2]) * total[:, :, None]


OWN = {"importer", "exporter", "tariff"}
"""Columns of a table of one's own; ``sector`` may be a fourth. Rates are fractions."""
TRACKED = {"date", "country_name", "effective tariff"}
LAYOUTS: Advice = "Give a CSV with importer, exporter and tariff, or one of WITS or tradewartracker."
"""Columns of tradewartracker's ``country-by-time.csv``: points that the United States has added, by day."""


def rates_in(table: str | Path | pd.DataFrame, world: World, year: int | None = None) -> pd.DataFrame:
    """Return the rates of a table on the economies and goods of a world.

    table: a frame or CSV of ``importer``, ``exporter`` (states, or groups for whoever has no line of its own),
      ``tariff`` and maybe ``sector``; applied rates as WITS delivers them; or tradewartracker's
      ``country-by-time.csv``, whose last day is laid on the rates that the world has.
    year: of the rates of WITS; the last of each importer without it.
    Returns: ``importer``, ``exporter``, ``sector``, ``tariff``; pairs outside the world are left out.
    Warns of names in a file of WITS or tradewartracker that are no state; its rows of these are left out.
    Raises InputError: No pair of the table is in the world.
    Raises UnknownCountryError: A name in one's own table is no state or group.
    Raises SourceFileError: It is none of these, or absent.
    """
    name = "The table" if isinstance(table, pd.DataFrame) else str(table)
    rows = table if isinstance(table, pd.DataFrame) else _read(Path(table), world, year)
    if lacking := OWN - set(rows):
        raise InputError(
            f"{name} lacks {', '.join(sorted(lacking))}. Give importer, exporter, tariff (0.1 is 10 %)."
        )
    rows = _by_state(rows, world)
    inside = rows["importer"].isin(world.countries) & rows["exporter"].isin(world.countries)
    kept = rows.loc[inside, [one for one in ("importer", "exporter", "sector", "tariff") if one in rows]]
    if kept.empty:
        raise InputError(f"{name} has no pair of the world's {len(world.countries)} economies.")
    if "sector" in kept:
        return kept
    return kept.merge(pd.DataFrame({"sector": _goods(world)}), how="cross")


def _read(file: Path, world: World, year: int | None) -> pd.DataFrame:
    head = set(csv_table(file, LAYOUTS, nrows=0)) if is_file(file) else set()
    if head >= OWN:
        return csv_table(file, LAYOUTS, keep_default_na=False)
    found = _tracked(file, world) if head >= TRACKED else read_wits(file, year)
    if strange := found.attrs["left_out"]:
        warn([ImplausibleInputWarning(Doubt.LEFT_OUT, {"named": ", ".join(strange)})])
    return found


def _by_state(rows: pd.DataFrame, world: World) -> pd.DataFrame:
    """Rows by codes of states: those of a group are of its members, but where one has a row of its own."""
    sides = ["importer", "exporter"]
    names = pd.unique(rows[sides].to_numpy().ravel())
    spelt = {one: (one,) if one in world.countries else expand([one], world.year) for one in names}
    coded = rows.assign(**{side: rows[side].map(spelt) for side in sides})
    groups = sum((coded[side].map(len) > 1).astype(int) for side in sides)
    coded = coded.assign(groups=groups).explode("importer").explode("exporter")
    coded = coded[(coded["groups"] == 0) | (coded["importer"] != coded["exporter"])]
    keys = [one for one in (*sides, "sector") if one in coded]
    least = coded.groupby(keys)["groups"].transform("min")
    return coded[coded["groups"] == least].drop(columns="groups")


def _tracked(file: Path, world: World) -> pd.DataFrame:
    """What the United States had added on the last day of a file, on top of what the world has."""
    found = read_measure_table(file)
    last = [one for one in found.measures if one.last is None]
    pairs = {(code, one.rate) for one in last for code in expand(list(one.targets), world.year)}
    known = {code: rate for code, rate in pairs if code in world.countries}
    present = world["tariff"].sel(importer="USA", exporter=list(known), sector=_goods(world))
    rows = present.to_series().rename("tariff").reset_index()
    rows = rows.assign(importer="USA", tariff=rows["tariff"] + rows["exporter"].map(known))
    rows.attrs["left_out"] = found.strange
    return rows


def _goods(world: World) -> list[str]:
    return [code for code in world.sectors if code < "D"]
