"""Many scenarios, or all pairs, under one head: answers whose arguments are objects of a program, and no addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from suasion.answers import Answer, Finding, Picture, Quantity, Source, Table
from suasion.errors import ExtremeAnswerWarning, InputError, told_otherwise
from suasion.questions.bands import certified
from suasion.questions.posed import posed
from suasion.questions.question import OwnElasticities, ScenarioText, Texts
from suasion.questions.simulate import horizon_in
from suasion.schema.variables import BAND
from suasion.types import DeficitRule

if TYPE_CHECKING:
    import pandas as pd

    from suasion.coercion import LeverageMatrix
    from suasion.equilibrium import ManyResults, Scenario
    from suasion.types import CountProgress
    from suasion.world import World

EACH = "scenario horizon country loss_percent loss_musd real_income_percent real_wage_percent consumer_price_percent"
LEVELS = {
    "real_income_percent": "real_income",
    "real_wage_percent": "real_wage",
    "consumer_price_percent": "consumer_price",
}
"""Columns, and the variable of the model that each holds."""
ACTS = "country partner loss_percent loss_musd partner_loss_percent partner_loss_musd"
MOST = 20
"""Rows that are drawn: the largest losses."""


def simulate_many(
    scenarios: Iterable[Scenario | str],
    *,
    horizon: Texts = ("long",),
    deficits: DeficitRule = "balance",
    draws: int = 0,
    seed: int = 1,
    beside: bool = False,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: CountProgress | None = None,
) -> Answer[ManyResults]:
    """What each of many scenarios does to every economy, solved in batches.

    Parameters
    ----------
    scenarios : iterable of Scenario or str
        At least one, with different names; a file (YAML), an address of the builder, or lines do as well.
    horizon : tuple of str
        months, short (first year), long, or years since the shock; several with commas.
    deficits : str
        What becomes of trade imbalances: balance, world, gdp or eliminate.
    draws, seed : int
        Draws of the elasticities for 90 % bands, the same for all scenarios, and their seed; 0 for none.
    beside : bool
        Whether to solve brackets of flagged answers and the long run with capital too; they are in ``result``.
    given, elasticities, factors
        In force already; own values; mobility of factors: as in :func:`suasion.simulate`.
    world : World, optional
        The economy; the embedded one without.
    progress : callable, optional
        Called with (done, total).

    Returns
    -------
    Answer
        Tables ``scenario-losses``, one row a scenario, horizon and economy, and ``scenario-most``, the largest losses
        at the first horizon, which are drawn. ``result`` is the model's
        :class:`suasion.ManyResults`, with its reasons where there is no equilibrium.

    Raises
    ------
    InputError
        If there is no scenario or horizon, or two have one name.
    ScenarioError, NotInWorldError, ElasticityError
        If something in a scenario or in the elasticities is wrong.

    Examples
    --------
    >>> su.simulate_many(["tariff 25 USA on CHN", "tariff 60 USA on CHN"], world=su.load_world("g20"))
    <Answer simulate_many 2 2019: scenario-losses (...>
    """
    from suasion.equilibrium import simulate_many as solve
    from suasion.questions.scenarios.reading import scenario_in

    if isinstance(scenarios, str | Mapping) or not isinstance(scenarios, Iterable):
        raise InputError(
            "scenarios is a list; one alone goes to su.simulate. Write su.simulate_many([scenario])"
        )
    economy = posed(world, given, elasticities, factors, deficits)
    listed, at = [scenario_in(one)[0] for one in scenarios], [horizon_in(one) for one in horizon]
    with told_otherwise(ExtremeAnswerWarning):
        found = solve(
            economy, listed, at, deficits=deficits, draws=draws, seed=seed, beside=beside, progress=progress
        )
    frame = _each(found)
    kept: dict[str, Any] = {"axes": "scenario horizon country", "notes": _notes(draws)}
    largest = frame[frame["horizon"] == frame["horizon"].iloc[0]].nlargest(MOST, "loss_percent")
    picture = Picture("ranges", "loss_percent", "country", panel="scenario")
    whole = Table.of("scenario-losses", EACH, frame, **kept)
    most = Table.of("scenario-most", EACH, largest, picture=picture, detail=True, **kept)
    return _answer("simulate_many", economy, found, len(found.scenarios), whole, most)


def leverage_matrix(
    *,
    horizon: str = "long",
    pairs: Any = "all",
    coalitions: Any = None,
    instrument: str = "embargo",
    rate: float = 0.1,
    deficits: DeficitRule = "balance",
    draws: int = 0,
    seed: int = 1,
    cache: bool = True,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: CountProgress | None = None,
) -> Answer[LeverageMatrix]:
    """What both lose if every side acts against every other, one pair at a time, at one horizon.

    Parameters
    ----------
    horizon : str
        months, short (first year), long, or years since the act.
    pairs : sequence of (str, str), optional
        Only these: who acts, and on whom; all without.
    coalitions : mapping, optional
        Names of further sides to their members.
    instrument : str
        What the acting side does: embargo (both ways), export_ban, import_ban or tariff.
    rate : float
        Added by a tariff; 0.1 is ten percentage points.
    deficits : str
        What becomes of trade imbalances: balance, world or gdp.
    draws, seed : int
        Draws of the elasticities for 90 % bands, and their seed; each costs a matrix: name the pairs.
    cache : bool
        Whether losses computed before with the same arguments are read from the user's cache folder.
    given, elasticities, factors
        In force already; own values; mobility of factors: as in :func:`suasion.simulate`.
    world : World, optional
        The economy; the embedded one without.
    progress : callable, optional
        Called with (done, total).

    Returns
    -------
    Answer
        Tables ``all-acts``, one row a pair that has an equilibrium, which are ``.frame`` and every file, and ``acts``,
        the pairs in which the other side loses most, which are printed and drawn. ``result`` is the model's
        :class:`suasion.LeverageMatrix`.

    Raises
    ------
    SameCountryError
        If a country stands on both sides of a pair.
    NotInWorldError
        If a country is outside the world's table.
    InputError
        If the instrument, rate or horizon is out of range, or a coalition has the name of a country.

    Examples
    --------
    >>> su.leverage_matrix(world=su.load_world("g20"), pairs=[("USA", "CHN")])
    <Answer leverage_matrix 2 2019: acts (...>
    """
    from suasion.coercion import leverage_matrix as solve

    if not isinstance(coalitions, Mapping | None):
        raise InputError(
            'coalitions is a mapping. Write su.leverage_matrix(coalitions={"WEST": ["USA", "EU"]})'
        )
    economy = posed(world, given, elasticities, factors, deficits)
    act: Any = instrument.replace("-", "_")
    with told_otherwise(ExtremeAnswerWarning):
        found = solve(
            economy, horizon_in(horizon), pairs=cast(Any, "all" if pairs is None else pairs), coalitions=coalitions,
            instrument=act, rate=rate, deficits=deficits, draws=draws, seed=seed, cache=cache, progress=progress,
        )  # fmt: skip

    frame = _acts(found)
    if frame.empty:
        raise InputError(
            "No pair has an equilibrium; suasion.coercion.leverage_matrix(...).reasons says why."
        )
    kept: dict[str, Any] = {"axes": "country partner", "notes": _notes(draws)}
    largest = frame.nlargest(MOST, "partner_loss_percent")
    picture = Picture("ranges", "partner_loss_percent", "partner", panel="country")
    most = Table.of("acts", ACTS, largest, picture=picture, whole="all-acts", **kept)
    whole = Table.of("all-acts", ACTS, frame, detail=True, **kept)
    return _answer("leverage_matrix", economy, found, len(frame), most, whole)


def _answer(question: str, world: World, found: Any, count: int, *tables: Table) -> Answer:
    import numpy as np

    gaps = found.residual.values[np.isfinite(found.residual.values)]
    return Answer(
        question,
        {"count": count, "year": world.year},
        tuple(Finding(f"doubt.{one.doubt}", one.values, caution=True) for one in found.warnings),
        tables,
        sources=(Source("world.source", world.provenance.dataset, world.year),),
        checks=(certified(question, float(gaps.max(initial=0.0))),),
        result=found,
    )


def _notes(draws: int) -> tuple[Finding, ...]:
    band = [Finding("simulate_many.band", {"draws": Quantity(draws, "count")})] if draws else []
    return (Finding("simulate.at_once"), Finding("simulate.one_model"), *band)


def _each(found: ManyResults) -> pd.DataFrame:
    """Losses by scenario, horizon and economy; with their bands where there are draws."""
    made = {"loss_percent": -found.welfare + 0.0, "loss_musd": -found.equivalent_variation + 0.0}
    made |= {name: getattr(found, of) for name, of in LEVELS.items()}
    if found.drawn is not None:
        for name, of in (("loss_percent", "welfare"), ("loss_musd", "equivalent_variation")):
            band = -found.band(of=of) + 0.0
            made |= {f"{name}_{end}": band.sel(end=other, drop=True) for end, other in _ENDS}
        for name, of in LEVELS.items():
            band = found.band(of=of)
            made |= {f"{name}_{end}": band.sel(end=end, drop=True) for end, _ in _ENDS}
    return _together(made)


_ENDS = (("low", "high"), ("high", "low"))
"""An end of a loss, and that of the change of welfare which it is."""


def _acts(found: LeverageMatrix) -> pd.DataFrame:
    """Losses of both sides of each pair that has an equilibrium; with the bands of draws, or the ranges that ship."""
    made = {"loss_percent": found.loss_percent, "loss_musd": found.loss_usd}
    made |= {"partner_loss_percent": found.damage_percent, "partner_loss_musd": found.damage_usd}
    if found.drawn is not None:
        for name, of in (("loss_percent", "loss_percent"), ("partner_loss_percent", "damage_percent")):
            band = found.band(of=of)
            made |= {f"{name}_{end}": band.sel(end=end, drop=True) for end in ("low", "high")}
    frame = _together(made).dropna(subset="loss_percent")
    if found.drawn is None and not found.intervals.empty:
        frame = _with_ranges(frame, found.intervals)
    for part in ("", "partner_"):  # a loss in money is that in per cent, of the same spending
        spent = frame[f"{part}loss_musd"] / frame[f"{part}loss_percent"].where(lambda loss: loss != 0)
        for end in [end for end in BAND if f"{part}loss_percent{end}" in frame]:
            frame[f"{part}loss_musd{end}"] = frame[f"{part}loss_percent{end}"] * spent
    return frame


def _with_ranges(frame: pd.DataFrame, intervals: pd.DataFrame) -> pd.DataFrame:
    """Losses with the ranges that ship, of both sides."""
    names = {f"{end}_percent": f"loss_percent_{end}" for end in ("low", "high")}
    ours = intervals[["country", "partner", *names]].rename(columns=names)
    back = {"country": "partner", "partner": "country"} | {name: f"partner_{name}" for name in names.values()}
    pair = ["country", "partner"]
    return frame.merge(ours, "left", pair).merge(ours.rename(columns=back), "left", pair)


def _together(made: Mapping[str, Any]) -> pd.DataFrame:
    import xarray as xr

    dataset = xr.Dataset({name: values.drop_attrs() for name, values in made.items()})
    return dataset.to_dataframe().reset_index()
