"""Tables of a simulated scenario: losses, parties, winners, trade, industries, measures; several side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from suasion.answers import Answer, Finding, Picture, Quantity, Table
from suasion.equilibrium import Scenario
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.questions.scenarios.reading import listed
from suasion.questions.scenarios.runs import ScenarioParty, ScenarioRun, code_of, side_by_economy
from suasion.world import World

LEAST_FLOW = 1.0
"""Million USD: a smaller change of a flow is left out."""
IMPORTS, EXPORTS = (
    {kind for kind, cls in INSTRUMENTS.items() if getattr(cls, "flow", "") == flow}
    for flow in ("imports", "exports")
)
"""Instruments on one direction of the trade of those who act."""
WORTH_SHOWING = 0.1
"""Trade in the other direction is shown where it is at least this part of the first. Assumption."""
BILLION = 1_000.0
SINGLE = 12
"""Draws that are told one by one beside the bands."""
OWN = "own"
"""Code of a side's own economies among its partners."""
LEVELS = {
    "real_income": "real_income_percent",
    "real_wage": "real_wage_percent",
    "consumer_price": "consumer_price_percent",
    "revenue": "revenue_musd",
}
"""Variables of the model that stand beside an economy's loss, and their columns."""
LOSSES = (
    "horizon country side loss_percent loss_musd cost_status flags replacement_percent no_switching_percent "
    "capital_percent real_income_percent real_wage_percent consumer_price_percent revenue_musd"
)


def losses(world: World, scenario: Scenario, runs: Sequence[ScenarioRun], draws: int) -> Table:
    """Every economy at every horizon, the largest loss of the first horizon first."""
    sides = side_by_economy(world, scenario)
    first = runs[0].point.percent or (0.0,) * len(world.countries)
    order = sorted(range(len(world.countries)), key=lambda k: (first[k], world.countries[k]))
    notes = [Finding("simulate.at_once"), Finding("simulate.one_model")]
    notes += [Finding("simulate.band", {"draws": Quantity(draws, "count")})] if draws else []
    return Table.of(
        "losses",
        LOSSES,
        (_economy(run, world.countries[k], sides[world.countries[k]]) for run in runs for k in order),
        axes="horizon country",
        picture=Picture("ranges", "loss_percent", "country", panel="horizon"),
        notes=tuple(notes),
        brief="horizon country loss_percent loss_musd real_wage_percent consumer_price_percent",
    )


def _economy(run: ScenarioRun, code: str, side: str) -> dict[str, Any]:
    point, margins, place = run.point, run.margins, run.place[code]

    def cell(cells: Sequence[Any]) -> Any:
        return cells[place] if cells else None

    return {
        "horizon": run.label,
        "country": code,
        "side": side,
        **run.loss([code]),
        "cost_status": run.status,
        "flags": cell(margins.flags) or None,
        "replacement_percent": cell(margins.replacement),
        "no_switching_percent": cell(margins.no_switching),
        "capital_percent": cell(margins.capital),
        **{column: cell(getattr(point, name)) for name, column in LEVELS.items()},
        **{
            end: value
            for name, column in LEVELS.items()
            for end, value in run.ends(name, place, column).items()
        },
    }


def sides(found: Sequence[ScenarioParty], runs: Sequence[ScenarioRun]) -> Table:
    """Parties at every horizon, added up over their economies."""
    rows = [
        {
            "horizon": run.label,
            "party": one.code,
            "side": one.side,
            "economies": " ".join(one.economies),
            **run.loss(one.economies),
            "cost_status": run.status,
        }
        for run in runs
        for one in found
    ]
    half = "half_from_percent half_to_percent " if any(run.changes is not None for run in runs) else ""
    return Table.of(
        "sides",
        f"horizon party side loss_percent loss_musd {half}cost_status economies",
        rows,
        axes="horizon party",
        picture=Picture("ranges", "loss_percent", "party", panel="horizon"),
        brief="horizon party loss_percent loss_musd",
    )


