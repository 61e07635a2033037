"""What one country would lose without another, in the words that open the start page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from suasion.answers.catalogue import say
from suasion.answers.language import ENGLISH
from suasion.coercion import loss_interval
from suasion.dossier.site import printed
from suasion.world import World

ENDS = {"percent": "", "low": "_low", "high": "_high"}
"""Parts of a number and the ends of their columns."""


def first_answer(world: World, a: str, b: str) -> tuple[str, ...]:
    """Return what one country would lose without another, as on the start page, of the ranges that ship.

    a, b: Codes: who loses, and without whom.
    Returns: The question's two states, the answer, its range, and what goes with it; empty where no ranges
      ship.
    """
    row, back = _shipped(world, a, b), _shipped(world, b, a)
    if not row or not back:
        return ()
    names = printed.plain(a), printed.plain(b)
    return (*names, headline(row), printed.in_words(row, "short_percent"), under(row, back, a, b))


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
        a=ENGLISH.country(a),
        other=ENGLISH.country(b, "start"),
        later=printed.loss(row["long_percent"]),
        later_span=printed.in_words(row, "long_percent"),
        theirs=printed.loss(back["short_percent"], first=True),
        theirs_span=printed.in_words(back, "short_percent"),
    )
