"""Worlds of 2011 to 2022 as published: flows of 80 economies and the rest of the world, closed with the table of 2022.

Flows bind as they are published, by pair and goods industry; services bind by pair. The table of 2022 gives what is not
published by year: who uses what, which part of a flow is an input, and the mix of services.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np

from suasion.errors import InputError
from suasion.files import shipped_checksum
from suasion.quotient import over
from suasion.sources import icio2022
from suasion.sources.embedded import ROOM
from suasion.sources.groups import members
from suasion.sources.macro import macro
from suasion.sources.published_flows import FILE, REST, YEARS, published_flows, regions
from suasion.types import Citation, FloatArray
from suasion.world.checks import Provenance
from suasion.world.load_embedded import embedded_words
from suasion.world.nowcast import MOST_INPUTS, input_share
from suasion.world.uses import UseMatrix
from suasion.world.world import World

DATASET: Citation = "OECD ICIO, 2025 release, published flows"
BASE = 2022
TINY = 1e-12
GOODS = 27
"""Goods industries come first, in the flows as in the table."""
LEAST_EARNED = 0.01
"""Value added over output that inputs from the rest of the world leave at least; what they exceed is final use."""
FIT_ROUNDS = 40
"""Rounds of proportional fitting of services; pairs bind exactly, sellers' industries to about a thousandth."""
CLOSING_ROUNDS, CLOSING_GAP = 60, 1e-13
"""Newton for the common shift of input shares that brings value added to the accounts; relative to output."""

MOST_SHIFT = 2.0
"""Largest rise of the log odds of inputs in output."""


@dataclass(frozen=True, slots=True)
class RegionTable:
    """Accounts of 81 regions and 50 industries, million USD.

    inputs, final: sales (buyer, seller, good).
    use: inputs used (buyer, user, input).
    """

    inputs: FloatArray
    final: FloatArray
    use: FloatArray

    @property
    def flow(self) -> FloatArray:
        """Sales of either kind (buyer, seller, good)."""
        return self.inputs + self.final

    @property
    def output(self) -> FloatArray:
        """Sales to all (seller, industry)."""
        return np.asarray(self.flow.sum(0))

    @property
    def earned(self) -> FloatArray:
        """Value added (region, industry)."""
        return np.asarray(np.maximum(self.output - self.use.sum(2), 0.0))


@lru_cache(maxsize=4)
def published_world(year: int) -> World:
    """Return the world of a year as its flows are published.

    year: one of 2011 to 2022.
    Returns: 81 regions x 50 industries; value added moves from the table of 2022 with domestic product.
    Raises InputError if the year is not published.
    """
    if year not in YEARS:
        raise InputError(
            f"Flows of {year} are not published. Published worlds: {YEARS[0]} to {YEARS[-1]}; "
            "a later one: load_world(year=2023)."
        )
    return world_of(published_table(year), year, origin(year), ("published", "published_rest", "tariffs"))


def published_table(year: int) -> RegionTable:
    """Return the accounts of a published year; see :func:`published_world`."""
    table = base_table()
    if year == BASE:
        return table
    earned = table.earned.sum(1) * income_growth(BASE, year)
    return closed(table, services_split(published_flows(year), table), earned)


def world_of(table: RegionTable, year: int, made: Provenance, notes: tuple[str, ...]) -> World:
    """Return the world of a table; notes are keys of the words of embedded worlds."""
    words = embedded_words()["note"]
    return World(
        countries=regions(),
        sectors=icio2022.icio2022_arrays().sectors,
        year=year,
        arrays={
            "intermediate": table.inputs,
            "final": table.final,
            "input_use": table.use,
            "factor_income": table.earned[:, :, None],
        },
        provenance=made,
        notes=tuple(words[name] for name in notes),
        sector_names=icio2022.icio2022_sectors(),
        use_matrix=UseMatrix("moved", partial(moved_use, table.inputs, table.use)),
    )


def moved_use(inputs: FloatArray, used: FloatArray) -> FloatArray:
    """Return the full use matrix of 2022, scaled to what users of a year use and to the flows of its pairs.

    inputs: (buyer, seller, good), million USD; used: (buyer, user, input).
    Returns: ndarray, shape (exporter, input, importer, user). The rest of the world has one mix for all of its users.
    """
    old = icio2022.icio2022_use()
    size, users = len(old), used / np.maximum(used.sum(1, keepdims=True), TINY)
    use = np.einsum("nik,nsk->ikns", inputs, users, optimize=True)
    known = old * over(used[:size], old.sum(0).transpose(1, 2, 0), 1.0).transpose(2, 0, 1)[None]
    flow = inputs[:size, :size].transpose(1, 2, 0)
    reached = known.sum(3)
    kept = (reached > 0.0)[..., None]
    use[:size, :, :size] = np.where(kept, known * over(flow, reached, 1.0)[..., None], use[:size, :, :size])
    return np.asarray(use)


