"""A measure in plain words: "China stops exports of machinery to Germany", "25 % Zoll der USA auf chinesische Autos".

One grammar for every door. A sentence is read word by word: what is done, who does it, on whom, to which goods, how
much, since when. Every word must be understood; what is lacking or unknown is told, and nothing is guessed in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import NoReturn

from suasion.errors import InputError, UnknownCountryError
from suasion.nearest import did_you_mean
from suasion.questions.scenarios.instruments import KINDS
from suasion.questions.scenarios.lexicon import CODE, EVERYBODY, HORIZONS, THINGS, Piece, lexicon, pieces_of
from suasion.questions.scenarios.sides import ALL, BOTH_WAYS, EXAMPLES, FLOWS, SINGLE, placed, sides_in
from suasion.sources.spoken import INDUSTRIES, why_outside

CHANGES = {"lift", "raise", "cut", "halve"}
"""Words for what is done to a rate or a quantity: alone they say of nothing that is done."""
FIXED = {"boycott": "import_ban"}
REDUCED = {"import": "quota", "export": "share", "trade": "share"}
"""Of what is cut by a part, the instrument."""
RATES = ("tariff", "export_tax")
"""What has a rate in the table of the world: it can be set, raised, lowered and lifted."""
HALF = "50"
WHOLE = "goods"
"""All goods; after another good the word adds nothing."""
DATES = {"from": "since", "in": "since", "year": "since", "jahr": "since", "by": "since", "until": "until"}
"""Words before a year or day, and the key of the address."""
SIGNS = ("%", "per", "percent", "prozent")
"""What makes a number of four digits a rate."""
WHOSE = ("its", "their", "his", "ihre", "ihren", "seine", "seinen")
HINDERED = ("block", "halt", "sperr", "blockier", "clos", "shut", "prevent")
"""Beginnings of words for what one does to the trade of another as well as to one's own."""
_YEAR = re.compile(r"(?:19|20)\d\d")


def measures_in(text: str) -> list[dict[str, str]]:
    """Read a measure in plain words as the fields of an address; empty where the text names nothing that is done.

    text: As typed.
    Returns: One measure, or one of each on the others where they do it to each other.
    Raises InputError: A word is not understood, or something is lacking; the message says which.
    """
    pieces = list(pieces_of(text))
    clause, about = _clauses(pieces)
    acts = _acts(clause)
    if not _does(acts):
        return []
    for piece in (*clause, *about):
        if piece.kind in ("unknown", "material", "outside"):
            _refuse(piece, text)
    _refuse_whose(clause, about, text)
    denied = [piece for piece in clause if piece.kind in ("no", "more")]
    if denied and not _ended(clause):
        _refuse(denied[0], text)
    kind = _kind(acts)
    size, how = _size(clause, kind, acts, text)
    sides = sides_in(clause, kind, about, text, both=kind in BOTH_WAYS and not how)
    if "lift" in acts and kind not in RATES:
        (by, *_), (on, *_) = sides[0]
        raise InputError(
            f"{text!r}: only tariffs and export taxes can be lifted here, for what bans and sanctions have already "
            f'ended is not in the trade of the table. su.restoration("{by}", "{on}") has what trade of an '
            "earlier year would be worth."
        )
    named = (dict.fromkeys(_goods(part)) for part in (clause, about))
    # What is asked about says which, where nothing else does.
    goods: dict[str, None] = next(filter(None, named), {})
    horizon = [piece.value for piece in clause if piece.kind == "horizon"]
    made = {"in": "~".join(goods), "size": size, "how": how, **dict(_days(clause))}
    made |= {"years": (horizon or [HORIZONS["long"]])[-1]}
    return [{"do": kind, "by": "~".join(by), "on": "~".join(on), **made} for by, on in sides]