def winners(world: World, runs: Sequence[ScenarioRun]) -> Table:
    """Who gains a billion USD a year or more, the most first."""
    return Table.of(
        "winners",
        "horizon country gain_musd gain_percent",
        [
            {
                "horizon": run.label,
                "country": world.countries[k],
                "gain_musd": run.point.usd[k],
                "gain_percent": run.point.percent[k],
                **run.ends("equivalent_variation", k, "gain_musd"),
                **run.ends("welfare", k, "gain_percent"),
            }
            for run in runs
            if run.solved
            for k in sorted(range(len(world.countries)), key=lambda k: -run.point.usd[k])
            if run.point.usd[k] >= BILLION
        ],
        axes="horizon country",
    )


def trade(world: World, scenario: Scenario, runs: Sequence[ScenarioRun]) -> Table:
    """Covered goods that each side buys and sells, by partner, before and after; its own economies are one.

    Only the directions that the measures touch.
    """
    own, kinds = side_by_economy(world, scenario), {item.kind for item in scenario.instruments}
    ranged = runs[0].changes is not None
    return Table.of(
        "trade",
        f"horizon flow partner before_musd after_musd change_musd {' '.join(SHARES) if ranged else ''}",
        (row for run in runs for row in _flows(world, run, own, kinds)),
        axes="horizon flow partner",
        notes=(Finding("simulate.quantities"), *((Finding("simulate.flow_ranges"),) if ranged else ())),
        detail=True,
    )


def _flows(world: World, run: ScenarioRun, own: dict[str, str], kinds: set[str]) -> Iterator[dict[str, Any]]:
    flows = run.point.flows or {}
    for name in (
        _directions(kinds, flows, [own[code] == "target" for code in world.countries]) if flows else ()
    ):
        side = name.partition(" ")[0]
        pairs = list(zip(world.countries, flows[name], strict=True))
        inside = [pair for code, pair in pairs if own[code] == side]
        rows = [(OWN, sum(pair[0] for pair in inside), sum(pair[1] for pair in inside))]
        rows += [(code, *pair) for code, pair in pairs if own[code] != side]
        for code, before, after in sorted(rows, key=lambda row: -abs(row[2] - row[1])):
            if abs(after - before) >= LEAST_FLOW:
                yield {
                    "horizon": run.label,
                    "flow": name.replace(" ", "_"),
                    "partner": code,
                    "before_musd": before,
                    "after_musd": after,
                    "change_musd": after - before,
                    **(_flow_range(run, name, code, before) if run.changes is not None else {}),
                }


SHARES = ("data_share", "response_share", "model_share")
"""Of what the variance of a flow's range is."""


def _flow_range(run: ScenarioRun, name: str, code: str, before: float) -> dict[str, Any]:
    """Range of a flow and what it is of; none of a side's own economies, and of a flow that begins or ends."""
    found, names = run.flow_ranges.get(name), ("after_musd_low", "after_musd_high", *SHARES)
    if found is None or code == OWN or not math.isfinite(found.low[run.place[code]]):
        return dict.fromkeys(names)
    place = run.place[code]
    ends = (before * math.exp(end[place]) for end in (found.low, found.high))
    return dict(zip(names, (*ends, *(float(getattr(found, share)[place]) for share in SHARES)), strict=True))


def _directions(
    kinds: set[str], flows: Mapping[str, Sequence[tuple[float, float]]], target: Sequence[bool]
) -> list[str]:
    """Which of the four flows to show; an "all" on one side has no outside to turn to."""
    bought, sold = (
        sum(pair[0] for pair, inside in zip(flows[key], target, strict=True) if inside)
        for key in ("coalition buys", "coalition sells")
    )
    imports = bool(kinds - EXPORTS) and (kinds & IMPORTS or bought >= WORTH_SHOWING * sold)
    exports = bool(kinds - IMPORTS) and (kinds & EXPORTS or sold >= WORTH_SHOWING * bought)
    shown = ["coalition buys", "target sells"] if imports else []
    shown += ["coalition sells", "target buys"] if exports else []
    return [key for key in shown if not (key.startswith("target") and 2 * sum(target) > len(target))]


