"""A measure in plain words: "China stops exports of machinery to Germany", "25 % Zoll der USA auf chinesische Autos".

One grammar for every door. A sentence is read word by word: what is done, who does it, on whom, to which goods, how
much, since when. Every word must be understood; what is lacking or unknown is told, and nothing is guessed in silence.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, zip_longest
from typing import Any, NoReturn

from suasion.errors import InputError, SuasionError, UnknownCountryError
from suasion.files import shipped_text
from suasion.nearest import did_you_mean
from suasion.questions.scenarios.instruments import BUNDLES, KINDS
from suasion.sources.spoken import INDUSTRIES

EXAMPLES = (
    '"China stops exports of machinery to Germany", or "25 % tariff of the US on Chinese cars from 2026"'
)
LONGEST = 5
"""Words of the longest phrase."""
EVERYBODY = "all"
HORIZONS = {"short": "1", "long": "10"}
CODE = 4
"""Letters of a code of a state or group, which is written in capitals."""
SINGLE = (
    "embargo", "boycott", "export_tax", "quota", "price_cap", "import_subsidy", "trade_cost", "tariff"
)  # fmt: skip
"""Words for what is done that need no second one, the more special before."""
FLOWS = {"export", "import", "trade"}
"""Words for what crosses a border: alone they say of nothing that is done."""
ALL = ("all", "alle", "allen")
FIXED = {"boycott": "import_ban"}
_TOKEN = re.compile(r"\d{4}-\d\d-\d\d|[-+]?\d+(?:[.,]\d+)?|[^\W\d_](?:[\w.&’'-]*\w)?|[%,+]")
_DAY, _NUMBER = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_ARTICLE = re.compile(r"^(?:the|der|den|dem) ")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that a sentence says.

    kind: ``state``, ``good``, ``act``, ``marker``, ``number``, ``day``, ``horizon``, ``everybody``, ``no``, ``more``,
      ``quiet`` or ``unknown``.
    value: Code, name, or the word.
    text: As written.
    adjective: Whether a state stands as an adjective.
    """

    kind: str
    value: str
    text: str
    adjective: bool = False


@cache
def _lists() -> Mapping[str, Any]:
    text = shipped_text("suasion.questions.scenarios", "words.toml")
    return tomllib.loads(text)


@cache
def _lexicon() -> Mapping[str, Piece]:
    """Every phrase in small letters, and what it is; of two meanings that of the later list."""
    lists = _lists()
    found = {word: Piece("quiet", word, word) for word in lists["quiet"]["words"]}
    goods = {word: word for word in (*INDUSTRIES, *BUNDLES) if word != EVERYBODY} | lists["good"]
    found |= {word: Piece("good", good, word) for word, good in goods.items()}
    found |= {word: Piece(kind, word, word) for kind in ("no", "more") for word in lists["negation"][kind]}
    found |= {word: Piece("everybody", EVERYBODY, word) for word in lists["everybody"]["words"]}
    found |= {word: Piece("state", code, word) for word, code in state_names().items()}
    for kind, words in lists["act"].items():
        found |= {word: Piece("act", kind, word) for word in words}
    for kind, words in lists["marker"].items():
        found |= {word: Piece("marker", kind, word) for word in words}
    for kind, words in lists["horizon"].items():
        found |= {word: Piece("horizon", HORIZONS[kind], word) for word in words}
    return found


@cache
def state_names() -> Mapping[str, str]:
    """Return what states and groups are called in every language, in small letters; genitives of one word too."""
    from suasion.answers.catalogue import catalogue, languages
    from suasion.sources import country_codes
    from suasion.sources.countries import country_name
    from suasion.sources.groups import NAMES, group_names

    codes = [str(code) for code in country_codes()["iso3"]]
    found = {country_name(code).casefold(): code for code in codes}
    for language in languages():
        words = catalogue(language)
        for form in ("plain", "dat", "of"):
            start = f"country.{form}."
            found |= {
                _ARTICLE.sub("", text.casefold()): code
                for key, text in words.items()
                if (code := key.removeprefix(start)) in codes and key.startswith(start)
            }
    found |= {f"{name}s": code for name, code in found.items() if " " not in name and not name.endswith("s")}
    called: dict[str, str] = _lists()["called"]
    return found | NAMES | {name.casefold(): name for name in group_names()} | called


