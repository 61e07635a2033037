"""Readings of a plain question: which question of the list it is, with which arguments, the likeliest first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from suasion.answers import Country, Value
from suasion.answers.catalogue import languages
from suasion.answers.language import capital
from suasion.answers.render.lines import title_of_asked
from suasion.errors import DataError, InputError
from suasion.queries.mentions import WORD, Marked, marked
from suasion.queries.vocabulary import KINDS, PlainQuery, asking_words, vocabulary
from suasion.questions import QUESTIONS
from suasion.questions.question import State, command_of
from suasion.questions.scenarios.lexicon import EVERYBODY, pieces_of, spelled
from suasion.questions.scenarios.words import act_in, goods_in, material_in, measures_in, why_unrecorded
from suasion.sources import country_codes
from suasion.sources.groups import group_names, is_group

MOST = 4
"""Readings of a text that are told."""
PLACES = "abc"
BACK = "before_after"
"""The question on what a measure did."""
ACTING = ("", " by the United States", " by the United States on China")
"""Who is meant by a measure of which one side is not said, or neither: the reading names them. Assumption."""
WHOLE = ("exit_cost", "dependence", "country", "leverage", "energy_trade", "simulate")
"""Questions of all trade of states, or of a good: they are no answer to a measure that is something else."""
TIES = ("exit_cost", "dependence")
"""Questions of what one state is to another, by ``a`` and ``b``."""
GOODS = "raw_materials"


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a text.

    question: name in the list of questions.
    arguments: as text, by name: as an address or a terminal has them.
    """

    question: str
    arguments: Mapping[str, str]

    @property
    def title(self) -> str:
        """The question in the words of the language; its summary where its title needs what only its answer has."""
        asked = QUESTIONS[self.question]
        values: dict[str, Value] = {
            name: Country(value) if value in known_states() else value
            for name, value in self.arguments.items()
        }
        try:
            return capital(title_of_asked(self.question, values))
        except (DataError, KeyError):
            return asked.summary

    @property
    def command(self) -> str:
        """The command that asks it."""
        return command_of(QUESTIONS[self.question].ask, self.arguments)


def readings(text: str) -> tuple[Reading, ...]:
    """Return what a text may ask, the likeliest first; empty where nothing is understood.

    text: a question in plain English or German, in any usual order of words.
    """
    if not text.strip() or _nobody(text) or _nothing(text):
        return ()
    found: list[Reading] = []
    seen = marked(spelled(text, asking_words()))
    of_all = (one for language in languages() for one in _in_language(seen, language))
    ranked = sorted(of_all, key=lambda one: one[0])
    for (bare, _, _), reading in ranked:
        if not found and not bare:
            found += _of_goods(text, reading)
        if all(one.question != reading.question for one in found):
            found.append(reading)
    return tuple((_with_measure(text, found))[:MOST])


def _of_goods(text: str, reading: Reading) -> list[Reading]:
    """Of a tie that is asked of for some goods alone, what it would cost if these were no longer sold."""
    goods = goods_in(text)
    if not goods or reading.question not in (*TIES, "leverage"):
        return []
    said = reading.arguments
    seller, buyer = (said["b"], said["a"]) if "b" in said else (said["holder"], EVERYBODY)
    return [Reading("simulate", {"scenario": f"export_ban {seller} on {buyer} in {', '.join(goods)}"})]


def _with_measure(text: str, found: list[Reading]) -> list[Reading]:
    """Readings, and first that of a measure in plain words; the end of all trade of two is told as its cost.

    What a measure did is told before what it would do. Of a measure that its parser refuses, no whole tie is told: of
    a raw material its suppliers are, and of others what else the text asks.
    """
    measure, fields, refused = _measure(text)
    if refused and act_in(text) == "embargo" and not goods_in(text):
        return found  # all trade, if not between whom
    if not fields:
        material = material_in(text) if refused else {}
        rest = [
            one for one in found if not (refused and one.question in (*WHOLE, *([GOODS] if material else [])))
        ]
        return [*([Reading(GOODS, material)] if material else []), *rest]
    found = [one for one in found if one.question != "simulate"]
    ends_all = fields["do"] == "embargo" and not fields["in"]
    back = (BACK, "energy_trade") if _asks_record(text) else (BACK,)
    found.sort(key=lambda one: (one.question not in back, ends_all and one.question == TIES[1]))
    looks_back = bool(found) and found[0].question in back
    place = min(1, len(found)) if ends_all or looks_back else 0
    return [*found[:place], Reading("simulate", {"scenario": measure}), *found[place:]]


def _asks_record(text: str) -> bool:
    """Whether a text asks what was, not what would be."""
    beginnings = tuple(one for name in languages() for one in vocabulary(name).did)
    return text.casefold().lstrip().startswith(beginnings)


