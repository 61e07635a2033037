"""Divide the rest of the world of a table among its members; hide known economies to see how well that goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from fits.every.accounts import Estimated, Known, home_sales
from fits.every.customs import GOODS, Customs, estimated_codes, read_customs
from fits.every.facts import Facts, read_facts
from fits.every.split import Rest, goods_of, services_of
from fits.every.templates import alike, mixes_of
from suasion.sources.published_flows import REST
from suasion.types import FloatArray
from suasion.world.every_state import RestMembers, trade_of
from suasion.world.published import RegionTable

TERRITORIES = (
    "ABW",
    "ASM",
    "BMU",
    "CUW",
    "CYM",
    "GIB",
    "GRL",
    "GUM",
    "MNP",
    "NCL",
    "PYF",
    "SXM",
    "TCA",
    "VGB",
)
"""What is left of the rest of the world: economies that are no state."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a division starts from: facts and customs of all economies, the known ones first."""

    facts: Facts
    customs: Customs
    known: int


def given(known: tuple[str, ...], others: tuple[str, ...], year: int, cache: Path) -> Given:
    """Read what is known of economies that have accounts and of those to estimate."""
    facts = read_facts((*known, *others), year, cache)
    fine = np.isfinite(facts.product) & (facts.product > 0)
    if not fine.all():
        kept = tuple(code for code, one in zip(facts.codes, fine, strict=True) if one)
        facts = read_facts(kept, year, cache)
    return Given(facts, read_customs(facts, year, len(known)), len(known))


def hidden(table: RegionTable, places: list[int]) -> RegionTable:
    """Return the table in which some regions are part of the last one."""
    count = len(table.output)
    kept = [k for k in range(count - 1) if k not in places]
    sums = np.zeros((len(kept) + 1, count))
    sums[np.arange(len(kept)), kept] = 1.0
    sums[-1, [*places, count - 1]] = 1.0
    flows = [
        np.einsum("an,nik,bi->abk", sums, one, sums, optimize=True) for one in (table.inputs, table.final)
    ]
    return RegionTable(flows[0], flows[1], np.tensordot(sums, table.use, 1))


def members_of(base: RegionTable, start: Given) -> RestMembers:
    """Divide the rest of the world of a table.

    base: its last region is the rest of the world; the others in the order of the known.
    """
    facts, customs, known = start.facts, start.customs, start.known
    flow, own = base.flow, np.arange(known)
    exports = flow[:, :known].sum(0) - flow[own, own]
    imports = flow[:known].sum(1) - flow[own, own]
    rest = Rest(flow[-1, :known], flow[:known, -1])
    weights = alike(facts, customs, known)
    mixes = mixes_of(facts, customs, weights, exports[:, :GOODS], imports[:, :GOODS])
    goods = goods_of(customs, mixes, rest, imports)
    services = services_of(facts, customs, rest, (exports[:, GOODS:], imports[:, GOODS:]))
    home = np.zeros((len(weights), flow.shape[2]))
    found = RestMembers(facts.codes[known:], *goods, *services[:3], home, weights, services[3])
    return replace(found, home=_home(base, found, facts))


def _home(base: RegionTable, members: RestMembers, facts: Facts) -> FloatArray:
    """What members sell at home, at their domestic product less what the known ones' accounts leave of theirs."""
    known = len(base.output) - 1
    trade = trade_of(base, members)
    left = float(np.median(base.earned[:known].sum(1) / facts.product[:known]))
    states = Estimated(
        trade.sold.sum(0) + trade.among.sum(0),
        trade.bought.sum(1) + trade.among.sum(1),
        facts.product[known:] * left,
        facts.sectors[known:],
    )
    technologies = Known(base.use[:known], base.output[:known], base.final[:known].sum(1))
    return home_sales(members.weights, technologies, states, base.output[-1])


def merged(base: RegionTable, members: RestMembers, rest: tuple[str, ...]) -> RestMembers:
    """Put some members together as what is left of the rest of the world, the last."""
    codes = members.codes
    kept = tuple(code for code in codes if code not in rest)
    sums = np.zeros((len(kept) + 1, len(codes)))
    for place, code in enumerate(codes):
        sums[kept.index(code) if code in kept else len(kept), place] = 1.0
    own = np.arange(len(sums))
    trade = trade_of(base, members)
    among = np.einsum("an,nik,bi->abk", sums, trade.among, sums, optimize=True)
    goods = among[:, :, :GOODS].copy()
    services = among[:, :, GOODS:].sum(2)
    goods[own, own], services[own, own] = 0.0, 0.0
    size = sums * (trade.bought.sum((1, 2)) + 1.0)[None]
    return RestMembers(
        (*kept, REST),
        np.tensordot(sums, trade.bought[:, :, :GOODS], 1),
        np.einsum("an,mnk->mak", sums, trade.sold[:, :, :GOODS]),
        goods,
        sums @ trade.bought[:, :, GOODS:].sum(2),
        trade.sold[:, :, GOODS:].sum(2) @ sums.T,
        services,
        sums @ members.home + among[own, own],
        size / size.sum(1, keepdims=True) @ members.weights,
        members.taken,
    )


def states_of(base: RegionTable, known: tuple[str, ...], year: int, cache: Path) -> RestMembers:
    """Divide the rest of the world of a table into states and what is left."""
    found = members_of(base, given(known, estimated_codes(known), year, cache))
    return merged(base, found, TERRITORIES)
