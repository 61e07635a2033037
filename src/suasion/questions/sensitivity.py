"""What an outcome of a state depends on: every flow's trade cost, taxes, productivity, endowments, transfers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, cast

from suasion.answers import (
    DETAIL,
    MAIN,
    Answer,
    Check,
    Country,
    Finding,
    Industry,
    Picture,
    Quantity,
    Source,
    Table,
    Value,
    Word,
)
from suasion.questions.bands import few, when_of, without_equilibrium
from suasion.questions.posed import posed, side_of
from suasion.questions.question import Bands, Count, Limits, OwnElasticities, ScenarioText, Side, question
from suasion.schema.variables import BAND
from suasion.types import DeficitRule

if TYPE_CHECKING:
    import pandas as pd

    from suasion.coercion.sensitivity.exact import CutOffs
    from suasion.coercion.sensitivity.gradient import Sensitivity
    from suasion.coercion.sensitivity.outcomes import Outcome
    from suasion.equilibrium import Scenario
    from suasion.types import FloatArray
    from suasion.world import World

Rows = Annotated[int, Limits(1)]
"""A number of rows."""
LIMIT = 1e-9
"""Largest accepted gap of the transposed equations, relative to their right-hand side."""
NAMES = {
    "importer": "buyer",
    "exporter": "seller",
    "country": "country",
    "sector": "industry",
    "flow_usd": "value_musd",
}
"""Columns of the model, and their names in answers."""
CUTS = {"first_order": "cut_about", "exact": "cut"}


@question
def sensitivity(
    of: Side,
    *,
    outcome: str = "welfare",
    wrt: str = "trade_cost",
    scenario: ScenarioText = "",
    top: Rows = 30,
    exact: bool = False,
    horizon: str = "long",
    draws: Bands = 0,
    seed: Count = 1,
    deficits: DeficitRule = "balance",
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
) -> Answer:
    """What an outcome of a state depends on most: every flow's trade cost at once, taxes, productivity, transfers.

    Parameters
    ----------
    of : Side
        Whose outcome: a state or group, by ISO code or English name.
    outcome : str
        welfare, real_income, usd (equivalent variation) or loss (from the scenario).
    wrt : str
        What changes: trade_cost, tariff, export_tax, productivity, endowments or transfer.
    scenario : ScenarioText
        Differentiate with this scenario in force: file, address, or lines.
    top : Rows
        Rows of the table, the largest effects first.
    exact : bool
        Cut off each of these flows and solve: the exact effect beside the first-order one.
    horizon : str
        months, short (first year), long, or years since the shock.

    Returns
    -------
    Answer
        Table ``sensitivity-effects``, one row a flow, industry or country.

    Examples
    --------
    >>> su.sensitivity("AUS", top=3, world=su.load_world("g20"))
    <Answer sensitivity AUS: sensitivity-effects (...>
    """
    from suasion.coercion.sensitivity.gradient import prepare_sensitivity
    from suasion.questions.scenarios.reading import scenario_in

    economy = posed(world, given, elasticities, factors, deficits)
    at = scenario_in(scenario)[0] if str(scenario) else None
    prepared = prepare_sensitivity(economy, at, horizon, deficits=deficits)
    found = prepared.sensitivity(outcome_of(outcome, of), cast(Any, wrt))
    cuts = found.exact(top) if exact else None
    words = {"outcome": Word("sensitive", outcome), "step": Word("step_of", wrt)}
    asked: dict[str, Value] = {"of": Country(side_of(of, economy)), **words}
    ranked = found.table(top) if cuts is None else cuts.table
    ends, failed = _ends(found, ranked, at, horizon, draws, seed)
    frame = _frame(ranked.assign(**ends), found.outcome)
    cautions = (*few(draws), *without_equilibrium(failed, draws, when_of(horizon)))
    return Answer(
        "sensitivity",
        asked,
        (*_findings(frame, cuts, asked), *cautions),
        (_table(frame, asked, draws),),
        sources=(Source("sensitivity.source", economy.provenance.dataset, economy.year),),
        checks=(Check(found.horizon, found.residual, LIMIT),),
        result=found if cuts is None else cuts,
    )


def _ends(
    found: Sensitivity, ranked: pd.DataFrame, at: Scenario | None, horizon: str, draws: int, seed: int
) -> tuple[dict[str, FloatArray], int]:
    """Ends of the 90 % band of each effect over draws of the elasticities, and how many have no equilibrium."""
    import numpy as np

    from suasion.coercion.outcomes import bands_of
    from suasion.coercion.sensitivity.gradient import effects_over_draws
    from suasion.equilibrium import draws as draw_elasticities

    if not draws:
        return {}, 0
    sets = draw_elasticities(found.prepared.world, draws, horizon, seed)
    effects = effects_over_draws(found, ranked, at, sets)
    solved = effects[~np.isnan(effects).any(1)]
    ends = bands_of(solved, ranked["effect"].to_numpy()) if len(solved) else np.full((2, len(ranked)), np.nan)
    return {"effect_low": ends[0], "effect_high": ends[1]}, len(effects) - len(solved)


def outcome_of(name: str, of: str) -> Outcome:
    """Return the outcome of a name.

    name: welfare, real_income, usd or loss.
    of: Whose.
    Raises InputError: There is none.
    """
    from suasion.coercion.sensitivity.outcomes import EquivalentVariation, Loss, RealIncome, Welfare
    from suasion.errors import InputError

    kinds: dict[str, Any] = {
        "welfare": Welfare,
        "real_income": RealIncome,
        "usd": EquivalentVariation,
        "loss": Loss,
    }
    if name not in kinds:
        raise InputError(f"There is no outcome {name!r}. Choose one of {', '.join(kinds)}.")
    return cast("Outcome", kinds[name](of))


def _frame(table: pd.DataFrame, outcome: Outcome) -> pd.DataFrame:
    """The ranking by the names of answers, its effects in the unit of the outcome."""
    unit = "musd" if outcome.unit.startswith("million") else "percent"
    ends = {f"effect_{end}": f"effect_{unit}_{end}" for end in ("low", "high")}
    effects = {"effect": f"effect_{unit}", **ends, **{old: f"{new}_{unit}" for old, new in CUTS.items()}}
    frame = table.rename(columns=NAMES | effects)
    if "seller" in frame:
        frame["purchase_share"] = frame["share_percent"] / 100.0
        frame["route"] = frame["seller"] + " - " + frame["buyer"] + " " + frame["industry"]
    else:
        places = [name for name in ("country", "industry") if name in frame]
        frame["route"] = frame[places].agg(" ".join, axis=1)
    if "reason" in frame:
        frame["cost_status"] = ["no_equilibrium" if reason else "solved" for reason in frame["reason"]]
    return frame


def _table(frame: pd.DataFrame, asked: dict[str, Value], draws: int) -> Table:
    order = (
        "route seller buyer country industry effect_percent effect_musd value_musd purchase_share cut_about_percent "
        "cut_percent cut_about_musd cut_musd cost_status"
    )
    names = [name for name in order.split() if name in frame]
    effect = next(name for name in names if name.startswith("effect_"))
    return Table.of(
        "sensitivity-effects",
        " ".join(names),
        frame,
        axes=" ".join(name for name in names if name in ("seller", "buyer", "country", "industry")),
        picture=Picture("ranges", effect, "route"),
        values=asked,
        notes=(
            Finding("sensitivity.note"),
            *((Finding("simulate.band", {"draws": Quantity(draws, "count")}),) if draws else ()),
        ),
        brief=" ".join(name for name in names if name != "route"),
    )


def _findings(frame: pd.DataFrame, cuts: CutOffs | None, asked: dict[str, Value]) -> Iterator[Finding]:
    """What matters most either way, and how well the ranking holds for whole cut-offs."""
    effect = next(name for name in map(str, frame) if name.startswith("effect_"))
    unit = "musd" if effect.endswith("musd") else "percent"
    for key, sign in (("raises", 1.0), ("lowers", -1.0)):  # the word has the sign
        row = frame.loc[(sign * frame[effect]).nlargest(1).index]
        size = sign * float(row[effect].iloc[0]) if len(row) else 0.0
        if size > 0:
            ends = sorted(sign * float(row[effect + end].iloc[0]) for end in BAND if effect + end in row)
            places = {
                name: Country(str(row[name].iloc[0]))
                for name in ("seller", "buyer", "country")
                if name in row
            }
            goods = {name: Industry(str(row[name].iloc[0])) for name in ("industry",) if name in row}
            kind = "flow" if "seller" in row else "industry" if goods else "country"
            values = {**asked, **places, **goods, "effect": Quantity(size, unit, *ends)}  # type: ignore[arg-type]
            yield Finding(f"sensitivity.{key}.{kind}", values, weight=MAIN)
    if cuts is not None:
        numbers = {"effect": cuts.effect_rank, "first": cuts.first_order_rank}
        yield Finding(
            "sensitivity.ranks",
            {name: Quantity(value, "score") for name, value in numbers.items()},
            weight=DETAIL,
        )
