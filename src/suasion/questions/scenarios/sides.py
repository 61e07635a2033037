"""Who does what a sentence says, and to whom: states by the words before and after them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from suasion.errors import InputError
from suasion.questions.scenarios.lexicon import EVERYBODY, Piece

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
EVERYTHING = ("everything", "alles")
ALL = ("all", "alle", "allen")
BOTH_WAYS = ("embargo", "share", "trade_cost")
"""What is one measure between two; all else is two, one of each on the other."""
OPEN = ("export_ban", "import_ban", "export_tax", "quota", "share", "tariff")
"""What is done to everybody where goods are named and nobody who sells or buys them."""
PRONOUNS = ("it", "they", "es", "sie")
Sides = tuple[tuple[str, ...], tuple[str, ...]]
"""Who acts, and on whom."""


def sides_in(
    clause: Sequence[Piece], kind: str, about: Sequence[Piece], text: str, *, both: bool
) -> list[Sides]:
    """Who acts, and on whom; each on all others where they do it to each other, or each pair once.

    both: whether the measure is one between two.
    Raises InputError: One of them is lacking, a state has no place, or stands on both sides.
    """
    if each := _each_other(clause, about):
        pairs = [
            ((one,), tuple(each[place + 1 :] if both else each[:place] + each[place + 1 :]))
            for place, one in enumerate(each)
        ]
        return [(by, on) for by, on in pairs if on]
    sides, left = placed(clause, kind, about)
    for side, what in (("by", "who acts"), ("on", "on whom (to all is to everybody)")):
        if not sides[side]:
            raise InputError(f"{text!r} does not say {what}. Write it as {EXAMPLES}.")
    if twice := set(sides["by"]) & set(sides["on"]):
        raise InputError(
            f"{', '.join(sorted(twice))} stands on both sides of {text!r}. Write it as {EXAMPLES}."
        )
    if left and not about:
        raise InputError(
            f"What {', '.join(left)} does in {text!r} is not understood. Write it as {EXAMPLES}."
        )
    by, on = (tuple(dict.fromkeys(sides[side])) for side in ("by", "on"))
    return [(by, on)]


def _each_other(clause: Sequence[Piece], about: Sequence[Piece]) -> list[str]:
    """Those who do something to each other, or between whom it is done; empty where it has a direction."""
    named = list(_named(clause))
    mutual = any(piece.kind == "marker" and piece.value == "mutual" for piece in clause)
    if not mutual and all(mark != "between" for mark, _, _ in named):
        return []
    each = [code for mark, codes, _ in named if mark != "cost" for code in codes]
    if len(set(each)) < 2:
        each += [piece.value for piece in about if piece.kind == "state"]
    return list(dict.fromkeys(each)) if len(set(each)) > 1 else []


def placed(
    clause: Sequence[Piece], kind: str, about: Sequence[Piece]
) -> tuple[dict[str, list[str]], list[str]]:
    """Who acts and on whom, as far as it is said, and the states that have no place on either side.

    Who is asked about is on the other side where nobody else is; in an embargo of several who name nobody else, all but
    the first; of goods of which nobody is named who sells or buys them, everybody.
    """
    sides: dict[str, list[str]] = {"by": [], "on": []}
    loose: list[list[str]] = []
    asked = [piece.value for piece in about if piece.kind == "state"]
    named = list(_named(clause))
    on = [place for place, (mark, _, acts) in enumerate(named) if mark == "on" and not acts]
    if len(on) > 1 and any(piece.kind == "marker" and piece.value == "effect" for piece in clause):
        asked += named.pop(on[-1])[1]  # the effect of a tariff on one on another
    for mark, codes, acts in named:
        side = "" if acts else _side(mark, kind)
        if acts or (not side and mark != "cost"):
            loose.insert(0 if acts else len(loose), codes)
        else:
            (asked if mark == "cost" else sides[side]).extend(codes)
    left: list[str] = []
    for codes in loose:
        free = next((side for side in ("by", "on") if not sides[side]), "")
        (sides[free] if free else left).extend(codes)
    if not sides["by"] and any(piece.text.casefold() in PRONOUNS for piece in clause):
        sides["by"] += [code for code in asked if code not in sides["on"]]  # what would it cost A if it ...
    if not sides["on"]:
        sides["on"] += [code for code in asked if code not in sides["by"]]
    trade = any(piece.kind == "act" and piece.value == "trade" for piece in clause)
    if not sides["on"] and (kind == "embargo" or (kind in BOTH_WAYS and trade)):
        sides = {"by": sides["by"][:1], "on": sides["by"][1:]}
    if not sides["on"] and kind in OPEN and any(piece.kind == "good" for piece in clause):
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
            piece.text.casefold() in (*ALL, *EVERYTHING) and then and then.kind in ("state", "good", "act")
        )
        # Everything from a state is what it sells.
        whole = whole and not (then and then.kind == "marker" and then.value in ("from", "of"))
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