@cache
def adjectives() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return English adjectives, and German stems, and the codes of their states."""
    english: dict[str, str] = {}
    german: dict[str, str] = {}
    for code, text in _lists()["adjective"].items():
        before, _, after = text.rpartition(" ")
        english |= dict.fromkeys(before.split("|"), code)
        german |= dict.fromkeys(after.split("|"), code)
    return english, german


def measure_in(text: str) -> list[tuple[str, str]] | None:
    """Read a measure in plain words as the fields of an address; None where the text names nothing that is done.

    text: As typed.
    Raises InputError: A word is not understood, or something is lacking; the message says which.
    """
    clause, about = _clauses(list(_pieces(text)))
    acts = {piece.value for piece in clause if piece.kind == "act"} | _ended(clause)
    if not acts - FLOWS:
        return None
    if acts == {"stop"} and any(piece.kind == "marker" and piece.value == "to" for piece in clause):
        acts.add("export")  # what goes to somebody is sold
    for piece in (*clause, *about):
        if piece.kind == "unknown":
            _refuse(piece.text, text)
    denied = [piece.text for piece in clause if piece.kind in ("no", "more")]
    if denied and not _ended(clause):
        _refuse(denied[0], text)
    kind = _kind(acts)
    by, on = _sides(clause, kind, about, text)
    made = [("do", kind), ("by", "~".join(by)), ("on", "~".join(on))]
    goods = dict.fromkeys(piece.value for piece in clause if piece.kind == "good")
    size = _size(clause, kind, text)
    made += [("in", "~".join(goods)), ("size", size), *_days(clause)]
    horizon = [piece.value for piece in clause if piece.kind == "horizon"]
    return [*made, ("years", (horizon or [HORIZONS["long"]])[-1])]


def act_in(text: str) -> str:
    """Return the instrument that a text names; empty where it names none, or could mean several."""
    acts = {piece.value for piece in _pieces(text) if piece.kind == "act"}
    with suppress(InputError):
        return _kind(acts) if acts - FLOWS else ""
    return ""


def goods_in(text: str) -> tuple[str, ...]:
    """Return the goods that a text names, each as an industry's code or the name of a bundle."""
    named = dict.fromkeys(piece.value for piece in _pieces(text) if piece.kind == "good")
    return tuple(INDUSTRIES.get(one, (one,))[0] for one in named)


def _ended(clause: Sequence[Piece]) -> set[str]:
    """What "keine Chips mehr" says: that something ends; nothing where one of the two words is lacking."""
    kinds = [piece.kind for piece in clause]
    return {"stop"} if kinds.count("no") == kinds.count("more") == 1 else set()


def is_phrase(text: str) -> bool:
    """Whether a side is written as part of a sentence: of the EU."""
    first = _lexicon().get(text.split()[0].casefold())
    return first is not None and first.kind in ("marker", "quiet")


def _refuse(word: str, text: str) -> NoReturn:
    """Say that a word is not understood, or that it is a name that fits several states.

    Raises InputError: Always.
    """
    from suasion.measures.raw_materials import concentrated_materials
    from suasion.questions.posed import code_or_group

    with suppress(UnknownCountryError):
        code_or_group(word)
    if len(word) > CODE - 1 and len(concentrated_materials(word.casefold())):
        advice = f'Ask su.raw_materials(search="{word.casefold()}"), or name an industry.'
        raise InputError(f"{word!r} in {text!r} is a raw material, finer than an industry. {advice}")
    close = did_you_mean(word.casefold(), [one for one, piece in _lexicon().items() if piece.kind == "good"])
    raise InputError(f"{word!r} in {text!r} is not understood.{close} Write it as {EXAMPLES}.")


