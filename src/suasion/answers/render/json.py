"""An answer as plain values, ready for JSON, and back: keys and numbers for machines, the sentence beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from suasion.answers.content import AnswerContent, Check, Run, Source
from suasion.answers.finding import Finding
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import title_of
from suasion.answers.table import Column, Picture, Table
from suasion.answers.values import Comparison, Quantity, Value, built, decode, encode
from suasion.errors import DataError

VERSION = 1
"""Of this form. A field that is added leaves it; one that goes, or means something else, raises it."""

Kind = TypeVar("Kind", bound=AnswerContent)
_PARTS = Table | Column | Picture | Comparison | Source | Check | Run


def as_dict(answer: AnswerContent, language: Language = DEFAULT_LANGUAGE) -> dict[str, Any]:
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


def from_dict(plain: Mapping[str, Any], kind: type[Kind]) -> Kind:
    """Return the answer of what :func:`as_dict` made.

    kind: Class of the answer.

    Raises DataError if it was written by a later version, or is none.
    """
    try:
        if plain["version"] != VERSION:
            raise DataError(
                f"This answer has version {plain['version']}; this package reads version {VERSION}."
            )
        return _answer_of(plain, kind)
    except DataError:
        raise
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        what = f"it lacks {error}" if isinstance(error, KeyError) else " ".join(str(error).split())[:200]
        raise DataError(
            f"This is no answer as the package writes it: {what}. Write it anew: answer.write('answer.json')."
        ) from error


def _answer_of(plain: Mapping[str, Any], kind: type[Kind]) -> Kind:
    run = plain["run"]
    asked = decode(plain["asked"])
    return kind(
        question=_text(plain["question"]),
        asked={_text(name): _value(value) for name, value in asked.items()},
        findings=tuple(finding_of(one) for one in plain["findings"]),
        tables=tuple(table_of(one) for one in plain["tables"]),
        absent=finding_of(plain["absent"]) if plain["absent"] else None,
        sources=tuple(built(Source, one) for one in plain["sources"]),
        checks=tuple(built(Check, one) for one in plain["checks"]),
        run=_run_of(run) if run else None,
    )


def _run_of(plain: Mapping[str, Any]) -> Run:
    seed, draws = plain["seed"], plain["draws"]
    if not isinstance(draws, int) or not isinstance(seed, int | None):
        raise TypeError("seed and draws are whole numbers")
    return Run(
        id=_text(plain["id"]),
        version=_text(plain["version"]),
        command=_text(plain["command"]),
        parameters={name: _value(value) for name, value in decode(plain["parameters"]).items()},
        world=_text(plain["world"]),
        seed=seed,
        draws=draws,
    )


def finding_of(plain: Mapping[str, Any]) -> Finding:
    """Return the finding of what :func:`finding_dict` made."""
    compared, weight = plain["compared"], plain["weight"]
    return Finding(
        key=_text(plain["key"]),
        values={name: _value(value) for name, value in decode(plain["values"]).items()},
        compared=_compared(compared) if compared else None,
        weight=float(weight),
        caution=bool(plain["caution"]),
    )


def _compared(plain: Mapping[str, Any]) -> Comparison:
    sides = decode(plain)
    if not all(isinstance(sides[name], Quantity) for name in ("left", "right")):
        raise TypeError("what is compared are no two quantities")
    return Comparison(**sides)


def table_of(plain: Mapping[str, Any]) -> Table:
    """Return the table of what :func:`table_dict` made.

    Raises DataError if rows do not fit columns, or it names columns that it has not.
    """
    picture = plain["picture"]
    made = Table(
        key=_text(plain["key"]),
        columns=tuple(built(Column, one) for one in plain["columns"]),
        rows=tuple(tuple(map(_value, row)) for row in decode(plain["rows"])),
        axes=tuple(map(_text, plain["axes"])),
        picture=built(Picture, picture) if picture else None,
        values={name: _value(value) for name, value in decode(plain["values"]).items()},
        notes=tuple(finding_of(one) for one in plain["notes"]),
        detail=bool(plain["detail"]),
        brief=tuple(map(_text, plain["brief"])),
        whole=_text(plain.get("whole", "")),
    )
    names = [one.name for one in made.columns]
    drawn = [made.picture.x, made.picture.y] if made.picture else []
    lacking = [name for name in (*made.axes, *made.brief, *drawn) if name and name not in names]
    if lacking or any(len(row) != len(names) for row in made.rows):
        what = (
            f"names the column {lacking[0]}, which it has not"
            if lacking
            else "has rows that do not fit its columns"
        )
        raise DataError(f"The table {made.key} of this answer {what}. Write the answer anew.")
    return made


def _text(plain: Any) -> str:
    if not isinstance(plain, str):
        raise TypeError(f"{plain!r:.40} stands where a name belongs")
    return plain


def _value(plain: Any) -> Value:
    """A value as a sentence or a cell can hold it."""
    if isinstance(plain, Mapping):
        raise TypeError(f"{dict(plain)!r:.60} is no value")
    return tuple(map(_value, plain)) if isinstance(plain, tuple) else plain
