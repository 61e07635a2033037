"""An answer as plain values, ready for JSON, and back: keys and numbers for machines, the sentence beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from suasion.answers.answer import Answer, Check, Run, Source
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import title_of
from suasion.answers.table import Column, Picture, Table
from suasion.answers.values import Comparison, decode, encode
from suasion.errors import DataError

VERSION = 1
"""Of this form. A field that is added leaves it; one that goes, or means something else, raises it."""

_PARTS = Table | Column | Picture | Comparison | Source | Check | Run


def as_dict(answer: Answer, language: Language = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """Return everything but the model's own result as mappings, lists, numbers and text."""
    plain = {one.name: _plain(getattr(answer, one.name), language) for one in fields(answer) if one.compare}
    return {"version": VERSION, "title": title_of(answer, language), **plain}


def _plain(value: Any, language: Language) -> Any:
    """The types of this room as mappings of their fields; a finding has its sentence beside them."""
    if isinstance(value, _PARTS):
        return {one.name: _plain(getattr(value, one.name), language) for one in fields(value)}
    if isinstance(value, Finding):
        return finding_dict(value, language)
    if isinstance(value, tuple) and value and isinstance(value[0], _PARTS | Finding):
        return [_plain(item, language) for item in value]
    return encode(value)


def table_dict(table: Table, language: Language = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """Return a table as plain values."""
    made: dict[str, Any] = _plain(table, language)
    return made


def finding_dict(finding: Finding, language: Language = DEFAULT_LANGUAGE) -> dict[str, Any]:
    """Return a finding as plain values: its fields, and its sentence."""
    own = {one.name: getattr(finding, one.name) for one in fields(finding)}
    own |= {"values": encode(finding.values), "compared": _plain(finding.compared, language)}
    return {**own, "sentence": finding.sentence(language)}


def from_dict(plain: Mapping[str, Any]) -> Answer:
    """Return the answer of what :func:`as_dict` made.

    Raises DataError if it was written by a later version.
    """
    if plain["version"] != VERSION:
        raise DataError(f"This answer has version {plain['version']}; this package reads version {VERSION}.")
    run = plain["run"]
    return Answer(
        question=plain["question"],
        asked=decode(plain["asked"]),
        findings=tuple(finding_of(one) for one in plain["findings"]),
        tables=tuple(table_of(one) for one in plain["tables"]),
        absent=finding_of(plain["absent"]) if plain["absent"] else None,
        sources=tuple(Source(**one) for one in plain["sources"]),
        checks=tuple(Check(**one) for one in plain["checks"]),
        run=Run(**{**run, "parameters": decode(run["parameters"])}) if run else None,
    )


def finding_of(plain: Mapping[str, Any]) -> Finding:
    """Return the finding of what :func:`finding_dict` made."""
    own = {name: item for name, item in plain.items() if name != "sentence"}
    compared = own["compared"]
    own |= {"values": decode(own["values"]), "compared": Comparison(**decode(compared)) if compared else None}
    return Finding(**own)


def table_of(plain: Mapping[str, Any]) -> Table:
    """Return the table of what :func:`table_dict` made."""
    picture = plain["picture"]
    return Table(
        key=plain["key"],
        columns=tuple(Column(**one) for one in plain["columns"]),
        rows=decode(plain["rows"]),
        axes=tuple(plain["axes"]),
        picture=Picture(**picture) if picture else None,
        values=decode(plain["values"]),
        notes=tuple(finding_of(one) for one in plain["notes"]),
        detail=plain["detail"],
        brief=tuple(plain["brief"]),
    )