def _pieces(text: str) -> Iterator[Piece]:
    """What a text says, the longest phrases first."""
    plain = re.sub(r"[’']s\b", "", text).replace(";", ",").replace("&", " and ")
    words = _TOKEN.findall(plain)
    place = 0
    while place < len(words):
        counts = range(min(LONGEST, len(words) - place), 0, -1)
        known = ((count, _phrase(" ".join(words[place : place + count]), count)) for count in counts)
        count, piece = next((one for one in known if one[1]), (1, None))
        yield from [piece] if piece else _compound(words[place])
        place += count


def _phrase(text: str, count: int) -> Piece | None:
    """What a phrase is; None where it is nothing that is known."""
    low = text.casefold()
    if count == 1 and (piece := _single(text)):
        return piece
    if text == text.upper() and low not in state_names() and count == 1 and (code := _code(text)):
        return Piece("state", code, text)
    english, german = adjectives()
    if low in english:
        return Piece("state", english[low], text, adjective=True)
    stem = re.sub(r"(?:e[nmrs]?)$", "", low)
    if count == 1 and stem in german:
        return Piece("state", german[stem], text, adjective=True)
    found = _lexicon().get(low)
    return None if found is None else Piece(found.kind, found.value, text)


def _single(word: str) -> Piece | None:
    """A number, a day, or a sign."""
    if _DAY.fullmatch(word):
        return Piece("day", word, word)
    if _NUMBER.fullmatch(word):
        return Piece("number", word.replace(",", "."), word)
    if word in ",+":
        return Piece("marker", "and", word)
    return Piece("quiet", word, word) if word == "%" else None


@cache
def _code(text: str) -> str:
    """Code of a state, group or industry that is written as one; empty where it is none."""
    from suasion.sources.countries import resolve_country
    from suasion.sources.groups import group_code

    if not 2 <= len(text) <= CODE or not text.isalpha():
        return group_code(text)
    try:
        return group_code(text) or resolve_country(text)
    except SuasionError:
        return ""


def _compound(word: str) -> Iterator[Piece]:
    """A German compound of a good and what is done with it, such as Maschinenexporte; or an industry's code."""
    low = word.casefold()
    acts = {one: piece for one, piece in _lexicon().items() if piece.kind == "act" and " " not in one}
    for end in sorted(acts, key=len, reverse=True):
        stem = low.removesuffix(end)
        if len(stem) < 2 or stem == low:
            continue
        for front in (stem, stem.removesuffix("s"), stem.removesuffix("n"), f"{stem}e", f"{stem}n"):
            inside = _lexicon().get(front)
            if inside and inside.kind in ("good", "act"):
                yield Piece(inside.kind, inside.value, word)
                yield Piece("act", acts[end].value, word)
                return
    coded = re.fullmatch(r"[A-T]\d[\dA-Z_]*", word)
    yield Piece("good" if coded else "unknown", word, word)


