r"""Costly signals between two states: who sends them, who bluffs, and when the other side yields.

One game serves all. A sender is of the high type with probability q (resolved, trustworthy, in earnest), else of the
low type. It sends a signal or not; unsent, both types get 0. The receiver sees the signal and yields or refuses, and
yields if its belief in the high type is at least t. What differs is who gets what after a signal:

================  ==================  ==================  ==================  ===================
signal            high, yielded to    high, refused       low, yielded to     low, refused
================  ==================  ==================  ==================  ===================
tied hands        G                   w                   G                   -a
sunk cost         G_high - m          w - m               G_low - m           -m
reassurance       g_high - k_high     -k_high             g_low - k_low       -k_low
================  ==================  ==================  ==================  ===================

The equilibrium given is the one with the most signalling; where a signal could be met by the belief that only a bluffer
would send it, there is another in which nobody does.

Fearon (1997, Journal of Conflict Resolution 41(1), 68-90; abstract read) compares tied hands and sunk costs; Kydd
(2000, International Organization; abstract read) treats reassurance. The algebra here is our own, for two types.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from suasion.errors import InputError

Regime = Literal["separating", "bluffing", "pooling", "pooling refused", "silence"]
REGIMES: tuple[Regime, ...] = ("separating", "bluffing", "pooling", "pooling refused", "silence")
"""Only the high type sends; the low type sends at times; both send and are yielded to; both send in vain; nobody."""


@dataclass(frozen=True, slots=True)
class SignalGame:
    """A signal between a sender of two types and a receiver.

    Attributes
    ----------
    prior : float
        Probability q of the high type, in [0, 1].
    threshold : float
        Least belief at which the receiver yields, in (0, 1].
    high, low : pair of float
        What each type gets after a signal that is yielded to, and that is refused; 0 without one.
    kind : str
        What the signal is, for messages.
    """

    prior: float
    threshold: float
    high: tuple[float, float]
    low: tuple[float, float]
    kind: str = "signal"

    def __post_init__(self) -> None:
        _between("prior", self.prior, 0.0, 1.0)
        _between("threshold", self.threshold, 0.0, 1.0, open_low=True)
        if not all(math.isfinite(x) for x in (*self.high, *self.low)):
            raise InputError(f"Payoffs of a {self.kind} must be finite numbers.")
        for name, (yielded, refused) in (("high", self.high), ("low", self.low)):
            if yielded < refused:
                raise InputError(
                    f"The {name} type of a {self.kind} gets {yielded:g} when yielded to and {refused:g} when refused; "
                    "a signal is sent to be yielded to, so the first cannot be the smaller."
                )
        if self.low[1] > 0.0:
            raise InputError(
                f"The low type of a {self.kind} gets {self.low[1]:g} when refused; more than the 0 of no signal would "
                "make it send whatever comes of it."
            )


@dataclass(frozen=True, slots=True)
class SignalEquilibrium:
    """Who signals, what is believed, what is done.

    Attributes
    ----------
    regime : str
        One of :data:`REGIMES`.
    high, low : float
        Probability that each type sends. ``low`` is the probability of a bluff.
    refuse : float
        Probability that the receiver refuses, or calls, after a signal.
    signalled : float
        Probability of a signal before types are known.
    posterior : float
        Belief in the high type after a signal; NaN where none is sent.
    high_payoff, low_payoff : float
        What each type expects.
    clash : float
        Probability that a high type signals and is refused: for a threat, the risk of war.
    unique : bool
        Whether no other equilibrium exists (up to ties), because the high type gains by a signal even if refused, or
        loses by it even if yielded to.
    """

    regime: Regime
    high: float
    low: float
    refuse: float
    signalled: float
    posterior: float
    high_payoff: float
    low_payoff: float
    clash: float
    unique: bool

    @property
    def likelihood_ratio(self) -> float:
        """What the signal is worth as evidence: how much likelier the high type sends it; NaN where none is sent."""
        if self.signalled == 0.0:
            return math.nan
        return self.high / self.low if self.low > 0.0 else math.inf


def tied_hands(
    prior: float, threshold: float, gain: float, audience_cost: float, fight: float = 0.0
) -> SignalGame:
    """Return the game of a threat that ties hands: backing down from it costs the favour of an audience.

    Parameters
    ----------
    prior : float
        Probability that the sender is resolved.
    threshold : float
        Least belief at which the receiver concedes: cost of the concession / loss if it wrongly resists.
    gain : float
        Gain from a concession, > 0.
    audience_cost : float
        Cost of backing down when called, >= 0.
    fight : float
        What a resolved sender gets when called: it fights. At least what backing down would bring.

    Returns
    -------
    SignalGame

    Raises
    ------
    InputError
        If a number is out of its range, or fighting is worse than backing down for the resolved.
    """
    _positive("gain", gain)
    _not_negative("audience_cost", audience_cost)
    if fight < -audience_cost:
        raise InputError(
            f"fight is {fight:g}, worse than backing down at {-audience_cost:g}: such a sender is not resolved."
        )
    return SignalGame(prior, threshold, (gain, fight), (gain, -audience_cost), "threat that ties hands")


def sunk_cost(
    prior: float,
    threshold: float,
    cost: float,
    gain_resolved: float,
    gain_unresolved: float,
    fight: float = 0.0,
) -> SignalGame:
    """Return the game of a signal whose cost is paid whatever happens, such as arms handed over.

    Parameters
    ----------
    prior, threshold : float
        As for :func:`tied_hands`.
    cost : float
        Cost m of the signal, >= 0.
    gain_resolved, gain_unresolved : float
        Gain of each type from a concession, > 0.
    fight : float
        What a resolved sender gets when refused, before the cost; >= 0, else it would give way.

    Returns
    -------
    SignalGame

    Raises
    ------
    InputError
        If a number is out of its range.
    """
    _positive("gain_resolved", gain_resolved)
    _positive("gain_unresolved", gain_unresolved)
    _not_negative("cost", cost)
    _not_negative("fight", fight)
    high, low = (gain_resolved - cost, fight - cost), (gain_unresolved - cost, -cost)
    return SignalGame(prior, threshold, high, low, "sunk cost")


def reassurance(
    prior: float,
    threshold: float,
    gain: tuple[float, float],
    cost: tuple[float, float],
) -> SignalGame:
    """Return the game of a gesture that asks for trust, such as arms given up.

    Parameters
    ----------
    prior : float
        Probability that the sender is trustworthy.
    threshold : float
        Least trust at which the receiver cooperates, see :func:`trust_threshold`.
    gain : pair of float
        What the trustworthy and the untrustworthy sender gain when the receiver cooperates, > 0.
    cost : pair of float
        Cost of the gesture to each, >= 0. It reassures only if it costs the untrustworthy more: whoever means to
        exploit gains more from being trusted, so at equal cost it would copy the gesture.

    Returns
    -------
    SignalGame

    Raises
    ------
    InputError
        If a number is out of its range.
    """
    for name, x in zip(("gain of the trustworthy", "gain of the untrustworthy"), gain, strict=True):
        _positive(name, x)
    for name, x in zip(("cost to the trustworthy", "cost to the untrustworthy"), cost, strict=True):
        _not_negative(name, x)
    high, low = ((g - k, -k) for g, k in zip(gain, cost, strict=True))
    return SignalGame(prior, threshold, high, low, "reassurance")


def solve_signal(game: SignalGame) -> SignalEquilibrium:
    """Return the equilibrium with the most signalling, in closed form.

    Where the low type would send if yielded to (L > 0) and loses if refused (l < 0), and q < t: it bluffs with
    b = q (1 - t) / ((1 - q) t), so that the posterior is t, and the receiver refuses with r = L / (L - l), so that
    the low type is indifferent.

    Parameters
    ----------
    game : SignalGame

    Returns
    -------
    SignalEquilibrium
    """
    (high_yes, high_no), (low_yes, low_no) = game.high, game.low
    q, t = game.prior, game.threshold
    if low_yes <= 0.0:
        regime: Regime = "separating" if high_yes >= 0.0 and q > 0.0 else "silence"
        return _outcome(game, regime, 1.0, 0.0, 0.0)
    if q >= t:
        return _outcome(game, "pooling" if high_yes >= 0.0 else "silence", 1.0, 1.0, 0.0)
    if low_no >= 0.0:
        return _outcome(game, "pooling refused" if high_no >= 0.0 else "silence", 1.0, 1.0, 1.0)
    refuse = low_yes / (low_yes - low_no)
    bluff = q * (1.0 - t) / ((1.0 - q) * t)
    sends = q > 0.0 and (1.0 - refuse) * high_yes + refuse * high_no >= 0.0
    return _outcome(game, "bluffing" if sends else "silence", 1.0, bluff, refuse)


def deviation_gain(game: SignalGame, equilibrium: SignalEquilibrium) -> float:
    """Largest gain that any side could make by deviating alone: at most 0 in equilibrium, up to rounding.

    The receiver's loss from a wrong answer is the distance of its belief from the threshold. After a signal that
    nobody should send, it may believe that only a low type would.

    Parameters
    ----------
    game : SignalGame
    equilibrium : SignalEquilibrium

    Returns
    -------
    float
    """
    e = equilibrium
    gains = []
    for sends, (yielded, refused) in ((e.high, game.high), (e.low, game.low)):
        value = (1.0 - e.refuse) * yielded + e.refuse * refused
        gains.append(max(value, 0.0) - sends * value)
    if e.signalled > 0.0:
        yielding = e.posterior - game.threshold  # > 0: yield is better
        gains.append(max(yielding, 0.0) - (1.0 - e.refuse) * yielding)
    return max(gains)


def trust_threshold(loss: float, temptation: float) -> float:
    """Least trust at which cooperation pays: t = L / (L + 1 - g).

    Both cooperate 1, exploited -L, exploit g, both defect 0; a trustworthy state has g < 1.

    Parameters
    ----------
    loss : float
        L > 0.
    temptation : float
        g < 1.

    Returns
    -------
    float

    Raises
    ------
    InputError
        If loss or temptation is out of its range.
    """
    _positive("loss", loss)
    if not temptation < 1.0:
        raise InputError(
            f"temptation is {temptation:g}; whoever gains 1 or more by exploiting is not trustworthy."
        )
    return loss / (loss + 1.0 - temptation)


def concession_threshold(concession: float, cost_of_bloc: float) -> float:
    """Least belief in the threat of a bloc at which the West would rather concede: concession / cost of the bloc.

    Parameters
    ----------
    concession : float
        Cost of what is asked for, > 0.
    cost_of_bloc : float
        Cost of the bloc to whoever is asked, in the same unit, > 0.

    Returns
    -------
    float
        At most 1; 1 where the bloc costs no more than the concession: then it never pays.

    Raises
    ------
    InputError
        If a number is not positive.
    """
    _positive("concession", concession)
    _positive("cost_of_bloc", cost_of_bloc)
    return min(1.0, concession / cost_of_bloc)


def compare_signals(
    prior: float, threshold: float, gain: float, audience_cost: float, fight: float = 0.0
) -> pd.DataFrame:
    """Return what tied hands and the cheapest separating sunk cost bring the sender before it knows its type.

    Parameters
    ----------
    prior, threshold, gain, audience_cost, fight : float
        As for :func:`tied_hands`; both types gain the same, and fight >= 0. The sunk cost is m = gain.

    Returns
    -------
    DataFrame
        ``signal``, ``regime``, ``payoff`` (expected, over both types), ``clash`` (risk of war).
    """
    games = {
        "tied hands": tied_hands(prior, threshold, gain, audience_cost, fight),
        "sunk cost": sunk_cost(prior, threshold, gain, gain, gain, fight),
    }
    rows = []
    for name, game in games.items():
        e = solve_signal(game)
        payoff = prior * e.high_payoff + (1.0 - prior) * e.low_payoff
        rows.append((name, e.regime, payoff, e.clash))
    return pd.DataFrame(rows, columns=["signal", "regime", "payoff", "clash"])


def _outcome(game: SignalGame, regime: Regime, high: float, low: float, refuse: float) -> SignalEquilibrium:
    """Probabilities and payoffs that follow from who sends and how often it is refused."""
    if regime == "silence":
        high, low, refuse = 0.0, 0.0, 1.0
    q = game.prior
    signalled = q * high + (1.0 - q) * low
    posterior = q * high / signalled if signalled > 0.0 else math.nan
    worth = [
        sends * ((1.0 - refuse) * y + refuse * n) for sends, (y, n) in ((high, game.high), (low, game.low))
    ]
    unique = game.high[1] > 0.0 or (game.high[0] < 0.0 and game.low[0] < 0.0)
    clash = q * high * refuse
    return SignalEquilibrium(
        regime, high, low, refuse, signalled, posterior, worth[0], worth[1], clash, unique
    )


def _between(name: str, x: float, low: float, high: float, open_low: bool = False) -> None:
    if not (low <= x <= high) or (open_low and x == low):
        raise InputError(
            f"{name} is {x:g}; give a number {'above' if open_low else 'from'} {low:g} to {high:g}."
        )


def _positive(name: str, x: float) -> None:
    if not (x > 0.0 and math.isfinite(x)):
        raise InputError(f"{name} is {x:g}; it must be positive.")


def _not_negative(name: str, x: float) -> None:
    if not (x >= 0.0 and math.isfinite(x)):
        raise InputError(f"{name} is {x:g}; it must be 0 or more.")
