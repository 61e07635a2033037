"""Offers of no tariff for alignment, solved on a world: the worth behind a tariff, and the tariff behind a worth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
import pandas as pd

from suasion.coercion.frontier.ascent import Ascent
from suasion.coercion.frontier.contest import Contest, contest_of
from suasion.coercion.frontier.offers import NOBODY, TariffCurves, hazard_of
from suasion.coercion.frontier.policy_space import CLOSE, ROUGH, Slope, welfare_slope
from suasion.coercion.frontier.rows import TaxStatus, beside
from suasion.coercion.outcomes import Beside, Horizon, Side, banded
from suasion.equilibrium import Elasticities, Parameters
from suasion.equilibrium import draws as draw
from suasion.equilibrium.adjoint.point import point_of
from suasion.equilibrium.economy import certified, economy_on, log_welfare
from suasion.errors import ConvergenceError, InputError, ShockError
from suasion.types import DeficitRule, Progress
from suasion.world import World

MOST = 3.0
"""Highest tariff that is tried: 300 per cent, where little is left to tax."""
NODES = 9
"""Tariffs that are solved from none to the highest, evenly in the log of one plus the tariff; curves between are cubic,
with exact slopes at the ends."""
RESPONSES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75)
"""Probabilities with which a partner aligns rather than lose a hundredth of its real expenditure: assumed, no data."""
PARTS = (0.0, 0.25, 0.5, 1.0, 1.5, 2.0)
"""Values of alignment of the curves, over that of the given tariff or, if higher, twice the best for its own sake."""


class OfferStatus(StrEnum):
    """Whether there is a value of alignment at which a tariff is the best offer."""

    BEST = "best"
    BEATEN = "beaten"


@dataclass(frozen=True, slots=True)
class AlignmentOffer:
    """What is asked: a log wedge, the one that is best for its own sake, and the real expenditure of both sides.

    response: probability with which the partner aligns rather than lose a hundredth of its real expenditure.
    value: of alignment, million USD a year; None where only those of the curves are asked about.
    """

    wedge: float
    alone: float
    response: float
    value: float | None
    own: float
    other: float


@dataclass(frozen=True, slots=True, eq=False)
class AlignmentTariffs:
    """The worth of alignment behind a tariff, and the tariff behind a worth.

    holder, partner: as printed.
    alone: tariff_percent, the best for its own sake; gain_musd, what it earns; loss_percent, what the given tariff
      costs the partner; each with its band (``_low``, ``_high``) where there were draws.
    values: one row per response: alignment_response, alignment_chance (with which the partner aligns rather than pay
      the given tariff), alignment_musd (the value a year at which the given tariff is the best; NaN where it never is),
      alignment_percent (of the holder's real expenditure), offer_status.
    tariffs: one row per response and value: alignment_response, alignment_musd, tariff_percent, alignment_chance,
      tax_status.
    course: of both sides, at the central elasticities.
    offer: what was asked.
    beside: what stands beside the partner's loss.
    failed: draws without an equilibrium.
    horizon: label.
    residual: largest gap of an equation.
    """

    holder: str
    partner: str
    alone: dict[str, float]
    values: pd.DataFrame
    tariffs: pd.DataFrame
    course: TariffCurves = field(repr=False)
    offer: AlignmentOffer
    beside: Beside
    failed: int
    horizon: str
    residual: float


def alignment_tariffs(
    world: World,
    holder: Side,
    partner: Side,
    tariff: float = 0.25,
    response: float = 0.25,
    value: float | None = None,
    horizon: Horizon = "long",
    sectors: Sequence[str] | None = None,
    *,
    draws: int = 0,
    seed: int = 1,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    progress: Progress | None = None,
) -> AlignmentTariffs:
    """Find the value of alignment at which a tariff is the best offer, and the best offer at values of alignment.

    holder, partner: code, name or group; the holder taxes what it imports from the partner.
    tariff: on top of what is in force, whose prices it multiplies by one plus it; above 0 and at most 3.
    response: probability with which the partner aligns rather than lose a hundredth of its real expenditure; the
      curves go over others too.
    value: of alignment, million USD a year, told beside those of the curves.
    horizon: ``"months"``, ``"short"``, ``"long"`` or years.
    sectors: that are taxed; all by default.
    draws, seed: sets of elasticities behind the 90 % bands, and their seed.
    deficits, elasticities: as in :func:`suasion.coercion.frontier.contest.frontier`.
    progress: called with (done, total, what).
    Raises InputError: A number is outside its range, nothing is traded, or the tariff would not hurt the partner.
    Raises SameCountryError: A country is on both sides.
    """
    taxed = {"taxed": world.sectors if sectors is None else sectors}
    contest = contest_of(
        world, holder, partner, ("tariff",), taxed, horizon, deficits=deficits, elasticities=elasticities
    )
    offer = _offer(contest, tariff, response, value)
    course, residual = course_of(contest, offer)
    if (course.other(course.other.x, 1) >= 0.0).any():
        raise InputError(
            f"A tariff of {contest.names[0]} would not hurt {contest.names[1]}: it is no threat."
        )
    sets = draw(world, draws, horizon, seed=seed, elasticities=elasticities) if draws else ()
    courses = (course, *_drawn(contest, offer, sets, progress))
    return AlignmentTariffs(
        *contest.names,
        _alone(courses, offer),
        _values(courses, offer),
        _tariffs(courses, offer),
        course,
        offer,
        _beside(contest, offer.wedge),
        1 + draws - len(courses),
        contest.board.economy.parameters.horizon,
        residual,
    )


def _offer(contest: Contest, tariff: float, response: float, value: float | None) -> AlignmentOffer:
    """Find the tariff that is best for its own sake, and lay out what is asked, if that makes sense."""
    _check(tariff, response, value)
    if not contest.ours.any():
        raise InputError(
            f"{contest.names[0]} buys nothing of it from {contest.names[1]}: there is nothing to tax."
        )
    nothing = np.zeros(len(contest.high))
    alone = Ascent(contest.board, contest.scale).climb(contest.aim(0.0), nothing, nothing.astype(bool)).policy
    own, other = (float(contest.board.spending[side].sum()) for side in (contest.senders, contest.target))
    highest = float(np.log1p(MOST))
    return AlignmentOffer(
        float(np.log1p(tariff)), min(float(alone.max()), highest), response, value, own, other
    )


def _beside(contest: Contest, wedge: float) -> Beside:
    """What stands beside the partner's loss under the given tariff."""
    policy = np.where(contest.ours, wedge, 0.0)
    stand = Ascent(contest.board, contest.scale).stand(
        contest.aim(0.0), policy, np.zeros(len(policy), dtype=bool)
    )
    return beside(contest.board, [stand], [contest.target])[0][0]


def _drawn(
    contest: Contest, offer: AlignmentOffer, sets: Sequence[Parameters], progress: Progress | None
) -> Iterator[TariffCurves]:
    """Solve the holder's tariff at draws of the elasticities; those without an equilibrium are left out."""
    base = contest.board.economy
    for place, parameters in enumerate(sets):
        if progress:
            progress(place, len(sets), "draws")
        try:
            economy = economy_on(base.accounts, parameters, base.deficits)
            board = replace(contest.board, economy=economy)
            yield course_of(replace(contest, board=board), offer, ROUGH)[0]
        except (ShockError, ConvergenceError):
            continue


def _check(tariff: float, response: float, value: float | None) -> None:
    """Refuse numbers outside their ranges."""
    if not 0.0 < tariff <= MOST:
        raise InputError(
            f"A tariff of {100.0 * tariff:g} per cent: give more than 0 and at most {100.0 * MOST:g}."
        )
    if value is not None and not 0.0 < value < np.inf:
        raise InputError(f"value={value:g} must lie above 0: what alignment is worth, in million USD a year.")
    hazard_of(response, 1.0)


def course_of(contest: Contest, offer: AlignmentOffer, accuracy: float = CLOSE) -> tuple[TariffCurves, float]:
    """Solve the holder's tariff at the nodes; return the curves through them, and the largest gap of an equation."""
    from scipy.interpolate import CubicHermiteSpline  # slow to import

    climber, none = Ascent(contest.board, contest.scale), np.zeros(len(contest.high), dtype=bool)
    wedges = np.unique([*np.linspace(0.0, np.log1p(MOST), NODES), offer.wedge, offer.alone])
    sides = (contest.senders, contest.target)
    rows, gap = [], 0.0
    near: tuple[Slope | None, ...] = (None, None)
    for wedge in wedges:
        solved = certified(climber.solve(np.where(contest.ours, wedge, 0.0), none))
        assert solved.certificate is not None  # as `certified` leaves it
        gap = max(gap, solved.certificate.residual)
        point, level = point_of(solved), contest.board.spending * np.exp(log_welfare(solved))
        variation = contest.board.variation(solved)
        near = tuple(
            welfare_slope(contest.board, point, side * level, accuracy, last)
            for side, last in zip(sides, near, strict=True)
        )
        rows.append(
            [(variation[side].sum(), one.by_move[0]) for side, one in zip(sides, near, strict=True) if one]
        )
    values, slopes = np.array(rows).reshape(len(wedges), 2, 2).transpose(2, 1, 0)
    own, other = (CubicHermiteSpline(wedges, *curve) for curve in zip(values, slopes, strict=True))
    return TariffCurves(own, other), gap


def _alone(courses: Sequence[TariffCurves], offer: AlignmentOffer) -> dict[str, float]:
    """The tariff that is best for its own sake and its gain, and what the given one costs the partner."""
    best = [offer.alone, *(one.best(0.0, NOBODY) for one in courses[1:])]
    gains = [float(one.earned(top)) for one, top in zip(courses, best, strict=True)]
    losses = [100.0 * float(one.lost(offer.wedge)) / offer.other for one in courses]
    rates = [_percent(top) for top in best]
    return banded("tariff_percent", rates) | banded("gain_musd", gains) | banded("loss_percent", losses)


def _values(courses: Sequence[TariffCurves], offer: AlignmentOffer) -> pd.DataFrame:
    """The value of alignment at which the given tariff is the best, by response."""
    rows = []
    for response in sorted({*RESPONSES, offer.response}):
        hazard = hazard_of(response, offer.other)
        found = [one.value(offer.wedge, hazard) for one in courses]
        rows.append(
            {
                "alignment_response": response,
                **banded("alignment_chance", [float(one.chance(offer.wedge, hazard)) for one in courses]),
                **banded("alignment_musd", found),
                **banded("alignment_percent", [100.0 * one / offer.own for one in found]),
                "offer_status": (OfferStatus.BEST if np.isfinite(found[0]) else OfferStatus.BEATEN).value,
            }
        )
    return pd.DataFrame(rows)


def _tariffs(courses: Sequence[TariffCurves], offer: AlignmentOffer) -> pd.DataFrame:
    """The best offer by value of alignment, at the given response and those at the ends of the range."""
    rows = []
    for response in sorted({RESPONSES[0], offer.response, RESPONSES[-1]}):
        hazard = hazard_of(response, offer.other)
        for value in _worths(courses[0], offer):
            found = [one.best(value, hazard) for one in courses]
            chances = [float(one.chance(at, hazard)) for one, at in zip(courses, found, strict=True)]
            rows.append(
                {
                    "alignment_response": response,
                    "alignment_musd": value,
                    **banded("tariff_percent", [_percent(at) for at in found]),
                    **banded("alignment_chance", chances),
                    "tax_status": _status(found[0], courses[0].last).value,
                }
            )
    return pd.DataFrame(rows)


def _worths(course: TariffCurves, offer: AlignmentOffer) -> list[float]:
    """Values of alignment whose best offer is told, rising."""
    gain, far = float(course.earned(offer.alone)), min(max(offer.wedge, 2.0 * offer.alone), course.last)
    top = float(np.nan_to_num(course.value(far, hazard_of(offer.response, offer.other)), nan=gain))
    asked = () if offer.value is None else (offer.value,)
    return sorted({gain, *(part * top for part in PARTS), *asked})


def _status(wedge: float, last: float) -> TaxStatus:
    if wedge == 0.0:
        return TaxStatus.NONE
    return TaxStatus.AT_BOUND if wedge >= last else TaxStatus.SET


def _percent(wedge: float) -> float:
    return 100.0 * float(np.expm1(wedge))