def _clauses(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What is done, and what is asked about it, where a question has an "if"."""
    marks = [piece.value if piece.kind == "marker" else "" for piece in pieces]
    if "if" not in marks:
        start = next((place for place, mark in enumerate(marks) if mark != "ask"), 0)
        return list(pieces[start:]), []
    at = marks.index("if")
    end = marks.index("ask", at) if "ask" in marks[at:] else len(pieces)
    return list(pieces[at + 1 : end]), [*pieces[:at], *pieces[end:]]


def _kind(acts: set[str]) -> str:
    """The instrument that is meant.

    Raises InputError: It could be several.
    """
    flows = acts & FLOWS - {"trade"}
    single = next((kind for kind in SINGLE if kind in acts), None)
    if single == "embargo" and len(flows) == 1:
        return f"{flows.pop()}_ban"
    if single:
        return FIXED.get(single, single)
    if "tax" in acts and len(flows) == 1:
        return "export_tax" if flows == {"export"} else "tariff"
    if len(flows) == 1 and "trade" not in acts:
        return f"{flows.pop()}_ban"
    if "stop" in acts and acts & FLOWS:
        return "embargo"
    raise InputError(f"Say whether exports, imports or all trade is meant. Write it as {EXAMPLES}.")


def _sides(
    clause: Sequence[Piece], kind: str, about: Sequence[Piece], text: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who acts, and on whom.

    Raises InputError: One of them is lacking, or one state is on both sides.
    """
    sides: dict[str, list[str]] = {"by": [], "on": []}
    loose: list[list[str]] = []
    for mark, codes in _named(clause):
        side = _side(mark, kind)
        if mark == "between":
            sides["by"] += codes[:1]
            sides["on"] += codes[1:]
        elif side:
            sides[side] += codes
        else:
            loose.append(codes)
    for codes in loose:
        sides["on" if sides["by"] else "by"] += codes
    asked = [piece.value for piece in about if piece.kind == "state"]
    sides["on"] = sides["on"] or [code for code in asked if code not in sides["by"]]
    for side, what in (("by", "who acts"), ("on", "on whom (to all is to everybody)")):
        if not sides[side]:
            raise InputError(f"{text!r} does not say {what}. Write it as {EXAMPLES}.")
    if both := set(sides["by"]) & set(sides["on"]):
        raise InputError(
            f"{', '.join(sorted(both))} stands on both sides of {text!r}. Write it as {EXAMPLES}."
        )
    by, on = (tuple(dict.fromkeys(sides[side])) for side in ("by", "on"))
    return by, on


def _side(mark: str, kind: str) -> str:
    """The side of what stands after a word; empty where the order of the words decides."""
    buys = kind == "import_ban"
    known = {"by": "by", "on": "on", "to": "by" if buys else "on"}
    known["from"] = "by" if kind in ("export_ban", "export_tax") else "on"
    return known.get(mark, "")


def _named(clause: Sequence[Piece]) -> Iterator[tuple[str, list[str]]]:
    """States that stand together, and the word before them."""
    mark, before, joined = "", "", False
    codes: list[str] = []
    for piece, then in zip_longest(clause, clause[1:]):
        # "All" before a state or a good is of that: all Chinese goods.
        whole = piece.kind == "everybody" and mark in ("on", "to", "from")
        whole = whole and not (
            piece.text.casefold() in ALL and then and then.kind in ("state", "good", "act")
        )
        if piece.kind == "state" or whole:
            code = EVERYBODY if whole else piece.value
            if codes and joined:
                codes.append(code)
            else:
                if codes:
                    yield before, codes
                codes, before = [code], mark
            mark, joined = "", False
        elif piece.kind == "marker" and piece.value == "and":
            joined = bool(codes) and mark == ""
        elif piece.kind == "marker":
            mark, joined = piece.value, False
        elif piece.kind in ("good", "act", "number", "day"):
            mark, joined = (mark if piece.kind == "good" and mark == "on" else ""), False
    if codes:
        yield before, codes


def _size(clause: Sequence[Piece], kind: str, text: str) -> str:
    """The size, as written; empty where the instrument has none.

    Raises InputError: It is lacking, there are several, or the instrument has none.
    """
    dated = {id(piece) for piece in _dated(clause).values()}
    sizes = [piece.value for piece in clause if piece.kind == "number" and id(piece) not in dated]
    needed = bool(KINDS[kind].offer.argument)
    if len(sizes) != needed:
        what = (
            "needs one size, in per cent" if needed else f"has no size, and {', '.join(sizes)} stands there"
        )
        raise InputError(f"{text!r}: {kind.replace('_', ' ')} {what}. Write it as {EXAMPLES}.")
    return sizes[0] if sizes else ""


def _dated(clause: Sequence[Piece]) -> dict[str, Piece]:
    """Years and days after "from" and "until", by the key of the address."""
    found: dict[str, Piece] = {}
    for before, piece in pairwise(clause):
        dated = piece.kind == "day" or (piece.kind == "number" and _YEAR.fullmatch(piece.value))
        key = {"from": "since", "until": "until"}.get(before.value if before.kind == "marker" else "")
        if dated and key:
            found[key] = piece
    return found


def _days(clause: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    for key, piece in _dated(clause).items():
        end = "-01-01" if key == "since" else "-12-31"
        yield key, piece.value + (end if piece.kind == "number" else "")
