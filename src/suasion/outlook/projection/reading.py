"""What a projected year says on a pair: shares both ways, exit costs both ways, the best other outlet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.exit_cost import merge, tie_shock
from suasion.coercion.sides import Side, members, side_name
from suasion.equilibrium import Parameters, Shock, respond
from suasion.equilibrium.economy import economy_on, log_welfare
from suasion.equilibrium.problem import DeficitRule
from suasion.equilibrium.solve import Solved
from suasion.errors import (
    ConvergenceError,
    ElasticityError,
    InputError,
    SameCountryError,
    ShockError,
    SuasionError,
)
from suasion.outlook.growth.capital import CAPITAL_SHARE, real_factor_income, steady
from suasion.outlook.projection.chain import Guide, State
from suasion.outlook.projection.together import respond_roughly, together
from suasion.sources.groups import is_group
from suasion.world import World

FloatArray = NDArray[np.float64]
SHARES = ("turnover_share", "export_share", "import_share")
STEADY = "steady"
"""Horizon at which elasticities are long-run ones and capital has adjusted."""
LONG = "long"
OUTLETS = 3
LEAST_PART = 1e-3
"""Part of the lost sales below which a third country is no outlet."""
Answer = Callable[[str, Shock], FloatArray]
Changes = dict[str, "FloatArray | SuasionError"]
Quantity = Literal["turnover_share", "export_share", "import_share", "loss_percent", "loss_usd"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Who is looked at, and the cuts that exit costs are read from.

    Attributes
    ----------
    a, b : codes of the two states
    at : their positions
    audience : name of the third parties whose markets are a's other outlet; empty without
    cuts : ``partner`` (a from b), and with an audience ``audience`` (a from it) and ``both``
    """

    a: str
    b: str
    at: tuple[int, int]
    audience: str
    cuts: Mapping[str, Shock]

    @property
    def mask(self) -> NDArray[np.bool_]:
        """(importer, exporter, sector) trade between the two."""
        cut = self.cuts["partner"].cut
        assert cut is not None
        return cut


@dataclass(frozen=True, slots=True)
class Reading:
    """One number of a year.

    Attributes
    ----------
    quantity : ``turnover_share``, ``export_share``, ``import_share`` (the partner's share in the trade of ``of``, 0
        to 1), ``loss_percent``, ``loss_usd``
    of : whose share or loss
    horizon : of a loss; empty for shares
    outlet : ``open`` or ``closed``, of a loss
    value : NaN where there is none
    reason : why there is none
    """

    quantity: str
    of: str
    horizon: str
    outlet: str
    value: float
    reason: str = ""


def pair_of(world: World, a: str, b: str, audience: Side | None) -> Pair:
    """Compile the cuts of a pair.

    Raises
    ------
    SameCountryError, NotInWorldError
        As :func:`suasion.coercion.study_ties`.
    InputError
        One of the two is a group.
    """
    for name in (a, b):
        if name not in world.countries and is_group(name):
            raise InputError(
                f"{name} is a group; an outlook is for two states. Groups may stand as its audience."
            )
    cuts = {"partner": tie_shock(world, a, b)}
    (one,), (other,) = members(world, a), members(world, b)
    if audience:
        others = [c for c in members(world, audience) if c not in (one, other)]
        if not others:
            raise SameCountryError(
                f"The audience {side_name(audience)} is {a} or {b} itself. Name third parties."
            )
        cuts["audience"] = tie_shock(world, one, others)
        cuts["both"] = merge(cuts["audience"], cuts["partner"])
    place = world.countries.index(one), world.countries.index(other)
    return Pair(one, other, place, side_name(audience) if audience else "", cuts)


def shares(state: State, pair: Pair) -> list[Reading]:
    """Partner's share in the turnover, exports and imports of each side, at basic prices."""
    trade = receipts(state.solved)
    rows = []
    for own, (n, i) in ((pair.a, pair.at), (pair.b, pair.at[::-1])):
        bought, sold = trade[n].copy(), trade[:, n].copy()
        bought[n] = sold[n] = 0.0
        sides = (bought + sold, sold, bought)
        for name, values in zip(SHARES, sides, strict=True):
            total = float(values.sum())
            rows.append(Reading(name, own, "", "", float(values[i]) / total if total > 0 else float("nan")))
    return rows


