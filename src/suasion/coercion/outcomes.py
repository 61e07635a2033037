"""Solve a set of cuts between sides on one world, at several horizons and for draws, with what stands beside a loss."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from suasion.equilibrium import Economy, Elasticities, Parameters, Shock, draws, resolve, respond
from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.batch.beside import bracket_ends, capital_answers, has_bracket, has_capital
from suasion.equilibrium.batch.many import respond_draws
from suasion.equilibrium.certificate import Certificate
from suasion.equilibrium.corrector import corrector_for
from suasion.equilibrium.economy import base_of, check_before_balance, economy_on, log_welfare
from suasion.equilibrium.elasticities.horizon import resolve_base
from suasion.equilibrium.elasticities.points import check_count
from suasion.equilibrium.flags import WIDE, Flag, Flagged, flags_on, width
from suasion.equilibrium.solve import Solved
from suasion.errors import (
    ConvergenceError,
    InputError,
    NotInWorldError,
    ShockError,
    SuasionWarning,
    UnknownCountryError,
    expect,
)
from suasion.remarks import Remark
from suasion.solvers.threads import one_thread
from suasion.sources.countries import resolve_country
from suasion.sources.groups import code_of, expand, group_code, is_group
from suasion.types import BoolArray, DeficitRule, FloatArray, Progress
from suasion.world import World

Horizon = str | float | Elasticities
BAND = (0.05, 0.95)
"""Quantiles of draws at the ends of a 90 % band."""


def band_of(drawn: FloatArray, central: float) -> tuple[float, float]:
    """Ends of the 90 % band of those draws (D,) that have an equilibrium; NaN where none has.

    central: The number at the central elasticities, which is no draw: the band is widened to hold it.
    """
    known = drawn[np.isfinite(drawn)]
    low, high = np.quantile(known, BAND) if known.size else (np.nan, np.nan)
    return float(np.minimum(low, central)), float(np.maximum(high, central))


def bands_of(drawn: FloatArray, central: FloatArray) -> FloatArray:
    """Ends (2, ...) of the 90 % bands of draws (D, ...), each widened to hold the number (...) itself."""
    low, high = np.nanquantile(drawn, BAND, axis=0)
    return np.stack([np.minimum(low, central), np.maximum(high, central)])


def banded(name: str, values: Sequence[float] | FloatArray) -> dict[str, float]:
    """A number at the central elasticities, ``values[0]``, and its 90 % band over the draws, where any is known."""
    low, high = band_of(np.asarray(values[1:], dtype=np.float64), float(values[0]))
    return {name: float(values[0]), **({} if np.isnan(low) else {f"{name}_low": low, f"{name}_high": high})}


@dataclass(frozen=True, slots=True)
class Request:
    """What to solve.

    shocks: named cuts; each is solved on the same base.
    horizons: labels understood by the elasticity presets.
    deficits: deficit rule.
    draws, seed: number of draws of the elasticities for bands, and the seed of their sequence.
    elasticities: own values.
    progress: called with (done, total, what), or None.
    told: codes of all whose losses are told: the bracket is solved where one of them has a flag.
    """

    world: World
    shocks: Mapping[str, Shock]
    horizons: Sequence[Horizon]
    deficits: DeficitRule = "balance"
    draws: int = 0
    seed: int = 1
    elasticities: Elasticities | None = None
    progress: Progress | None = None
    told: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Log changes in welfare of all countries after every cut, at one horizon.

    label: horizon with its years.
    income: (1 + draws, N) base real expenditure after the deficit rule, million USD.
    log_welfare: shock name to (1 + draws, N); row 0 has the central elasticities; NaN rows failed.
    certificates: shock name to the check of the central solution.
    failures: shock name to the reason why the central solution does not exist.
    marks: remarks on elasticities and on how the cuts were read.
    doubts: on the elasticities.
    flags: shock name to marks on its central answer beyond what the model can say.
    bracket: shock name to (2, N) lost suppliers replaced at a premium, and nobody switches; of all shocks where one
      has a flag.
    capital: shock name to (N,) with a stock of capital that adjusts; in the long run.
    """

    label: str
    income: FloatArray
    log_welfare: Mapping[str, FloatArray]
    certificates: Mapping[str, Certificate]
    failures: Mapping[str, str]
    marks: tuple[Remark, ...]
    doubts: tuple[SuasionWarning, ...]
    flags: Mapping[str, tuple[Flagged, ...]]
    bracket: Mapping[str, FloatArray]
    capital: Mapping[str, FloatArray]

    def changes(self, after: str, before: str | None) -> tuple[FloatArray, FloatArray]:
        """Real expenditure before the further cut and its change, (1 + draws, N), million USD at base prices.

        At base prices the losses of successive cuts add up, whatever their order.
        """
        start = 0.0 if before is None else self.log_welfare[before]
        base = self.income * np.exp(start)
        return base, base * np.expm1(self.log_welfare[after] - start)

    def failed_draws(self, name: str) -> int:
        """Count the draws without an equilibrium."""
        return int(np.isnan(self.log_welfare[name][1:]).any(1).sum())


