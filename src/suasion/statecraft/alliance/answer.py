"""How likely two states are to sign a defence pact, or to end the one they have: the alliance model's answer.

The answer is never a bare number. It has a band, the base rate beside it, the skill of the model on the past, what
moves it, where the pair stands among those that did sign and those that did not, and what is carried past the end of
its data. Where the interval of the skill includes zero the base rate is the headline, and the model's number stands in
brackets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from suasion.errors import InputError, SameCountryError
from suasion.sources.countries import resolve_country
from suasion.statecraft.alliance.horizons import Basis, Event, Known, PairFit, Within, horizons_of
from suasion.statecraft.alliance.logit import logistic
from suasion.statecraft.alliance.model import (
    DRIFT_YEARS,
    AllianceModel,
    FittedKind,
    class_of,
    kinds_of,
    load_alliance_model,
)
from suasion.statecraft.alliance.panel import AlliancePanel, design
from suasion.statecraft.ledger.figures import Judgement
from suasion.statecraft.pacts import Status, promises

AS_OF = 2025
"""Year at whose end the forecast is made, without another one named."""
DRAWS = 4000
MODEL = "alliance model"


@dataclass(frozen=True, slots=True)
class KindAnswer:
    """One kind of event for the pair.

    Attributes
    ----------
    kind : str
        ``bilateral``, ``multilateral`` or ``ending``.
    base : float
        Rate of all pairs at risk, a year.
    hazard, low, high : float or None
        Of the next year after the data, with a 90 % band from the coefficients alone.
    trees : float or None
        Hazard by the flexible model.
    above_events, above_others : float or None
        Share of the pairs with the event, in the year before it, and of all others, whose fitted odds were lower.
    movers : tuple
        A covariate (or a group of them), what it adds to the log odds against the average pair at risk, and whether it
        lies ``above`` or ``below`` that pair's (empty for a group); the largest first.
    """

    kind: str
    base: float
    hazard: float | None
    low: float | None
    high: float | None
    trees: float | None
    above_events: float | None
    above_others: float | None
    movers: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, slots=True)
class AllianceProbability:
    """Answer for a pair.

    Attributes
    ----------
    a, b : str
        Alpha-3 codes.
    event : Event
    pact : str
        Whether they have one: ``yes``, ``no`` or ``unknown``.
    basis : Basis
    data_year, as_of : int
        Year of the covariates; year from whose end the horizons count.
    within : tuple of Within
        One a horizon.
    kinds : tuple of KindAnswer
        One a kind of event.
    carried : tuple
        Covariates carried past their last value before ``data_year``, and by how many years.
    training : tuple of int
        First and last year of the training rows.
    peers : tuple or None
        Major powers in the pair (``two``, ``one``, ``no``), and of all pairs like it since training began: events, and
        pair-years at risk.
    """

    a: str
    b: str
    event: Event
    pact: Status
    basis: Basis
    data_year: int
    as_of: int
    within: tuple[Within, ...]
    kinds: tuple[KindAnswer, ...]
    carried: tuple[tuple[str, int], ...]
    training: tuple[int, int]
    peers: tuple[str, int, int] | None


def alliance_probability(
    a: str,
    b: str,
    years: Sequence[int] = (1, 5, 10),
    *,
    as_of: int = AS_OF,
    panel: AlliancePanel | None = None,
    atop: pd.DataFrame | None = None,
    model: AllianceModel | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> AllianceProbability:
    """Return how likely a pair is to sign a defence pact, or to end the one it has.

    The hazard is held at its fitted value; the band draws the coefficients (from whole treaties and dyads drawn with
    repetition) and the drift of the pair's log odds since the data ended and over the horizon.

    Parameters
    ----------
    a, b : str
        Codes or names of states.
    years : sequence of int
        Horizons, 1 to 20.
    as_of : int
        Year from whose end the horizons count; not before the last year of the data. Each year between widens the band.
    panel : AlliancePanel, optional
        Risk sets from your data. Without them there are fitted numbers of a few pairs of powers, which ship, and base
        rates for the rest.
    atop : DataFrame, optional
        Alliances of :func:`suasion.sources.atop.read_atop` with country codes: whether a pair for which nothing is
        fitted has a pact; without them the embedded treaties.
    model : AllianceModel, optional
        The one that ships without it.
    draws, seed : int
        Of the band.

    Returns
    -------
    AllianceProbability

    Raises
    ------
    InputError
        If a horizon is outside 1 to 20, ``as_of`` is before the data end, or the panel has no such pair.
    SameCountryError
        If both states are the same.
    UnknownCountryError, AmbiguousCountryError
        If a name is no state.
    """
    one, two = resolve_country(a), resolve_country(b)
    if one == two:
        raise SameCountryError(f"A pact needs two states; {a!r} and {b!r} are both {one}.")
    fitted = load_alliance_model() if model is None else model
    last = fitted.last_year if panel is None else panel.last_year
    _check(years, as_of, last)
    pair = _pair(fitted, panel, one, two, as_of, atop)
    return AllianceProbability(
        one,
        two,
        Event.ENDING if pair.held else Event.FORMING,
        pair.status,
        pair.basis,
        last,
        as_of,
        horizons_of(fitted, pair, tuple(years), as_of - last, draws, seed),
        tuple(_kind(fitted.kinds[k], pair) for k in kinds_of(pair.held)),
        tuple(sorted(pair.carried.items())),
        (fitted.first_year, fitted.last_year),
        _peers(fitted, pair),
    )


def _pair(
    model: AllianceModel,
    panel: AlliancePanel | None,
    one: str,
    two: str,
    as_of: int,
    atop: pd.DataFrame | None,
) -> PairFit:
    """What is known of a pair; a pact in the table of treaties since the data end makes it one that can only end."""
    pair = _shipped(model, one, two, atop) if panel is None else _from_panel(model, panel, one, two)
    if not pair.held and promises(one, two, as_of)["defence"] == "yes":
        # The covariates of a pair without a pact say nothing of how long it lasts.
        return PairFit("yes", Basis.BASE_RATE, pair.powers, {}, {})
    return pair


def alliance_prior(answer: AllianceProbability, years: int) -> Judgement:
    """Return the probability within a horizon as the prior of a ledger.

    Parameters
    ----------
    answer : AllianceProbability
        For the pair.
    years : int
        One of its horizons.

    Returns
    -------
    Judgement
        ``value``, ``low`` and ``high`` are the headline and its band.

    Raises
    ------
    InputError
        If the horizon is not in the answer, or the pair has a pact.
    """
    row = next((w for w in answer.within if w.years == years), None)
    if row is None or answer.event is not Event.FORMING:
        raise InputError(
            f"{answer.a} and {answer.b}: there is no probability of a pact within {years} years to start from."
        )
    note = f"{row.method}, within {years} years from {answer.as_of}"
    return Judgement("prior", row.probability, row.low, row.high, MODEL, note)


def _check(years: Sequence[int], as_of: int, last: int) -> None:
    wrong = [y for y in years if not 1 <= y <= DRIFT_YEARS]
    if wrong or not years:
        raise InputError(
            f"Horizons are 1 to {DRIFT_YEARS} years, not {', '.join(map(str, wrong)) or 'none'}."
        )
    if as_of < last:
        raise InputError(f"The data go to {last}; a forecast cannot be made as of {as_of}.")


def _shipped(model: AllianceModel, one: str, two: str, atop: pd.DataFrame | None) -> PairFit:
    """Fitted numbers of the pair, if it is among those that ship; else only whether it has a pact."""
    values = model.pairs.get("-".join(sorted((one, two))))
    if values is None:
        status = promises(one, two, model.last_year, atop)["defence"]
        return PairFit(status, Basis.BASE_RATE, "", {}, {})
    held = bool(values["held"])
    known: dict[str, Known] = {}
    for kind in kinds_of(held):
        numbers = values[kind]
        known[kind] = (numbers["eta"], numbers["sd"], numbers["trees"], numbers["groups"])
    return PairFit(_status(held), Basis.SHIPPED, values["powers"], values["carried"], known)


def _from_panel(model: AllianceModel, panel: AlliancePanel, one: str, two: str) -> PairFit:
    table = panel.table
    names = table["country1"].astype(str), table["country2"].astype(str)
    there = ((names[0] == one) & (names[1] == two)) | ((names[0] == two) & (names[1] == one))
    rows = table[there & (table["year"] == panel.last_year)]
    if len(rows) != 1:
        raise InputError(
            f"The data have no row of {one} and {two} in {panel.last_year}: one of them is not in the list of states."
        )
    held, ages = bool(rows["held"].iloc[0]), panel.ages.loc[rows.index[0]]
    known: dict[str, Known] = {}
    for kind in kinds_of(held):
        fit, x = model.kinds[kind], design(rows, kind)
        known[kind] = (float(fit.logit.eta(x)[0]), float(fit.spread(x)[0]), None, fit.effects(x[0]))
    old = {str(k): int(v) for k, v in ages[ages > 0].items()}
    return PairFit(_status(held), Basis.OWN, class_of(rows.iloc[0]), old, known)


def _status(held: bool) -> Status:
    return "yes" if held else "no"


def _peers(model: AllianceModel, pair: PairFit) -> tuple[str, int, int] | None:
    if not pair.powers:
        return None
    counts = [model.classes[pair.powers][k] for k in kinds_of(pair.held)]
    # Both kinds of forming have one risk set.
    return pair.powers, sum(c[0] for c in counts), counts[0][1]


def _kind(fit: FittedKind, pair: PairFit) -> KindAnswer:
    if fit.kind not in pair.known:
        return KindAnswer(fit.kind, fit.base_rate, None, None, None, None, None, None, ())
    eta, sd, trees, effects = pair.known[fit.kind]
    hazard, low, high = (float(h) for h in logistic([eta, eta - 1.645 * sd, eta + 1.645 * sd]))
    beta = dict(zip(fit.logit.names, fit.logit.beta[1:].tolist(), strict=True))
    ranked = sorted(effects.items(), key=lambda item: -abs(item[1]))
    movers = tuple((name, effect, _side(effect, beta.get(name, 0.0))) for name, effect in ranked)
    above = fit.percentile(eta, True), fit.percentile(eta, False)
    return KindAnswer(fit.kind, fit.base_rate, hazard, low, high, trees, *above, movers)


def _side(effect: float, coefficient: float) -> str:
    """Side of the average pair on which a covariate lies that has this effect."""
    if effect * coefficient == 0.0:
        return ""
    return "above" if effect * coefficient > 0.0 else "below"
