"""The one place that finds what was probably meant by a name."""

from __future__ import annotations

from collections.abc import Iterable

LIKE = 0.6
"""Share of letters in common and in order from which on a name is offered. Assumption, range 0.5 to 0.7."""


def nearest(name: object, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the names that are most like another, the most alike first.

    Parameters
    ----------
    name
        As it was typed.
    known : iterable of str
        Names that there are.
    most : int
        How many are returned at most.

    Returns
    -------
    list of str
    """
    import difflib

    return difflib.get_close_matches(str(name), list(known), n=most, cutoff=LIKE)
