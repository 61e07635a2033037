"""Parts of a scenario whose effects add up: what is sold, what is bought, and which goods, measure by measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from suasion.equilibrium import Scenario
from suasion.equilibrium.scenario.bans import Embargo, ExportBan, ImportBan
from suasion.equilibrium.scenario.instrument import Instrument
from suasion.equilibrium.scenario.instruments import TradeCost
from suasion.equilibrium.scenario.places import party, sector_mask
from suasion.questions.scenarios.instruments import BUNDLES
from suasion.questions.scenarios.runs import Mask
from suasion.types import FloatArray
from suasion.world import World

MOST_PARTS = 7
"""Parts told apart; the smaller ones by trade are one part a channel. Every set of parts is solved: 127 of them."""
REST = "rest"
"""Key of what is left of the goods."""
SELLS, BUYS, AT_HOME = "sales", "purchases", "measure"


@dataclass(frozen=True, slots=True)
class MeasurePart:
    """A part of the measures.

    channel: {"sales", "purchases", "measure"}. What the coalition sells to the target, buys from it, or a
      measure that is not on trade.
    goods: Key of a bundle, code of an industry, or :data:`REST`; empty for what is left of a channel, and
      without goods.
    measure: Place of the measure in the scenario, from 0; -1 where several are taken together.
    instruments: What is put in place.
    trade: Trade of the base that it touches, million USD; infinite for what is not on trade.
    """

    channel: str
    goods: str
    measure: int
    instruments: tuple[Instrument, ...]
    trade: float


def parts_of(world: World, scenario: Scenario, trade: FloatArray) -> tuple[MeasurePart, ...]:
    """Split a scenario into at most :data:`MOST_PARTS` parts that together are the scenario.

    world: Labels.
    scenario: What happens.
    trade: (N, N, S). Buyer by seller by good at base prices, million USD.
    """
    year = world.year if scenario.year is None else scenario.year
    found = [
        part
        for place, item in enumerate(scenario.instruments)
        for one in _directions(item)
        for part in _by_goods(world, year, place, one, trade)
    ]
    return _fewer(sorted(found, key=lambda part: -part.trade))


def _fewer(parts: Sequence[MeasurePart]) -> tuple[MeasurePart, ...]:
    """The largest parts, and the others of each channel as one."""
    for kept in range(min(len(parts), MOST_PARTS), -1, -1):
        rest = [[p for p in parts[kept:] if p.channel == channel] for channel in (SELLS, BUYS, AT_HOME)]
        made = (
            *parts[:kept],
            *(group[0] if len(group) == 1 else _together(group) for group in rest if group),
        )
        if len(made) <= MOST_PARTS:
            return made
    raise AssertionError("three channels always fit")


def scenario_with(scenario: Scenario, parts: Sequence[MeasurePart]) -> Scenario:
    """The scenario with only some of its parts in place.

    scenario: The whole.
    parts: Those in place.
    """
    items = [item for part in parts for item in part.instruments]
    return replace(scenario, instruments=tuple(items), origins=())


def _directions(item: Instrument) -> tuple[Instrument, ...]:
    """An instrument that works both ways as one for each way."""
    if isinstance(item, Embargo):
        return tuple(ban(item.senders, item.targets, item.sectors) for ban in (ExportBan, ImportBan))
    if isinstance(item, TradeCost) and item.direction == "both":
        return replace(item, direction="exports"), replace(item, direction="imports")
    return (item,)


def _channel(item: Instrument) -> str:
    if not hasattr(item, "senders") or not hasattr(item, "sectors"):
        return AT_HOME
    flow = getattr(item, "direction", getattr(item, "flow", ""))
    return SELLS if flow == "exports" else BUYS


def _by_goods(world: World, year: int, place: int, item: Instrument, trade: FloatArray) -> list[MeasurePart]:
    channel = _channel(item)
    if channel == AT_HOME:
        return [MeasurePart(channel, "", place, (item,), float("inf"))]
    covered = sector_mask(getattr(item, "sectors", None), world)
    flow = _flow(world, year, item, channel, trade)
    made = []
    for goods, mask in _goods(world, covered):
        size = float(flow[mask].sum())
        if size > 0:
            codes = tuple(code for code, inside in zip(world.sectors, mask, strict=True) if inside)
            whole: Any = item
            made.append(MeasurePart(channel, goods, place, (replace(whole, sectors=codes),), size))
    return made


def _flow(world: World, year: int, item: Any, channel: str, trade: FloatArray) -> FloatArray:
    """Trade by good between the two sides in one direction (S,)."""
    act, hit = (party(tokens, world, year).mask for tokens in (item.senders, item.targets))
    buyers, sellers = (hit, act) if channel == SELLS else (act, hit)
    between = trade * (buyers[:, None] & sellers[None, :] & ~np.eye(len(buyers), dtype=bool))[..., None]
    return np.asarray(between.sum((0, 1)))


def _goods(world: World, covered: Mask) -> list[tuple[str, Mask]]:
    """Groups of covered goods: bundles, or single industries where one bundle holds them all."""
    left, groups = covered.copy(), []
    for word, codes in BUNDLES.items():
        if word in ("all", "goods") or not codes:
            continue
        mask = sector_mask(codes, world) & left if _known(world, codes) else np.zeros_like(left)
        if mask.any():
            groups.append((word, mask))
            left = left & ~mask
    if left.any():
        groups.append((REST, left))
    if len(groups) > 1:
        return groups
    return [(world.sectors[k], np.arange(covered.size) == k) for k in np.flatnonzero(covered).tolist()]


def _known(world: World, codes: Sequence[str]) -> bool:
    return all(any(sector.startswith(code) for sector in world.sectors) for code in codes)


def _together(parts: Sequence[MeasurePart]) -> MeasurePart:
    return MeasurePart(
        channel=parts[0].channel,
        goods="",
        measure=-1,
        instruments=tuple(item for part in parts for item in part.instruments),
        trade=sum(part.trade for part in parts),
    )
