"""What each side loses when the tie between them is cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from suasion.coercion.outcomes import (
    Horizon,
    Outcomes,
    Request,
    Side,
    alongside,
    band_of,
    members,
    side_name,
    solve_cuts,
)
from suasion.equilibrium import (
    Elasticities,
    Embargo,
    ExportBan,
    ImportBan,
    Scenario,
    Shock,
    compile_scenario,
)
from suasion.equilibrium.certificate import Certificate
from suasion.equilibrium.doubts import extreme, flagged
from suasion.equilibrium.elasticities.schedule import SHORT_YEARS, parse_horizon
from suasion.equilibrium.flags import LOSS, Flag, Flagged
from suasion.equilibrium.scenario.instrument import Instrument as EquilibriumInstrument
from suasion.errors import InputError, SameCountryError, SuasionWarning, warn
from suasion.remarks import Remark
from suasion.types import Brief, DeficitRule, FloatArray, Progress
from suasion.world import World
from suasion.world.prepared import Prepared

Instrument = Literal["embargo", "export_ban", "import_ban"]

_KINDS: dict[str, Callable[..., EquilibriumInstrument]] = {
    "embargo": Embargo,
    "export_ban": ExportBan,
    "import_ban": ImportBan,
}


class Given(StrEnum):
    """What is in force before a tie is cut, beside the names of scenarios."""

    NOTHING = "the world as it is"


AS_IT_IS = Given.NOTHING.value
_WORDS = {"embargo": "{} - {}", "export_ban": "exports of {} to {}", "import_ban": "imports of {} from {}"}


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class ExitCost(Brief):
    """Losses of both sides of a cut tie. A positive number is a loss.

    Attributes
    ----------
    a, b : names of the sides, as asked
    cut : the tie in words
    given : the world in which the tie is cut, in words; ``"the world as it is"`` by default
    table : one row per side and horizon: country, horizon, loss_percent (of own real expenditure), loss_usd
        (million, at base prices), low_percent, high_percent, low_usd, high_usd (90 % band over draws of the
        elasticities, NaN without draws), failed_draws, reason (why there is no number); replacement_percent and
        no_switching_percent, the ends of the bracket where ``flags`` names one (NaN elsewhere: none was asked for);
        capital_percent, the loss with a stock of capital that adjusts (NaN before the long run)
    ratios : one row per horizon: ratio_percent = ratio_usd x income_ratio, the losses of a over those of b;
        low_ratio, high_ratio (band of ratio_percent); gap_low, gap_high (band of the difference in per cent
        of a over b) and gap_usd_low, gap_usd_high (band of the difference in USD); first_share (share of the draws
        in which a loses more in per cent, NaN without draws)
    elsewhere : change of welfare of every country (negative is a loss): country, horizon, change_percent, change_usd
    certificates : horizon to the check of the central solution
    deficits : deficit rule
    draws : number of draws
    notes : remarks on elasticities, and on how the cut was read
    warnings : what is probably not what was meant, and where a loss is beyond the model

    Examples
    --------
    >>> study = su.exit_cost("AUS", "CHN", horizon="long", world=su.load_world("g20")).result
    >>> list(study.partner_open.table.columns[:3])
    ['country', 'horizon', 'loss_percent']
    """

    a: str
    b: str
    cut: str
    given: str
    table: pd.DataFrame
    ratios: pd.DataFrame
    elsewhere: pd.DataFrame
    certificates: Mapping[str, Certificate]
    deficits: DeficitRule
    draws: int
    notes: tuple[Remark, ...]
    warnings: tuple[SuasionWarning, ...]

    def loss(
        self, side: Side, horizon: str | None = None, unit: Literal["percent", "usd"] = "percent"
    ) -> float:
        """Return one loss; NaN where there is none.

        Parameters
        ----------
        side : one of the two, in any spelling
        horizon : as in the table; may be left out where there is only one
        unit : per cent of own real expenditure, or million USD at base prices

        Raises
        ------
        InputError
            The side or horizon is not in the table.
        """
        rows = self.table[self.table.country == side_name(side)]
        rows = rows if horizon is None else rows[rows.horizon == horizon]
        if len(rows) > 1:
            raise InputError(
                f"There are several losses of {side!r}: give one of {', '.join(rows.horizon)} as horizon."
            )
        if rows.empty:
            known = ", ".join(f"{r.country} {r.horizon}" for r in self.table.itertuples())
            raise InputError(f"There is no loss of {side!r} at horizon {horizon!r}. Known: {known}.")
        return float(rows[f"loss_{unit}"].iloc[0])


def exit_cost(
    world: World,
    a: Side,
    b: Side,
    given: Scenario | None = None,
    horizon: Horizon | Literal["both"] = "both",
    instrument: Instrument = "embargo",
    *,
    deficits: DeficitRule = "balance",
    draws: int = 0,
    seed: int = 1,
    elasticities: Elasticities | None = None,
    progress: Progress | None = None,
) -> ExitCost:
    """Cut the tie between two sides and say what each loses.

    Parameters
    ----------
    world : World
    a, b : country code, name or group, or a list of them; a list is one side, its losses are summed
    given : a scenario already in force: the tie is cut in that world, and the loss is the further loss
    horizon : ``"months"``, ``"short"``, ``"long"``, years since the cut, or ``"both"``
    instrument : ``embargo`` stops both directions; ``export_ban``: a stops selling to b; ``import_ban``: a
        stops buying from b
    deficits : deficit rule, see :func:`suasion.equilibrium.simulate`
    draws : draws of the elasticities for a 90 % band; 0 for none
    seed : of the Sobol sequence of draws
    elasticities : own values that replace the presets
    progress : called with (done, total, what)

    Returns
    -------
    ExitCost

    Raises
    ------
    SameCountryError
        A country stands on both sides.
    NotInWorldError
        A country is outside the world's table.
    InputError
        The instrument or horizon is unknown.
    """
    cut = tie_shock(world, a, b, instrument)
    shocks, before, label = {"tie": cut}, None, AS_IT_IS
    if given is not None:
        force = compile_scenario(world, given)
        shocks, before, label = {"given": force, "tie": merge(force, cut)}, "given", given.name
    asked = horizons(horizon)
    told = {*members(world, a), *members(world, b)}
    request = Request(world, shocks, asked, deficits, draws, seed, elasticities, progress, told)
    names = side_name(a), side_name(b)
    found = assemble(request, solve_cuts(request), (a, b), names, ("tie", before), label, instrument)
    warn(found.warnings)
    return found


_CUTS: Prepared[ExitCost] = Prepared(8)


def cut_as_it_is(world: World, a: str, b: str, horizon: str, deficits: DeficitRule) -> ExitCost:
    """Cut two countries off in the world as it is, by the presets: once for all questions on a world."""
    asked = (a, b, horizon, deficits)
    return _CUTS.get(world, asked, lambda: exit_cost(world, a, b, None, horizon, deficits=deficits))


def horizons(horizon: Horizon | Literal["both"]) -> tuple[Horizon, ...]:
    """Return the horizons asked for; ``"both"`` is short and long."""
    return ("short", "long") if horizon == "both" else (horizon,)


def tie_shock(world: World, a: Side, b: Side, instrument: Instrument = "embargo") -> Shock:
    """Compile the cut of one tie.

    Raises SameCountryError: A country stands on both sides.
    Raises InputError: The instrument is unknown.
    """
    if instrument not in get_args(Instrument):
        raise InputError(f"instrument={instrument!r} is not one of {', '.join(get_args(Instrument))}.")
    left, right = members(world, a), members(world, b)
    both = sorted(set(left) & set(right))
    if both:
        raise SameCountryError(
            f"{', '.join(both)} stands on both sides of the tie {side_name(a)} - {side_name(b)}. "
            "Name two different sides."
        )
    return compile_scenario(world, Scenario("tie", [_KINDS[instrument](left, right)]))


def _doubts(
    outcome: Outcomes, horizon: Horizon, names: Sequence[str], losses: Sequence[Mapping[str, FloatArray]]
) -> tuple[SuasionWarning, ...]:
    """Return doubts about elasticities and about losses beyond what the model can say."""
    percent = np.array([loss["percent"][0] for loss in losses])
    found = (*outcome.doubts, *extreme(names, -percent))
    if isinstance(horizon, Elasticities) or parse_horizon(horizon).years > SHORT_YEARS:
        return found
    large = [(name, loss / 100.0) for name, loss in zip(names, percent, strict=True) if loss > 100.0 * LOSS]
    return (*found, *flagged([Flagged(name, Flag.LOSS, "", float("nan"), loss) for name, loss in large]))


def merge(first: Shock, tie: Shock) -> Shock:
    """Add the cut flows of a tie to another shock."""
    assert tie.cut is not None
    return replace(first.cutting(tie.cut), labels=tuple(dict.fromkeys((*first.labels, *tie.labels))))


def assemble(
    request: Request,
    outcomes: Mapping[Horizon, Outcomes],
    sides: tuple[Side, Side],
    names: tuple[str, str],
    cuts: tuple[str, str | None],
    given: str,
    instrument: Instrument = "embargo",
) -> ExitCost:
    """Turn solved cuts into the losses of two sides: the further change from one of them to another.

    request: what was solved.
    outcomes: from :func:`solve_cuts`, by horizon.
    names: of the sides, as printed.
    cuts: names of the solved cuts with the tie gone, and of the one already in force (None: the base).
    given: the world in which it is cut, in words.
    instrument: how the tie is cut.
    """
    world, (after, before) = request.world, cuts
    rows, ratios, elsewhere = [], [], []
    certificates: dict[str, Certificate | None] = {}
    notes: dict[Remark, None] = dict.fromkeys(request.shocks[after].labels)
    doubts = {str(doubt): doubt for doubt in request.shocks[after].doubts}
    for horizon, outcome in outcomes.items():
        label = "own elasticities" if isinstance(horizon, Elasticities) else str(horizon)
        changes = outcome.changes(after, before)
        losses = [_side_losses(world, side, *changes) for side in sides]
        rows += [
            {"country": name, "horizon": label, **_row(world, side, outcome, cuts, loss)}
            for name, side, loss in zip(names, sides, losses, strict=True)
        ]
        ratios.append({"horizon": label, **_ratio(*losses)})
        elsewhere.append(_everybody(world, label, *changes))
        certificates[label] = outcome.certificates.get(after)
        notes.update(dict.fromkeys(outcome.marks))
        doubts |= {str(doubt): doubt for doubt in _doubts(outcome, horizon, names, losses)}
    return ExitCost(
        *names,
        cut=_WORDS[instrument].format(*names),
        given=given,
        table=pd.DataFrame(rows),
        ratios=pd.DataFrame(ratios),
        elsewhere=pd.concat(elsewhere, ignore_index=True),
        certificates={name: one for name, one in certificates.items() if one is not None},
        deficits=request.deficits,
        draws=request.draws,
        notes=tuple(notes),
        warnings=tuple(doubts.values()),
    )


def _everybody(world: World, horizon: str, base: FloatArray, change: FloatArray) -> pd.DataFrame:
    """What the cut does to all, by the central elasticities."""
    return pd.DataFrame(
        {
            "country": world.countries,
            "horizon": horizon,
            "change_percent": 100.0 * change[0] / base[0],
            "change_usd": change[0],
        }
    )


def _side_losses(world: World, side: Side, base: FloatArray, change: FloatArray) -> dict[str, FloatArray]:
    index = [world.countries.index(c) for c in members(world, side)]
    usd, size = -change[:, index].sum(1), base[:, index].sum(1)
    return {"percent": 100.0 * usd / size, "usd": usd, "income": size}


def _row(
    world: World,
    side: Side,
    outcome: Outcomes,
    cuts: tuple[str, str | None],
    loss: Mapping[str, FloatArray],
) -> dict[str, Any]:
    """Losses of a side with their bands, why there are none, and what stands beside them."""
    row: dict[str, Any] = {f"loss_{unit}": float(loss[unit][0]) for unit in ("percent", "usd")}
    for unit in ("percent", "usd"):
        row[f"low_{unit}"], row[f"high_{unit}"] = band_of(loss[unit][1:], float(loss[unit][0]))
    row["failed_draws"] = outcome.failed_draws(cuts[0])
    row["reason"] = outcome.failures.get(cuts[0]) or outcome.failures.get(cuts[1] or "") or ""
    return row | alongside(outcome, members(world, side), world.countries, cuts, row["loss_percent"])


def _ratio(first: Mapping[str, FloatArray], second: Mapping[str, FloatArray]) -> dict[str, float]:
    with np.errstate(divide="ignore", invalid="ignore"):
        percent, usd = first["percent"] / second["percent"], first["usd"] / second["usd"]
    gaps = {unit: first[unit] - second[unit] for unit in ("percent", "usd")}
    (ratio_low, ratio_high), (gap_low, gap_high), (usd_low, usd_high) = (
        band_of(drawn[1:], float(drawn[0])) for drawn in (percent, gaps["percent"], gaps["usd"])
    )
    known = gaps["percent"][1:][np.isfinite(gaps["percent"][1:])]
    return {
        "ratio_percent": float(percent[0]),
        "ratio_usd": float(usd[0]),
        "income_ratio": float(second["income"][0] / first["income"][0]),
        "low_ratio": ratio_low,
        "high_ratio": ratio_high,
        "gap_low": gap_low,
        "gap_high": gap_high,
        "gap_usd_low": usd_low,
        "gap_usd_high": usd_high,
        "first_share": float((known > 0.0).mean()) if known.size else float("nan"),
    }