def receipts(solved: Solved) -> FloatArray:
    """Trade at basic prices, (importer, exporter), million USD."""
    return np.asarray(solved.swept.flows.sum(0))


@dataclass(frozen=True, slots=True)
class Cutting:
    """How exit costs are computed.

    Attributes
    ----------
    horizon : ``short``, ``long``, ``steady`` or years since the cut
    parameters : elasticities of the horizon; at ``long`` and ``steady`` those of the path
    deficits : deficit rule
    capital_share : of value added, for ``steady``
    guide, course : where earlier draws' solutions lay, and the course whose they are; None without
    drawn : whether it is a draw: its losses need fewer digits than those of the central course
    """

    horizon: str
    parameters: Parameters
    deficits: DeficitRule = "balance"
    capital_share: float = CAPITAL_SHARE
    guide: Guide | None = None
    course: str = ""
    drawn: bool = False


def losses(state: State, pair: Pair, how: Cutting) -> list[Reading]:
    """Exit costs of both sides in a year, with the other outlet of a open and closed.

    Parameters
    ----------
    state : the year
    pair : the cuts
    how : horizon, elasticities, options

    Returns
    -------
    list of Reading
        Per cent of own real expenditure before the cut, and million USD at base-year prices.
    """
    return losses_together([state], pair, [how])[0]


def losses_together(states: Sequence[State], pair: Pair, hows: Sequence[Cutting]) -> list[list[Reading]]:
    """Exit costs of both sides in the worlds of some draws; see :func:`losses`.

    Parameters
    ----------
    states : one year of some draws of one course
    pair : the cuts
    hows : one for each, of one horizon
    """
    if not states:
        return []
    if hows[0].horizon == LONG:
        return [
            _readings(state, pair, LONG, changes)
            for state, changes in zip(states, _long_changes(states, pair, hows[0]), strict=True)
        ]
    return [
        _readings(
            state,
            pair,
            how.horizon,
            _changes(pair, (_steady if how.horizon == STEADY else _on_the_year)(state, how)),
        )
        for state, how in zip(states, hows, strict=True)
    ]


def _changes(pair: Pair, answer: Answer) -> Changes:
    """Answer to each cut, or why there is none; a cut may start from those before it."""
    changes: Changes = {}
    for name, cut in pair.cuts.items():
        try:
            changes[name] = answer(name, cut)
        except (ShockError, ElasticityError, ConvergenceError) as error:
            changes[name] = error
    return changes


def _readings(state: State, pair: Pair, horizon: str, changes: Changes) -> list[Reading]:
    """Losses from log changes of real expenditure."""
    worth = state.economy.accounts.income * np.exp(state.log_welfare)
    nothing = np.full(state.real.size, np.nan)
    logs = {k: nothing if isinstance(v, SuasionError) else v for k, v in changes.items()}
    reasons = {k: str(v) for k, v in changes.items() if isinstance(v, SuasionError)}
    rows = _pair_losses(pair, horizon, "open", logs["partner"], worth, reasons.get("partner", ""))
    if "both" in logs:
        before = logs["audience"]
        reason = reasons.get("both") or reasons.get("audience") or ""
        rows += _pair_losses(pair, horizon, "closed", logs["both"] - before, worth * np.exp(before), reason)
    return rows


def _pair_losses(
    pair: Pair, horizon: str, outlet: str, change: FloatArray, worth: FloatArray, reason: str
) -> list[Reading]:
    rows = []
    for own, n in ((pair.a, pair.at[0]), (pair.b, pair.at[1])):
        loss = -float(np.expm1(change[n]))
        rows.append(Reading("loss_percent", own, horizon, outlet, 100.0 * loss, reason))
        rows.append(Reading("loss_usd", own, horizon, outlet, loss * float(worth[n]), reason))
    return rows


