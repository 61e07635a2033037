"""Why a scenario costs what it costs: the loss by channel and goods, and the assumptions that move it most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from suasion.answers import (
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
from suasion.answers import numbers as n
from suasion.questions.bands import behind, beyond, few, first_year, ranged, when_of
from suasion.questions.posed import posed_model
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, question
from suasion.questions.simulate import case_of
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    from suasion.questions.scenarios.attribution import Attribution
    from suasion.questions.scenarios.parts import MeasurePart
    from suasion.questions.scenarios.runs import ScenarioParty
    from suasion.questions.scenarios.warm_model import ScenarioCase, WarmModel
    from suasion.types import FloatArray
    from suasion.world import World

MOST_ASSUMPTIONS, MOST_BRACKETS = 5, 3
GAP = 1e-6
"""Per cent: a hundred times the gap between solutions of the batch and single ones (1e-8)."""


@question
def why(
    scenario: ScenarioText,
    *,
    horizon: str = "",
    deficits: DeficitRule = "balance",
    ease: float = 1.0,
    swap: float = 1.0,
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    model: WarmModel | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Why a scenario costs what it costs: which part of the measures, and which assumptions move it most.

    Parameters
    ----------
    scenario : ScenarioText
        Scenario file (YAML), address of the builder, or lines as `tariff 25 USA on CHN in goods`, with semicolons.
    horizon : str
        months, short (first year), long, or years since the shock; long, or that of an address.
    deficits : str
        What becomes of trade imbalances: balance, world, gdp or eliminate.
    ease : float
        Factor on the trade elasticity, sigma - 1.
    swap : float
        Factor on substitution among inputs and factors, zeta and epsilon.
    draws : int
        Draws of the elasticities for 90 % bands, each of which solves every set of parts; 0 for none.

    Returns
    -------
    Answer
        Tables ``parts``, which add up to the change of each side, ``assumptions`` and ``totals-by-side``; empty where
        some set of parts has no equilibrium.

    Examples
    --------
    >>> small = su.load_world().select(["USA", "CHN", "DEU", "RUS", "AUS"])
    >>> su.why("embargo USA on RUS in energy", world=small)
    <Answer why embargo, USA on RUS, energy USA RUS: totals-by-side (...>
    """
    from suasion.questions.scenarios.attribution import attribute
    from suasion.questions.scenarios.findings import asked_of
    from suasion.questions.scenarios.reading import scenario_in
    from suasion.questions.scenarios.runs import parties

    warm = posed_model(model, world, given, elasticities, factors, deficits)
    what, query = scenario_in(scenario)
    label, case = case_of(what, query, horizon, ease=ease, swap=swap, deficits=deficits)
    asked = {**asked_of(what, query is None or bool(query.name)), "when": when_of(label)}
    sources = (Source("world.source", warm.world.provenance.dataset, warm.world.year),)
    found = attribute(warm, case, draws, seed)
    if found is None:
        return Answer("why", asked, absent=Finding("why.unsolved", {"when": when_of(label)}), sources=sources)
    sides = [one for one in parties(warm.world, what) if one.side != "other"]
    report = WhyReport(warm.world.countries, tuple(sides), found)
    told = (
        *report.findings([item.kind for item in what.instruments]),
        *_beyond(warm, case, label, found, sides),
        *few(draws),
    )
    checks = (Check("parts", found.gap, GAP),)
    return Answer("why", asked, told, tuple(report.tables()), sources=sources, checks=checks, result=found)


def _beyond(
    warm: WarmModel, case: ScenarioCase, label: str, found: Attribution, sides: Sequence[ScenarioParty]
) -> Iterator[Finding]:
    """Cautions on economies of the sides whose loss of the first year is more than the model describes."""
    from suasion.equilibrium.flags import LOSS

    codes = dict.fromkeys(code for one in sides for code in one.economies)
    places = {code: warm.world.countries.index(code) for code in codes}
    lost = {code: -found.total([place]) for code, place in places.items()}
    if not first_year(label) or max(lost.values()) <= 100.0 * LOSS:
        return
    margins = warm.margins(case)
    for code in sorted(lost, key=lambda one: -lost[one])[:MOST_BRACKETS]:
        k = places[code]
        yield from beyond(
            label,
            code,
            Quantity(lost[code], "percent"),
            {
                "flags": margins.flags[k],
                "replacement_percent": margins.replacement[k],
                "no_switching_percent": margins.no_switching[k],
            },
        )


