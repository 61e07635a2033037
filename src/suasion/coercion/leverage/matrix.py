"""Leverage of everybody over everybody: what each side loses when one acts against another, for all pairs at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from suasion.coercion.exit_cost import AS_IT_IS
from suasion.coercion.leverage.intervals import loss_intervals
from suasion.coercion.leverage.shipped import HORIZONS, cached_losses, shipped_ties
from suasion.coercion.leverage.solve import MatrixPlan, all_ties, measure_of, named_ties, solve_plan
from suasion.coercion.outcomes import Horizon, Side, check_rule
from suasion.equilibrium import Elasticities, Parameters, Scenario, resolve
from suasion.equilibrium import draws as drawn_elasticities
from suasion.equilibrium.batch.bands import OverDraws
from suasion.equilibrium.doubts import flagged
from suasion.equilibrium.flags import LOSS, WIDE, Flag, Flagged, of_first_year, width
from suasion.equilibrium.simulate import own
from suasion.errors import SuasionWarning, expect, warn
from suasion.schema import variable
from suasion.types import CountProgress, DeficitRule, FloatArray
from suasion.world import World
from suasion.world.every_state import is_usual

ENDS = ("low_percent", "high_percent")


@dataclass(frozen=True, slots=True, eq=False)
class LeverageMatrix(OverDraws):
    """Losses of both sides, for every ordered pair of them. A positive number is a loss.

    The rows act (``country``) and the columns are acted upon (``partner``). An embargo is the same whoever declares
    it; a ban or a tariff is not.

    Attributes
    ----------
    loss_percent, loss_usd : (country, partner) what the acting side loses itself: per cent of its real expenditure, and
        million USD at base prices; NaN where the pair was not asked for, shares a member, or has no equilibrium
    damage_percent, damage_usd : (country, partner) what the side acted upon loses
    residual : (country, partner) largest gap of an equation in the solution, in logs
    reasons : pair, reason: acts without an equilibrium
    instrument : what the acting side does, in words
    horizon, deficits, given : how the losses were computed
    sides : name of each side to the countries in it
    flags : country, partner, loss_percent, replacement, no_switching, flag: losses of the first year, whoever acts,
        beyond what the model can say, with the bracket of :mod:`suasion.equilibrium.flags`
    intervals : country, partner, low_percent, high_percent, loses_more, low_ratio, high_ratio, data_share,
        model_share, flag: 90 %
        ranges that ship, where they are of these acts; see :func:`loss_intervals`
    source : the data, in words
    singly : number of acts that were solved one by one
    drawn : (draw, country, partner) loss_percent and damage_percent for draws of the elasticities; None where none were
        asked for

    Examples
    --------
    >>> su.leverage_matrix(world=su.load_world("g20"), pairs=[("USA", "CHN")]).result
    <LeverageMatrix: 2 sides, embargo, long (10 years), ...>
    """

    loss_percent: xr.DataArray
    loss_usd: xr.DataArray
    damage_percent: xr.DataArray
    damage_usd: xr.DataArray
    residual: xr.DataArray
    reasons: pd.DataFrame
    instrument: str
    horizon: str
    deficits: DeficitRule
    given: str
    sides: Mapping[str, tuple[str, ...]] = field(repr=False)
    flags: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    intervals: pd.DataFrame = field(default_factory=pd.DataFrame, repr=False)
    source: str = ""
    singly: int = 0
    drawn: xr.Dataset | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        """One line: how many, what, in which world."""
        worst = float(np.nan_to_num(self.residual.values).max(initial=0.0))
        return (
            f"<LeverageMatrix: {len(self.sides)} sides, {self.instrument}, {self.horizon}, deficits {self.deficits}, "
            f"given {self.given}; {len(self.reasons)} unsolved, residual {worst:.0e}>"
        )

    def _repr_html_(self) -> str:
        """Say the same, and the most exposed pairs, for a notebook."""
        shown = self.most_exposed(10).to_html(float_format="{:,.3g}".format, index=False)
        return f"<p>{escape(repr(self))}</p>{shown}"

    @property
    def warnings(self) -> tuple[SuasionWarning, ...]:
        """Where losses are beyond what the model can say."""
        if self.flags.empty:
            return ()
        rows = self.flags[["country", "loss_percent", "flag"]].itertuples(index=False)
        found = [(Flag(kind), name, loss / 100.0) for name, loss, kinds in rows for kind in kinds.split()]
        return flagged([Flagged(name, flag, "", float("nan"), loss) for flag, name, loss in found])

    @property
    def frame(self) -> pd.DataFrame:
        """One row per ordered pair: country, partner, the losses of both in per cent and in USD, their ratios.

        Where ranges ship also low_percent and high_percent, the same of the partner, loses_more, data_share,
        model_share and flag.
        """
        names = np.asarray(self.loss_percent["country"].values)
        row, column = np.nonzero(np.isfinite(self.residual.values))
        frame = pd.DataFrame({"country": names[row], "partner": names[column]})
        for unit in ("percent", "usd"):
            frame[f"loss_{unit}"] = getattr(self, f"loss_{unit}").values[row, column]
        for unit in ("percent", "usd"):
            frame[f"partner_loss_{unit}"] = getattr(self, f"damage_{unit}").values[row, column]
        for unit in ("percent", "usd"):
            partner = frame[f"partner_loss_{unit}"]
            frame[f"ratio_{unit}"] = frame[f"loss_{unit}"] / partner.where(partner > 0)
        if self.intervals.empty:
            return frame
        back = {"country": "partner", "partner": "country"} | {e: f"partner_{e}" for e in ENDS}
        theirs = self.intervals[["country", "partner", *ENDS]].rename(columns=back)
        return frame.merge(self.intervals, "left", ["country", "partner"]).merge(
            theirs, "left", ["country", "partner"]
        )

    def most_exposed(self, count: int = 20) -> pd.DataFrame:
        """Return the pairs in which a side has most to lose from what the other does to it, in per cent.

        Parameters
        ----------
        count : number of pairs

        Returns
        -------
        DataFrame
            exposed, actor, the exposed side's loss_percent and loss_usd, the actor's own actor_loss_percent and
            actor_loss_usd, and ratio_percent of the two; low_percent and high_percent where ranges ship.
        """
        names = {
            "partner": "exposed",
            "country": "actor",
            "partner_loss_percent": "loss_percent",
            "partner_loss_usd": "loss_usd",
            "loss_percent": "actor_loss_percent",
            "loss_usd": "actor_loss_usd",
        }
        names |= {} if self.intervals.empty else {f"partner_{end}": end for end in ENDS}
        frame = self.frame[list(names)].rename(columns=names)
        own = frame.actor_loss_percent
        frame["ratio_percent"] = frame.loss_percent / own.where(own > 0)
        return frame.nlargest(count, "loss_percent", keep="all").head(count).reset_index(drop=True)

    def extremes(self) -> pd.DataFrame:
        """For each side the partner whose act costs it most, and the one whose act costs it least, and their ratio."""
        rows = []
        for name in self.damage_percent["partner"].values:
            losses = self.damage_percent.sel(partner=name).to_series().dropna()
            if losses.empty:
                continue
            worst, mildest = str(losses.idxmax()), str(losses.idxmin())
            rows.append(
                {
                    "country": name,
                    "most_dangerous": worst,
                    "loss_percent": losses[worst],
                    "most_harmless": mildest,
                    "least_loss_percent": losses[mildest],
                    "ratio": losses[worst] / losses[mildest] if losses[mildest] > 0 else np.nan,
                }
            )
        return pd.DataFrame(rows)


def leverage_matrix(
    world: World,
    horizon: Horizon = "long",
    given: Scenario | None = None,
    *,
    pairs: Literal["all"] | Sequence[tuple[Side, Side]] = "all",
    coalitions: Mapping[str, Side] | None = None,
    instrument: str = "embargo",
    rate: float = 0.1,
    deficits: DeficitRule = "balance",
    elasticities: Elasticities | None = None,
    draws: int = 0,
    seed: int = 1,
    cache: bool = True,
    progress: CountProgress | None = None,
) -> LeverageMatrix:
    """Let every side act against every other, one pair at a time, and say what both lose.

    Parameters
    ----------
    world : World
    horizon : ``"months"``, ``"short"``, ``"long"`` or years since the act
    given : a scenario already in force; losses are further losses, in money at base prices
    pairs : ``"all"``, or a list of (acting side, other side); a side is a code, a name, a group, or a list of them, and
        the losses of its members are summed
    coalitions : names of further sides to their members; with ``pairs="all"`` they stand beside the countries, and in a
        list of pairs their names may be used
    instrument : ``embargo`` stops both directions; ``export_ban``: the acting side stops selling; ``import_ban``: it
        stops buying; ``tariff``: it adds ``rate`` to the tariffs on what it buys
    rate : of the tariff, 0.1 is ten percentage points
    deficits : deficit rule, see :func:`suasion.equilibrium.simulate`
    elasticities : own values that replace the presets
    draws, seed : draws of the elasticities for :meth:`LeverageMatrix.band`, the same for all pairs, and their seed.
        Each costs a matrix: name the pairs
    cache : whether losses computed before with the same arguments are read from the user's cache folder
    progress : called with (done, total)

    Returns
    -------
    LeverageMatrix
        Of the world of every state, all pairs that trade no more are those that ship: no residual is larger than the
        tolerance that they were solved to, and ties of two economies of the table are those of the usual world.

    Raises
    ------
    SameCountryError
        A country stands on both sides of a pair asked for.
    NotInWorldError
        A country is outside the world's table.
    InputError
        The instrument, rate or horizon is out of range, or a coalition has the name of a country.
    """
    expect(world, World, "world", "It comes first; load_world() gives the embedded one.")
    check_rule(deficits)
    measure = measure_of(instrument, rate)
    sides, ties = (
        all_ties(world, coalitions, measure) if pairs == "all" else named_ties(world, pairs, coalitions)
    )
    parameters = resolve(world, horizon, elasticities=elasticities)
    plan = MatrixPlan(world, parameters, deficits, own(horizon, elasticities), given, measure, sides, ties)
    as_shipped = (
        measure.mutual and given is None and deficits == "balance" and own(horizon, elasticities) is None
    )
    if as_shipped and pairs == "all" and not coalitions and horizon in HORIZONS and is_usual(world):
        losses = shipped_ties(world, horizon, ties)
    else:
        losses = cached_losses(plan, cache, lambda: solve_plan(plan, progress))
    ranges = loss_intervals(world) if as_shipped else pd.DataFrame({"horizon": []})
    ranges = ranges[ranges["horizon"] == horizon].drop(columns=["horizon", "loss_percent"], errors="ignore")
    found = _labelled(plan, losses, ranges)
    if draws:
        sets = drawn_elasticities(world, draws, horizon, seed, elasticities)
        found = replace(found, drawn=_drawn(plan, sets))
    warn(found.warnings)
    return found


def _drawn(plan: MatrixPlan, sets: Sequence[Parameters]) -> xr.Dataset:
    """Losses of all pairs for each set of elasticities."""
    none = pd.DataFrame({"horizon": []})
    parts = []
    for parameters in sets:
        own_plan = replace(plan, parameters=parameters)
        made = _labelled(own_plan, solve_plan(own_plan, brackets=False), none)
        parts.append(xr.Dataset({name: getattr(made, name) for name in ("loss_percent", "damage_percent")}))
    return xr.concat(parts, pd.Index(range(len(sets)), name="draw"))


def _labelled(plan: MatrixPlan, losses: pd.DataFrame, intervals: pd.DataFrame) -> LeverageMatrix:
    """Lay the losses of the ties out as matrices."""
    names, measure = list(plan.sides), plan.measure
    first, second = losses["first"].to_numpy(), losses["second"].to_numpy()

    def matrix(own: str, other: str | None = None) -> FloatArray:
        values = np.full((len(names), len(names)), np.nan)
        if measure.mutual:
            values[second, first] = losses[other or own]
        values[first, second] = losses[own]
        return values

    def label(name: str, values: FloatArray) -> xr.DataArray:
        attrs = (
            {"unit": "log gap"}
            if name == "residual"
            else variable(name.replace("damage", "loss"), "exit_cost").attrs
        )
        return xr.DataArray(values, {"country": names, "partner": names}, ("country", "partner"), name, attrs)

    failed = losses[losses.reason != ""]
    between = [f"{names[a]}-{names[b]}" for a, b in zip(failed["first"], failed["second"], strict=True)]
    losses_of: dict[str, Any] = {
        f"{name}_{unit}": label(f"{name}_{unit}", matrix(f"{own}_{unit}", f"{other}_{unit}"))
        for unit in ("percent", "usd")
        for name, own, other in (("loss", "first", "second"), ("damage", "second", "first"))
    }
    return LeverageMatrix(
        **losses_of,
        residual=label("residual", matrix("residual")),
        reasons=pd.DataFrame(
            {"pair": between, "reason": failed.reason.to_list()}, columns=["pair", "reason"]
        ),
        instrument=measure.words,
        horizon=plan.parameters.horizon,
        deficits=plan.deficits,
        given=AS_IT_IS if plan.given is None else plan.given.name,
        sides=plan.sides,
        flags=_flags(plan, losses),
        intervals=intervals,
        source=_source(plan.world),
        singly=int((~losses.batched).sum()),
    )


def _flags(plan: MatrixPlan, losses: pd.DataFrame) -> pd.DataFrame:
    """First-year losses beyond what the model can say, with their brackets; the worst first."""
    names, columns = np.array(list(plan.sides), dtype=object), ["replacement", "no_switching", "supply"]
    parts = []
    for one, other in (("first", "second"), ("second", "first")):
        part = losses[[one, other, f"{one}_percent", *(f"{one}_{c}" for c in columns)]]
        found = part.set_axis(["country", "partner", "loss_percent", *columns], axis=1)
        beyond = (found.loss_percent > 100.0 * LOSS) | (found.supply > 0)
        parts.append(found[beyond & of_first_year(plan.parameters)])
    table = pd.concat(parts).sort_values("loss_percent", ascending=False).reset_index(drop=True)
    ends = table[["replacement", "loss_percent", "no_switching"]].to_numpy()
    said = {
        Flag.SUPPLY: table.supply.to_numpy() > 0,
        Flag.LOSS: table.loss_percent.to_numpy() > 100.0 * LOSS,
        Flag.WIDTH: np.array([width(*row) > WIDE for row in ends.tolist()], dtype=bool),
    }
    flags = [" ".join(flag.value for flag, on in said.items() if on[row]) for row in range(len(table))]
    return table.drop(columns="supply").assign(
        country=names[table.country.to_numpy(dtype=int)],
        partner=names[table.partner.to_numpy(dtype=int)],
        flag=np.array(flags, dtype=object),
    )


def _source(world: World) -> str:
    made = world.provenance
    return " ".join(part for part in (made.dataset, made.version) if part)
