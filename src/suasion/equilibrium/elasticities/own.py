"""Own values of the elasticities: scalars, tables by label, or arrays, checked when they are given."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike

from suasion.errors import ElasticityError
from suasion.nearest import did_you_mean
from suasion.types import Advice, FloatArray

Table = tuple[tuple[str, float], ...]
Grid = tuple[Any, ...]  # nested tuples of floats, as deep as the array that was given
Given = float | Mapping[str, float] | Table | ArrayLike | None

_LOWEST = {"roy": 1.0, "mu": 1.0}
_ABOVE = (
    "sigma",
    "sigma_switching",
    "mu",
    "first_factor",
    "long_factor",
)  # the lowest value itself is not allowed
_RANGE: dict[str, Advice] = {
    "sigma": "> 0 (> 1 wherever a flow is cut)",
    "sigma_switching": "> 0 (> 1 wherever a flow is cut)",
    "roy": ">= 1 (1 specific, infinite mobile)",
    "switching": "from 0 to 1",
    "mu": "> 1",
    "capital": "from 0 to 0.9",
    "first_factor": "> 0",
    "long_factor": "> 0",
}
_HIGHEST = {"switching": 1.0, "capital": 0.9}
_SIZE = 1_000.0


@dataclass(frozen=True, slots=True)
class Elasticities:
    """Own elasticities. What is left out comes from the horizon's preset.

    Own values are used as they are: no horizon scales them and no floor lifts them.

    Parameters
    ----------
    sigma : float, mapping (or Series) of sector to float, or array (sector,)
        Substitution among origins; ``sigma - 1`` is the trade elasticity, theta elsewhere. > 0, and > 1 where a flow is
        cut. A mapping may name some sectors only; the others keep their preset.
    zeta, epsilon, eta : float, mapping of sector to float, array (sector,) or (country, sector)
        Substitution between value added and inputs, among inputs, among factors. >= 0.
    kappa : float, mapping of country to float, or array (country,)
        Substitution among goods in final demand. >= 0.
    roy : float, mapping of factor to float, or array (factor,)
        Dispersion of the Roy-Frechet choice of sector: 1 is specific, ``math.inf`` is mobile.
    switching : float, mapping of sector to float, or array (sector,)
        Share of purchases that are free to change suppliers, from 0 to 1.
    sigma_switching : float, mapping of sector to float, or array (sector,)
        Substitution among origins of those purchases; an own ``sigma`` is also that unless it is given.
    mu : float, mapping of sector to float, or array (sector,)
        Substitution between those purchases and the others, > 1.
    capital : float, mapping of country to float, or array (country,)
        Share of capital in value added, from 0 to 0.9, where ``factors="capital"`` is asked for.
    first_factor, long_factor : float
        In place of the schedule: what ``sigma - 1`` of goods without exchange is in the first year, over its long-run
        preset, and towards what it moves, at the pace of the schedule (nineteen twentieths of the way in ten years).
        Both or none. > 0.
    exchange : sectors whose goods have exchanges: they have the long-run sigma at every horizon. None of them if
        empty.

    Raises
    ------
    ElasticityError
        When a value is out of range, NaN or infinite; the message names the parameter and the label.

    Examples
    --------
    >>> Elasticities(sigma={"B06": 8.0}, zeta=0.3).zeta
    0.3
    """

    sigma: Given = None
    zeta: Given = None
    epsilon: Given = None
    eta: Given = None
    kappa: Given = None
    roy: Given = None
    switching: Given = None
    sigma_switching: Given = None
    mu: Given = None
    capital: Given = None
    first_factor: float | None = None
    long_factor: float | None = None
    exchange: Sequence[str] | None = None

    def __post_init__(self) -> None:
        """Bring every value into an immutable form and check it."""
        for item in fields(self):
            bring = _labels if item.name == "exchange" else _frozen
            object.__setattr__(self, item.name, bring(item.name, getattr(self, item.name)))
        self._check_factors()

    def _check_factors(self) -> None:
        """Factors in place of the schedule are two numbers, or none."""
        both = (self.first_factor, self.long_factor)
        if both != (None, None) and not all(isinstance(one, float) for one in both):
            raise ElasticityError(
                "first_factor and long_factor stand in for the schedule together; give a number for each."
            )

    def to_dict(self) -> dict[str, Any]:
        """Values that were given, as plain numbers, dictionaries and lists."""
        given = {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) is not None}
        return {name: dict(value) if is_table(value) else _listed(value) for name, value in given.items()}


def _labels(name: str, value: Any) -> tuple[str, ...] | None:
    """Labels as a tuple."""
    items = (value,) if isinstance(value, str) else value
    if items is None:
        return None
    if not isinstance(items, Sequence) or not all(isinstance(item, str) for item in items):
        raise ElasticityError(f"{name} is {value!r}; give a list of sectors, or an empty one for none.")
    return tuple(dict.fromkeys(items))


def is_table(value: object) -> bool:
    """Whether a stored value is a table by label."""
    return (
        isinstance(value, tuple)
        and bool(value)
        and isinstance(value[0], tuple)
        and isinstance(value[0][0], str)
    )


def _frozen(name: str, value: Any) -> float | Table | Grid | None:
    """Immutable, checked form: None, float, table of (label, float), or nested tuples."""
    if value is None:
        return None
    value = _by_label_if_labelled(name, value)
    if is_table(value):
        return tuple((str(label), _checked(name, number, str(label))) for label, number in value)
    if isinstance(value, (list, tuple, np.ndarray)) and not (
        isinstance(value, np.ndarray) and value.ndim == 0
    ):
        return _grid(name, value)
    return _checked(name, value, "")


def _by_label_if_labelled(name: str, value: Any) -> Any:
    """Table as pairs for a mapping or a labelled vector; a labelled array of more axes is refused."""
    if isinstance(value, xr.DataArray):
        value = value.to_series() if value.ndim == 1 else value
    if isinstance(value, (Mapping, pd.Series)):
        if len(value) == 0:
            raise ElasticityError(f"{name}: the table is empty; leave {name} out to use the preset.")
        return tuple((str(label), number) for label, number in value.items())
    if isinstance(value, (pd.DataFrame, xr.DataArray)):
        raise ElasticityError(
            f"{name}: labels of a table with {value.ndim} axes would be ignored; "
            "give one axis, or a plain array."
        )
    return value


def _grid(name: str, value: Any) -> Grid:
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ElasticityError(
            f"{name}: {error}. Give a number, a table by label, or an array of numbers."
        ) from error
    if array.size == 0:
        raise ElasticityError(f"{name}: the array is empty; leave {name} out to use the preset.")
    for position in np.ndindex(array.shape):
        _checked(name, array[position], f"position {position if len(position) > 1 else position[0]}")
    return _tuples(array.tolist())


def _tuples(nested: list[Any]) -> Grid:
    return tuple(_tuples(item) if isinstance(item, list) else item for item in nested)


def _listed(value: Any) -> Any:
    return [_listed(item) for item in value] if isinstance(value, tuple) else value


def _checked(name: str, value: Any, label: str) -> float:
    """Value as a float, or an error that names parameter, label and range."""
    where = f"{name} of {label}" if label else name
    allowed = _RANGE.get(name, ">= 0")
    if isinstance(value, (bool, str, np.bool_)) or not np.isreal(value):
        raise ElasticityError(f"{where} is {value!r}; give a number {allowed}.")
    try:
        number = float(value)
    except OverflowError:  # a whole number of hundreds of digits
        number = math.inf
    low, high = _LOWEST.get(name, 0.0), _HIGHEST.get(name, math.inf)
    finite = math.isfinite(number) or (name == "roy" and number == math.inf)
    if not finite or not low <= number <= high or (name in _ABOVE and number == low):
        raise ElasticityError(f"{where} is {number}; it must be {allowed}.")
    if number > _SIZE and name != "roy":
        raise ElasticityError(
            f"{where} is {number}; values above {_SIZE:g} are not elasticities. Check the unit."
        )
    return number


def by_label(name: str, value: Any, labels: Sequence[str], base: FloatArray, axis: str) -> FloatArray:
    """Own values laid over ``base`` along its last axis.

    name: parameter, for messages.
    value: None, float, table or nested tuples. As stored in :class:`Elasticities`.
    labels: labels of the last axis of ``base``.
    base: array (..., label). Preset values.
    axis: what the labels are: ``"sector"``, ``"country"`` or ``"factor"``.
    Returns: array of the shape of ``base``.
    Raises ElasticityError when a table has an unknown label, or an array another shape.
    """
    result = base.copy()
    if value is None:
        return result
    if is_table(value):
        positions = {label: k for k, label in enumerate(labels)}
        check_labels(name, (label for label, _ in value), labels, axis)
        for label, number in value:
            result[..., positions[label]] = number
        return result
    array = np.asarray(value, dtype=np.float64)
    if array.ndim > 0 and array.shape not in {base.shape, base.shape[-1:]}:
        allowed = " or ".join(str(shape) for shape in dict.fromkeys((base.shape[-1:], base.shape)))
        raise ElasticityError(
            f"{name} has the shape {array.shape}; this world needs {allowed} ({axis} last)."
        )
    result[...] = array
    return result


def check_labels(name: str, given: Iterable[str], known: Sequence[str], axis: str) -> None:
    """Raise with close matches when a label is not among the known ones."""
    unknown = [label for label in given if label not in set(known)]
    if not unknown:
        return
    hint = did_you_mean(unknown[0], known, 3)
    raise ElasticityError(
        f"{name}: {axis} {', '.join(map(repr, unknown[:5]))} is not in this world.{hint} "
        f"Its {len(known)} labels begin with {', '.join(known[:5])}."
    )
