"""What one country would lose without another, in the words that open the start page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suasion.answers.catalogue import say
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.answers.picture.inline.canvas import Side
from suasion.answers.picture.inline.dumbbell import CostRow, Mark, dumbbell
from suasion.coercion import loss_interval
from suasion.dossier.screens.answer import WIDEST, when
from suasion.pages import printed
from suasion.world import World

ENDS = {"percent": "", "low": "_low", "high": "_high"}
"""PairAnswers of a number and the ends of their columns."""


def first_answer(world: World, a: str, b: str) -> tuple[str, ...]:
    """Return what one country would lose without another, as on the start page, of the ranges that ship.

    a, b: Codes: who loses, and without whom.
    Returns: The question's two states, the answer, its range, what goes with it, and a drawing of all four losses;
      empty where no ranges ship.
    """
    row, back = _shipped(world, a, b), _shipped(world, b, a)
    if not row or not back:
        return ()
    names = DEFAULT_LANGUAGE.country(a), DEFAULT_LANGUAGE.country(b)
    told = headline(row), printed.in_words(row, "short_percent"), under(row, back, a, b)
    plain = printed.plain(a), printed.plain(b)
    return (*names, *told, _drawn(plain, (row, back), " ".join(told)))


def _drawn(names: tuple[str, str], rows: tuple[Mapping[str, float], ...], label: str) -> str:
    """Both losses at both horizons, as the first screen has them."""
    sides: tuple[Side, Side] = ("a", "b")
    cases = [
        CostRow(
            when(horizon),
            tuple(
                _mark(side, name, row, f"{horizon}_percent")
                for side, name, row in zip(sides, names, rows, strict=True)
            ),
        )
        for horizon in ("short", "long")
    ]
    return dumbbell(cases, label, most=WIDEST).html


def _mark(side: Side, name: str, row: Mapping[str, float], column: str) -> Mark:
    value, low, high = (row[f"{column}{tail}"] for tail in ENDS.values())
    size = printed.loss(value, first=column.startswith("short"))
    return Mark(side, value, capital(name), size, low, high, printed.span(row, column))


def _shipped(world: World, country: str, partner: str) -> dict[str, float]:
    """Losses and their ranges as a row of the map has them; empty where none ship."""
    found = {name: loss_interval(world, country, partner, name) for name in ("short", "long")}
    sides = {name: one for name, one in found.items() if one is not None}
    return {
        f"{name}_percent{tail}": getattr(one, f"{'loss' if end == 'percent' else end}_percent")
        for name, one in (sides if len(sides) == len(found) else {}).items()
        for end, tail in ENDS.items()
    }


def headline(row: Mapping[Any, Any] | None) -> str:
    """Return the loss of the first year as it opens the start page.

    row: Of a loss; None where there is none.
    """
    if row is None:
        return say("site.unknown")
    return say("site.headline", loss=printed.loss(row["short_percent"], first=True))


def under(row: Mapping[Any, Any] | None, back: Mapping[Any, Any] | None, a: str, b: str) -> str:
    """Return what goes with it: the loss after ten years, and the other side's.

    row, back: Of both losses; None where there is none.
    a, b: Codes of the two.
    """
    if row is None or back is None:
        return say("site.unknown_why")
    return say(
        "site.under",
        a=DEFAULT_LANGUAGE.country(a),
        other=DEFAULT_LANGUAGE.country(b, "start"),
        later=printed.loss(row["long_percent"]),
        later_span=printed.in_words(row, "long_percent"),
        theirs=printed.loss(back["short_percent"], first=True),
        theirs_span=printed.in_words(back, "short_percent"),
    )
