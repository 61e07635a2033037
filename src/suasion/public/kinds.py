"""Kinds of arguments: what fits a type as a signature writes it, and values in words as one writes them in a call."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

Fit = tuple[Callable[[object], bool], str]


def is_number(value: object) -> bool:
    """Whether a value is a number, and no truth value."""
    return isinstance(value, int | float) and not isinstance(value, bool)


_WHOLE: Fit = (lambda value: is_number(value) and isinstance(value, int), "a whole number")
_STATE: Fit = (lambda value: isinstance(value, str | int), "a code or a name")
_TEXT: Fit = (lambda value: isinstance(value, str), "a text")
_FILE: Fit = (lambda value: isinstance(value, str | Path), "a file")
_LIST: Fit = (lambda value: isinstance(value, Iterable) and not isinstance(value, str), "a list")
_FITS: Mapping[str, Fit] = {
    "State": _STATE,
    "Side": _STATE,
    "bool": (lambda value: isinstance(value, bool), "True or False"),
    "float": (is_number, "a number"),
    "str": _TEXT,
    "Named": _TEXT,
    "File": _FILE,
    "Path": _FILE,
    "str | Path": _FILE,
    "Sequence": _LIST,
    "Iterable": _LIST,
    "Mapping": (lambda value: isinstance(value, Mapping), "a mapping"),
    **dict.fromkeys(("int", "Draws", "Bands", "Count", "Years", "Calendar"), _WHOLE),
}
"""Types as signatures write them, without what stands inside: what fits, and how it is called."""


def wanted(kind: str, value: object) -> str:
    """Return in words what a type wants, where a value does not fit it; empty where it does, or the type is not known.

    kind: As the signature writes it: ``"int"``, ``"Sequence[str]"``; what may be left out ends in ``| None``.
    value: As given.
    """
    needed = kind.removesuffix(" | None")
    if value is None and needed != kind:
        return ""
    fits, what = _FITS.get(needed) or _FITS.get(needed.partition("[")[0]) or (None, "")
    return "" if fits is None or fits(value) else what


def kind_of(value: object) -> str:
    """Return what a value is, in words."""
    if value is None or isinstance(value, str | int | float):
        return shown(value)
    name = type(value).__name__
    return f"{'an' if name[0] in 'AEIOaeio' else 'a'} {name}"


def shown(value: object) -> str:
    """Return a value as one would write it in a call."""
    kind = type(value).__name__
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Path):
        return json.dumps(str(value))
    if isinstance(value, list | tuple | set | frozenset):
        inside = ", ".join(shown(one) for one in value)
        tail = "," * (isinstance(value, tuple) and len(value) == 1)
        return f"({inside}{tail})" if isinstance(value, tuple) else f"[{inside}]"
    if value is None or isinstance(value, bool | int | float):
        return repr(value)
    return {"Scenario": "scenario", "Elasticities": "elasticities"}.get(kind, kind.lower())