def origin(year: int) -> Provenance:
    """Return where a published world comes from, without building it."""
    words = embedded_words()["published"]
    steps = words["steps"]
    return Provenance(
        dataset=DATASET,
        version=str(year),
        checksum=shipped_checksum(ROOM, FILE),
        transformations=tuple(steps if year != BASE else steps[:-1]),
        licence=words["licence"],
        citation=words["credit"],
    )


def income_growth(first: int, last: int) -> FloatArray:
    """Domestic product in USD, ``last`` over ``first``, by region; the rest of the world by the sum of all others."""
    gdp = macro("gdp")
    known = [code for code in regions() if code != REST]
    others = gdp.index.difference(known)
    start, end = (gdp.loc[others, year] for year in (first, last))
    both = start.notna() & end.notna()
    ratio = (gdp[last] / gdp[first]).reindex(known).to_numpy(float)
    return np.append(ratio, end[both].sum() / start[both].sum())


@lru_cache(maxsize=1)
def base_table() -> RegionTable:
    """Return the table of 2022 with the rest of the world as a region: flows as published, uses as in the table."""
    raw = icio2022.icio2022_arrays()
    flow = published_flows(BASE)
    places, kinds = flow.shape[0], raw.intermediate.shape[2]
    inputs = np.zeros((places, places, kinds))
    inputs[:-1, :-1] = raw.intermediate
    whole = np.empty_like(inputs)
    whole[:, :, :GOODS] = flow[:, :, :GOODS]
    whole[:, :, GOODS:] = _services_of_the_base(flow[:, :, GOODS], raw)
    inputs = np.minimum(inputs, whole)
    use = np.zeros((places, kinds, kinds))
    use[:-1] = raw.input_use * over(inputs[:-1].sum(1), raw.intermediate.sum(1), 1.0)[:, None, :]
    use[:-1] *= np.minimum(over(whole.sum(0)[:-1], use[:-1].sum(2), 1.0), 1.0)[:, :, None]
    inputs[:-1] *= np.minimum(over(use[:-1].sum(1), inputs[:-1].sum(1)), 1.0)[:, None, :]
    _buy_from_the_rest(inputs, whole, use)
    _rest_as_user(inputs, whole, use)
    return RegionTable(inputs, whole - inputs, use)


def _services_of_the_base(pairs: FloatArray, raw: icio2022.IcioTable) -> FloatArray:
    """Split services of pairs over industries: inputs as in the table, final sales fitted to pairs and sellers."""
    inputs = raw.intermediate[:, :, GOODS:]
    sold = raw.final.sum(0)[:, GOODS:]  # to final users and to the rest of the world, by seller and industry
    seed = np.empty((len(pairs), *sold.shape))
    seed[:-1] = raw.final[:, :, GOODS:] + 1e-3 * inputs
    own = np.arange(len(sold))
    abroad = inputs.sum(0) - inputs[own, own] + 1e-9 * sold
    seed[-1] = abroad
    rows = np.maximum(pairs[:, :-1] - np.vstack([inputs.sum(2), np.zeros((1, len(sold)))]), 0.0)
    for _ in range(FIT_ROUNDS):
        seed *= over(sold, seed.sum(0), 0.0)[None]
        seed *= over(rows, seed.sum(2), 0.0)[:, :, None]
    whole = np.zeros((len(pairs), len(pairs), sold.shape[1]))
    whole[:, :-1] = seed
    whole[:-1, :-1] += inputs
    whole[:, :-1] *= over(pairs[:, :-1], whole[:, :-1].sum(2), 0.0)[:, :, None]
    mix = whole[:, :-1].copy()
    mix[own, own] = 0.0
    bought = over(mix.sum(1), mix.sum((1, 2))[:, None])  # each buyer's foreign services
    home = whole[own, own].sum(0)
    whole[:-1, -1] = bought[:-1] * pairs[:-1, -1, None]
    whole[-1, -1] = home / home.sum() * pairs[-1, -1]
    return whole


