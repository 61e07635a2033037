"""Ask the other rooms for numbers and fill the context of one dossier."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, cast

from suasion.answers.answer import Answer
from suasion.answers.catalogue import alike, say, speaking
from suasion.answers.render.lines import title_of_asked
from suasion.answers.values import Country
from suasion.coercion import TieStudy
from suasion.coercion.outcomes import check_rule, side_name
from suasion.dossier.aside import here
from suasion.dossier.chapter import (
    UNRECOGNISED,
    Chapter,
    listing,
    state,
    summary_of,
    with_names,
    word,
)
from suasion.dossier.chapters import DEFAULT_AUDIENCE, FEW_DRAWS, gather_chapters, provenance_of
from suasion.dossier.context import CertificateRow, PairState, SourceRow
from suasion.dossier.forms import Dossier
from suasion.questions.critical_levels import critical_levels
from suasion.questions.dependence import dependence
from suasion.questions.exit_cost import exit_cost
from suasion.questions.goods.materials import materials
from suasion.questions.goods.published_totals import published_totals
from suasion.questions.goods.substitutes import substitutes
from suasion.questions.losses import cuts_of
from suasion.questions.posed import TiePair, tie_pair
from suasion.questions.question import OwnElasticities, ScenarioText, Texts
from suasion.questions.states import world_of
from suasion.questions.trade_history import trade_history
from suasion.questions.verdict import PRICE_DRAWS, acting_levers
from suasion.solvers.threads import one_thread
from suasion.sources import expand, is_group
from suasion.types import DeficitRule, Progress
from suasion.wars import BELLIGERENTS, WAR_SINCE
from suasion.world import World

DRAWS = 64


@dataclass(frozen=True, slots=True)
class ResolvedPair:
    """What is asked, with every name resolved.

    a, b: The pair.
    tokens: Audience as codes and group names, without the pair itself.
    members: Codes of the audience's states that the world's table has, without the pair.
    names: Printed name of every code and label used.
    source: Source line of what is computed from the world.
    draws, seed: Elasticity draws for bands (0: none) and the seed of their sequence.
    deficits: Deficit rule.
    full: Whether the slow chapters are asked for.
    state: Those of ``given``, ``elasticities`` and ``factors`` that are asked for, as questions take them.
    """

    a: PairState
    b: PairState
    tokens: tuple[str, ...]
    members: tuple[str, ...]
    names: dict[str, str]
    source: str
    draws: int
    seed: int
    deficits: DeficitRule
    full: bool = False
    state: Mapping[str, Any] = field(default_factory=dict)

    @property
    def audience(self) -> str:
        """Label of the audience in tables of losses ("USA + EU")."""
        return side_name(self.tokens)

    @property
    def pair(self) -> TiePair:
        """The two and their audience, as questions take them."""
        return TiePair(self.a.code, self.b.code, self.tokens)

    @property
    def outside(self) -> str:
        """Why the model cannot be used for this pair; empty where it can."""
        lacking = [state(one.code, "plain") for one in (self.a, self.b) if not one.in_world]
        return listing(lacking) if lacking else ""


def dossier(
    a: str,
    b: str,
    audience: Texts | None = DEFAULT_AUDIENCE,
    world: World | None = None,
    *,
    bands: bool = False,
    draws: int = DRAWS,
    seed: int = 1,
    deficits: DeficitRule = "balance",
    progress: Progress | None = None,
    full: bool = False,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    aside: Callable[..., Any] = here,
) -> Dossier:
    """Gather everything that can be said on the dependence of two sides on each other.

    What is of states alone, as pacts, votes and arms, is left out where one is a group.

    Parameters
    ----------
    a, b : str
        Two states or groups: codes or names, inside the world's table or not.
    audience : tuple of str, optional
        States and groups whose markets are the other outlet; None for none.
    world : World, optional
        The latest embedded world by default.
    bands : bool
        Whether to compute 90 % bands over draws of the elasticities; takes longer. Where one of ``given``,
        ``elasticities`` and ``factors`` is asked for, no range that ships is of what is asked: there are always bands
        then, of 16 draws without ``bands``.
    draws, seed : int
        Number of draws, and the seed of their sequence.
    deficits : {"balance", "world", "gdp", "eliminate"}
        Deficit rule of the equilibrium.
    progress : callable, optional
        Called with (done, total, what).
    full : bool
        Whether to add the chapters that take longer (bargaining over pipelines, outlook, levers).
    given, elasticities, factors
        In force already; own values; mobility of factors: as in :func:`suasion.simulate`, for all that is solved. A
        chapter that takes none of them, as :data:`suasion.questions.QUESTIONS` says why, is as it is without.
    aside
        Asks a question with its arguments, beside the exit costs: :class:`suasion.dossier.aside.Aside` does it in
        another process.

    Returns
    -------
    Dossier
        Frozen context; ``to_html``, ``to_text`` and ``to_dict`` render it.

    Raises
    ------
    UnknownCountryError, AmbiguousCountryError
        If a name fits no country, or several.
    SameCountryError
        If both names are one country.
    InputError
        If a group or the deficit rule is unknown.

    Examples
    --------
    >>> small = su.load_world().select(["USA", "CHN", "DEU", "RUS", "AUS"])
    >>> su.dossier("AUS", "CHN", world=small)
    <Dossier AUS CHN: ...>
    """
    tell = progress or _silent
    tell(0, 4, say("step.world"))
    world = world_of(world, a, b)
    state: dict[str, Any] = {"given": given, "elasticities": elasticities, "factors": factors}
    state = {name: value for name, value in state.items() if str(value)}
    drawn = draws if bands else FEW_DRAWS if state else 0
    question = replace(ask(a, b, audience, world, drawn, seed, deficits), full=full, state=state)
    tell(1, 4, say("step.measures"))
    with one_thread(), ThreadPoolExecutor(3, thread_name_prefix="suasion-chapters") as pool:
        # The other rooms and the model share nothing but the world, which is frozen.
        pair, beside = (question.a.code, question.b.code), alike(aside)
        solving = {"deficits": deficits, "world": world, **state}
        critical = pool.submit(beside, critical_levels, *pair, **solving) if _states(pair) else None
        sold = pool.submit(beside, substitutes, *pair, draws=PRICE_DRAWS, world=world, **state)
        answers = _described(pair, world)
        pulled = pool.submit(alike(_levers), aside, question, answers["dependence"], world)
        waiting = pool.submit(alike(gather_chapters), question, world, _silent)
        tell(2, 4, say("step.exit_costs"))
        answers["exit_cost"] = _exit_cost(question, world, progress)
        tell(3, 4, say("step.levels"))
        answers |= {"critical_levels": critical.result()} if critical else {}
        chapters, front = (*waiting.result(), *pulled.result()), {"substitutes": sold.result()}
    tell(4, 4, say("step.conclusions"))
    return replace(_concluded(question, world, answers, chapters), front=front)


def in_language(made: Dossier, language: str, audience: Texts | None, world: World) -> Dossier:
    """Return a dossier of which nothing was asked but its bands, in the words of another language, without solving it.

    audience, world: As it was asked.
    """
    done = made.provenance
    with speaking(language):
        question = ask(
            made.a.code, made.b.code, audience, world, done.draws, deficits=cast(DeficitRule, done.deficits)
        )
        return replace(_concluded(question, world, made.answers, made.chapters), front=made.front)


def _levers(
    aside: Callable[..., Any], question: ResolvedPair, dependence: Answer, world: World
) -> tuple[Chapter, ...]:
    """What third parties could do, as a chapter; none where plans are asked for, which have it too."""
    if question.full:
        return ()
    options = {"deficits": question.deficits, "world": world, **question.state}
    found = aside(acting_levers, question.pair, dependence, **options)
    return (Chapter("levers", found),) if found else ()


def _states(pair: tuple[str, str]) -> bool:
    return not any(map(is_group, pair))


def _described(pair: tuple[str, str], world: World) -> dict[str, Answer]:
    """Answers that need no model; what is of states alone is left out for a group."""
    totals = {"published_totals": published_totals(*pair, world=world)} if _states(pair) else {}
    return {
        "dependence": dependence(*pair, world=world),
        "materials": materials(*pair),
        **totals,
        "trade_history": trade_history(*pair),
    }


def _concluded(
    question: ResolvedPair, world: World, answers: Mapping[str, Answer], chapters: tuple[Chapter, ...]
) -> Dossier:
    """Put answers and chapters together, with conclusions, cautions and certificates."""
    cost = answers["exit_cost"]
    study = cost.result if isinstance(cost.result, TieStudy) else None
    # A caution that a number lies beyond the model stands before all others.
    beyond = (one.sentence() for one in cost.findings if one.caution)
    caveats = tuple(with_names(one, question.names) for one in (*beyond, *_caveats(question, world)))
    return replace(
        _frame(question, world, answers),
        summary=summary_of(answers),
        caveats=caveats,
        certificates=tuple(_certificates(question, study)) if study else (),
        remarks=study.partner_open.notes if study else (),
        chapters=chapters,
    )


def _frame(question: ResolvedPair, world: World, answers: Mapping[str, Answer]) -> Dossier:
    """Everything around the answers."""
    return Dossier(
        a=question.a,
        b=question.b,
        audience=tuple(PairState(code, question.names[code]) for code in question.members),
        audience_name=question.names.get(question.audience, ""),
        question=title_of_asked("verdict", {"a": Country(question.a.code), "b": Country(question.b.code)}),
        summary=(),
        sources=_sources(world),
        caveats=(),
        certificates=(),
        provenance=provenance_of(question, world),
        answers=answers,
        names=question.names,
    )


def _sources(world: World) -> tuple[SourceRow, ...]:
    """The data that every dossier draws on, with their terms."""
    made = world.provenance
    producer = made.citation.split(" (")[0] or say("gather.producer")
    return (
        SourceRow(made.dataset, producer, made.version, say("source.world.used"), made.licence, made.checksum),
        *(
            SourceRow(say(f"source.{name}.title"), say(f"source.{name}.producer"), version,
                      say(f"source.{name}.used"), say(f"source.{name}.terms"))
            for name, version in SOURCES.items()
        ),
    )  # fmt: skip


SOURCES = {
    "materials": "1995-2024",
    "factbook": "2014, 2023",
    "totals": "",
    "elasticities": "",
    "outlines": "1.0.0",
}
"""What every dossier draws on besides the world, and its version."""


def _silent(done: int, total: int, what: str) -> None:
    """Report to nobody."""


def ask(
    a: str,
    b: str,
    audience: Sequence[str] | None,
    world: World,
    draws: int = 0,
    seed: int = 1,
    deficits: DeficitRule = "balance",
) -> ResolvedPair:
    """Resolve all names of a question.

    Raises SameCountryError if both names are one country.
    """
    check_rule(deficits)
    pair = tie_pair(a, b, audience, world)
    first, second, tokens, members = pair.a, pair.b, pair.tokens, pair.members(world)
    names = {code: state(code) for code in (*world.countries, first, second)}
    names[side_name(tokens)] = _audience_name(tokens, names, (first, second), world)
    parties = [PairState(code, names[code], code in world.countries) for code in (first, second)]
    source = f"{world.provenance.dataset}, {world.year}"
    return ResolvedPair(parties[0], parties[1], tokens, members, names, source, draws, seed, deficits)


def _expanded(tokens: Sequence[str], world: World) -> tuple[str, ...]:
    return expand(list(tokens), world.year) if tokens else ()


def _audience_name(tokens: Sequence[str], names: dict[str, str], pair: tuple[str, str], world: World) -> str:
    """Name the audience; a group that holds one of the pair is named without it."""
    parts = []
    for token in tokens:
        if not is_group(token):
            parts.append(names.get(token) or state(token))
            continue
        out = [names[code] for code in pair if code in _expanded((token,), world)]
        parts.append(
            say("gather.group_without", group=state(token), out=listing(out)) if out else state(token)
        )
    return listing(parts) if parts else ""


def _exit_cost(question: ResolvedPair, world: World, progress: Progress | None) -> Answer:
    return exit_cost(
        question.a.code,
        question.b.code,
        audience=question.tokens,
        deficits=question.deficits,
        draws=question.draws,
        seed=question.seed,
        world=world,
        progress=progress,
        **question.state,
    )


def _war(sides: set[str], year: int) -> str:
    """What the war does to the table: its first year averages, later ones show what is left."""
    if sides == BELLIGERENTS:
        return say("caveat.at_war") if year == WAR_SINCE else say("caveat.at_war_later", year=str(year))
    return say("caveat.war") if year == WAR_SINCE else say("caveat.war_later", year=str(year))


def _caveats(question: ResolvedPair, world: World) -> tuple[str, ...]:
    general = (say("caveat.break"), say("caveat.model", rule=question.deficits))
    sides = {question.a.code, question.b.code}
    war: tuple[str, ...] = ()
    if world.year >= WAR_SINCE and sides & BELLIGERENTS:
        war = (_war(sides, world.year),)
    claimed = (say("caveat.claimed"),) if sides == UNRECOGNISED else ()
    if question.outside:
        return (*claimed, say("caveat.outside", names=question.outside))
    return (*claimed, *war, *general, *world.notes)


def _certificates(question: ResolvedPair, study: TieStudy) -> Iterator[CertificateRow]:
    for outlet, cost in cuts_of(study):
        sides = (
            question.names[side] if side == question.audience else state(side, "plain")
            for side in (cost.a, cost.b)
        )
        cut = " - ".join(sides)
        for horizon, check in cost.certificates.items():
            case = {"horizon": word("horizon", horizon), "outlet": word("outlet", outlet)}
            run = say("gather.certificate", cut=cut, **case)
            yield CertificateRow(run, check.residual, check.dropped_market, check.ok())
