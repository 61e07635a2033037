"""Who depends on whom: the answer in a sentence, why, what would change it, and how sure each part is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from suasion.answers import Answer, Country, Finding, Table, Value
from suasion.errors import ConvergenceError, InputError, ShockError, SuasionError
from suasion.questions.alliance import alliance
from suasion.questions.critical_levels import critical_levels
from suasion.questions.defiance import defiance
from suasion.questions.dependence import dependence
from suasion.questions.exit_cost import exit_cost
from suasion.questions.goods.materials import materials
from suasion.questions.goods.substitutes import substitutes
from suasion.questions.ladder import ladder
from suasion.questions.levers import lever_effects
from suasion.questions.posed import tie_pair
from suasion.questions.projections.outlook import share
from suasion.questions.question import Bands, Count, OwnElasticities, ScenarioText, Side, Texts, question
from suasion.questions.states import world_of
from suasion.questions.ties.restoration import of_belligerents, restoration
from suasion.questions.trade_history import trade_history
from suasion.questions.verdict.changed import changed, sources_part
from suasion.questions.verdict.cost import cost
from suasion.questions.verdict.goods import goods, outside, pulled_levers
from suasion.questions.verdict.headings import on_doubt
from suasion.questions.verdict.parts import Block, Light, PairAnswers
from suasion.questions.verdict.used import closed, used
from suasion.types import DeficitRule, Progress
from suasion.wars import BELLIGERENTS

if TYPE_CHECKING:
    from suasion.questions.posed import TiePair
    from suasion.world import World

PRICE_DRAWS = 8
"""Draws of price rises."""
LEAST_SHARE = 0.01
"""Share of trade from which on it is asked what could change it."""
KINDS = {Light.UNKNOWN: "unknown", Light.MODELLED: "modelled"}


@question
def verdict(
    a: Side,
    b: Side,
    *,
    audience: Texts = ("USA", "EU"),
    deficits: DeficitRule = "balance",
    draws: Bands = 0,
    seed: Count = 1,
    given: ScenarioText = "",
    elasticities: OwnElasticities = "",
    factors: str = "",
    reasons: bool = True,
    world: World | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Who depends on whom, why, what changed, what could change it, and how sure each part is.

    It puts what other questions find on the pair into few sentences, the answer first: what stands at the front of a
    dossier. What is not known is said, with the reason; where records of the trade differ, a caution says so.

    Parameters
    ----------
    audience : tuple of str
        States and groups whose markets are closed too in the fourth block, and who act in the sixth; none for nobody.
    reasons : bool
        Whether what stands behind the first block, and what could change it, is worked out too.

    Returns
    -------
    Answer
        Table ``verdict``, a row a block: how well it is founded, what it rests on and what would change it; and
        ``exit-costs`` as :func:`suasion.exit_cost` has it. Without reasons the first block alone.

    Examples
    --------
    >>> su.verdict("AUS", "CHN", world=su.load_world().select(["USA", "CHN", "DEU", "RUS", "AUS"]))
    <Answer verdict AUS CHN: verdict (6), exit-costs (...>
    """
    economy = world_of(world, a, b)
    pair = tie_pair(a, b, audience, economy)
    state: dict[str, Any] = {
        "given": given,
        "elasticities": elasticities,
        "factors": factors,
        "world": economy,
    }
    told = progress if draws else None  # it has draws to tell of, or is one of many parts
    lost = exit_cost(
        a, b, audience=pair.tokens, draws=draws, seed=seed, progress=told, deficits=deficits, **state
    )
    outlet: Value = Country(pair.audience) if pair.tokens else ""
    known = {"exit_cost": lost} if not reasons else _reasons(pair, lost, deficits, state, progress)
    found = PairAnswers(pair.a, pair.b, known, economy.year, outlet, pair.members(economy), draws)
    return answer_of(found, None if reasons else (cost(found),))


def _reasons(
    pair: TiePair, lost: Answer, deficits: DeficitRule, state: Mapping[str, Any], progress: Progress | None
) -> Mapping[str, Answer]:
    """Answers on a pair: what it would lose, and what stands behind that, told of one by one."""
    from suasion.sources.groups import is_group

    a, b, economy, solved = pair.a, pair.b, state["world"], {"deficits": deficits, **state}
    grouped, about = is_group(a) or is_group(b), of_belligerents(a, b)
    makers: dict[str, Callable[[], Answer | None]] = _described(a, b, economy)
    makers["exit_cost"] = lambda: lost
    makers["substitutes"] = lambda: substitutes(a, b, draws=PRICE_DRAWS, **state)
    if not grouped:
        makers["critical_levels"] = lambda: critical_levels(a, b, **solved)
    if about:
        makers["restoration"] = lambda: restoration(**about, **solved)
    if not grouped:
        makers["levers"] = lambda: acting_levers(pair, found["dependence"], **solved)
    found: dict[str, Answer] = {}
    for done, (name, make) in enumerate(makers.items()):
        if progress:
            progress(done, len(makers), name)
        if (answer := make()) is not None:
            found[name] = answer
    return found


