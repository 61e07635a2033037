"""A measure in plain words: "China stops exports of machinery to Germany", "25 % Zoll der USA auf chinesische Autos".

One grammar for every door. A sentence is read word by word: what is done, who does it, on whom, to which goods, how
much, since when. Every word must be understood; what is lacking or unknown is told, and nothing is guessed in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise, zip_longest
from typing import NoReturn

from suasion.errors import InputError, UnknownCountryError
from suasion.nearest import did_you_mean
from suasion.questions.scenarios.instruments import KINDS
from suasion.questions.scenarios.lexicon import CODE, EVERYBODY, HORIZONS, Piece, lexicon, pieces_of
from suasion.sources.spoken import INDUSTRIES

EXAMPLES = (
    '"China stops exports of machinery to Germany", or "25 % tariff of the US on Chinese cars from 2026"'
)
SINGLE = (
    "embargo", "boycott", "export_tax", "quota", "price_cap", "import_subsidy", "trade_cost", "tariff"
)  # fmt: skip
"""Words for what is done that need no second one, the more special before."""
FLOWS = {"export", "import", "trade"}
"""Words for what crosses a border: alone they say of nothing that is done."""
ALL = ("all", "alle", "allen")
FIXED = {"boycott": "import_ban"}
LIFT = "lift"
LIFTED = ("tariff", "export_tax")
"""What can be taken away: rates that the table of the world has."""
_YEAR = re.compile(r"(?:19|20)\d\d")


def measure_in(text: str) -> list[tuple[str, str]] | None:
    """Read a measure in plain words as the fields of an address; None where the text names nothing that is done.

    text: As typed.
    Raises InputError: A word is not understood, or something is lacking; the message says which.
    """
    clause, about = _clauses(list(pieces_of(text)))
    acts = {piece.value for piece in clause if piece.kind == "act"} | _ended(clause)
    if not acts - FLOWS - {LIFT}:
        return None
    if acts == {"stop"} and any(piece.kind == "marker" and piece.value == "to" for piece in clause):
        acts.add("export")  # what goes to somebody is sold
    for piece in (*clause, *about):
        if piece.kind in ("unknown", "material"):
            _refuse(piece, text)
    denied = [piece for piece in clause if piece.kind in ("no", "more")]
    if denied and not _ended(clause):
        _refuse(denied[0], text)
    kind = _kind(acts)
    by, on = _sides(clause, kind, about, text)
    made = [("do", kind), ("by", "~".join(by)), ("on", "~".join(on))]
    goods = dict.fromkeys(piece.value for piece in clause if piece.kind == "good")
    size = _nothing(clause, kind, by, on, text) if LIFT in acts else _size(clause, kind, text)
    made += [
        ("in", "~".join(goods)),
        ("size", size),
        *_days(clause),
    ]
    horizon = [piece.value for piece in clause if piece.kind == "horizon"]
    return [*made, ("years", (horizon or [HORIZONS["long"]])[-1])]


def act_in(text: str) -> str:
    """Return the instrument that a text names; empty where it names none, or could mean several."""
    acts = {piece.value for piece in pieces_of(text) if piece.kind == "act"}
    with suppress(InputError):
        return _kind(acts) if acts - FLOWS else ""
    return ""


def goods_in(text: str) -> tuple[str, ...]:
    """Return the goods that a text names, each as an industry's code or the name of a bundle."""
    named = dict.fromkeys(piece.value for piece in pieces_of(text) if piece.kind == "good")
    return tuple(INDUSTRIES.get(one, (one,))[0] for one in named)


def _ended(clause: Sequence[Piece]) -> set[str]:
    """What "keine Chips mehr" says: that something ends; nothing where one of the two words is lacking."""
    kinds = [piece.kind for piece in clause]
    return {"stop"} if kinds.count("no") == kinds.count("more") == 1 else set()


def is_phrase(text: str) -> bool:
    """Whether a side is written as part of a sentence: of the EU."""
    first = lexicon().get(text.split()[0].casefold())
    return first is not None and first.kind in ("marker", "quiet")


def _refuse(piece: Piece, text: str) -> NoReturn:
    """Say that a word is not understood, or that it is a name that fits several states.

    Raises InputError: Always.
    """
    from suasion.measures.raw_materials import concentrated_materials
    from suasion.questions.posed import code_or_group

    word, ask = piece.text, f'good="{piece.value}"'
    with suppress(UnknownCountryError):
        code_or_group(word)
    listed = len(word) > CODE - 1 and len(concentrated_materials(word.casefold()))
    if piece.kind == "material" or listed:
        ask = ask if piece.kind == "material" else f'search="{word.casefold()}"'
        advice = f"Ask su.raw_materials({ask}), or name an industry."
        raise InputError(f"{word!r} in {text!r} is a raw material, finer than an industry. {advice}")
    close = did_you_mean(word.casefold(), [one for one, piece in lexicon().items() if piece.kind == "good"])
    raise InputError(f"{word!r} in {text!r} is not understood.{close} Write it as {EXAMPLES}.")


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


def _nothing(clause: Sequence[Piece], kind: str, by: Sequence[str], on: Sequence[str], text: str) -> str:
    """The size of what is lifted: none.

    Raises InputError: It is no rate that is in force, or goes to another one.
    """
    if kind not in LIFTED:
        ask = f'su.restoration("{by[0]}", "{on[0]}")'
        raise InputError(
            f"{text!r}: only tariffs and export taxes can be lifted here, for what bans and sanctions have already "
            f"ended is not in the trade of the table. {ask} has what trade of an earlier year would be worth."
        )
    if sizes := [
        piece for piece in clause if piece.kind == "number" and piece not in _dated(clause).values()
    ]:
        raise InputError(
            f"{text!r}: what is lifted is nought, and {sizes[0].text} stands there. Say to raise it."
        )
    return "0"


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