def solve_cuts(request: Request) -> dict[Horizon, Outcomes]:
    """Solve every cut at every horizon, for central elasticities and draws.

    Raises InputError: The number of draws is no whole number from 0, none, to those that a sequence has; 64
      give a usable 90 % band. Or the deficit rule cannot tell the loss from the tie.
    """
    check_count(request.draws, 0)
    for horizon in request.horizons:
        parameters = resolve(request.world, horizon, elasticities=request.elasticities)
        for shock in request.shocks.values():
            check_before_balance(request.world, parameters, shock)
    accounts = base_accounts(request.world, request.deficits, *request.horizons, request.elasticities)
    found = {}
    # One after the other: single solves are so many small steps that two threads only wait for the interpreter.
    with one_thread():
        for horizon in request.horizons:
            found[horizon] = outcome = _one_horizon(request, accounts, horizon)
            if request.progress:
                request.progress(1, 1, outcome.label)
    return found


def check_rule(deficits: DeficitRule) -> None:
    """Refuse a rule under which the loss from a measure cannot be told.

    Raises InputError: Imbalances would end together with the tie.
    """
    if deficits == "eliminate":
        raise InputError(
            "deficits='eliminate' ends every trade imbalance together with the tie, and what that does to a country is "
            "no cost of the tie: who lent to others seems to gain by the break. Use 'balance', which ends them before, "
            "or 'world' or 'gdp', which keep them."
        )


def base_accounts(
    world: World, deficits: DeficitRule, *given: Horizon | None, like: World | None = None
) -> Accounts:
    """Return the base after the deficit rule: one for all horizons and draws, which differ in the response only.

    ``given`` are the horizon and the own elasticities, one of which may hold own values; ``like`` is a world of which
    this one is a draw, and whose linearisation steers the solution.

    Raises InputError: The rule cannot tell the loss from the tie.
    """
    check_rule(deficits)
    own = next((one for one in given if isinstance(one, Elasticities)), None)
    parameters = resolve_base(world, own)
    corrector = None if like is None else corrector_for(base_of(like, parameters, "world"), parameters)
    return base_of(world, parameters, deficits, corrector)


def economy_for(
    world: World,
    horizon: Horizon = "long",
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
) -> Economy:
    """Return the economy in which the loss from a measure is told: the base after the deficit rule, at a horizon.

    Raises InputError: There is no such horizon or rule, or the loss cannot be told under it.
    """
    base = base_accounts(world, deficits, horizon, elasticities)
    return economy_on(base, resolve(world, horizon, elasticities=elasticities), deficits)


