"""A scenario as it is given: a file, an address of the builder, or a line for each measure."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qsl

from suasion.equilibrium import Scenario, read_scenario
from suasion.errors import InputError
from suasion.nearest import did_you_mean
from suasion.questions.scenarios.address import LONG, Query, parse_query
from suasion.questions.scenarios.instruments import KINDS

MOST_FIELDS = 90
EXAMPLE = "tariff 60 USA on CHN"
_ADDRESS = re.compile(r"(?:.*\?)?((?:do|by|on|in|years|name)=.*)", re.DOTALL)
_LINE = re.compile(
    r"(?P<do>\w+)(?:\s+(?P<size>[-+]?[\d.]+)\s*%?)?(?:\s+(?P<by>.+?))?\s+on\s+(?P<on>.+?)(?:\s+in\s+(?P<in>.+))?"
)


def query_in(text: str) -> Query | None:
    """Read an address, or lines such as ``tariff 25 USA on CHN in goods``, several with semicolons; None for a file.

    text: As typed.
    Raises InputError: A key, a number or a word is not allowed.
    """
    address = _ADDRESS.fullmatch(text.strip())
    if address:
        return parse_query(fields_of(address[1].partition("#")[0]))
    lines = [_LINE.fullmatch(line.strip()) for line in text.split(";")]
    if not all(line and line["do"] in KINDS for line in lines):
        return None
    keys = ("do", "by", "on", "in", "size")
    return parse_query(
        [*((key, line[key] or "") for line in lines if line for key in keys), ("years", f"{LONG:g}")]
    )


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
    meant = " on " in str(given) or (first[0] in KINDS if first else False)
    if query is None and isinstance(given, str) and meant and not Path(given).suffix:
        close = "" if first[0] in KINDS else did_you_mean(first[0], KINDS, show=repr)
        raise InputError(f"{given!r} is neither a file nor a measure.{close} Write it as {EXAMPLE!r}.")
    return (read_scenario(given), None) if query is None else (query.scenario, query)
