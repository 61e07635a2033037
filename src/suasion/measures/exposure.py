"""Exposure through supply chains: inputs of inputs, value added at the origin, and markets of markets.

With ``A`` the input coefficients (rows suppliers ``(i, k)``, columns users ``(n, s)``), ``L = (I - A)^-1``:

    face value      FV_i(ns)  = sum_k A_ik,ns / sum_all A_.,ns
    look-through    FIR_i(ns) = sum_k (L - I)_ik,ns / sum_all (L - I)_.,ns
    value added     VAX_i(ns) = sum_k v_ik L_ik,ns
    market          M_b(ns)   = sum_jk L_ns,jk f_b,jk / x_ns
    openness        HOT(ns)   = 1 - M_n(ns)

VAX sums to 1 over all suppliers (taxes on inputs apart); M_b is the output that ends in b's final use.
FIR counts gross flows, so a part that crosses several stages is counted at each; VAX counts it once. None of
them is a loss: they say where content comes from or ends, not how hard it is to replace.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
import xarray as xr

from suasion.errors import InputError
from suasion.measures.labels import find_pair
from suasion.measures.network import Network, network
from suasion.quotient import over
from suasion.schema import variable
from suasion.types import FloatArray
from suasion.world.prepared import Prepared

if TYPE_CHECKING:
    from suasion.world import World

Measure = Literal["face_value", "look_through", "value_added"]


ALL = -1
"""In place of a country: all of them together."""


@dataclass(frozen=True)
class Exposure:
    """Exposure of one country's industries to one partner, direct and through all stages.

    Attributes
    ----------
    user, supplier : the exposed country and the partner it is exposed to
    year : year of the accounts
    kind : ``"observed"``, ``"moved"`` or ``"proportional"``: how the origin of inputs user by user is known.
    table : one row per sector of ``user``: ``output`` (million USD) and shares (0-1). On the buying side
        ``face_value``, ``look_through``, ``value_added`` from the supplier, the same from all foreign countries
        (``foreign_...``), and ``multiplier``, the supplier's gross output in a unit of the product (not normalised,
        no share). On the selling side, with the partner as market: ``market_face_value`` (sold to it directly),
        ``market_look_through`` (ends in its final use), ``hot`` and ``hot_crossing``. NaN where a sector has no
        output or no inputs.
    country : the same for the country, one row per ``measure`` and ``weight``: ``inputs`` and ``output`` weigh its
        sectors, ``final use`` weighs all products its final users buy, ``value added`` its sectors' incomes.
    """

    user: str
    supplier: str
    year: int
    kind: str
    table: pd.DataFrame
    country: pd.DataFrame

    def value(self, measure: str, weight: str | None = None) -> float:
        """Return one number of :attr:`country`; without a weight the first one listed for the measure."""
        rows = self.country[self.country["measure"] == measure]
        if weight is not None:
            rows = rows[rows["weight"] == weight]
        if rows.empty:
            known = sorted(
                {f"{m} ({w})" for m, w in zip(self.country["measure"], self.country["weight"], strict=True)}
            )
            raise InputError(
                f"No country value {measure!r} with weight {weight!r}. Known: {', '.join(known)}."
            )
        return float(rows["share"].iloc[0])


@dataclass(frozen=True, slots=True, eq=False)
class _Content:
    """What one country's suppliers put into every product, and what its final users draw from every seller.

    All (country x sector,): direct inputs in million USD, gross output and value added per unit of product,
    and output needed for its final use in million USD.
    """

    direct: FloatArray
    through: FloatArray
    added: FloatArray
    needed: FloatArray


_CONTENTS: Prepared[_Content] = Prepared(256)


def exposure(user: str, supplier: str, world: World, net: Network | None = None) -> Exposure:
    """Measure how exposed a country is to a supplier (and, as seller, to the same country as a market).

    Parameters
    ----------
    user, supplier : codes or names of two countries
    world : the world; its full use matrix is used where it has one, else the proportional assumption, marked
    net : :func:`suasion.measures.network.network` of the same world, to be prepared once for many pairs

    Returns
    -------
    Exposure

    Raises
    ------
    SameCountryError, NotInWorldError
        If the countries do not form a pair of this world.
    ConvergenceError
        If sectors buy from each other without adding value.
    """
    return exposure_both(user, supplier, world, net)[0]


def exposure_both(a: str, b: str, world: World, net: Network | None = None) -> tuple[Exposure, Exposure]:
    """Measure the exposure of a to b and of b to a; see :func:`exposure`.

    Parameters
    ----------
    a, b : the two countries
    world : the world
    net : from :func:`network`, to be shared by many pairs

    Returns
    -------
    tuple of Exposure
        Of a to b, and of b to a.
    """
    a, b = find_pair(a, b, world)
    ready = network(world) if net is None else net
    places = [*(world.countries.index(c) for c in (a, b)), ALL]
    first, second, whole = (_CONTENTS.get(ready, one, partial(_content, ready, one)) for one in places)
    return (
        _exposure(world, ready, (a, b), (first, second, whole)),
        _exposure(world, ready, (b, a), (second, first, whole)),
    )


def _content(net: Network, place: int) -> _Content:
    """What stands behind all that one country, or all together, sells; solved alone: no digit hangs on who else is."""
    n, s = net.output.shape
    marks = np.arange(n) == place if place != ALL else np.ones(n, bool)
    ones = np.repeat(marks.astype(np.float64), s).reshape(-1, 1)
    share = over(net.value_added, net.output).reshape(-1, 1)
    solved = net.embodied(np.hstack([ones, ones * share]))
    # The final use of all together needs all output.
    needed = net.output.ravel() if place == ALL else net.required(net.final[place].reshape(-1, 1))[:, 0]
    return _Content(net.links.bought(ones)[:, 0], solved[:, 0] - ones[:, 0], solved[:, 1], needed)


def _exposure(world: World, net: Network, pair: tuple[str, str], contents: tuple[_Content, ...]) -> Exposure:
    table = _sector_table(world, net, pair, contents)
    country = _country_table(world, net, pair, contents)
    return Exposure(pair[0], pair[1], world.year, net.kind, table, country)


def _rows(world: World, country: str) -> slice:
    n, s = world.countries.index(country), len(world.sectors)
    return slice(n * s, (n + 1) * s)


def _sector_table(
    world: World, net: Network, pair: tuple[str, str], contents: tuple[_Content, ...]
) -> pd.DataFrame:
    user, partner = pair
    own, other, whole = contents
    r, n, m = _rows(world, user), world.countries.index(user), world.countries.index(partner)
    output = net.output[n]
    live = np.where(output > 0, 1.0, np.nan)
    # the user's own product is not among its inputs: `through` is L less I already, of which rounding leaves
    # something where a sector buys nothing
    through = np.where(whole.direct[r] > 0, whole.through[r], 0.0)
    return pd.DataFrame(
        {
            "sector": list(world.sectors),
            "sector_name": [world.sector_names[k] for k in world.sectors],
            "output": output,
            "face_value": over(other.direct[r], whole.direct[r], np.nan),
            "look_through": over(other.through[r], through, np.nan),
            "value_added": other.added[r] * live,
            "multiplier": other.through[r] * live,
            "foreign_face_value": over(whole.direct[r] - own.direct[r], whole.direct[r], np.nan),
            "foreign_look_through": over(through - own.through[r], through, np.nan),
            "foreign_value_added": (whole.added[r] - own.added[r]) * live,
            "market_face_value": over(_sales(world, m, n), output, np.nan),
            "market_look_through": over(other.needed[r], output, np.nan),
            "hot": 1.0 - over(own.needed[r], output, np.nan),
            "hot_crossing": 1.0 - over(net.domestic_inverse[n] @ net.final[n, n], output, np.nan),
        }
    )


def _sales(world: World, market: int, seller: int) -> FloatArray:
    return np.asarray(world.array("intermediate")[market, seller] + world.array("final")[market, seller])


def _country_table(
    world: World, net: Network, pair: tuple[str, str], contents: tuple[_Content, ...]
) -> pd.DataFrame:
    user, partner = pair
    own, other, whole = contents
    r, n, m = _rows(world, user), world.countries.index(user), world.countries.index(partner)
    everything = slice(None)
    final, output, income = net.final[n].ravel(), net.output[n], net.value_added[n]
    unit = np.ones_like(output)
    rate = over(income, output)
    needed, needed_own = rate * other.needed[r], rate * own.needed[r]
    rows = [
        ("face_value", "inputs", _ratio(unit, other.direct[r], whole.direct[r])),
        ("look_through", "output", _ratio(output, other.through[r], whole.through[r])),
        ("look_through", "final use", _ratio(final, other.through[everything], whole.through[everything])),
        ("value_added", "final use", float(final @ other.added / final.sum())),
        ("foreign_face_value", "inputs", 1.0 - _ratio(unit, own.direct[r], whole.direct[r])),
        ("foreign_look_through", "output", 1.0 - _ratio(output, own.through[r], whole.through[r])),
        ("foreign_value_added", "final use", float(final @ (whole.added - own.added) / final.sum())),
        ("market_face_value", "output", float(_sales(world, m, n).sum() / output.sum())),
        ("market_look_through", "output", float(other.needed[r].sum() / output.sum())),
        ("market_look_through", "value added", float(needed.sum() / income.sum())),
        ("hot", "output", 1.0 - float(own.needed[r].sum() / output.sum())),
        ("hot", "value added", 1.0 - float(needed_own.sum() / income.sum())),
    ]
    return pd.DataFrame(rows, columns=["measure", "weight", "share"])


def _ratio(weight: FloatArray, part: FloatArray, whole: FloatArray) -> float:
    return float(over(weight @ part, weight @ whole, np.nan))


def exposure_matrix(
    world: World, measure: Measure = "look_through", net: Network | None = None
) -> xr.DataArray:
    """Return the exposure of every country to every supplier, the own country included.

    Parameters
    ----------
    world : the world
    measure : {"face_value", "look_through", "value_added"}
        Weighted by purchased inputs, by output, and by final use, in this order.
    net : prepared network of the same world

    Returns
    -------
    DataArray
        (user, supplier), 0 to 1. Rows sum to 1 (for value added: to 1 less taxes on inputs).

    Raises
    ------
    InputError
        If the measure is not known.
    """
    if measure not in ("face_value", "look_through", "value_added"):
        raise InputError(f"`measure` is {measure!r}; give face_value, look_through or value_added.")
    ready = network(world) if net is None else net
    name = {"value_added": "value_added_exposure"}.get(measure, measure)
    dims = ("user", "supplier")
    coords = {dim: list(world.countries) for dim in dims}
    return xr.DataArray(
        _matrix(ready, measure), coords, dims, name=name, attrs=variable(name, "dependence").attrs
    )


def _matrix(net: Network, measure: Measure) -> FloatArray:
    n, s = net.output.shape
    marks = np.repeat(np.eye(n), s, axis=0)
    if measure == "value_added":
        share = over(net.value_added, net.output)
        bought = net.final.reshape(n, n * s)
        return np.asarray(
            bought @ net.embodied(marks * share.reshape(-1, 1)) / bought.sum(axis=1, keepdims=True)
        )
    if measure == "face_value":
        value = net.links.bought(marks)
    else:
        value = (net.embodied(marks) - marks) * net.output.reshape(-1, 1)
    pooled = value.reshape(n, s, n).sum(axis=1)
    return over(pooled, pooled.sum(axis=1, keepdims=True), np.nan)