def _one_horizon(request: Request, accounts: Accounts, horizon: Horizon) -> Outcomes:
    world, own = request.world, request.elasticities
    central = resolve(world, horizon, elasticities=own)
    economy = economy_on(accounts, central, request.deficits)
    n, rows = len(world.countries), 1 + request.draws
    welfare = {name: np.full((rows, n), np.nan) for name in request.shocks}
    certificates: dict[str, Certificate] = {}
    failures: dict[str, str] = {}
    marks: dict[Remark, None] = dict.fromkeys(central.marks)
    solutions: dict[str, Solved] = {}
    for name, shock in request.shocks.items():
        try:
            solved, remarks = respond(economy, shock)
        except (ShockError, ConvergenceError) as error:
            failures[name] = str(error)
            continue
        welfare[name][0], solutions[name] = log_welfare(solved), solved
        assert solved.certificate is not None  # as `respond` leaves it
        certificates[name] = solved.certificate
        marks.update(dict.fromkeys(remarks))
    if request.draws:
        sets = draws(world, request.draws, horizon, seed=request.seed, elasticities=own)
        _solve_draws(request, economy, sets, solutions, welfare)
    income = np.broadcast_to(accounts.income, (rows, n))
    return Outcomes(
        central.horizon,
        income,
        welfare,
        certificates,
        failures,
        tuple(marks),
        central.doubts,
        *_solved_beside(request, economy, horizon, solutions),
    )


def _solved_beside(
    request: Request, economy: Economy, horizon: Horizon, solutions: Mapping[str, Solved]
) -> tuple[dict[str, tuple[Flagged, ...]], dict[str, FloatArray], dict[str, FloatArray]]:
    """Flags, brackets and answers with capital beside the central ones, solved where they say anything."""
    flags = {name: flags_on(solved, request.shocks[name]) for name, solved in solutions.items()}
    shocks, bracket, capital = [_at_hand(request.shocks[name]) for name in solutions], {}, {}
    if has_capital(economy):
        own = resolve(request.world, horizon, elasticities=request.elasticities, factors="capital").capital
        near = list(solutions.values())
        capital = dict(zip(solutions, capital_answers(economy, shocks, own, near), strict=True))
    elif has_bracket(economy) and any(one.country in request.told for some in flags.values() for one in some):
        bracket = dict(zip(solutions, bracket_ends(economy, shocks), strict=True))
    return flags, bracket, capital


def _at_hand(shock: Shock) -> Callable[[], Shock]:
    return lambda: shock


def _solve_draws(
    request: Request,
    economy: Economy,
    sets: Sequence[Parameters],
    central: Mapping[str, Solved],
    welfare: Mapping[str, FloatArray],
) -> None:
    """Fill the rows of the draws."""
    total = len(central) * len(sets)
    for place, (name, solved) in enumerate(central.items()):

        def tell(done: int, _: int, before: int = place * len(sets)) -> None:
            if request.progress:
                request.progress(before + done, total, f"{economy.parameters.horizon}, draws")

        outcome = respond_draws(economy, request.shocks[name], solved, sets, tell)
        welfare[name][1:] = outcome.log_welfare


Beside = dict[str, str | float]
"""flags, replacement_percent, no_switching_percent and capital_percent of one loss."""


def alongside(
    outcome: Outcomes,
    inside: Sequence[str],
    countries: Sequence[str],
    cuts: tuple[str, str | None],
    central: float,
) -> Beside:
    """Return flags, the ends of the bracket, and the loss with capital, in per cent; NaN where none was solved.

    outcome: solved cuts at one horizon.
    inside, countries: members of the side, and all labels.
    cuts: names of the cut with the tie gone, and of the one already in force (None: the base).
    central: the side's loss, per cent.
    """
    index, (after, before) = [countries.index(c) for c in inside], cuts

    def loss(logs: Mapping[str, FloatArray]) -> FloatArray:
        """Further loss of the side by rule (R, N), or by one (N,)."""
        start = np.zeros(1) if before is None else logs.get(before)
        if after not in logs or start is None:
            return np.full(1, np.nan)
        return _loss(outcome.income[0] * np.exp(start), logs[after] - start, index)

    flags = _of(outcome.flags.get(after, ()), inside)
    low, high = np.broadcast_to(loss(outcome.bracket) if flags else np.nan, 2).tolist()
    return _beside(flags, (low, central, high), float(loss(outcome.capital).ravel()[0]))