def _long_changes(states: Sequence[State], pair: Pair, how: Cutting) -> list[Changes]:
    """Log changes of real expenditure (N,) at the path's own elasticities, by draw and cut.

    A cut is solved from the base year, together with the path: the same equilibrium, without preparing a new base.
    """
    shared = together(states[0].economy, [state.economy.parameters for state in states])
    parts = [(k, name) for name in pair.cuts for k in range(len(states))]
    moved = {
        name: np.zeros(1) if kept is None else kept
        for name in pair.cuts
        for kept in [how.guide.start(how.course, states[0].year, LONG, name) if how.guide else None]
    }
    starts = [states[k].solved.x + moved[name] for k, name in parts]
    shocks = [merge(states[k].shock, pair.cuts[name]) for k, name in parts]
    made: list[Changes] = [{} for _ in states]
    for (k, name), solved in zip(parts, shared.respond([k for k, _ in parts], shocks, starts), strict=True):
        if isinstance(solved, SuasionError):
            made[k][name] = solved
            continue
        if how.guide:
            how.guide.keep(solved.x - states[k].solved.x, how.course, states[k].year, LONG, name)
        made[k][name] = log_welfare(solved) - states[k].log_welfare
    return made


def _steady(state: State, how: Cutting) -> Answer:
    """Answer at the path's own elasticities, with capital that adjusts to the cut."""
    before, rest = state.log_welfare, real_factor_income(state.solved)

    def solve(cut: Shock, extra: FloatArray, x: FloatArray | None) -> Solved:
        shock = merge(state.shock, cut)
        labour = np.ones(state.real.size) if shock.labour is None else shock.labour
        return respond(state.economy, replace(shock, labour=labour * np.exp(extra)), x)[0]

    def answer(name: str, cut: Shock) -> FloatArray:
        found = steady(lambda extra, x: solve(cut, extra, x), how.capital_share, rest, state.solved.x)
        return log_welfare(found.solved) - before

    return answer


def _on_the_year(state: State, how: Cutting) -> Answer:
    """Answer with other elasticities than the path's: the year's accounts are the base."""
    economy = economy_on(state.accounts, how.parameters, how.deficits)
    place = how.course, state.year, how.horizon
    solve = respond_roughly if how.drawn else lambda *question: respond(*question)[0]
    found: dict[str, FloatArray] = {}

    def start(name: str) -> FloatArray | None:
        """Where an earlier draw ended; where both outlets close, moved as each alone has moved from it."""
        kept = how.guide.start(*place, name) if how.guide else None
        if kept is None or name != "both":
            return kept
        for single, x in found.items():
            earlier = how.guide.start(*place, single) if how.guide else None
            kept = kept if earlier is None else kept + x - earlier
        return kept

    def answer(name: str, cut: Shock) -> FloatArray:
        solved = solve(economy, cut, start(name))
        found[name] = solved.x
        if how.guide:
            how.guide.keep(solved.x, *place, name)
        return log_welfare(solved)

    return answer


@dataclass(frozen=True, slots=True)
class Outlet:
    """A third country that takes up trade when the pair parts.

    Attributes
    ----------
    of : who loses the partner
    rank : 1 is the best
    country : the outlet
    gain_usd : rise of what it buys from ``of``, million USD at the year's prices before the cut
    part : of the sales to the partner that it makes up for
    """

    of: str
    rank: int
    country: str
    gain_usd: float
    part: float


def outlets(state: State, pair: Pair, count: int = OUTLETS) -> list[Outlet]:
    """Best alternative outlets of both sides after the pair has parted, in the long run.

    Parameters
    ----------
    state : the year
    pair : the cuts
    count : how many at most; one that would make up for less than a thousandth of the lost sales is none
    """
    solved, _ = respond(state.economy, merge(state.shock, pair.cuts["partner"]), state.solved.x)
    prices = (state.solved.swept.costs.unit - solved.swept.costs.unit).T[:, None, :]
    gain = (solved.swept.flows * np.exp(prices)).sum(0) - receipts(state.solved)
    rows = []
    for own, (n, i) in ((pair.a, pair.at), (pair.b, pair.at[::-1])):
        third = gain[:, n].copy()
        third[[n, i]] = -np.inf
        lost = -float(gain[i, n])
        best = [
            int(m) for m in np.argsort(third)[::-1][:count] if lost > 0.0 and third[m] >= LEAST_PART * lost
        ]
        for rank, m in enumerate(best, start=1):
            code = state.economy.accounts.countries[m]
            rows.append(Outlet(own, rank, code, float(third[m]), float(third[m]) / lost))
    return rows
