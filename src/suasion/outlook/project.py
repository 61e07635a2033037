"""What a projected year says on a pair: shares both ways, exit costs both ways, the best other outlet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.exit_cost import Side, members, merge, side_name, tie_shock
from suasion.equilibrium import Parameters, Shock, respond
from suasion.equilibrium.economy import economy_on, log_welfare
from suasion.equilibrium.problem import DeficitRule
from suasion.equilibrium.solve import Solved
from suasion.errors import ConvergenceError, ElasticityError, InputError, SameCountryError, ShockError
from suasion.outlook.chain import Guide, State
from suasion.outlook.growth_capital import CAPITAL_SHARE, real_factor_income, steady
from suasion.sources.groups import is_group
from suasion.world import World

FloatArray = NDArray[np.float64]
SHARES = ("turnover_share", "export_share", "import_share")
STEADY = "steady"
"""Horizon at which elasticities are long-run ones and capital has adjusted."""
LONG = "long"
OUTLETS = 3
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


def by_sector(solved: Solved) -> FloatArray:
    """Trade at basic prices, (sector, importer, exporter), million USD."""
    swept = solved.swept
    scale = (swept.expenditure.T * swept.inverse)[..., None] * swept.weights.net
    return np.asarray(scale * swept.cost_power[:, None, :])


def receipts(solved: Solved) -> FloatArray:
    """Trade at basic prices, (importer, exporter), million USD."""
    return np.asarray(by_sector(solved).sum(0))


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
    """

    horizon: str
    parameters: Parameters
    deficits: DeficitRule = "balance"
    capital_share: float = CAPITAL_SHARE
    guide: Guide | None = None
    course: str = ""


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
    changes, reasons = {}, {}
    answer, horizon = _answer(state, how), how.horizon
    for name, cut in pair.cuts.items():
        try:
            changes[name] = answer(name, cut)
        except (ShockError, ElasticityError, ConvergenceError) as error:
            changes[name], reasons[name] = np.full(state.real.size, np.nan), str(error)
    worth = state.economy.accounts.income * np.exp(state.log_welfare)
    rows = _pair_losses(pair, horizon, "open", changes["partner"], worth, reasons.get("partner", ""))
    if "both" in changes:
        before = changes["audience"]
        reason = reasons.get("both") or reasons.get("audience") or ""
        rows += _pair_losses(
            pair, horizon, "closed", changes["both"] - before, worth * np.exp(before), reason
        )
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


def _answer(state: State, how: Cutting) -> Callable[[str, Shock], FloatArray]:
    """From a cut and its name to the log change of real expenditure (N,) against the year's.

    With the path's own elasticities a cut is solved from the base, together with the path: the same equilibrium,
    without preparing a new base.
    """
    if how.horizon not in (LONG, STEADY):
        return _on_the_year(state, how)
    before, here = state.log_welfare, state.solved.x
    rest = real_factor_income(state.solved)

    def solve(name: str, cut: Shock, extra: FloatArray | None, x: FloatArray | None) -> Solved:
        shock = merge(state.shock, cut)
        if extra is not None:
            labour = np.ones(state.real.size) if shock.labour is None else shock.labour
            shock = replace(shock, labour=labour * np.exp(extra))
        moved = how.guide.start(how.course, state.year, LONG, name) if how.guide else None
        start = x if x is not None else here if moved is None else here + moved
        solved, _ = respond(state.economy, shock, start)
        if how.guide and extra is None:
            how.guide.keep(solved.x - here, how.course, state.year, LONG, name)
        return solved

    def answer(name: str, cut: Shock) -> FloatArray:
        if how.horizon == LONG:
            return log_welfare(solve(name, cut, None, None)) - before
        found = steady(lambda extra, x: solve(name, cut, extra, x), how.capital_share, rest)
        return log_welfare(found.solved) - before

    return answer


def _on_the_year(state: State, how: Cutting) -> Callable[[str, Shock], FloatArray]:
    """Answer with other elasticities than the path's: the year's accounts are the base."""
    economy = economy_on(state.accounts, how.parameters, how.deficits)
    place = how.course, state.year, how.horizon

    def answer(name: str, cut: Shock) -> FloatArray:
        solved, _ = respond(economy, cut, how.guide.start(*place, name) if how.guide else None)
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
    count : how many
    """
    solved, _ = respond(state.economy, merge(state.shock, pair.cuts["partner"]), state.solved.x)
    prices = (state.solved.swept.costs.unit - solved.swept.costs.unit).T[:, None, :]
    gain = (by_sector(solved) * np.exp(prices)).sum(0) - receipts(state.solved)
    rows = []
    for own, (n, i) in ((pair.a, pair.at), (pair.b, pair.at[::-1])):
        third = gain[:, n].copy()
        third[[n, i]] = -np.inf
        lost = -float(gain[i, n])
        for rank, m in enumerate(np.argsort(third)[::-1][:count], start=1):
            code = state.economy.accounts.countries[int(m)]
            part = float(third[m]) / lost if lost > 0 else float("nan")
            rows.append(Outlet(own, rank, code, float(third[m]), part))
    return rows
