"""The published JSON Schema of a dossier's context, made from the types of the context itself."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from suasion.answers.answer import Answer
from suasion.answers.render.json import VERSION
from suasion.answers.table import Table
from suasion.dossier.chapter import Conclusion
from suasion.dossier.context import SCHEMA
from suasion.dossier.forms import Dossier

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_PLAIN = {str: "string", float: "number", int: "integer", bool: "boolean", type(None): "null"}
_CLAIM = {
    "type": "object",
    "description": "A conclusion: its key, the direction computed from its numbers, its sentence and its source.",
    "properties": {name: {"type": "string"} for name in ("kind", "verb", "sentence", "source")},
    "required": ["kind", "verb", "sentence", "source"],
}
_TABLE = {"type": "object", "required": ["key", "columns", "rows"]}
_ANSWER = {
    "type": "object",
    "description": "An answer: its question, findings (keys, values, sentences) and tables (columns with units, rows).",
    "properties": {
        "version": {"const": VERSION},
        "question": {"type": "string"},
        "findings": {"type": "array", "items": {"type": "object", "required": ["key", "values", "sentence"]}},
        "tables": {"type": "array", "items": _TABLE},
        "absent": {"type": ["object", "null"]},
    },
    "required": ["version", "question", "findings", "tables", "absent"],
}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of what ``Dossier.to_dict`` gives and ``--json`` writes.

    Returns: Version ``SCHEMA`` of the context. Within a version fields may be added, so that further ones are
      allowed; none is renamed or removed.
    """
    made: dict[str, Any] = {}
    root = _of(Dossier, made)
    made["Dossier"]["properties"]["schema"] = {"const": SCHEMA}
    return {
        "$schema": DIALECT,
        "title": f"Suasion dossier, context version {SCHEMA}",
        "description": "Percent means percent; money is million USD; a loss is positive; a missing number is null.",
        **root,
        "$defs": dict(sorted(made.items())),
    }


def _of(kind: Any, made: dict[str, Any]) -> dict[str, Any]:
    """Schema of a type; dataclasses are put into ``made`` and referred to."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        return {"type": _PLAIN[kind]}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of(part, made) for part in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _of(arguments[0], made)}
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _of(arguments[1], made)}
    if kind is Answer:
        return _ANSWER
    if kind is Table:
        return _TABLE
    if issubclass(kind, Conclusion):
        return _CLAIM
    return _reference(kind, made)


def _reference(kind: Any, made: dict[str, Any]) -> dict[str, Any]:
    name = kind.__name__
    if name not in made:
        made[name] = {}  # a type may hold itself
        hints = get_type_hints(kind)
        fields = [field.name for field in dataclasses.fields(kind)]
        made[name] = {
            "type": "object",
            "description": (kind.__doc__ or "").strip().split("\n")[0],
            "properties": {field: _of(hints[field], made) for field in fields},
            "required": fields,
        }
    return {"$ref": f"#/$defs/{name}"}