def material_in(text: str) -> dict[str, str]:
    """Return the raw material that a text says is stopped, who stops it, and who buys it; empty where it says none.

    text: As typed.
    Returns: ``good``, and of ``stops`` and ``buyer`` what is said, as :func:`suasion.raw_materials` takes them.
    """
    clause, about = _clauses(list(pieces_of(text)))
    goods = [piece.value for piece in clause if piece.kind == "material"]
    acts = _acts(clause)
    if len(goods) != 1 or not acts & {"stop", "embargo"} or acts & {"tariff", "tax", *RATES}:
        return {}
    buys = "import" in acts
    sides, _ = placed(clause, "import_ban" if buys else "export_ban", about)
    seller, buyer = (next(iter(sides[side]), "") for side in (("on", "by") if buys else ("by", "on")))
    said = {"good": goods[0], "buyer": buyer, "stops": seller}
    return {key: value for key, value in said.items() if value not in ("", EVERYBODY)}


def _goods(pieces: Sequence[Piece]) -> Iterator[str]:
    """Goods that are named; of two beside each other the second is meant: chip machines, but steel products."""
    goods = ["", *(piece.value if piece.kind == "good" else "" for piece in pieces), ""]
    for place, good in enumerate(goods[1:-1], start=1):
        before, after = goods[place - 1], goods[place + 1]
        if good and not (before and good == WHOLE) and after in ("", WHOLE):
            yield good


def act_in(text: str) -> str:
    """Return the instrument that a text names; empty where it names none, or could mean several."""
    acts = {piece.value for piece in pieces_of(text) if piece.kind == "act"}
    with suppress(InputError):
        return _kind(acts) if acts - FLOWS - CHANGES else ""
    return ""


def goods_in(text: str) -> tuple[str, ...]:
    """Return the goods that a text names, each as an industry's code or the name of a bundle."""
    named = dict.fromkeys(_goods(list(pieces_of(text))))
    return tuple(INDUSTRIES.get(one, (one,))[0] for one in named)


def _acts(clause: Sequence[Piece]) -> set[str]:
    """What is done, with what the other words say of it: that something ends, that it is sold or bought."""
    acts = {piece.value for piece in clause if piece.kind == "act"} | _ended(clause)
    sized = any(piece.kind == "number" for piece in clause)
    if acts == {"charge"} and sized:
        acts.add("tariff")
    if acts == {"charge", "stop"} and not sized:
        acts.add("import")  # "einführt" is brings in as well as introduces
    heard = [piece for piece in clause if piece.kind != "quiet" or piece.text.casefold() in ALL]
    whole = any(one.text.casefold() in ALL and then.value in FLOWS for one, then in pairwise(heard))
    if "cut" in acts and whole and not sized:
        acts.add("stop")
    part = acts in ({"cut"}, {"halve"}) and any(piece.kind == "good" for piece in clause)
    if part or acts in ({"stop"}, {"tax"}, {"stop", "cut"}):
        if any(piece.kind == "marker" and piece.value == "to" for piece in clause):
            acts.add("export")  # what goes to somebody is sold
        elif _bought(clause):
            acts.add("import")
    return acts - {"charge"}


def _does(acts: set[str]) -> bool:
    """Whether something is done: a word for it, or a part of what crosses a border goes."""
    return bool(acts - FLOWS - CHANGES) or bool(acts & {"cut", "halve"} and acts & FLOWS)


def _bought(clause: Sequence[Piece]) -> bool:
    """Whether goods are named by the state that they come from, and another one acts: the EU bans Russian gas."""
    states = [place for place, piece in enumerate(clause) if piece.kind == "state"]
    acts = [place for place, piece in enumerate(clause) if piece.kind in ("act", "no")]
    by = any(piece.kind == "marker" and piece.value == "by" for piece in clause)
    return any(
        one.kind == "state" and then.kind in THINGS and (by or (place != states[0] and acts[0] < place))
        for place, (one, then) in enumerate(pairwise(clause))
    )


