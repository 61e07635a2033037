"""How a world responds where it is not as its horizon says: own elasticities, and the mobility of factors.

Models read it off the world; so does whoever asks a question of the world, at any door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, Literal

from suasion.equilibrium.elasticities.own import Elasticities, is_table
from suasion.errors import ElasticityError
from suasion.nearest import did_you_mean

Factors = Literal["mobile", "specific", "roy", "capital"]
_NAMES = tuple(one.name for one in fields(Elasticities))


@dataclass(frozen=True, slots=True)
class Response:
    """How a world responds.

    elasticities: own values over those of the horizon.
    factors: {"mobile", "specific", "roy", "capital"}, optional. Mobility of factors in place of that of the
      horizon.
    after: name of the scenario that the world has adjusted to; empty where there is none.
    """

    elasticities: Elasticities | None = None
    factors: Factors | None = None
    after: str = ""


def _folder() -> Path:
    return Path(str(resources.files("suasion.equilibrium.elasticities").joinpath("sets")))


@cache
def shipped_elasticities() -> tuple[str, ...]:
    """Return the names of the sets of elasticities that ship."""
    return tuple(sorted(file.stem for file in _folder().glob("*.yaml")))


def elasticities_in(given: Elasticities | Mapping[str, Any] | str | Path) -> Elasticities | None:
    """Read own elasticities, however they are given.

    given: values; the name of a set that ships; ``sigma=4,zeta.C26=0.3``; or a YAML file with the same names.
      Empty for those of the horizon.
    Raises ElasticityError: A name or a number is not one of an elasticity, or there is no such file.
    """
    if isinstance(given, Elasticities) or not str(given).strip():
        return given if isinstance(given, Elasticities) else None
    values = dict(given) if isinstance(given, Mapping) else _inline(str(given)) or _file(str(given))
    unknown = [str(name) for name in values if name not in _NAMES]
    if unknown:
        hint = did_you_mean(unknown[0], _NAMES)
        raise ElasticityError(f"There is no elasticity {unknown[0]!r}; they are {', '.join(_NAMES)}.{hint}")
    return Elasticities(**values)


def is_inline(text: str) -> bool:
    """Whether own values are written out: ``sigma=4,zeta=0.3``."""
    return "=" in text


def written(own: Elasticities) -> str:
    """Return own values as :func:`elasticities_in` reads them; arrays, which have no labels, as ``name=array``."""
    parts: list[str] = []
    for name in _NAMES:
        value: Any = getattr(own, name)
        if is_table(value):
            parts += [f"{name}.{label}={number:g}" for label, number in value]
        elif value is not None:
            parts.append(f"{name}={value:g}" if isinstance(value, float) else f"{name}={_listed(value)}")
    return ",".join(parts)


def _listed(value: tuple[Any, ...]) -> str:
    return "+".join(value) if all(isinstance(one, str) for one in value) else "array"


def _inline(text: str) -> dict[str, Any]:
    """Values that are written out; none where the text is a name or a file."""
    values: dict[str, Any] = {}
    for part in text.split(",") if is_inline(text) else ():
        name, _, number = (word.strip() for word in part.partition("="))
        name, _, label = name.partition(".")
        value = tuple(filter(None, number.split("+"))) if name == "exchange" else _number(part, number)
        if label:
            values.setdefault(name, {})[label] = value
        else:
            values[name] = value
    return values


def _number(part: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ElasticityError(f"{part.strip()!r} has no number; write sigma=4 or sigma.C26=4.") from None


def _file(text: str) -> dict[str, Any]:
    """Values of a file, or of a set that ships."""
    from suasion.schema import yaml_lines

    noun, most = "file of elasticities", 200_000
    read = yaml_lines.read_text(text, noun, most, ElasticityError, _folder())
    return dict(yaml_lines.parse(read, text, noun, most, ElasticityError, first="sigma")[0])
