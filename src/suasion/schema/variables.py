"""Typed rows of ``variables.toml`` and ``columns.toml``: one unit a name, and look-ups by name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast, get_args

from suasion.errors import DuplicateLabelError, InputError, MissingValueError
from suasion.files import shipped_text
from suasion.nearest import nearest

Owner = Literal["world", "result", "dependence", "exit_cost", "critical_level", "power"]
OWNERS: tuple[Owner, ...] = get_args(Owner)

_FIELDS = ("name", "of", "dims", "unit", "sign", "symbol", "meaning", "source")


@dataclass(frozen=True, slots=True)
class Variable:
    """One labelled variable.

    Attributes
    ----------
    name : name by which a world or a result is asked for it
    of : {"world", "result", "dependence", "exit_cost", "critical_level", "power"}
        The object that carries it.
    dims : axis names in their order; empty for a scalar
    unit : unit, for instance ``"million USD"``, ``"per cent"`` or ``"rate"``
    sign : range and meaning of the sign
    symbol : symbol in the model's equations, in plain text
    meaning : what it measures, in one or two sentences
    source : the block of the data, the equation or the rule it comes from
    """

    name: str
    of: Owner
    dims: tuple[str, ...]
    unit: str
    sign: str
    symbol: str
    meaning: str
    source: str

    @property
    def attrs(self) -> dict[str, str]:
        """Attributes for a labelled array: ``long_name``, ``unit``, ``sign`` and ``source``."""
        return {"long_name": self.meaning, "unit": self.unit, "sign": self.sign, "source": self.source}


@cache
def variables(of: Owner | None = None) -> tuple[Variable, ...]:
    """Return all rows in the order of the file, or those of one object.

    Parameters
    ----------
    of : {"world", "result", "dependence", "exit_cost", "critical_level", "power"}, optional
        Keep the rows of this object only.

    Returns
    -------
    tuple of Variable

    Raises
    ------
    InputError
        If ``of`` is none of the allowed values.
    """
    if of is None:
        text = shipped_text("suasion.schema", "variables.toml")
        return parse_variables(text)
    if of not in OWNERS:
        raise InputError(f"`of` is {of!r}; give one of {', '.join(OWNERS)}.")
    return tuple(row for row in variables() if row.of == of)


def parse_variables(text: str) -> tuple[Variable, ...]:
    """Read rows from the text of a TOML file with a list ``variable`` of tables.

    text: content of the file.
    Raises MissingValueError if a row lacks a field, has one too many, or an owner that is not known.
    Raises DuplicateLabelError if one object has two rows of the same name.
    """
    rows = tuple(_row(entry) for entry in tomllib.loads(text)["variable"])
    keys = [(row.of, row.name) for row in rows]
    doubled = sorted({f"{of}.{name}" for of, name in keys if keys.count((of, name)) > 1})
    if doubled:
        raise DuplicateLabelError(f"The schema has two rows for {', '.join(doubled)}. Keep one of each.")
    return rows


def _row(entry: dict[str, object]) -> Variable:
    if set(entry) != set(_FIELDS) or entry["of"] not in OWNERS:
        wrong = sorted(set(entry) ^ set(_FIELDS)) or [f"of = {entry['of']!r}"]
        raise MissingValueError(
            f"Schema row {entry.get('name')!r} has lacking, unknown or wrong fields: {', '.join(wrong)}. "
            f"Every row has exactly {', '.join(_FIELDS)}, and `of` is one of {', '.join(OWNERS)}."
        )
    text = {key: str(entry[key]) for key in ("name", "unit", "sign", "symbol", "meaning", "source")}
    dims = tuple(cast("list[str]", entry["dims"]))
    return Variable(of=entry["of"], dims=dims, **text)


def variable(name: str, of: Owner | None = None) -> Variable:
    """Return the row of one variable.

    Parameters
    ----------
    name : name of the variable
    of : {"world", "result", "dependence", "exit_cost", "critical_level", "power"}, optional
        The object meant. Without it the first row of that name counts; the world's come first.

    Returns
    -------
    Variable

    Raises
    ------
    InputError
        If there is no such variable; the message names close ones.
    """
    rows = variables(of)
    for row in rows:
        if row.name == name:
            return row
    close = nearest(name, [row.name for row in rows], 3)
    hint = f"Did you mean {' or '.join(repr(c) for c in dict.fromkeys(close))}?" if close else ""
    known = ", ".join(dict.fromkeys(row.name for row in rows))
    raise InputError(f"There is no variable {name!r}. {hint or 'Known: ' + known + '.'}")


def describe(name: str, of: Owner | None = None) -> str:
    """Describe a variable in readable lines.

    Parameters
    ----------
    name : name of the variable
    of : {"world", "result", "dependence", "exit_cost", "critical_level", "power"}, optional
        The object meant; without it all rows of that name are described.

    Returns
    -------
    str
        Name, dimensions, unit, sign, meaning and source of each row.

    Raises
    ------
    InputError
        If there is no such variable.

    Examples
    --------
    >>> print(su.describe("hhi").splitlines()[0])
    hhi (country), index; 1/N to 1 [of the dependence]
    """
    first = variable(name, of)
    rows = [first] if of else [row for row in variables() if row.name == name]
    return "\n\n".join(_paragraph(row) for row in rows)


def _paragraph(row: Variable) -> str:
    dims = ", ".join(row.dims) or "scalar"
    head = f"{row.name} ({dims}), {row.unit}; {row.sign} [of the {row.of.replace('_', ' ')}]"
    return f"{head}\n  {row.meaning}\n  Source: {row.source}"


BAND = ("_low", "_high")
"""A column with these endings beside it has a band: ``loss_percent``, ``loss_percent_low``, ``loss_percent_high``."""

BOUNDS = ("_least", "_most")
"""Endings of what a number is with judgements at the one and the other end of their ranges: no band of draws."""


@cache
def units() -> Mapping[str, str]:
    """Return the unit of every column by name."""
    text = shipped_text("suasion.schema", "columns.toml")
    return dict(tomllib.loads(text)["unit"])


def unit_of(name: str) -> str:
    """Return the unit of a column; an end of a band has that of its number.

    Raises InputError if no column of that name is known.
    """
    for ending in ("", *BAND):
        stem = name.removesuffix(ending) if ending else name
        if name.endswith(ending) and stem in units():
            return units()[stem]
    raise InputError(f"There is no column {name!r}: give it a unit in schema/columns.toml.")