def _ended(clause: Sequence[Piece]) -> set[str]:
    """What "keine Chips mehr" says: that something ends; nothing where one of the two words is lacking."""
    kinds = [piece.kind for piece in clause]
    return {"stop"} if kinds.count("no") == kinds.count("more") == 1 else set()


def why_unrecorded(good: str) -> str:
    """Return why no record here has a good, and what is nearest; empty where nothing is known of it.

    good: as people say it.
    """
    from suasion.sources.materials import material_products

    return why_outside(good, frozenset(material_products()["product"]))


def is_phrase(text: str) -> bool:
    """Whether a side is written as part of a sentence: of the EU, steel by the EU."""
    found = [lexicon().get(word) for word in text.casefold().split()]
    joins = any(piece and piece.kind == "marker" and piece.value in ("by", "from") for piece in found)
    return joins or (found[0] is not None and found[0].kind in ("marker", "quiet"))


def _refuse(piece: Piece, text: str) -> NoReturn:
    """Say that a word is not understood, or that it is a name that fits several states.

    Raises InputError: Always.
    """
    from suasion.measures.raw_materials import concentrated_materials
    from suasion.questions.posed import code_or_group

    word = piece.text
    with suppress(UnknownCountryError):
        code_or_group(word)
    if piece.kind == "outside":
        raise InputError(f"{word!r} in {text!r} is finer than an industry.{why_unrecorded(piece.value)}")
    named = concentrated_materials(word.casefold())["name"] if len(word) > CODE - 1 else ()
    listed = any(re.search(rf"\b{re.escape(word)}", name, re.IGNORECASE) for name in named)
    if piece.kind == "material" or listed:
        asked = material_in(text) if piece.kind == "material" else {"search": word.casefold()}
        asked = asked or {"good": piece.value}
        ask = ", ".join(f'{key}="{value}"' for key, value in asked.items())
        advice = f"Ask su.raw_materials({ask}), or name an industry."
        raise InputError(f"{word!r} in {text!r} is a raw material, finer than an industry. {advice}")
    # An ending alone is no likeness: only what begins alike is offered.
    known = [one for one, piece in lexicon().items() if piece.kind == "good" and one[0] == word[0].casefold()]
    close = did_you_mean(word.casefold(), known)
    raise InputError(f"{word!r} in {text!r} is not understood.{close} Write it as {EXAMPLES}.")


def _refuse_whose(clause: Sequence[Piece], about: Sequence[Piece], text: str) -> None:
    """Refuse what one state does to "its" trade where another is asked about: it may be the trade of either.

    Raises InputError: It may.
    """
    acts = [piece.text.casefold() for piece in clause if piece.kind == "act"]
    owned = any(piece.text.casefold() in WHOSE for piece in clause)
    asked = [piece.text for piece in about if piece.kind == "state"]
    acting = [piece.text for piece in clause if piece.kind == "state"]
    if owned and asked and len(acting) == 1 and any(one.startswith(HINDERED) for one in acts):
        raise InputError(
            f"{text!r}: say whose trade is meant, {asked[0]}'s or {acting[0]}'s. Write it as {EXAMPLES}."
        )


