"""The world of every state of 2023: 80 economies of the reconciled world, those of its rest, and what is left.

What is sold to and bought from the rest of the world is divided among the 115 economies that make it up; accounts of
the 80 stay as they are. Each estimated economy has a class of doubt, which every range of its losses holds.

Members buy and sell what the rest did, row by row, so that accounts of the others stay; each makes what it sells with
the technologies of others that it is like, and buys inputs and final goods from all sellers in the same proportions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from suasion.errors import InputError
from suasion.files import shipped_checksum
from suasion.quotient import over
from suasion.sources import icio2022
from suasion.sources.embedded import ROOM
from suasion.sources.published_flows import REST, regions
from suasion.sources.state_estimates import FILE, YEAR, state_estimates
from suasion.types import Citation, FloatArray
from suasion.world import reconciled
from suasion.world.checks import Provenance
from suasion.world.load_embedded import embedded_words
from suasion.world.published import GOODS, RegionTable
from suasion.world.world import World

DATASET: Citation = "OECD ICIO, 2025 release, reconciled; 115 economies estimated"
DOUBT = {"A": 0.42, "B": 0.6, "C": 1.0}
"""Deviation of the log of a loss by class: A measured on hidden economies, B and C judged (assumption)."""
PARTNER_DOUBT = 0.45
"""The same of what a known economy loses without an estimated one, measured likewise."""


@lru_cache(maxsize=1)
def state_world() -> World:
    """Return the world of every state, without tariffs."""
    found = state_estimates()
    members = RestMembers(codes=found.codes, taken=found.taken, **found.arrays)
    table = divided(reconciled.reconciled_table(YEAR), members)
    words = embedded_words()["note"]
    return World(
        countries=(*regions()[:-1], *found.codes),
        sectors=icio2022.icio2022_arrays().sectors,
        year=YEAR,
        arrays={
            "intermediate": table.inputs,
            "final": table.final,
            "input_use": table.use,
            "factor_income": table.earned[:, :, None],
        },
        provenance=_origin(),
        notes=tuple(words[name] for name in ("reconciled", "every_state", "tariffs")),
        sector_names=icio2022.icio2022_sectors(),
    )


@lru_cache(maxsize=1)
def taxed_state_world() -> World:
    """Return the world of every state, balanced at applied tariffs."""
    from suasion.world.applied import with_applied

    return with_applied(state_world())


def every_state(states: str, year: int | None = None, tariffs: str | None = None) -> World:
    """Return the world of every state.

    Parameters
    ----------
    states : ``"all"``
    year : 2023, or None
    tariffs : ``"applied"``, or ``"zero"``

    Returns
    -------
    World

    Raises
    ------
    InputError
        If another world is asked for.
    """
    if states != "all":
        raise InputError(f"states is {states!r}; give 'all', or nothing for the 80 economies of the table.")
    if tariffs not in (None, "applied", "zero"):
        raise InputError("The world of every state is embedded: leave `name` and `path` out, or `states`.")
    if year not in (None, YEAR):
        raise InputError(f"The world of every state is of {YEAR}, not {year}: leave `year` out, or `states`.")
    return state_world() if tariffs == "zero" else taxed_state_world()


def _origin() -> Provenance:
    words, base = embedded_words()["every_state"], reconciled.origin(YEAR)
    return Provenance(
        dataset=DATASET,
        version=str(YEAR),
        checksum=shipped_checksum(ROOM, FILE),
        transformations=(*base.transformations, *words["steps"]),
        licence=base.licence,
        citation=words["credit"],
    )


def estimated_states() -> Mapping[str, str]:
    """Return the class of doubt of each estimated economy, by code, what is left of the rest among them."""
    return state_estimates().classes


def beyond_the_table(codes: Iterable[str]) -> tuple[str, ...]:
    """Return which of these economies only the world of every state has."""
    return tuple(code for code in codes if code != REST and code in estimated_states())


def doubt_of(world: World, country: str, partners: Iterable[str]) -> float:
    """Return the deviation in logs of what a country loses by a tie, for what is estimated of it; nought if nothing is.

    partners: codes of the other side.
    """
    if world.provenance.dataset != DATASET:
        return 0.0
    classes = estimated_states()
    found = [DOUBT[classes[code]] for code in (country, *partners) if code in classes]
    known = () if country in classes else (PARTNER_DOUBT,)
    return max((*found, *known)) if found else 0.0


def is_usual(world: World) -> bool:
    """Whether a world is that of every state as it is usual: at applied tariffs, and nothing of it changed."""
    if world.provenance.dataset != DATASET:
        return False
    usual = taxed_state_world()
    return world is usual or world.checksum == usual.checksum


MOST_INPUTS = 0.97
"""Largest part of what an estimated economy buys of a good that may be inputs."""


@dataclass(frozen=True, slots=True)
class RestMembers:
    """Members of the rest of the world, million USD; the last is what is left.

    codes: of the members.
    goods_bought: by members from the others (member, other, goods industry).
    goods_sold: by members to the others (other, member, goods industry).
    goods_among: between members (buyer, seller, goods industry); nought from a member to itself.
    services_bought, services_sold, services_among: all services of the same pairs.
    home: sold by members at home (member, industry).
    weights: of others in the technology of each member (member, other).
    taken: part of the others' services to the rest that members take; what is left is sold at home.
    """

    codes: tuple[str, ...]
    goods_bought: FloatArray
    goods_sold: FloatArray
    goods_among: FloatArray
    services_bought: FloatArray
    services_sold: FloatArray
    services_among: FloatArray
    home: FloatArray
    weights: FloatArray
    taken: float


@dataclass(frozen=True, slots=True)
class MembersTrade:
    """Trade of members, million USD.

    bought: by members (member, other, industry).
    sold: by members (other, member, industry).
    among: between members (buyer, seller, industry).
    """

    bought: FloatArray
    sold: FloatArray
    among: FloatArray


def trade_of(base: RegionTable, members: RestMembers) -> MembersTrade:
    """Return the trade of members, million USD, so that rows of the rest of the world are met.

    Services of the others have the mix that they sell to the rest, those of members that of whom they are like.
    """
    own = np.arange(len(base.output) - 1)
    flow = base.flow[:, :-1]
    exports = (flow.sum(0) - flow[own, own])[:, GOODS:]
    kinds = members.weights @ over(exports, exports.sum(1, keepdims=True))
    usual = over(flow[-1, :, GOODS:], flow[-1, :, GOODS:].sum(1, keepdims=True))
    bought, sold, among = (
        np.concatenate([goods, services[:, :, None] * mix[None]], axis=2)
        for goods, services, mix in (
            (members.goods_bought, members.services_bought, usual),
            (members.goods_sold, members.services_sold, kinds),
            (members.goods_among, members.services_among, kinds),
        )
    )
    part = np.where(np.arange(bought.shape[2]) < GOODS, 1.0, members.taken)
    bought *= over(base.flow[-1, :-1] * part, bought.sum(0))[None]
    sold *= over(base.flow[:-1, -1], sold.sum(1))[:, None]
    return MembersTrade(bought, sold, among)


def coefficients(weights: FloatArray, use: FloatArray, output: FloatArray) -> FloatArray:
    """Inputs over output of members (member, user, input): those of others, by weight and by what each user makes.

    use: of others (other, user, input).
    output: of others (other, user).
    """
    share = over(output, output.sum(1, keepdims=True))
    mass = weights[:, :, None] * share[None]
    each = over(use, output[:, :, None])
    mean = np.einsum("cju,juk->cuk", mass, each, optimize=True)
    return np.asarray(over(mean, mass.sum(1)[:, :, None]))


def divided(base: RegionTable, members: RestMembers) -> RegionTable:
    """Return the table in which members take the place of the last region.

    base: its last region is the rest of the world.
    Returns: accounts of all regions but the last stay, save that services which no member takes are sold at home.
    """
    known, count = len(base.output) - 1, len(members.codes)
    kinds = base.output.shape[1]
    flow = np.zeros((known + count, known + count, kinds))
    inputs, use = np.zeros_like(flow), np.zeros((known + count, kinds, kinds))
    flow[:known, :known], inputs[:known, :known] = base.flow[:-1, :-1], base.inputs[:-1, :-1]
    use[:known] = base.use[:-1]
    trade, rows = trade_of(base, members), base.flow[:-1, -1]
    flow[:known, known:], flow[known:, :known], flow[known:, known:] = trade.sold, trade.bought, trade.among
    flow[:known, -1] += np.where(trade.sold.sum(1) > 0, 0.0, rows)  # what no member sells
    inputs[:known, known:] = flow[:known, known:] * over(base.inputs[:-1, -1], rows)[:, None]
    own = np.arange(known)
    flow[own, own] += np.maximum(base.flow[-1, :-1] - trade.bought.sum(0), 0.0)
    at = np.arange(known, known + count)
    flow[at, at] = members.home
    _use_of_members(flow, inputs, use, members, base)
    return RegionTable(inputs, flow - inputs, use)


def _use_of_members(
    flow: FloatArray, inputs: FloatArray, use: FloatArray, members: RestMembers, base: RegionTable
) -> None:
    """Inputs of members by their technologies, at most a part of what they buy; sellers supply them in proportion."""
    known = len(base.output) - 1
    made = flow.sum(0)[known:]
    wanted = coefficients(members.weights, base.use[:-1], base.output[:-1]) * made[:, :, None]
    bought = flow[known:].sum(1)
    fits = np.minimum(over(MOST_INPUTS * bought, wanted.sum(1), 1.0), 1.0)
    use[known:] = wanted * fits[:, None, :]
    inputs[known:] = flow[known:] * over(use[known:].sum(1), bought)[:, None, :]
