"""Losses that others published, as ticks beside those of the first screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.coercion.published import about
from suasion.questions.verdict.parts import PairAnswers
from suasion.sources.estimates import PublishedFigure, register

YEARS = {"months": 0.0, "short": 1.0, "long": 10.0}


def published(parts: PairAnswers, code: str, horizon: str) -> tuple[tuple[float, str], ...]:
    """Return losses that others published for the end of all trade, of one state at a horizon, each with its study.

    A definition that is not quite the same has its name; any further one is left out.
    """
    partner = next(other for _, one, other in parts.both if one == code)
    return tuple(
        (-(one.low + one.high) / 2.0, _named(one))
        for one in about(parts.a, parts.b)
        if one.years == YEARS.get(horizon) and tuple(one.economies) == (code,) and _comparable(one, partner)
    )


def _comparable(one: PublishedFigure, partner: str) -> bool:
    """Whether it is of the end of all trade with the partner alone, even if others end theirs too."""
    items = _instruments(one)
    alone = any([partner] in (list(item["senders"]), list(item["targets"])) for item in items)
    whole = all(item["type"] == "embargo" and not item.get("sectors") for item in items)
    return alone and whole and one.match in ("same", "near") and one.role != "calibration"


def _named(one: PublishedFigure) -> str:
    study = register().study[one.study].short
    inputs = any(item.get("use") == "inputs" for item in _instruments(one))
    return DEFAULT_LANGUAGE.say("figure.answer.inputs", {"study": study}) if inputs else study


def _instruments(one: PublishedFigure) -> Sequence[Mapping[str, Any]]:
    return register().scenario[one.scenario].instruments