def _clauses(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What is done, and what is asked about it, where a question has an "if"."""
    marks = [piece.value if piece.kind == "marker" else "" for piece in pieces]
    if "if" not in marks:
        start = next((place for place, mark in enumerate(marks) if mark != "ask"), 0)
        return list(pieces[start:]), list(pieces[:start])
    at = marks.index("if")
    end = marks.index("ask", at) if "ask" in marks[at:] else len(pieces)
    clause = list(pieces[at + 1 : end])
    acts = {piece.value for piece in clause if piece.kind == "act"}
    if acts and acts <= FLOWS and [piece.kind for piece in clause].count("no") == 1 and not _ended(clause):
        clause.append(Piece("more", "more", ""))  # what would not be bought is now
    return clause, [*pieces[:at], *pieces[end:]]


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
    cut = acts & FLOWS if acts & {"cut", "halve"} and "stop" not in acts else set()
    if len(cut) == 1:
        return REDUCED[cut.pop()]
    if len(flows) == 1 and "trade" not in acts:
        return f"{flows.pop()}_ban"
    if "stop" in acts and acts & FLOWS:
        return "embargo"
    raise InputError(f"Say whether exports, imports or all trade is meant. Write it as {EXAMPLES}.")


def _size(clause: Sequence[Piece], kind: str, acts: set[str], text: str) -> tuple[str, str]:
    """The size, as written, and the variant; empty where the instrument has none, or it is the usual one.

    Raises InputError: It is lacking, there are several, it could mean two things, or the instrument has none.
    """
    sizes = list(_sizes(clause)) + ([("by", HALF, "")] if "halve" in acts else [])
    if kind in RATES and not sizes and acts & {"lift", "stop"}:
        return "0", "set"
    needed = bool(KINDS[kind].offer.argument)
    if len(sizes) != needed:
        what = (
            "needs one size, in per cent"
            if needed
            else f"has no size, and {', '.join(one[1] for one in sizes)} stands there"
        )
        raise InputError(f"{text!r}: {kind.replace('_', ' ')} {what}. Write it as {EXAMPLES}.")
    if not sizes:
        return "", ""
    mark, value, unit = sizes[0]
    if kind in RATES:
        return _rate(mark, value, unit, acts, text)
    if mark in ("to", "on", "at") and unit != "below":
        if kind == "price_cap":
            raise InputError(f"{text!r}: say by how many per cent below the price. Write it as {EXAMPLES}.")
        value = f"{100.0 - float(value):g}"
    return value, "exports" if kind == "share" and "export" in acts else ""


def _rate(mark: str, value: str, unit: str, acts: set[str], text: str) -> tuple[str, str]:
    """A rate to which a tax goes, or points that are added to it.

    Raises InputError: It could be a part of the rate that is in force.
    """
    if mark in ("to", "on", "at") or (float(value) == 0.0 and unit != "points" and mark != "by"):
        return value, "set"
    changed = acts & {"lift", "cut", "halve"} or mark == "by"
    if changed and unit != "points":
        raise InputError(
            f"{text!r}: say by how many percentage points, or to how many per cent. "
            "A part of the rate that is in force is no measure here."
        )
    return (f"-{value}" if "cut" in acts else value), ""


def _sizes(clause: Sequence[Piece]) -> Iterator[tuple[str, str, str]]:
    """Numbers that are no years: the marker right before each, the number, and the unit after it."""
    dated = {id(piece) for piece in _dated(clause).values()}
    heard = [piece for piece in clause if piece.kind != "quiet"]
    for place, piece in enumerate(heard):
        if piece.kind == "number" and id(piece) not in dated:
            marks = [one.value if one.kind == "marker" else "" for one in heard[max(place - 2, 0) : place]]
            mark = "" if marks == ["cost", "by"] else (marks or [""])[-1]  # hit by a tariff
            after = next(iter(heard[place + 1 :]), None)
            yield mark, piece.value, after.value if after is not None and after.kind == "unit" else ""


def _dated(clause: Sequence[Piece]) -> dict[str, Piece]:
    """Years and days after "from", "in", "by" and "until", by the key of the address."""
    found: dict[str, Piece] = {}
    for (before, piece), after in zip(pairwise(clause), [*clause[2:], None], strict=False):
        dated = piece.kind == "day" or (piece.kind == "number" and _YEAR.fullmatch(piece.value))
        dated = dated and not (after and after.text in SIGNS)
        key = DATES.get(before.value if before.kind in ("marker", "quiet") else "")
        if dated and key:
            found[key] = piece
    return found


def _days(clause: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    for key, piece in _dated(clause).items():
        end = "-01-01" if key == "since" else "-12-31"
        yield key, piece.value + (end if piece.kind == "number" else "")
