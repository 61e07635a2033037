"""Options that mean the same in all questions: their names, what they are, and why a question may lack one."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import groupby
from typing import Any


class Lack(StrEnum):
    """Why a question that solves the model lacks an option that others have."""

    ALL_HORIZONS = "it answers for the first year and the long run at once"
    THEORY = "its theory holds in one setting only: the long run, factors that move, trade that balances"
    COMPARED = "its answer stands beside losses that were computed as is usual"


SOLVING = ("given", "elasticities", "factors", "deficits", "horizon", "draws", "seed", "world")
"""Options of every question that solves the model, by the same names at every door."""
SHARED: Mapping[str, tuple[str, str]] = {
    "given": (
        "ScenarioText",
        "In force already, and all have adjusted to it: scenario file, address, or lines.",
    ),
    "elasticities": (
        "OwnElasticities",
        "Own elasticities: a file (YAML), a set that ships (cobb-douglas, textbook), or as sigma=4,zeta.C26=0.3.",
    ),
    "factors": (
        "str",
        "Mobility of factors: mobile, specific, roy or capital; as the horizon has it without.",
    ),
    "deficits": ("DeficitRule", "What becomes of trade imbalances: balance, world or gdp."),
    "draws": ("int", "Draws of the elasticities for 90 % bands, around own ones too; 0 for none."),
    "seed": ("int", "Of the draws."),
    "world": ("World, optional", "The economy; the embedded one without."),
    "model": ("WarmModel, optional", "One that is warm already; it brings its world."),
    "progress": ("callable, optional", "Called with (done, total, what)."),
}
"""What options are that mean the same in all questions: types and words for docstrings that leave them out."""


SIDES: Mapping[str, str] = {
    "State": "A state: ISO code or English name.",
    "Side": "A state or group: ISO code or English name.",
}
"""What states and sides are, where a docstring leaves them out."""


def completed(ask: Callable[..., Any]) -> str:
    """Return the docstring of a question, with its states, and the options that mean the same in all."""
    doc = inspect.getdoc(ask) or ""
    known, given = helps_in(doc), inspect.signature(ask).parameters
    states = [one for one in given.values() if one.annotation in SIDES and one.name not in known]
    lines = [
        f"{', '.join(one.name for one in named)} : {kind}\n    {SIDES[kind]}"
        for kind, named in groupby(states, key=lambda one: str(one.annotation))
    ]
    head, part, rest = doc.partition("\n\nReturns\n")
    start, _, body = head.partition("\n\nParameters\n----------\n")
    lines += [body] if body else []
    lines += [
        f"{name} : {SHARED[name][0]}\n    {SHARED[name][1]}"
        for name in given
        if name in SHARED and name not in known
    ]
    told = "\n".join(["\n\nParameters", "----------", *lines]) if lines else ""
    return f"{start}{told}{part}{rest}"


def helps_in(doc: str) -> dict[str, str]:
    """Return the parameters of a docstring and what it says of them."""
    part = re.search(r"Parameters\n-+\n(.*?)(?:\n\n\w|\Z)", doc, re.DOTALL)
    helps: dict[str, str] = {}
    for names, text in re.findall(
        r"^(\w[\w, ]*) : .*\n((?:    .*\n?)*)", part[1] if part else "", re.MULTILINE
    ):
        helps |= {name.strip(): " ".join(text.split()) for name in names.split(",")}
    return helps