class WhyReport:
    """An attribution as tables and findings.

    countries: Of the world.
    sides: Targets and coalition.
    found: What was solved.
    """

    def __init__(
        self, countries: Sequence[str], sides: tuple[ScenarioParty, ...], found: Attribution
    ) -> None:
        self.sides, self.found = sides, found
        places = {code: k for k, code in enumerate(countries)}
        self.index = {one.code: [places[code] for code in one.economies] for one in sides}

    def tables(self) -> Iterator[Table]:
        """Changes of the sides, their parts, and what moves them."""
        notes = tuple(Finding(f"why.{key}") for key in ("order", "singly", "model"))
        parts = [row for one in self.sides for row in self._parts(one)]
        moved = [row for one in self.sides for row in self._assumptions(one)]
        totals = [
            {**self._who(one), **self._loss(one, self.found.totals(self.index[one.code]))}
            for one in self.sides
        ]
        drawn = behind(len(self.found.drawn))
        names = "party side loss_percent loss_musd"
        yield Table.of("totals-by-side", names, totals, axes="party", notes=drawn)
        if parts:
            names = "party side place channel_of_loss goods loss_percent loss_musd"
            yield Table.of("parts", names, parts, axes="party place channel_of_loss goods", notes=notes)
        if moved:
            yield Table.of(
                "assumptions",
                "party side assumed_end loss_percent loss_percent_least loss_percent_most",
                moved,
                axes="party assumed_end",
                picture=Picture("ranges", "loss_percent", "assumed_end", panel="party"),
            )

    def _who(self, one: ScenarioParty) -> dict[str, Any]:
        return {"party": one.code, "side": one.side}

    def _loss(self, one: ScenarioParty, changes: FloatArray) -> dict[str, float]:
        """A loss with its bands, of changes in per cent at the centre and for each draw, (1 + draw,)."""
        from suasion.coercion.outcomes import banded

        income = float(self.found.income[self.index[one.code]].sum())
        return banded("loss_percent", 0.0 - changes) | banded("loss_musd", 0.0 - changes * income / 100.0)

    def noticed(self, one: ScenarioParty) -> bool:
        """Whether there is enough to take apart."""
        return n.sign_of(self.found.total(self.index[one.code]), n.NOTICED_PERCENT) != 0

    def _parts(self, one: ScenarioParty) -> Iterator[dict[str, Any]]:
        """Parts of a party, the largest first; they add up to its loss."""
        if not self.noticed(one):
            return
        shares = self.found.shares(self.index[one.code])
        for k in sorted(range(shares.shape[1]), key=lambda place: -abs(shares[0, place])):
            part = self.found.parts[k]
            yield {
                **self._who(one),
                "place": part.measure + 1,
                "channel_of_loss": part.channel,
                "goods": part.goods,
                **self._loss(one, shares[:, k]),
            }

    def _assumptions(self, one: ScenarioParty) -> Iterator[dict[str, Any]]:
        """Assumptions that move a party's loss most, in print."""
        if not self.noticed(one):
            return
        index = self.index[one.code]
        moved = [
            (name, (low, high))
            for name, (low, high) in self.found.moved(index).items()
            if n.signed_percent(low) != n.signed_percent(high)  # both ends print otherwise
        ]
        for name, (low, high) in sorted(moved, key=lambda row: row[1][0] - row[1][1])[:MOST_ASSUMPTIONS]:
            yield {
                **self._who(one),
                "assumed_end": name.value,
                "loss_percent": 0.0 - self.found.total(index),
                "loss_percent_least": -high,
                "loss_percent_most": -low,
            }

    def findings(self, kinds: Sequence[str]) -> Iterator[Finding]:
        """What makes most of each party's loss; nothing is attributed where there is next to nothing."""
        for place, one in enumerate(sorted(self.sides, key=lambda one: not one.whole)):
            change = self.found.total(self.index[one.code])
            who: dict[str, Value] = {"party": Country(one.code)}
            weight = MAIN + (1.0 if one.whole else 0.0) - 0.01 * place
            if not self.noticed(one):
                yield Finding("why.hardly", {**who, "percent": Quantity(change, "change")}, weight=weight)
                continue
            way, sign = ("loses", -1) if change < 0 else ("gains", 1)
            lost = self._loss(one, sign * -self.found.totals(self.index[one.code]))
            who["percent"] = ranged(lost, "loss_percent", "percent")
            shares = self.found.shares(self.index[one.code])[0]
            k = max(range(len(shares)), key=lambda at: sign * shares[at])
            if len(self.found.parts) < 2:
                yield Finding(f"why.alone.{way}", who, weight=weight)
                continue
            part, share = self.found.parts[k], 100.0 * float(shares[k]) / change
            case = "more_than_all" if share > 100.0 else "most"
            told = {} if share > 100.0 else {"share": Quantity(share, "percent")}
            yield Finding(
                f"why.{case}.{way}.{part.channel}", {**who, **told, **_named(part, kinds)}, weight=weight
            )


def _named(part: MeasurePart, kinds: Sequence[str]) -> dict[str, Value]:
    """What a part is, as a sentence says it."""
    if part.channel == "measure":
        return {
            "measure": Word("instrument", kinds[part.measure])
            if part.measure >= 0
            else Word("bundle", "rest")
        }
    code = part.goods or "rest"
    return {"goods": Industry(code) if code[:1].isupper() else Word("bundle", code)}
