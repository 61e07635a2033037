"""The least that senders pay for the harm that their sanctions do, by weight on harm, instrument and group of goods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from suasion.answers import Answer, Check, Finding, Picture, Quantity, Source, Table, Value
from suasion.answers import numbers as n
from suasion.questions.bands import certified
from suasion.questions.frontier.findings import findings, notes
from suasion.questions.posed import Coalition, coalition_of, outside, posed, side_of
from suasion.questions.question import (
    Bands,
    Count,
    Numbers,
    OwnElasticities,
    ScenarioText,
    Side,
    Texts,
    question,
)
from suasion.types import DeficitRule, Progress

if TYPE_CHECKING:
    from suasion.coercion.frontier.by_country import Apart
    from suasion.coercion.frontier.coalition import Burden, Members
    from suasion.coercion.frontier.contest import Frontier
    from suasion.coercion.frontier.secondary import Secondary
    from suasion.coercion.frontier.tolerance import Tolerance
    from suasion.world import World

WEIGHTS = (0.0, 0.5, 1.0, 2.0, 5.0)
"""Few, for each takes seconds."""
MEMBERS_IN = 2024
"""Year whose members of groups tell whether one of a pair belongs to the audience."""
BESIDE = "flags replacement_percent no_switching_percent capital_percent"
LOSSES = (
    f"own_change_musd own_change_percent harm_musd harm_percent {BESIDE} "
    "own_flags own_replacement_percent own_no_switching_percent own_capital_percent"
)
"""What senders and target lose, with what stands beside."""
RATES = "means sector_group rate_percent tax_status trade_change_percent trade_musd"


@question
def frontier(
    senders: Texts,
    target: Side,
    *,
    exempt: Texts = (),
    means: Texts = ("tariff",),
    weights: Numbers = WEIGHTS,
    groups: Texts = (),
    prized: Texts = (),
    response: str = "none",
    bystander: str = "",
    tolerance: float | None = None,
    apart: bool = False,
    horizon: str = "long",
    deficits: DeficitRule = "balance",
    restarts: Count = 0,
    from_above: bool = True,
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """What the best sanctions of a coalition do to a target, and what they cost, for each weight on harm.

    Parameters
    ----------
    senders : tuple of str
        Who acts as one: states and groups, with commas between; a group acts without its members that are the target.
    target : Side
        A state or group: ISO code or English name.
    exempt : tuple of str
        States that take no part although a group of theirs does.
    means : tuple of str
        tariff, export_tax and finance, with commas between.
    weights : tuple of float
        Dollars of own loss accepted for a dollar of harm, from 0 to 5, with commas between.
    groups : tuple of str
        Groups of industries that sanctions may be on; all without.
    prized : tuple of str
        Groups of industries whose sales count as harm in place of the target's welfare.
    response : str
        Answer of the target: none, once or nash.
    bystander : str
        Whom secondary sanctions are to make join, at the last weight; nobody without.
    tolerance : float, optional
        Loss in per cent that each member tolerates: finds the most harm within it, with and without transfers.
    apart : bool
        Whether to look too at senders that each act for themselves.
    horizon : str
        months, short (first year), long, or years since the shock.
    restarts : int
        Random starts at three weights, as a check.
    from_above : bool
        Whether the curve is followed from the highest weight too, as a check that no better policy was passed by.
    draws : int
        Draws of the elasticities for 90 % bands of what the chosen policies do, which are not chosen anew; 0 for none.
    seed : int
        Of the random starts, and of the draws.

    Returns
    -------
    Answer
        Tables ``points``, ``rates``, ``burden`` and ``members`` (of two senders or more), and as asked ``secondary``,
        ``tolerance``, ``tolerance-rates``, ``apart`` and ``apart-rates``; empty where a state is not in the world's
        table, or trade is too small for sanctions to do harm.

    Examples
    --------
    >>> su.frontier("USA", "RUS", weights=[1.0], world=su.load_world("g20"))
    <Answer frontier USA RUS: points (...>
    """
    from suasion.coercion.frontier.contest import frontier as trace

    economy = posed(world, given, elasticities, factors, deficits)
    sides = coalition_of(senders, target, exempt, economy)
    asked = sides.values
    if absent := _absent(sides, economy):
        return Answer("frontier", asked, absent=absent)
    options = shared(economy, means, groups, prized, horizon, deficits)
    # What asks for the impossible is refused before the curve takes its time.
    alone = of_senders(sides, economy, options, tolerance, weights if apart else (), progress)
    drawn: dict[str, Any] = {"response": response, "restarts": restarts, "seed": seed, "draws": draws}
    drawn |= {"lambdas": weights, "from_above": from_above, "progress": progress}
    found = trace(economy, sides.codes, sides.target, **options, **drawn)
    if hardly := _hardly(found, asked):
        return Answer("frontier", asked, absent=hardly)
    further = alone | at_last_weight(found, bystander)
    return SanctionsReport(sides, asked, found, horizon, draws, **further).answer(economy)


def _hardly(found: Frontier, asked: Mapping[str, Value]) -> Finding | None:
    """Say that no weight does harm, where none does."""
    if float(found.points["harm_percent"].max()) >= n.TINY_PERCENT:
        return None
    last = Quantity(float(found.points["harm_weight"].iloc[-1]), "score")
    return Finding("frontier.hardly", {**asked, "weight": last})


def shared(
    world: World,
    means: Texts,
    groups: Texts,
    prized: Texts,
    horizon: Any,
    deficits: DeficitRule,
) -> Mapping[str, Any]:
    """Return the arguments that all models of sanctions share.

    means, groups, prized: Names; no group for all.
    """
    from suasion.coercion.frontier.policy_space import chosen_groups

    harm = [code for codes in chosen_groups(world, prized).values() for code in codes]
    return {
        "means": means,
        "groups": chosen_groups(world, groups) if groups else None,
        "horizon": horizon,
        "prized": tuple(harm) or None,
        "deficits": deficits,
    }


def of_senders(
    sides: Coalition,
    world: World,
    options: Mapping[str, Any],
    tolerance: float | None,
    weights: Numbers,
    progress: Progress | None,
) -> dict[str, Any]:
    """Return what each further sender adds to an embargo, and, as asked, what all tolerate and what each does alone.

    options: Arguments that all models of sanctions share.
    tolerance: Loss in per cent; None where that is not asked.
    weights: On harm, of senders that each act for themselves; none where that is not asked.
    """
    from suasion.coercion.frontier.by_country import each_for_itself
    from suasion.coercion.frontier.coalition import coalition_gains
    from suasion.coercion.frontier.contest import contest_of
    from suasion.coercion.frontier.tolerance import most_harm

    joiners, target = list(sides.members.values()), sides.target
    kinds = cast(Any, [one for one in options["means"] if one != "finance"])  # payments are no embargo
    return {
        "members": coalition_gains(world, joiners, target, None, kinds, options["horizon"])
        if len(joiners) > 1 and kinds
        else None,
        "tolerance": None
        if tolerance is None
        else most_harm(contest_of(world, sides.codes, target, **options), tolerance),
        "apart": each_for_itself(world, joiners, target, lambdas=weights, progress=progress, **options)
        if weights
        else None,
    }


def at_last_weight(found: Frontier, bystander: str) -> dict[str, Any]:
    """Return the transfers that make several members lose alike, and what would make a bystander join."""
    from suasion.coercion.frontier.coalition import equalise
    from suasion.coercion.frontier.secondary import secondary_sanctions

    contest, stand = found.contest, found.stands[-1]
    weight = float(found.points["harm_weight"].iloc[-1])
    return {
        "burden": equalise(contest, stand) if contest.senders.sum() > 1 else None,
        "secondary": secondary_sanctions(contest, stand, side_of(bystander, contest.world), weight)
        if bystander
        else None,
    }


def _absent(sides: Coalition, world: World) -> Finding | None:
    """Why there can be no sanctions, where nobody imposes them or a side is not in the world's table."""
    absent = outside("frontier", (sides.target, *sides.members), world)
    return absent or (None if sides.members else Finding("frontier.nobody", sides.values))


@dataclass(frozen=True, slots=True)
class SanctionsReport:
    """A frontier of sanctions as tables.

    asked: Senders and target as sentences name them.
    horizon, draws: As asked.
    members, tolerance, apart, burden, secondary: What is told beside it, where it was asked and there is any.
    """

    sides: Coalition
    asked: Mapping[str, Value]
    frontier: Frontier
    horizon: str
    draws: int
    members: Members | None
    tolerance: Tolerance | None
    apart: Apart | None
    burden: Burden | None
    secondary: Secondary | None

    def answer(self, world: World) -> Answer:
        """Findings, tables and checks."""
        return Answer(
            "frontier",
            self.asked,
            tuple(findings(self)),
            tuple(self.tables()),
            sources=(Source("frontier.source", world.provenance.dataset, world.year),),
            checks=tuple(self.checks()),
            result=self.frontier,
        )

    def checks(self) -> Iterator[Check]:
        """Gaps of the equilibria at the points, recomputed by code that shares nothing with the solver."""
        for weight, stand in zip(self.frontier.points["harm_weight"], self.frontier.stands, strict=True):
            if stand.solved.certificate is not None:
                yield certified(f"{weight:g}", stand.solved.certificate.residual)

    def tables(self) -> Iterator[Table]:
        """All tables, harm against cost first."""
        from suasion.coercion.frontier.coalition import credibility

        found = self.frontier
        sold = "sales_change_musd " if "sales_change_musd" in found.points else ""
        yield self._table(
            "points",
            f"harm_weight {LOSSES} harm_per_cost leaked_percent bystanders_change_musd concession_musd "
            f"concession_log {sold}embargoes",
            found.points.merge(credibility(found), on="harm_weight"),
            "harm_weight",
            picture=Picture("curve", "own_change_musd", "harm_musd", label="harm_weight"),
            notes=tuple(notes(self)),
            brief="harm_weight own_change_musd harm_musd own_change_percent harm_percent leaked_percent "
            "concession_musd",
        )
        weights = found.points["harm_weight"]
        middle = float(weights.iloc[(weights - 1.0).abs().argmin()])
        yield self._rates("mix", found.rates[found.rates["harm_weight"] == middle], middle)
        yield self._rates("rates", found.rates)
        yield from self._of_members()
        if self.secondary is not None:
            yield self._table(
                "secondary",
                f"bystander_course own_change_musd harm_musd bystander_change_musd loss_percent {BESIDE}",
                self.secondary.table,
                "bystander_course",
            )
        if self.apart is not None:
            yield self._table(
                "apart",
                f"harm_weight sender {LOSSES} together_change_musd",
                self._named(self.apart.points, "sender"),
                "harm_weight sender",
                brief="harm_weight sender own_change_musd own_change_percent harm_percent",
            )
            yield self._rates("apart-rates", self.apart.rates)

    def _of_members(self) -> Iterator[Table]:
        """What members add, lose and tolerate."""
        if self.members is not None:
            yield self._table(
                "members",
                f"joiner members share_percent {LOSSES} harm_per_cost added_harm_musd added_own_change_musd "
                "harm_per_share alone_harm_musd",
                self._named(self.members.table, "joiner"),
                "joiner",
                brief="joiner share_percent own_change_musd harm_musd alone_harm_musd",
            )
        names = f"member transfers loss_percent transfer_musd {BESIDE}"
        if self.burden is not None:
            yield self._table("burden", names, self.burden.table, "member transfers")
        held = self.tolerance
        if held is not None:
            frame = held.table.assign(binds=held.table["binds"].map({True: "yes", False: "no"}))
            yield self._table("tolerance", f"{names} binds", frame, "member transfers")
            yield self._table(
                "tolerance-rates",
                "transfers means sector_group rate_percent",
                held.rates,
                "transfers means sector_group",
            )

    def _rates(self, key: str, frame: Any, weight: float = 0.0) -> Table:
        """Rates by weight, who sets them, instrument and group of goods."""
        several = frame["means"].nunique() > 1
        return self._table(
            key,
            f"harm_weight imposer {RATES}",
            self._named(frame, "imposer"),
            "harm_weight imposer means sector_group",
            picture=Picture(
                "ranges", "trade_change_percent", "sector_group", panel="means" if several else ""
            )
            if key == "mix"
            else None,
            brief=f"imposer {RATES}" if key == "mix" else "",
            values={**self.asked, "weight": Quantity(weight, "score")},
        )

    def _named(self, frame: Any, column: str) -> Any:
        """Rows whose sides are named as asked: the model knows states alone."""
        return frame.assign(**{column: frame[column].map(self.sides.name)})

    def _table(self, key: str, names: str, rows: Any, axes: str, **more: Any) -> Table:
        more = {"values": self.asked, "detail": key not in ("points", "mix"), **more}
        return Table.of(key, names, rows, axes=axes, **more)


def about(a: str, b: str, audience: tuple[str, ...]) -> Mapping[str, Any]:
    """Return what to ask of a pair and an audience: its sanctions on the first, or on whom stands outside of it."""
    from suasion.sources.groups import expand

    inside = expand(list(audience), MEMBERS_IN) if audience else ()
    target, other = (b, a) if a in inside and b not in inside else (a, b)
    exempt = (other,) if target in inside and other in inside else ()
    return {"senders": audience or (other,), "target": target, "exempt": exempt}