def _described(a: str, b: str, world: World) -> dict[str, Callable[[], Answer | None]]:
    """What makes the answers on a pair that no scenario is solved for; None of what does not concern the two."""

    def concerning(ask: Callable[..., Answer], **options: Any) -> Answer | None:
        try:
            found = ask(a, b, **options)
            turned = share(b, a) if ask is share and found.absent else found
        except SuasionError:
            return None
        return found if turned.absent else turned

    return {
        "dependence": lambda: dependence(a, b, world=world),
        "materials": lambda: materials(a, b),
        "trade_history": lambda: trade_history(a, b),
        "alliance": lambda: concerning(alliance),
        "ladder": lambda: concerning(ladder),
        "defiance": lambda: concerning(defiance, world=world),
        "share": lambda: concerning(share),
    }


def acting_levers(pair: TiePair, dependence: Answer, *, world: World, **options: Any) -> Answer | None:
    """Return what third parties could do to the share of trade that is enough of either's; None where nobody could.

    dependence: Says which of the two trades too little with the other to be asked about.
    """
    from suasion.sources.groups import expand

    both = {pair.a, pair.b}
    if not both <= set(world.countries) or both == BELLIGERENTS:
        return None
    # A customs union has opened its market to its members already.
    acting = tuple(one for one in pair.tokens if not both & {one, *expand([one], world.year)})
    if not acting:
        return None
    states, frame = [pair.a, pair.b], dependence.table("shares").frame
    part = frame[frame["channel"] == "turnover"].set_index("country")["partner_share"]
    if part[states[0]] < LEAST_SHARE <= part[states[1]]:
        states.reverse()
    try:
        answer = lever_effects(*states, audience=acting, world=world, **options)
    except (InputError, ShockError, ConvergenceError):  # the levers of this file move nothing here
        return None
    return None if answer.absent else answer


def blocks(parts: PairAnswers) -> tuple[Block, ...]:
    """Return the seven blocks of a verdict, in order."""
    makers: Sequence[Callable[[PairAnswers], Block]] = (cost, changed, goods, closed, used, outside)
    six = tuple(make(parts) for make in makers)
    return (*six, _sure(six, parts))


def _sure(six: Sequence[Block], parts: PairAnswers) -> Block:
    """The last block, from the others: how sure they are together.

    parts: The answers that the blocks are made of.
    """
    first, estimated = six[0], parts.estimated
    known = KINDS.get(first.light, "judged")
    guessed = any(one.evidence == "guessed" for one in six) and known != "unknown"
    made = "estimated" if estimated and known != "unknown" else "guessed" if guessed else known
    war, off = first.heading.key == "verdict.answer.war", first.evidence == "off_customs"
    kind = "war" if war else "doubted" if off else made
    rare = on_doubt(parts, bool(pulled_levers(parts)), sources_part(parts)) if kind == "modelled" else None
    return Block("sure", rare or Finding(f"verdict.sure.{kind}", estimated), first.light, "page")


def answer_of(parts: PairAnswers, told: Sequence[Block] | None = None) -> Answer:
    """Return the verdict on a pair from the answers on it.

    told: Its blocks, behind the losses; all seven, before them, without.
    """
    seven, asked = blocks(parts) if told is None else tuple(told), {**parts.sides}
    cost = parts.answer("exit_cost")
    losses = tuple(one for one in (cost.tables if cost else ()) if one.key == "exit-costs")
    table = _table([one for one in seven if one.key != "sure"], asked)
    sources = (source for one in parts.answers.values() for source in one.sources)
    return Answer(
        "verdict",
        asked,
        tuple(finding for place, one in enumerate(seven) for finding in one.weighed(place)),
        (table, *losses) if told is None else (*losses, table),
        sources=tuple(dict.fromkeys(sources)),
        checks=cost.checks if cost else (),
        result=seven,
    )


def _table(six: Sequence[Block], asked: Mapping[str, Value]) -> Table:
    rows = (
        {
            "topic": one.asks,
            "evidence": one.light.value,
            "evidence_reason": one.evidence,
            "foundation": one.foundation,
            "improvement": one.improvement,
        }
        for one in six
    )
    return Table.of(
        "verdict",
        "topic evidence evidence_reason foundation improvement",
        rows,
        axes="topic",
        values=asked,
        brief="topic evidence foundation improvement",
    )
