"""One direction of a pair, product by product: what the buyer and the seller lose where the trade ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np
import pandas as pd

from suasion.measures.totals import NEWCOMERS, GapFillers, gap_fillers
from suasion.products.balance import buyers_loss, market_fall, price_fall, price_rise, small_fall, small_rise
from suasion.products.elasticities import Responses
from suasion.products.flows import herfindahl
from suasion.products.loss import CENTRAL, ENDS, HIGH, LOW
from suasion.products.piped import Piped, with_pipe
from suasion.products.store import ProductStore
from suasion.types import FloatArray, IntArray

MILLION = 1e-3  # thousand USD to million USD


@dataclass(frozen=True)
class PairTrade:
    """Arrays of one direction, thousand USD, over the products traded.

    ``buyers`` are places of the buyer's members, ``piped`` the goods by place that it gets from the seller by pipe.
    """

    codes: tuple[str, ...]
    value: FloatArray
    bought: FloatArray
    seller_exports: FloatArray
    others: FloatArray
    to_buyer: FloatArray
    room: FloatArray
    basis: str
    weight: FloatArray
    import_risk: FloatArray
    buyers: IntArray
    piped: Mapping[int, Piped]

    @cached_property
    def elsewhere(self) -> FloatArray:
        """What each other seller sends to other buyers, (C, P)."""
        return np.asarray(np.clip(self.others - self.to_buyer, 0.0, None))

    @cached_property
    def fillers(self) -> GapFillers:
        """Who would fill the gap that the seller leaves."""
        outside = [flow.copy() for flow in (self.to_buyer, self.elsewhere)]
        for flow in outside:
            flow[self.buyers] = 0.0
        return gap_fillers(*outside)

    def room_for_the_gap(self) -> FloatArray:
        """Room of present suppliers, and of others up to the part of the gap that newcomers fill, (P,)."""
        present = np.where(self.fillers.present, self.room, 0.0).sum(axis=0)
        others = self.room.sum(axis=0) - present
        room = np.asarray(present + np.minimum(others, NEWCOMERS * self.value))
        for place, good in self.piped.items():
            room[place] = min(room[place], good.carried[0] * self.value[place])
        return room


def pair_table(pair: PairTrade, elastic: Responses, rerouted: float, store: ProductStore) -> pd.DataFrame:
    """The table of :class:`suasion.products.replace.Replaceability`, the largest loss of the buyer first."""
    names = store.products.set_index("product")["name"].reindex(list(pair.codes)).to_numpy()
    left = pair.others.sum(axis=0)
    world = pair.seller_exports + left
    present = pair.fillers.present
    free = np.where(present, pair.elsewhere, 0.0).sum(axis=0)
    everyone = np.vstack([pair.seller_exports[None], pair.others])
    columns = {
        "product": pair.codes,
        "name": names,
        "value": pair.value * MILLION,
        "buyer_share": pair.value / pair.bought,
        "seller_share": pair.value / pair.seller_exports,
        "world_share": pair.seller_exports / world,
        "world_concentration": herfindahl(everyone),
        "risk": herfindahl(everyone) * pair.import_risk,
        "alternatives": present.sum(axis=0),
        "alternative_exports": free * MILLION,
        "cover": free / pair.value,
        "room": pair.room_for_the_gap() * MILLION,
        "room_basis": pair.basis,
        **_buyer_side(pair, elastic, rerouted),
        **_seller_side(pair, elastic, rerouted),
        "market": elastic.names,
        "elasticities": elastic.sources,
    }
    return pd.DataFrame(columns).sort_values("loss", ascending=False, ignore_index=True)


def filler_table(pair: PairTrade, economies: Sequence[str]) -> pd.DataFrame:
    """Who would fill each gap, the largest part first, as in :class:`suasion.products.replace.Replaceability`."""
    who, what = np.nonzero(pair.fillers.present)
    made = pd.DataFrame(
        {
            "product": np.array(pair.codes)[what],
            "filler": np.array(economies)[who],
            "part": pair.fillers.part[who, what],
            "part_low": 0.0,
            "part_high": pair.fillers.most[who, what],
        }
    )
    return made.sort_values(["product", "part"], ascending=[True, False], kind="stable", ignore_index=True)


def _buyer_side(pair: PairTrade, elastic: Responses, rerouted: float) -> dict[str, FloatArray]:
    """Rise of the price in per cent, and what the buyer loses, m USD."""
    lost = (1.0 - rerouted) * pair.value
    made: dict[str, FloatArray] = {}
    for name, at in ENDS.items():
        supply, demand = elastic.supply[at], elastic.demand[at]
        rise = price_rise(lost, pair.others, supply, demand)
        loss = buyers_loss(pair.bought, rise, demand)
        for place, good in pair.piped.items():
            with_pipe(good, place, name, rise, loss, (pair.bought, pair.value, demand))
        made[f"rise{name}"], made[f"loss{name}"] = 100.0 * rise, loss * MILLION
    supply, demand = elastic.supply[CENTRAL], elastic.demand[CENTRAL]
    made["rise_small"] = 100.0 * small_rise(lost, pair.others.sum(axis=0), supply, demand)
    made["rise_limited"] = 100.0 * price_rise(lost, pair.others, supply, demand, pair.room)
    made["rise_gone"] = 100.0 * price_rise(pair.seller_exports, pair.others, supply, demand)
    order = (
        "rise_small",
        "rise",
        "rise_low",
        "rise_high",
        "rise_limited",
        "rise_gone",
        "loss",
        "loss_low",
        "loss_high",
    )
    return {name: made[name] for name in order}


def _seller_side(pair: PairTrade, elastic: Responses, rerouted: float) -> dict[str, FloatArray]:
    """Fall of the price in per cent, share diverted, and receipts lost, m USD; ranges over all corners."""
    share = np.clip((1.0 - rerouted) * pair.value / pair.seller_exports, 0.0, 1.0)
    cases = []
    for at_supply, at_demand in ((CENTRAL, CENTRAL), *product((LOW, HIGH), repeat=2)):
        fall, diverted = _fall(pair, elastic, share, at_supply, at_demand)
        kept = (1.0 - fall) * (1.0 - share * (1.0 - np.nan_to_num(diverted, nan=1.0)))
        cases.append((100.0 * fall, diverted, pair.seller_exports * (1.0 - kept) * MILLION))
    small = small_fall(share, elastic.supply[CENTRAL], residual_demand(pair, elastic, CENTRAL, CENTRAL))
    made: dict[str, FloatArray] = {}
    for n, name in enumerate(("fall", "diverted", "seller_loss")):
        several = np.array([case[n] for case in cases])
        if n < len(small):
            made[f"{name}_small"] = small[n] * (100.0 if name == "fall" else 1.0)
        made |= {name: several[0], f"{name}_low": several.min(axis=0), f"{name}_high": several.max(axis=0)}
    return made


def _fall(
    pair: PairTrade, elastic: Responses, share: FloatArray, at_supply: int, at_demand: int
) -> tuple[FloatArray, FloatArray]:
    """Fall of the price and diverted share: of the market where there is one price, else of the maker's own."""
    supply, demand = elastic.supply[at_supply], elastic.demand[at_demand]
    refused = share * pair.seller_exports
    whole = pair.seller_exports + _rivals(pair)
    market = market_fall(refused, np.clip(whole - refused, 0.0, None), share, supply, demand)
    own = price_fall(share, supply, residual_demand(pair, elastic, at_supply, at_demand))
    fall, diverted = (np.where(elastic.one_price, a, b) for a, b in zip(market, own, strict=True))
    return fall, diverted


def _rivals(pair: PairTrade) -> FloatArray:
    """What other sellers send to other buyers, (P,)."""
    return np.asarray(np.clip(pair.others.sum(axis=0) - pair.to_buyer.sum(axis=0), 0.0, None))


def residual_demand(pair: PairTrade, elastic: Responses, at_supply: int, at_demand: int) -> FloatArray:
    """Elasticity of all other demand for the seller's goods, measured on its exports, (P,).

    pair: trade of the two.
    elastic: elasticities of the products.
    at_supply, at_demand: which ends of their ranges; substitution goes with demand.
    Returns: (P,).

    One price: (e_d x other buyers' imports + e_s x other sellers' exports to them) / the seller's exports.
    Own variety: share of other buyers in its exports x (sigma x share of other origins there + e_d x its own).
    """
    supply, demand, sigma = elastic.supply[at_supply], elastic.demand[at_demand], elastic.sigma[at_demand]
    rivals = _rivals(pair)
    rest = pair.seller_exports - pair.value
    thick = (demand * (rest + rivals) + supply * rivals) / pair.seller_exports
    thin = (rest / pair.seller_exports) * (sigma * pair.weight + demand * (1.0 - pair.weight))
    return np.asarray(np.where(elastic.one_price, thick, thin))
