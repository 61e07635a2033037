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
from suasion.sources.spoken import INDUSTRIES, why_outside

EXAMPLES = (
    '"China stops exports of machinery to Germany", or "25 % tariff of the US on Chinese cars from 2026"'
)
SINGLE = (
    "embargo", "boycott", "export_tax", "quota", "price_cap", "import_subsidy", "trade_cost", "tariff"
)  # fmt: skip
"""Words for what is done that need no second one, the more special before."""
OWN = (*SINGLE, "tax", "stop")
"""Of words for what is done, those that stand with who does it: tariffs of the US."""
FLOWS = {"export", "import", "trade"}
"""Words for what crosses a border: alone they say of nothing that is done."""
CHANGES = {"lift", "raise", "cut", "halve"}
"""Words for what is done to a rate or a quantity: alone they say of nothing that is done."""
ALL = ("all", "alle", "allen")
FIXED = {"boycott": "import_ban"}
BANS = ("export_ban", "import_ban")
BOTH_WAYS = ("embargo", "share", "trade_cost")
"""What can stand between two; all else is done by one side to another."""
REDUCED = {"import": "quota", "export": "share", "trade": "share"}
"""Of what is cut by a part, the instrument."""
RATES = ("tariff", "export_tax")
"""What has a rate in the table of the world: it can be set, raised, lowered and lifted."""
HALF = "50"
_YEAR = re.compile(r"(?:19|20)\d\d")


def measure_in(text: str) -> list[tuple[str, str]] | None:
    """Read a measure in plain words as the fields of an address; None where the text names nothing that is done.

    text: As typed.
    Raises InputError: A word is not understood, or something is lacking; the message says which.
    """
    pieces = list(pieces_of(text))
    clause, about = _clauses(pieces)
    acts = _acts(clause)
    if not _does(acts):
        return None
    for piece in (*clause, *about):
        if piece.kind in ("unknown", "material", "outside"):
            _refuse(piece, text)
    denied = [piece for piece in clause if piece.kind in ("no", "more")]
    if denied and not _ended(clause):
        _refuse(denied[0], text)
    kind = _kind(acts)
    by, on = _sides(clause, kind, about, text)
    if "lift" in acts and kind not in RATES:
        raise InputError(
            f"{text!r}: only tariffs and export taxes can be lifted here, for what bans and sanctions have already "
            f'ended is not in the trade of the table. su.restoration("{by[0]}", "{on[0]}") has what trade of an '
            "earlier year would be worth."
        )
    named = (dict.fromkeys(piece.value for piece in part if piece.kind == "good") for part in (clause, about))
    # What is asked about says which, where nothing else does.
    goods: dict[str, None] = next(filter(None, named), {})
    size, how = _size(clause, kind, acts, text)
    made = [("do", kind), ("by", "~".join(by)), ("on", "~".join(on)), ("in", "~".join(goods)), ("size", size)]
    horizon = [piece.value for piece in clause if piece.kind == "horizon"]
    return [*made, ("how", how), *_days(clause), ("years", (horizon or [HORIZONS["long"]])[-1])]


def material_in(text: str) -> dict[str, str]:
    """Return the raw material that a text says is stopped, who stops it, and who buys it; empty where it says none.

    text: As typed.
    Returns: ``good``, and of ``stops`` and ``buyer`` what is said, as :func:`suasion.raw_materials` takes them.
    """
    clause, about = _clauses(list(pieces_of(text)))
    goods = [piece.value for piece in clause if piece.kind == "material"]
    acts = _acts(clause)
    if not goods or not acts & {"stop", "embargo"} or acts & {"tariff", "tax", *RATES}:
        return {}
    buys = "import" in acts
    sides, _ = _placed(clause, "import_ban" if buys else "export_ban", about)
    seller, buyer = (next(iter(sides[side]), "") for side in (("on", "by") if buys else ("by", "on")))
    said = {"good": goods[0], "buyer": buyer, "stops": seller}
    return {key: value for key, value in said.items() if value not in ("", EVERYBODY)}


