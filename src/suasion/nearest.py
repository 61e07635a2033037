"""The one place that finds what was probably meant by a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

LIKE = 0.6
"""Share of letters in common and in order from which on a name is offered. Assumption, range 0.5 to 0.7."""


def nearest(name: object, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the names that are most like another, the most alike first.

    name: As it was typed.
    known: names that there are.
    most: how many are returned at most.
    """
    import difflib

    return difflib.get_close_matches(str(name), list(known), n=most, cutoff=LIKE)


def did_you_mean(name: object, known: Iterable[str], most: int = 1, show: Callable[[str], str] = str) -> str:
    """Return the end of an error that offers the names most like another; empty where none is.

    name: As it was typed.
    known: names that there are.
    most: how many are offered at most.
    show: how a name is written: ``repr`` in quotes.
    """
    close = nearest(name, known, most)
    return f" Did you mean {' or '.join(map(show, close))}?" if close else ""
