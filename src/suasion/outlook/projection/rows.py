"""An outlook as typed rows and sentences, for tables, chapters and the command line."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from suasion.coercion.critical import Crossing, Definition, Measured
from suasion.outlook.projection.result import TOLERANCES, Outlook


@dataclass(frozen=True, slots=True)
class ShareRow:
    """Partner's share in a state's trade in a year, per cent.

    Attributes
    ----------
    scenario, year, of, partner : what
    share : central course
    low, high : 90 % band; None without draws
    status : ``observed`` in the base year, ``projected``, or ``extrapolated`` where growth rates are carried over
    """

    scenario: str
    year: int
    of: str
    partner: str
    share: float
    low: float | None
    high: float | None
    status: str


@dataclass(frozen=True, slots=True)
class ExitRow:
    """Exit cost of a state from the pair in a year, per cent of own real expenditure.

    Attributes
    ----------
    scenario, year, of, horizon : what
    loss, low, high : central course and 90 % band with the other outlet open
    closed, closed_low, closed_high : the same where it is closed; None without an audience
    loss_usd : million USD at base-year prices
    ratio : loss over that of the other side
    status : as in :class:`ShareRow`
    """

    scenario: str
    year: int
    of: str
    horizon: str
    loss: float | None
    low: float | None
    high: float | None
    closed: float | None
    closed_low: float | None
    closed_high: float | None
    loss_usd: float | None
    ratio: float | None
    status: str


@dataclass(frozen=True, slots=True)
class ChanceRow:
    """Chance that a loss or a share is past a level by a year.

    Attributes
    ----------
    scenario, quantity, of, horizon : what; the horizon is empty for shares
    level : per cent
    year : by its end
    probability : 0 to 1, of draws
    """

    scenario: str
    quantity: str
    of: str
    horizon: str
    level: float
    year: int
    probability: float


def share_rows(made: Outlook, quantity: str = "turnover_share") -> tuple[ShareRow, ...]:
    """Shares of every scenario and year, both sides.

    Parameters
    ----------
    made : Outlook
    quantity : ``turnover_share``, ``export_share`` or ``import_share``
    """
    rows = []
    for of, partner in ((made.a, made.b), (made.b, made.a)):
        for r in made.fan(quantity, of).to_dict("records"):
            low, high = _number(100 * r["p5"]), _number(100 * r["p95"])
            rows.append(
                ShareRow(r["scenario"], r["year"], of, partner, 100 * r["central"], low, high, _status(r))
            )
    return tuple(rows)


def _status(row: Mapping[Any, Any]) -> str:
    if not row["projected"]:
        return "observed"
    return "extrapolated" if row["extrapolated"] else "projected"


def _number(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def exit_rows(made: Outlook) -> tuple[ExitRow, ...]:
    """Exit costs of every scenario, asked year, side and horizon."""
    return tuple(
        row for of in (made.a, made.b) for horizon in made.horizons for row in _exits(made, of, horizon)
    )


def _exits(made: Outlook, of: str, horizon: str) -> list[ExitRow]:
    first = made.fan("loss_percent", of, horizon).to_dict("records")
    usd = made.fan("loss_usd", of, horizon)["central"]
    ratio = made.fan("ratio_percent", of, horizon)["central"]
    closed: list[dict[Any, Any]] = [dict.fromkeys(("central", "p5", "p95"), math.nan)] * len(first)
    if made.audience:
        closed = made.fan("loss_percent", of, horizon, "closed").to_dict("records")
    return [
        ExitRow(
            scenario=r["scenario"],
            year=r["year"],
            of=of,
            horizon=horizon,
            loss=_number(r["central"]),
            low=_number(r["p5"]),
            high=_number(r["p95"]),
            closed=_number(shut["central"]),
            closed_low=_number(shut["p5"]),
            closed_high=_number(shut["p95"]),
            loss_usd=_number(usd.iloc[k]),
            ratio=_number(ratio.iloc[k]),
            status=_status(r),
        )
        for k, (r, shut) in enumerate(zip(first, closed, strict=True))
    ]


def chance_rows(made: Outlook, shares: tuple[float, ...] = (0.25, 0.33, 0.5)) -> tuple[ChanceRow, ...]:
    """Chances that shares and losses pass levels by the asked years; empty without draws.

    Parameters
    ----------
    made : Outlook
    shares : levels of the turnover share of b in the trade of a
    """
    if not made.draws:
        return ()
    rows = []
    for level in shares:
        for r in made.probability("turnover_share", made.a, level).to_dict("records"):
            if r["year"] in made.asked:
                rows.append(
                    ChanceRow(
                        r["scenario"], "turnover_share", made.a, "", 100 * level, r["year"], r["probability"]
                    )
                )
    for of in (made.a, made.b):
        for horizon in made.drawn:
            for level in TOLERANCES:
                for r in made.probability("loss_percent", of, level, horizon).to_dict("records"):
                    head = r["scenario"], "loss_percent", of, horizon
                    rows.append(ChanceRow(*head, level, r["year"], r["probability"]))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class OutletRow:
    """Third country that would take up trade; see :class:`suasion.outlook.projection.reading.Outlet`.

    Attributes
    ----------
    scenario, year, of, rank, country, gain_usd, part : what
    """

    scenario: str
    year: int
    of: str
    rank: int
    country: str
    gain_usd: float
    part: float


def outlet_rows(made: Outlook) -> tuple[OutletRow, ...]:
    """Best other outlets of both sides in the asked years."""
    return tuple(OutletRow(**{str(k): v for k, v in row.items()}) for row in made.outlets.to_dict("records"))


@dataclass(frozen=True, slots=True)
class LevelRow:
    """Where a side's loss reaches a critical level in a year's world; see :func:`suasion.coercion.critical_levels`.

    Attributes
    ----------
    scenario, year, of, horizon, definition, level_percent, measured_in : what
    m : size of the tie, over the year's own, at which the level is reached; None where it is not
    share : per cent of the side's trade that this would be
    crossing : whether the level is reached
    m_examined : end of the range examined, beyond which it lies
    """

    scenario: str
    year: int
    of: str
    horizon: str
    definition: Definition
    level_percent: float | None
    measured_in: Measured | None
    m: float | None
    share: float | None
    crossing: Crossing
    m_examined: float | None


def level_rows(made: Outlook) -> tuple[LevelRow, ...]:
    """Position against critical levels in the asked years; empty where they were not asked for."""
    return tuple(
        LevelRow(
            str(r["scenario"]), int(r["year"]), str(r["country"]), str(r["horizon"]), r["definition"],
            _number(r["level_percent"]), _measured(r["measured_in"]), _number(r["m"]), _number(r["turnover_share"]),
            r["crossing"], _number(r["m_examined"]),
        )
        for r in made.levels.to_dict("records")
    )  # fmt: skip


def _measured(cell: object) -> Measured | None:
    """A cell of a column in which most are missing."""
    return cell if isinstance(cell, Measured) else None


def sentences(made: Outlook) -> tuple[str, ...]:
    """What the outlook says, one sentence a scenario and matter, central course first, bands where there are draws."""
    last, said, there = made.years[-1], [], made.outlets
    rows = {(r.scenario, r.year): r for r in share_rows(made) if r.of == made.a}
    exits = {(r.scenario, r.year, r.of): r for r in exit_rows(made) if r.horizon == made.horizons[0]}
    for path in made.scenarios:
        start, end = rows[path.name, made.base_year], rows[path.name, last]
        band = "" if end.low is None else f" (90 % band {end.low:.0f} to {end.high:.0f} %)"
        said.append(
            f"{path.name}: the share of {made.b} in the trade of {made.a} goes from {start.share:.1f} % in "
            f"{made.base_year} to {end.share:.1f} %{band} in {last}."
        )
        mine, theirs = (exits[path.name, last, of] for of in (made.a, made.b))
        if mine.loss is not None and theirs.loss is not None:
            said.append(
                f"{path.name}: a cut in {last} would cost {made.a} {mine.loss:.2f} % of its real expenditure and "
                f"{made.b} {theirs.loss:.2f} % ({made.horizons[0]} run)."
            )
        said += [
            f"{path.name}: in {last} no third country would make up for a thousandth of what {of} sold to the other."
            for of in (made.a, made.b)
            if not ((there["scenario"] == path.name) & (there["year"] == last) & (there["of"] == of)).any()
        ]
    lost = made.rows[made.rows["quantity"] == "course"]
    if len(lost):
        said.append(f"{len(lost)} draws have no equilibrium in some year and are left out of the bands.")
    if made.solved < made.draws:
        said.append(f"{made.solved} of {made.draws} draws were solved; the others are emulated.")
    return tuple(said)