def act_in(text: str) -> str:
    """Return the instrument that a text names; empty where it names none, or could mean several."""
    acts = {piece.value for piece in pieces_of(text) if piece.kind == "act"}
    with suppress(InputError):
        return _kind(acts) if acts - FLOWS - CHANGES else ""
    return ""


def goods_in(text: str) -> tuple[str, ...]:
    """Return the goods that a text names, each as an industry's code or the name of a bundle."""
    named = dict.fromkeys(piece.value for piece in pieces_of(text) if piece.kind == "good")
    return tuple(INDUSTRIES.get(one, (one,))[0] for one in named)


def _acts(clause: Sequence[Piece]) -> set[str]:
    """What is done, with what the other words say of it: that something ends, that it is sold or bought."""
    acts = {piece.value for piece in clause if piece.kind == "act"} | _ended(clause)
    sized = any(piece.kind == "number" for piece in clause)
    if acts == {"charge"} and sized:
        acts.add("tariff")
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
    from suasion.sources.materials import material_products

    word = piece.text
    with suppress(UnknownCountryError):
        code_or_group(word)
    if piece.kind == "outside":
        why = why_outside(piece.value, frozenset(material_products()["product"]))
        raise InputError(f"{word!r} in {text!r} is finer than an industry.{why}")
    listed = len(word) > CODE - 1 and len(concentrated_materials(word.casefold()))
    if piece.kind == "material" or listed:
        asked = material_in(text) if piece.kind == "material" else {"search": word.casefold()}
        asked = asked or {"good": piece.value}
        ask = ", ".join(f'{key}="{value}"' for key, value in asked.items())
        advice = f"Ask su.raw_materials({ask}), or name an industry."
        raise InputError(f"{word!r} in {text!r} is a raw material, finer than an industry. {advice}")
    close = did_you_mean(word.casefold(), [one for one, piece in lexicon().items() if piece.kind == "good"])
    raise InputError(f"{word!r} in {text!r} is not understood.{close} Write it as {EXAMPLES}.")


def _clauses(pieces: Sequence[Piece]) -> tuple[list[Piece], list[Piece]]:
    """What is done, and what is asked about it, where a question has an "if"."""
    marks = [piece.value if piece.kind == "marker" else "" for piece in pieces]
    if "if" not in marks:
        start = next((place for place, mark in enumerate(marks) if mark != "ask"), 0)
        return list(pieces[start:]), list(pieces[:start])
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
    cut = acts & FLOWS if acts & {"cut", "halve"} and "stop" not in acts else set()
    if len(cut) == 1:
        return REDUCED[cut.pop()]
    if len(flows) == 1 and "trade" not in acts:
        return f"{flows.pop()}_ban"
    if "stop" in acts and acts & FLOWS:
        return "embargo"
    raise InputError(f"Say whether exports, imports or all trade is meant. Write it as {EXAMPLES}.")


