"""Sanctions since 1949: the Global Sanctions Data Base, releases 3 and 4, cases with objective and success.

A case has one or more objectives, and in all but one case as many judgements of success. Senders and targets are
written as published: states, groups (EU, UN) and lists of states. ``parties`` splits them; a group keeps its own name.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from suasion.errors import AmbiguousCountryError, DataError, SourceFileError, UnknownCountryError
from suasion.sources.countries import resolve_country
from suasion.sources.ir_files import layout, locate, read_layout

KINDS = ("trade", "arms", "military", "financial", "travel", "other")
"""Instruments of a case."""

OBJECTIVES = (
    "policy_change",
    "destab_regime",
    "territorial_conflict",
    "prevent_war",
    "terrorism",
    "end_war",
    "human_rights",
    "democracy",
    "other",
)
"""What a case is for, as published."""

OUTCOMES = ("failed", "success_part", "success_total", "nego_settlement", "ongoing")
"""How a case ended for an objective, as published."""

LAYOUT = layout("sanctions")

NAMES = {
    "Ceylon": "LKA",
    "Czechoslovakia": "CSK",
    "Ethiopia (excludes Eritrea)": "ETH",
    "FRY": "SRB",
    "German Democratic Republic": "DDR",
    "Malagasy Republic": "MDG",
    "Malaya": "MYS",
    "North Vietnam": "VNM",
    "Rhodesia": "ZWE",
    "South Vietnam": "VDR",
    "Soviet Union": "RUS",
    "Transjordan": "JOR",
    "Yugoslavia": "YUG",
}
"""States under a name that the resolver does not know; former ones keep the codes of the votes and of the crosswalk."""

_COMMAS = (
    "Egypt, Arab Rep.",
    "Korea, South",
    "Korea, North",
    "Congo, Democratic Republic of the",
    "Gambia, The",
)


def read_gsdb(path: str | Path) -> pd.DataFrame:
    """Read sanctions by case.

    path: ``GSDB_V3.csv`` or ``GSDB_V4.csv``, or a folder.
    Returns: ``case`` (number), ``target``, ``sender`` (text as published), ``begin``, ``end`` (years),
      ``trade``, ``arms``, ``military``, ``financial``, ``travel``, ``other`` (bool), ``trade_detail`` (such
      as ``exp_part``; missing without trade sanctions), ``objective`` and ``success`` (tuples of words).
    Raises SourceFileError if the file is absent or another one.
    Raises DuplicateLabelError if a case has two rows.
    Raises DataError if a case ends before it begins, or has other words for objective or success.
    """
    file = locate(path, LAYOUT.names)
    table = read_layout(file, LAYOUT)
    for column, words in (("objective", OBJECTIVES), ("success", OUTCOMES)):
        table[column] = [
            _words(file, row, str(text), words)
            for row, text in zip(table["case"], table[column], strict=True)
        ]
    wrong = table[table["end"] < table["begin"]]
    if len(wrong):
        raise DataError(f"{file}: case {wrong['case'].iloc[0]} ends before it begins.")
    return table


def parties(text: str) -> tuple[str, ...]:
    """Split a list of senders or targets, and return alpha-3 codes.

    Parameters
    ----------
    text : as published, such as ``"Egypt, Arab Rep., Syria"``

    Returns
    -------
    tuple of str
        Codes; the published name where it is a group or no state.

    Examples
    --------
    >>> parties("Egypt, Arab Rep., Syria"), parties("United States, EU")
    (('EGY', 'SYR'), ('USA', 'EU'))
    """
    for name in _COMMAS:
        text = text.replace(name, name.replace(", ", ";"))
    return tuple(_party(part.strip().replace(";", ", ")) for part in text.split(",") if part.strip())


@cache
def _party(name: str) -> str:
    plain = {"Egypt, Arab Rep.": "EGY", "Gambia, The": "GMB", "Congo, Democratic Republic of the": "COD"}
    known = NAMES.get(name) or plain.get(name)
    if known:
        return known
    try:
        return resolve_country(name)
    except AmbiguousCountryError:
        return {"Korea": "KOR", "Congo": "COG"}.get(name, name)
    except UnknownCountryError:
        return name


def _words(file: Path, case: int, text: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    words = tuple(part.strip() for part in text.split(","))
    unknown = [w for w in words if w not in allowed]
    if unknown:
        raise SourceFileError(
            f"{file}: case {case} has {', '.join(unknown)}; known are {', '.join(allowed)}."
        )
    return words
