"""The flows that matter most cut off one at a time, beside what first-order effects say about them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.sensitivity.gradient import Linearisation, Sensitivity
from suasion.coercion.sensitivity.outcomes import WelfareChanges
from suasion.equilibrium import Shock, advance
from suasion.equilibrium.batch.many import ManyOutcome, job_of, respond_many
from suasion.errors import InputError
from suasion.types import FloatArray


@dataclass(frozen=True, slots=True)
class CutOffs:
    """Exact effects of single cut-offs beside first-order ones.

    Attributes
    ----------
    table : one row per flow, by the size of ``effect``: importer, exporter, sector, flow_usd, share_percent, effect (of
        one per cent of trade cost), first_order (of the cut-off, from the effect and the rise of trade cost that is
        worth a cut-off to the buyer), exact (with the flow exactly zero and all markets cleared), ratio
        (exact over first_order), residual (largest gap of an equation, in logs), reason (why there is no number)
    effect_rank, first_order_rank : Spearman's rank correlation of the size of the exact effects with that of
        ``effect`` and of ``first_order``
    unit : of ``first_order`` and ``exact``
    """

    table: pd.DataFrame
    effect_rank: float
    first_order_rank: float
    unit: str


def cut_off_flows(found: Sensitivity, top: int = 100) -> CutOffs:
    """Cut off each of the flows with the largest effects, one at a time.

    found: sensitivity by trade costs.
    top: how many flows.
    Returns: To a buyer who buys the share ``pi`` of a good from one origin, losing it is worth a rise of that
      origin's trade cost by ``-ln(1 - pi) / (pi (sigma - 1))`` in logs, or by what (M2.1) makes of it where
      buyers switch: both raise the price of the good by the same amount (equation 2.8 at given costs).
      ``first_order`` is the effect times that rise.
    Raises InputError: The sensitivity is not by trade costs, or its outcome is not one of real expenditure.
    """
    if found.wrt != "trade_cost":
        raise InputError(f"Cut-offs are ranked by trade_cost, not by {found.wrt}; give wrt='trade_cost'.")
    prepared, table = found.prepared, found.table(top)
    start, world = found.outcome.value(prepared.state), prepared.world
    places = [
        (
            world.countries.index(row.importer),
            world.countries.index(row.exporter),
            world.sectors.index(row.sector),
        )
        for row in table.itertuples()
    ]
    states, solved = _cut(found, places)
    exact = np.array([found.outcome.value(state) for state in states]) - start
    share = table.share_percent.to_numpy() / 100.0
    first = 100.0 * table.effect.to_numpy() * _worth_of_cut(prepared, share, [k for _, _, k in places])
    table = table.assign(
        first_order=first, exact=exact, ratio=exact / first, residual=solved.residual, reason=solved.reasons
    )
    by_effect, by_first_order = (_spearman(table[name], table.exact) for name in ("effect", "first_order"))
    return CutOffs(table, by_effect, by_first_order, found.outcome.unit)


def _cut(found: Sensitivity, places: list[tuple[int, int, int]]) -> tuple[list[WelfareChanges], ManyOutcome]:
    """What each country ends up with when each flow is gone, and how the cuts were solved."""
    prepared = found.prepared
    changes, solved = _solve(prepared, places, "after")
    states = [replace(prepared.state, after=row) for row in changes]
    if found.outcome.slopes(prepared.state).before is not None:
        earlier, _ = _solve(prepared, places, "before")
        states = [replace(state, before=row) for state, row in zip(states, earlier, strict=True)]
    return states, solved


def _worth_of_cut(prepared: Linearisation, share: FloatArray, sectors: list[int]) -> FloatArray:
    """Log rise of one origin's trade cost that raises the buyer's price as much as its loss does."""
    modes = prepared.economy.parameters.modes
    with np.errstate(divide="ignore"):
        lost = modes.lost(np.broadcast_to(share, (modes.sectors, share.size)))
    return np.asarray(lost[sectors, np.arange(share.size)] / share)


def _solve(
    prepared: Linearisation, places: list[tuple[int, int, int]], when: str
) -> tuple[FloatArray, ManyOutcome]:
    """Log changes of real expenditure with each flow gone, those that the scenario has made included."""
    economy, start = prepared.economy, np.zeros_like(prepared.state.before)
    if when == "after" and prepared.point is not prepared.base:
        economy, start = advance(economy, prepared.shock), prepared.state.after
    jobs = [job_of(economy, Shock(cut=_cell(economy.accounts.pi.shape, place))) for place in places]
    outcome = respond_many(economy, jobs)
    return outcome.log_welfare + start, outcome


def _cell(shape: tuple[int, ...], place: tuple[int, int, int]) -> NDArray[np.bool_]:
    s, n, _ = shape
    cut = np.zeros((n, n, s), dtype=bool)
    cut[place] = True
    return cut


def _spearman(first: pd.Series, second: pd.Series) -> float:
    """Rank correlation of sizes, over the rows where both exist."""
    both = pd.DataFrame({"first": first.abs(), "second": second.abs()}).dropna()
    return float(both["first"].rank().corr(both["second"].rank())) if len(both) > 1 else float("nan")