def _sides(
    clause: Sequence[Piece], kind: str, about: Sequence[Piece], text: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Who acts, and on whom.

    Raises InputError: One of them is lacking, a state has no place, or stands on both sides.
    """
    sides, left = _placed(clause, kind, about)
    if kind not in BOTH_WAYS and any(piece.kind == "marker" and piece.value == "between" for piece in clause):
        raise InputError(
            f"{text!r} does not say who acts: a measure between two is two measures, one of each on the other, with a "
            'semicolon between them, as "abolish tariffs of the EU on the USA; abolish tariffs of the USA on the EU".'
        )
    for side, what in (("by", "who acts"), ("on", "on whom (to all is to everybody)")):
        if not sides[side]:
            raise InputError(f"{text!r} does not say {what}. Write it as {EXAMPLES}.")
    if both := set(sides["by"]) & set(sides["on"]):
        raise InputError(
            f"{', '.join(sorted(both))} stands on both sides of {text!r}. Write it as {EXAMPLES}."
        )
    if left and not about:
        raise InputError(
            f"What {', '.join(left)} does in {text!r} is not understood. Write it as {EXAMPLES}."
        )
    by, on = (tuple(dict.fromkeys(sides[side])) for side in ("by", "on"))
    return by, on


def _placed(
    clause: Sequence[Piece], kind: str, about: Sequence[Piece]
) -> tuple[dict[str, list[str]], list[str]]:
    """Who acts and on whom, as far as it is said, and the states that have no place on either side.

    Who is asked about is on the other side where nobody else is; in an embargo of several who name nobody else, all but
    the first; of goods that are no longer sold or bought, everybody.
    """
    sides: dict[str, list[str]] = {"by": [], "on": []}
    loose: list[list[str]] = []
    asked = [piece.value for piece in about if piece.kind == "state"]
    for mark, codes, acts in _named(clause):
        side = "" if acts else _side(mark, kind)
        if mark == "between":
            sides["by"] += codes[:1]
            sides["on"] += codes[1:]
        elif acts or (not side and mark != "cost"):
            loose.insert(0 if acts else len(loose), codes)
        else:
            (asked if mark == "cost" else sides[side]).extend(codes)
    left: list[str] = []
    for codes in loose:
        free = next((side for side in ("by", "on") if not sides[side]), "")
        (sides[free] if free else left).extend(codes)
    if not sides["on"]:
        sides["on"] += [code for code in asked if code not in sides["by"]]
    if not sides["on"] and kind == "embargo":
        sides = {"by": sides["by"][:1], "on": sides["by"][1:]}
    if not sides["on"] and kind in BANS and any(piece.kind == "good" for piece in clause):
        sides["on"] = [EVERYBODY]
    return sides, left


def _side(mark: str, kind: str) -> str:
    """The side of what stands after a word; empty where the order of the words decides."""
    buys = kind == "import_ban"
    known = {"by": "by", "on": "on", "to": "by" if buys else "on"}
    known["from"] = "by" if kind in ("export_ban", "export_tax") else "on"
    return known.get(mark, "")


def _named(clause: Sequence[Piece]) -> Iterator[tuple[str, list[str], bool]]:
    """States that stand together, the word before them, and whether what is done is theirs: US tariffs."""
    mark, before, joined, acts, done = "", "", False, False, ""
    codes: list[str] = []
    for place, piece in enumerate(clause):
        then = clause[place + 1] if place + 1 < len(clause) else None
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
                    yield before, codes, acts
                codes, before = [code], mark
                acts = mark == "of" and done in OWN
            acts = acts or _acting(clause[place + 1 : place + 3])
            mark, joined = "", False
        elif piece.kind == "marker" and piece.value == "and":
            joined = bool(codes) and mark == ""
        elif piece.kind == "marker":
            mark, joined = piece.value, False
        elif piece.kind in ("good", "act", "number", "day"):
            mark, joined = (mark if piece.kind == "good" and mark == "on" else ""), False
            done = piece.value if piece.kind == "act" else done
    if codes:
        yield before, codes, acts


def _acting(after: Sequence[Piece]) -> bool:
    """Whether the words after a state are what it does: tariffs, an export ban."""
    first, second = ([piece.value if piece.kind == "act" else "" for piece in after] + ["", ""])[:2]
    return first in (*SINGLE, "tax") or (first in FLOWS and second in ("stop", "tax"))


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
    if mark in ("to", "on", "at"):
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
    for before, piece, after in zip([None, *heard], heard, [*heard[1:], None], strict=False):
        if piece.kind == "number" and id(piece) not in dated:
            mark = before.value if before is not None and before.kind == "marker" else ""
            yield mark, piece.value, after.value if after is not None and after.kind == "unit" else ""


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