def solved_alongside(
    economy: Economy,
    answers: Sequence[tuple[Callable[[], Shock], Solved]],
    sides: Sequence[BoolArray],
) -> list[list[Beside]]:
    """Return the same beside the losses of some sides in solved equilibria.

    economy: base and elasticities.
    answers: what makes each compiled scenario, and its equilibrium.
    sides: (N,) countries of each.
    Returns: By answer, and by side.
    """
    base, codes = economy.accounts, np.array(economy.accounts.countries)
    inside = [set(codes[side].tolist()) for side in sides]
    flags = [flags_on(solved, shock()) for shock, solved in answers]
    ends = np.full((len(answers), 2, codes.size), np.nan)
    capital = np.full((len(answers), codes.size), np.nan)
    if has_capital(economy):
        capital = capital_answers(economy, [shock for shock, _ in answers])
    elif has_bracket(economy):
        marked = [k for k, some in enumerate(flags) if _of(some, set().union(*inside))]
        if marked:
            ends[marked] = bracket_ends(economy, [answers[k][0] for k in marked])

    def one(k: int, side: BoolArray, members: set[str]) -> Beside:
        own, logs = _of(flags[k], members), np.stack([*ends[k], capital[k], log_welfare(answers[k][1])])
        low, high, with_capital, central = _loss(base.income, logs, np.flatnonzero(side).tolist()).tolist()
        low, high = (low, high) if own else (np.nan, np.nan)
        return _beside(own, (low, central, high), with_capital)

    return [[one(k, *side) for side in zip(sides, inside, strict=True)] for k in range(len(answers))]


def _of(flags: Iterable[Flagged], inside: Collection[str]) -> list[Flagged]:
    return [item for item in flags if item.country in inside]


def _loss(base: FloatArray, logs: FloatArray, index: Sequence[int]) -> FloatArray:
    """Loss of a side in per cent, where real expenditure moves by these logs from a base, (R,) or a number."""
    change = base * np.expm1(logs)
    return np.asarray(-100.0 * change[..., index].sum(-1) / (base + 0.0 * change)[..., index].sum(-1))


def _beside(flags: Collection[Flagged], losses: tuple[float, float, float], capital: float) -> Beside:
    """The row of a loss that lies between the ends of its bracket."""
    kinds = {item.flag.value for item in flags}
    solved = losses[0] == losses[0] or losses[2] == losses[2]  # from the long run on there is no bracket
    kinds |= {Flag.WIDTH.value} if flags and solved and width(*losses) > WIDE else set()
    return {
        "flags": " ".join(sorted(kinds)),
        "replacement_percent": losses[0],
        "no_switching_percent": losses[2],
        "capital_percent": capital,
    }


Side = str | Sequence[str]


def members(world: World, side: Side) -> tuple[str, ...]:
    """Return the codes of a side's countries that the world holds.

    Raises NotInWorldError: None of them is in the world, or a single country named is not.
    Raises InputError: The side names nobody.
    """
    expect(world, World, "world", "It comes first, then the sides.")
    tokens = _tokens(side)
    if not tokens:
        raise InputError("A side of the tie is empty; name at least one country or group.")
    single = [code_of(t) if t not in world.countries and not is_group(t) else t for t in tokens]
    codes = [c for t in single for c in (expand([t], world.year) if is_group(t) else (t,))]
    absent = [c for c in single if not is_group(c) and c not in world.countries]
    found = tuple(dict.fromkeys(c for c in codes if c in world.countries))
    if absent or not found:
        raise NotInWorldError(
            f"{', '.join(absent or tokens)} is outside the world's table of {len(world.countries)} countries: exit "
            "costs need its accounts. Materials, partner shares and positions are still available."
        )
    return found


def side_name(side: Side) -> str:
    """Return the name of a side as printed: codes and groups in capitals, joined, however they were given."""
    return " + ".join(map(_code, _tokens(side)))


def _tokens(side: Side) -> tuple[str, ...]:
    if isinstance(side, str | int) or side is None:
        return (str(side),)
    tokens = [str(token) for token in side]
    return tuple(sorted(tokens) if isinstance(side, set | frozenset) else tokens)


def _code(token: str) -> str:
    try:
        return group_code(token) or resolve_country(token)
    except UnknownCountryError:
        return token  # a label of a world of the user's own