def _foreign_input_share(inputs: FloatArray, whole: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Share of inputs in purchases abroad, by buyer and good, and in all trade abroad by good; sellers known."""
    own = np.arange(len(inputs) - 1)
    abroad = [x[:-1, :-1].copy() for x in (inputs, whole)]
    for x in abroad:
        x[own, own] = 0.0
    common = over(abroad[0].sum((0, 1)), abroad[1].sum((0, 1)))
    return over(abroad[0].sum(1), abroad[1].sum(1), common[None]), common


def _buy_from_the_rest(inputs: FloatArray, whole: FloatArray, use: FloatArray) -> None:
    """Give each economy inputs from the rest of the world, in the odds of its other imports; value added makes room."""
    share, common = _foreign_input_share(inputs, whole)
    wanted = share * whole[:-1, -1]
    users = over(use[:-1], use[:-1].sum(1, keepdims=True))  # buyer, user, input
    room = np.maximum((1 - LEAST_EARNED) * whole.sum(0)[:-1] - use[:-1].sum(2), 0.0)
    extra = np.zeros_like(users)
    for _ in range(5):  # what one user has no room for goes to the others of the input
        more = users * (wanted - extra.sum(1))[:, None, :]
        fits = np.minimum(over(room - extra.sum(2), more.sum(2), 1.0), 1.0)
        extra += more * np.maximum(fits, 0.0)[:, :, None]
        users = users * (fits >= 1.0)[:, :, None]
        users = over(users, users.sum(1, keepdims=True))
    use[:-1] += extra
    inputs[:-1, -1] = extra.sum(1)
    inputs[-1, :-1] = common * whole[-1, :-1]


def _rest_as_user(inputs: FloatArray, whole: FloatArray, use: FloatArray) -> None:
    """Give the rest of the world the mean input coefficients of the table's economies outside the OECD (assumption)."""
    rich = set(members("OECD", BASE))
    like = np.array([code not in rich for code in regions()[:-1]])
    output = whole.sum(0)
    weight = np.sqrt(output[:-1]) * like[:, None]
    coefficients = over(use[:-1], output[:-1, :, None])
    mean = over((weight[:, :, None] * coefficients).sum(0), weight.sum(0)[:, None])
    use[-1] = mean * output[-1][:, None]
    share = over(inputs[:-1][like].sum((0, 1)), whole[:-1][like].sum((0, 1)))
    inputs[-1, -1] = share * whole[-1, -1]
    bought = whole[-1].sum(0)
    use[-1] *= np.minimum(over(MOST_INPUTS * bought, use[-1].sum(0), 1.0), 1.0)
    inputs[-1] = whole[-1] * input_share(inputs[-1:], (whole - inputs)[-1:], whole[-1:], use[-1:].sum(1))[0]
    use[-1] *= over(inputs[-1].sum(0), use[-1].sum(0), 1.0)


def services_split(flow: FloatArray, base: RegionTable) -> FloatArray:
    """Split services of pairs over industries as the base has them (buyer, seller, industry); goods stay."""
    kinds = base.flow[:, :, GOODS:]
    usual = kinds.sum(0)  # where the base has no services of the pair
    mix = over(kinds, kinds.sum(2, keepdims=True), (usual / usual.sum(1, keepdims=True))[None])
    return np.concatenate([flow[:, :, :GOODS], flow[:, :, GOODS:] * mix], axis=2)


def closed(base: RegionTable, flow: FloatArray, earned: FloatArray) -> RegionTable:
    """Close flows of another year at value added known by region.

    base: what gives coefficients and which part of a flow is an input.
    flow: (buyer, seller, industry), own sales included.
    earned: (region,) value added.
    Returns: flows are met, value added is met; input shares of a region's industries move by one number in logs.
    """
    output = flow.sum(0)
    start = over(base.use, base.use.sum(2, keepdims=True)) * output[:, :, None]
    odds = over(base.use.sum(2), base.output)
    new = base.flow <= 0
    usual = over(base.inputs.sum(1), base.flow.sum(1))[:, None, :]
    sold, final = np.where(new, usual, base.inputs), np.where(new, 1.0 - usual, base.final)
    most = MOST_INPUTS * np.where(sold > 0, flow, 0.0).sum(1)
    shift = np.zeros(len(flow))
    aim = output.sum(1) - earned
    for _ in range(CLOSING_ROUNDS):
        share = _shifted(odds, shift)
        wanted = start * share[:, :, None]
        fits = np.minimum(over(most, wanted.sum(1), 1.0), 1.0)
        use = wanted * fits[:, None, :]
        gap = aim - use.sum((1, 2))
        if (np.abs(gap / output.sum(1)) < CLOSING_GAP).all(where=shift < MOST_SHIFT):
            break
        free = np.where(fits < 1.0, 0.0, 1.0)[:, None, :]
        slope = (wanted * free * (1.0 - share)[:, :, None]).sum((1, 2))
        step = np.clip(gap / np.maximum(slope, 1e-12 * output.sum(1)), -1.0, 1.0)
        shift = np.minimum(shift + step, MOST_SHIFT)
    # What no common shift reaches, since all of some goods are inputs already, goes to the others (Cambodia in 2011).
    left, unused = np.maximum(output - use.sum(2), 0.0), np.maximum(most - use.sum(1), 0.0)
    spread = over(left, left.sum(1)[:, None])[:, :, None] * over(unused, unused.sum(1)[:, None])[:, None, :]
    use = use + np.maximum(gap, 0.0)[:, None, None] * spread
    inputs = flow * input_share(sold, final, flow, use.sum(1))
    use = use * over(inputs.sum(1), use.sum(1), 1.0)[:, None, :]
    return RegionTable(inputs, flow - inputs, use)


def _shifted(share: FloatArray, shift: FloatArray) -> FloatArray:
    """Shares (region, industry) whose log odds move by one number a region."""
    raised = share * np.exp(shift)[:, None]
    return np.asarray(raised / (1.0 - share + raised))
