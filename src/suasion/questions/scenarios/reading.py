"""A scenario as it is given (a file, an address of the builder, a line for each measure), and back as an address."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from suasion.equilibrium import Scenario
from suasion.equilibrium.scenario.file import read_scenario as read_file
from suasion.equilibrium.scenario.instrument import Instrument
from suasion.errors import InputError, ScenarioError
from suasion.files import exists
from suasion.nearest import did_you_mean
from suasion.questions.scenarios.address import LONG, MOST_MEASURES, SEPARATOR, Query, parse_query, plain
from suasion.questions.scenarios.instruments import BUNDLES, KINDS
from suasion.questions.scenarios.words import is_phrase, measures_in

MOST_FIELDS = 90
ENDINGS = (".yaml", ".yml")
LEAST_WORDS = 3
"""Of a measure in plain words."""
EXAMPLE = "tariff 60 USA on CHN"
_ADDRESS = re.compile(r"(?:.*\?)?((?:do|by|on|in|years|name)=.*)", re.DOTALL)
_LINE = re.compile(
    r"(?P<do>\w+)(?:\s+(?P<size>[-+]?(?:[\d.]+(?i:e[-+]?\d+)?|(?i:nan|inf))\b)\s*%?)?"
    r"(?:\s+(?P<by>.+?))?\s+on\s+(?P<on>.+?)(?:\s+in\s+(?P<in>.+))?"
)


def query_in(text: str) -> Query | None:
    """Read an address, or lines such as ``tariff 25 USA on CHN in goods``, several with semicolons; None for a file.

    text: As typed.
    Raises InputError: A key, a number or a word is not allowed.
    """
    address = _ADDRESS.fullmatch(text.strip())
    if address:
        return parse_query(fields_of(address[1].partition("#")[0]))
    keys = ("do", "by", "on", "in", "size")
    found: dict[str, list[str]] = {}
    for line in text.split(";"):
        measures = _in_line(line) or _in_words(line)
        if not measures:
            return None
        for pairs in measures:
            for key in (*keys, "how", "since", "until"):
                found.setdefault(key, []).append(pairs.get(key, ""))
            years = pairs.get("years", f"{LONG:g}")
    rows = [(key, values[place]) for place in range(len(found["do"])) for key, values in found.items()]
    return parse_query([*rows, ("years", years)])


def _in_line(text: str) -> list[dict[str, str]]:
    """Fields of a line that has a kind, a size, and sides by their codes or names; nothing for other words."""
    line = _LINE.fullmatch(text.strip())
    if line is None or line["do"] not in KINDS:
        return []
    found = {key: value for key, value in line.groupdict().items() if value}
    sides = {key: found[key].replace("+", SEPARATOR) for key in ("by", "on") if key in found}
    return [] if any(map(is_phrase, sides.values())) else [found | sides]


def _in_words(text: str) -> list[dict[str, str]]:
    """Fields of each measure in plain words; nothing where nothing is done, or it is the name of a file."""
    if len(re.split(r"[\s-]+", text.strip())) < LEAST_WORDS or Path(text.strip()).suffix in ENDINGS:
        return []
    return measures_in(text)


def fields_of(text: str) -> list[tuple[str, str]]:
    """Read the fields of a query string.

    Raises InputError: It has too many, or is no UTF-8.
    """
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError as error:
        raise InputError(f"The address has more than {MOST_FIELDS} fields, or is no UTF-8.") from error


def scenario_in(given: Scenario | str | Path) -> tuple[Scenario, Query | None]:
    """The scenario that is given, and the query that it was written as, if any.

    Raises InputError: The address has no measure, or something in it is not allowed.
    Raises ScenarioError: The file is absent or not valid.
    """
    if isinstance(given, Scenario):
        return given, None
    if not isinstance(given, str | Path):
        raise InputError(
            f"A scenario is a Scenario, a file, or a text as {EXAMPLE!r}, and no {type(given).__name__}."
        )
    query = query_in(str(given))
    first = str(given).split()[:1]
    said = len(str(given).split()) >= LEAST_WORDS and not exists(Path(given))
    meant = said or " on " in str(given) or (first[0] in KINDS if first else False)
    if query is None and isinstance(given, str) and meant and not Path(given).suffix:
        close = "" if first[0] in KINDS else did_you_mean(first[0], KINDS, show=repr)
        raise InputError(f"{given!r} is neither a file nor a measure.{close} Write it as {EXAMPLE!r}.")
    return (read_file(given, _told), None) if query is None else (query.scenario, query)


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario file, or a measure as it is said.

    Parameters
    ----------
    path : YAML file in UTF-8 of at most 200,000 bytes, whose list has keys or plain words; or a line, or plain words

    Returns
    -------
    Scenario

    Raises
    ------
    ScenarioError
        When the file is absent, too large or not valid. Each problem stands on a line of its own with file,
        line, key and what is allowed.
    InputError
        When a word is not understood.

    Examples
    --------
    >>> from pathlib import Path
    >>> size = Path("war.yaml").write_text(su.tariff("USA", "CHN", "60%").to_yaml(), "utf-8")
    >>> su.read_scenario("war.yaml").name
    'tariff USA CHN 60%'
    >>> [one.kind for one in su.read_scenario("60 % tariffs between the US and China").instruments]
    ['tariff', 'tariff']
    """
    return scenario_in(path if isinstance(path, str) else Path(path))[0]


def _told(text: str) -> Instrument:
    """The instrument of a measure in a scenario file that is written as a line or in plain words.

    Raises InputError: It is none, or several.
    """
    query = query_in(text)
    if query is None or len(query.scenario.instruments) != 1:
        raise InputError(f"{text!r} is not one measure. Write it as {EXAMPLE!r}.")
    return query.scenario.instruments[0]


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
    found = [word for word, inside in BUNDLES.items() if inside and list(inside) == codes]
    return found or codes