def industries(world: World, runs: Sequence[ScenarioRun]) -> Table:
    """User prices and output of each side's industries."""
    return Table.of(
        "industries",
        "horizon side industry price_change_percent output_change_percent",
        [
            {
                "horizon": run.label,
                "side": side,
                "industry": code,
                "price_change_percent": prices[k],
                "output_change_percent": (run.point.output or {})[side][k],
            }
            for run in runs
            for side, prices in (run.point.price or {}).items()
            for k, code in enumerate(world.sectors)
        ],
        axes="horizon side industry",
        detail=True,
    )


def measures(scenario: Scenario) -> Table:
    """What is done, one row a measure."""
    return Table.of(
        "instruments",
        "place instrument coalition target goods size variant use coverage date until",
        (_measure(place, item.to_dict()) for place, item in enumerate(scenario.instruments, 1)),
        axes="place",
        brief="instrument coalition target goods size",
    )


_SIZES = ("rate", "factor", "removed", "share", "amount")
_VARIANTS = ("mode", "direction", "rent")


def _measure(place: int, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "place": place,
        "instrument": data["type"],
        "coalition": _codes(data.get("senders", ())) or None,
        "target": _codes(data.get("targets", ())),
        "goods": " ".join(listed(data.get("sectors") or ("all",))),
        "size": next((float(data[key]) for key in _SIZES if key in data), None),
        "variant": next((data[key] for key in _VARIANTS if key in data), None),
        "use": data.get("use"),
        "coverage": data.get("coverage"),
        "date": data.get("date"),
        "until": data.get("until"),
    }


def _codes(tokens: str | Iterable[str]) -> str:
    return " ".join(code_of(token) for token in listed(tokens))


def single_draws(found: Sequence[ScenarioParty], runs: Sequence[ScenarioRun]) -> Table:
    """Losses of the parties in the first dozen draws."""
    return Table.of(
        "draws",
        "horizon party draw loss_percent",
        [
            {"horizon": run.label, "party": one.code, "draw": draw, "loss_percent": loss}
            for run in runs
            for one in found
            if (drawn := run.drawn(one.economies)) is not None
            for draw, loss in enumerate(drawn[:SINGLE].tolist(), 1)
        ],
        axes="horizon party draw",
        detail=True,
    )


def remarks(world: World, runs: Sequence[ScenarioRun], labels: int) -> Table:
    """How the shock was read, which elasticities were filled, what the world's table lacks."""
    texts = [*world.notes, *(text for run in runs for text in run.point.remarks[labels:])]
    return Table.of("remarks", "remark", ({"remark": text} for text in dict.fromkeys(texts)), detail=True)


COLUMNS = "place party side horizon loss_percent loss_musd cost_status"
ORDER = {"target": 0, "coalition": 1, "other": 2}
HORIZONS = ("short", "long")


def side_by_side(answers: Sequence[Answer]) -> Table:
    """Put the parties of scenarios side by side.

    answers: Of the question ``simulate``, at most four.
    Returns: ``compared``: one row a scenario (``place``, from 1), party and horizon. A single economy has
      what it loses also where it is a bystander; any other party of another scenario has no number.
    """
    sides = [_parties(answer) for answer in answers]
    names: dict[str, str] = {}
    for answer in answers:
        for row in answer.rows("sides"):
            names.setdefault(row["party"], row["side"])
    ordered = sorted(names, key=lambda code: ORDER[names[code]])
    return Table.of(
        "compared",
        COLUMNS,
        (
            _row(place, code, names[code], horizon, held)
            for code in ordered
            for place, held in enumerate(sides, 1)
            for horizon in HORIZONS
        ),
        axes="place party horizon",
    )


def _parties(answer: Answer) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Rows by party and horizon: those of the sides, then those of single economies."""
    made: dict[tuple[str, str], Mapping[str, Any]] = {}
    for key, name in (("sides", "party"), ("losses", "country")):
        for row in answer.rows(key):
            made.setdefault((row[name], row["horizon"]), row)
    return made


def _row(
    place: int, code: str, side: str, horizon: str, held: Mapping[Any, Mapping[str, Any]]
) -> dict[str, Any]:
    found = held.get((code, horizon), {})
    cells = {name: found.get(name) for name in ("loss_percent", "loss_musd")}
    status = found.get("cost_status", "no_side")
    return {"place": place, "party": code, "side": side, "horizon": horizon, **cells, "cost_status": status}
