"""A scenario from a file or a body as a question to the builder, so that it has an address."""

from __future__ import annotations

from typing import Any

from suasion.equilibrium.scenario.instrument import Instrument
from suasion.equilibrium.scenario.scenario import Scenario
from suasion.errors import ScenarioError
from suasion.questions.scenarios.address import MOST_MEASURES, SEPARATOR, Query, parse_query, plain
from suasion.questions.scenarios.instruments import BUNDLES, KINDS


def query_of(scenario: Scenario) -> Query:
    """Write a scenario as a question, so that it has an address; the inverse of ``scenario_of``.

    Raises ScenarioError: It has too many instruments, or a number outside what the builder takes.
    """
    if len(scenario.instruments) > MOST_MEASURES:
        raise ScenarioError(
            f"The scenario has {len(scenario.instruments)} instruments; here at most {MOST_MEASURES} are solved."
        )
    pairs = [pair for item in scenario.instruments for pair in _pairs(item).items()]
    pairs += [("name", scenario.name)] + ([("year", str(scenario.year))] if scenario.year else [])
    return parse_query(pairs)


def _pairs(item: Instrument) -> dict[str, str]:
    data, about, offer = item.to_dict(), KINDS[item.kind], item.offer
    return {
        "do": item.kind,
        "by": SEPARATOR.join(listed(data.get("senders", []))),
        "on": SEPARATOR.join(listed(data.get("targets", []))),
        "in": SEPARATOR.join(bundled(listed(data.get("sectors") or []))),
        "size": plain(offer.size(float(data[offer.argument]))) if offer.argument else "",
        "how": str(data.get(about.how[0], "")) if about.how else "",
        "use": str(data.get("use", "")),
        "part": plain(100.0 * data["coverage"]) if "coverage" in data else "",
        "since": str(data.get("date", "")),
        "until": str(data.get("until", "")),
    }


def listed(value: Any) -> list[str]:
    """Names, where there may be one alone."""
    return [value] if isinstance(value, str) else list(value)


def bundled(codes: list[str]) -> list[str]:
    """Name of the bundle that holds exactly these codes in this order; the codes where there is none.

    codes: Industries.
    """
    found = [word for word, (_, inside) in BUNDLES.items() if inside and list(inside) == codes]
    return found or codes
