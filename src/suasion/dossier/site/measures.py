"""Dated measures as links, and what three of them cost in the first year."""

from __future__ import annotations

from functools import cache
from typing import Any

from suasion.answers import front
from suasion.answers.catalogue import has, say, spoken
from suasion.answers.language import DEFAULT_LANGUAGE, capital
from suasion.pages.printed import plain
from suasion.pages.page import Link
from suasion.equilibrium.scenario.file import parse_scenario
from suasion.errors import SuasionError
from suasion.questions import dated_measures
from suasion.questions.scenarios.reading import query_of
from suasion.sources import dated
from suasion.world import World

SHOWN = ("us_china_2025", "eu_gas_2027", "russia_energy_2022", "us_china_2018", "us_2018")
"""Measures of the start page, the first three that are on file."""
ANSWERED = 3
TOLD = 2
"""Economies whose change is told of a measure."""


def measure_leads() -> tuple[Link, ...]:
    """Return all dated measures, the latest first, each with its day and the address of its scenario."""
    return _leads(spoken())


@cache
def _leads(language: str) -> tuple[Link, ...]:
    known = dated.dated_measures()
    return tuple(_lead(name) for name in sorted(known, key=lambda name: known[name].date, reverse=True))


def _lead(name: str) -> Link:
    one = dated.dated_measures()[name]
    return Link(_name(name), _path(name), say(f"site.measure_{one.lasted}", **one.days))


def chosen() -> tuple[str, ...]:
    """Return the names of the measures of the start page."""
    known = dated.dated_measures()
    first = [name for name in SHOWN if name in known]
    return tuple(dict.fromkeys([*first, *known]))[:ANSWERED]


def measure_answers(world: World) -> tuple[Link, ...]:
    """Return the measures of the start page with what they cost those who are most moved; solves each."""
    leads = []
    for name in chosen():
        rows: list[dict[Any, Any]] = (
            dated_measures(name=name, world=world).table("measure-changes").frame.to_dict("records")
        )
        short = [row for row in rows if row["run"] == "short"][:TOLD]
        told = [
            say(
                "site.measure_loss" if row["change_percent"] < 0 else "site.measure_gain",
                state=DEFAULT_LANGUAGE.country(row["state"]),
                size=front.percent(row["change_percent"], DEFAULT_LANGUAGE.numbers),
            )
            for row in short
        ]
        leads.append(
            Link(_name(name), _path(name), say("site.measure_answer", changes=DEFAULT_LANGUAGE.listing(told)))
        )
    return tuple(leads)


def bare(count: int = ANSWERED) -> tuple[Link, ...]:
    """Return the measures of the start page before they are solved."""
    return tuple(_lead(name) for name in chosen()[:count])


@cache
def _scenario(name: str) -> Any:
    return parse_scenario(dated.scenario_text(name), name)


def _name(name: str) -> str:
    own = f"measure.{name}"
    return say(own) if has(own) else capital(str(_scenario(name).name))


def _path(name: str) -> str:
    try:
        return f"/scenario?{query_of(_scenario(name)).address}"
    except SuasionError:
        return f"/api/answers/dated_measures.html?name={name}"
