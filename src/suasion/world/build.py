"""Build worlds: from arrays, and as changed copies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from suasion.errors import InputError
from suasion.types import FloatArray
from suasion.world import arrays as acc
from suasion.world.align import aligned
from suasion.world.checks import axis_labels
from suasion.world.world import World

if TYPE_CHECKING:
    from suasion.types import FloatArray


def from_arrays(countries: Sequence[str], sectors: Sequence[str], year: int, **given: Any) -> World:
    """Build a world from its arrays, labelled or plain.

    Parameters
    ----------
    countries, sectors, year
        Labels and year.
    **given
        Arrays named as in :data:`suasion.world.arrays.STORED` (labelled arrays are aligned by label), and
        any other field of :class:`World`. ``factor_income`` may be left out: it is then output less inputs.

    Returns
    -------
    World

    Raises
    ------
    AlignmentError
        If a labelled array has other labels than the world.
    DataError
        Whatever :class:`World` raises.
    """
    labels = axis_labels(tuple(countries), tuple(sectors), given.get("factors", ("value added",)))
    arrays = {k: _plain(k, v, labels) for k, v in given.items() if k in acc.STORED}
    rest = {k: v for k, v in given.items() if k not in acc.STORED}
    unknown = set(rest) - {f.name for f in fields(World)}
    if unknown:
        raise InputError(
            f"A world has no {', '.join(sorted(unknown))}; its arrays are {', '.join(acc.STORED)}."
        )
    if "factor_income" not in arrays and {"intermediate", "final", "input_use"} <= set(arrays):
        arrays["factor_income"] = acc.output(arrays) - arrays["input_use"].sum(axis=2)
    return World(tuple(countries), tuple(sectors), year, arrays, **rest)


def _plain(name: str, values: Any, labels: Mapping[str, Sequence[str]]) -> FloatArray:
    if not hasattr(values, "dims"):
        return np.asarray(values, dtype=np.float64)
    dims = tuple(str(d) for d in values.dims if str(d) in acc.DIMS[name]) or acc.DIMS[name]
    full = acc.DIMS[name] if len(dims) == len(acc.DIMS[name]) else dims
    return aligned(name, values, full, labels, np.empty(tuple(len(labels[d]) for d in full)))


def replace(world: World, changes: Mapping[str, Any]) -> World:
    """Return a copy of ``world`` with other arrays or fields, checked again.

    A change of ``intermediate`` drops the full use matrix unless a new one is given.

    Parameters
    ----------
    world
        The world to copy.
    changes
        New arrays or fields by name.

    Returns
    -------
    World

    Raises
    ------
    InputError
        If a name is neither an array nor a field of a world.
    """
    names = [f.name for f in fields(world) if f.name != "arrays"]
    unknown = [x for x in changes if x not in acc.STORED and x not in names]
    if unknown:
        raise InputError(
            f"A world has no {', '.join(unknown)}; replace one of {', '.join([*acc.STORED, *names])}."
        )
    new = {k: _plain(k, v, world.labels) for k, v in changes.items() if k in acc.STORED}
    rest = {name: getattr(world, name) for name in names}
    rest["missing"] = world.missing - set(new)
    if "intermediate" in new and not np.array_equal(new["intermediate"], world.arrays["intermediate"]):
        rest["use_matrix"] = None
    rest.update({k: v for k, v in changes.items() if k in names})
    return World(arrays={**world.arrays, **new}, **rest)