def refusal(text: str) -> InputError | None:
    """Return why what a text names is not understood; None where it names nothing of the kind."""
    return _nobody(text) or _nothing(text) or _measure(text)[2]


def _nothing(text: str) -> InputError | None:
    """Why nothing is told of a raw material that a text names beside others: it is not on record."""
    named = [piece for piece in pieces_of(text) if piece.kind in ("material", "outside")]
    outside = next((piece for piece in named if piece.kind == "outside"), None)
    if outside is None or len(named) < 2:
        return None
    why = why_unrecorded(outside.value)
    return InputError(
        f"Not known, because of {outside.text!r} nothing is on record.{why} Ask of each by itself."
    )


def _nobody(text: str) -> InputError | None:
    """Why nothing is told of somebody whom a text names: no state, and no group whose members are on record."""
    said = f" {' '.join(WORD.findall(text))} ".casefold()
    for name in (one for language in languages() for one in vocabulary(language).nobody):
        if f" {name} " in said.replace("'s ", " ").replace("’s ", " "):
            return InputError(
                f"Not known, because {name!r} in {text[:80]!r} is no state and no group whose members are on record. "
                f"Name a state, or one of {', '.join(group_names())}."
            )
    return None


def _measure(text: str) -> tuple[str, dict[str, str], InputError | None]:
    """A measure that a text names, its fields and why it has none: without what is asked of it, with who is meant."""
    bare, refused = text, None
    for said in map(vocabulary, languages()):
        phrases, about = ("|".join(sorted(one, key=len, reverse=True)) for one in (said.asides, said.about))
        bare = re.sub(rf"^\W*(?:{phrases})\s+(?:(?:{about})\s+)?", "", bare, flags=re.IGNORECASE)
        bare = bare.rstrip(" ?!.") if bare != text else bare
        bare = re.sub(rf"[,;:]?\s*\b(?:{phrases})\b.*$", "", bare, flags=re.IGNORECASE)
    for measure in (text, *(f"{bare.rstrip()}{sides}" for sides in ACTING if bare != text)):
        try:
            if measures := measures_in(measure):
                return measure, measures[0], None
        except InputError as error:
            refused = refused or error
    return text, {}, refused or _unlisted(text)


def _unlisted(text: str) -> InputError | None:
    """Why nothing is told of a good that no record here has: all trade of who sells it would answer something else."""
    good = next((piece.text for piece in pieces_of(text) if piece.kind == "outside"), "")
    why = why_unrecorded(good)
    return InputError(f"Not known, because {text[:80]!r} asks about {good!r}.{why}") if good else None


def _in_language(seen: Marked, language: str) -> Iterator[tuple[tuple[bool, int, int], Reading]]:
    """Readings by the queries of a language and their rank: those without a word last, of equals the longest first."""
    states = seen.states()
    for rank, query in enumerate(vocabulary(language).queries):
        if query.states not in (0, len(states)):
            continue
        for pattern in query.patterns:
            match = pattern.expression.search(seen.line)
            arguments = None if match is None else _arguments(query, match, seen)
            if arguments is not None and _fits(query, arguments):
                yield (
                    (not pattern.written, rank, -len(pattern.written.split())),
                    Reading(query.question, arguments),
                )
                break


def _fits(query: PlainQuery, arguments: Mapping[str, str]) -> bool:
    """Whether no group stands where a question asks for a state."""
    kinds = {one.name: one.kind for one in QUESTIONS[query.question].parameters}
    single = (name for name in arguments if kinds[name] is State)
    return not any(is_group(arguments[name]) for name in single)


@cache
def known_states() -> frozenset[str]:
    """Return the codes of all states and groups."""
    return frozenset(map(str, country_codes()["iso3"])) | frozenset(group_names())


def _arguments(query: PlainQuery, match: re.Match[str], seen: Marked) -> dict[str, str] | None:
    """Values of a query's arguments; None where one that it needs is not named."""
    slots = {name: seen.mentions[int(place)].value for name, place in match.groupdict().items() if place}
    placed = [slots[one] for one in PLACES if one in slots]
    if len(set(placed)) < len(placed):
        return None
    free = iter(code for code in seen.states() if code not in placed)
    filled = {one: slots[one] if one in slots else next(free, "") for one in PLACES}
    filled |= {"states": ",".join(seen.states())}
    for kind in KINDS:
        first = next((one.value for one in seen.mentions if one.kind == kind), "")
        filled[kind] = slots.get(kind, first)
    made: dict[str, str] = {}
    for name, slot in query.arguments.items():
        key, _, usual = slot.strip("{}").partition(":")
        value = filled[key.removesuffix("?")] or usual if slot.startswith("{") else slot
        if not value and not key.endswith("?"):
            return None
        if value:
            made[name] = value
    return made
