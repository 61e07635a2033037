"""What must hold in a world's accounts, in messages that name the worst cells; and where its numbers come from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from suasion.errors import (
    AlignmentError,
    DuplicateLabelError,
    InputError,
    MissingValueError,
    NegativeValueError,
    UnbalancedTableError,
)
from suasion.remarks import Remark
from suasion.types import Citation, FloatArray
from suasion.world import arrays as acc

TOLERANCE = 1e-9
"""Largest relative gap allowed in an identity; float64 sums over 10,000 cells are good to about 1e-13."""

SHOWN = 5

Labels = Mapping[str, Sequence[str]]
"""Labels of every axis, by axis name."""


def axis_labels(countries: Sequence[str], sectors: Sequence[str], factors: Sequence[str]) -> Labels:
    """Labels by axis name for every axis that occurs in a world."""
    places = dict.fromkeys(("importer", "exporter", "country"), countries)
    goods = dict.fromkeys(("sector", "user", "input"), sectors)
    return {**places, **goods, "factor": factors}


def listed(items: Sequence[str]) -> str:
    """Join the first items and say how many are left out."""
    head = ", ".join(items[:SHOWN])
    return head if len(items) <= SHOWN else f"{head} and {len(items) - SHOWN} more"


def cell_names(where: FloatArray, dims: Sequence[str], labels: Labels) -> list[str]:
    """Name the cells with positive ``where``, the largest first; blank beyond those shown."""
    flat = np.flatnonzero(where > 0)
    flat = flat[np.argsort(-where.reshape(-1)[flat], kind="stable")]
    cells = [np.unravel_index(j, where.shape) for j in flat[:SHOWN]]
    names = ["(" + ", ".join(labels[d][j] for d, j in zip(dims, c, strict=True)) + ")" for c in cells]
    return names + [""] * (len(flat) - len(names))


def as_labels(kind: str, given: Sequence[str]) -> tuple[str, ...]:
    """Return labels as a tuple; a text, which is a sequence of letters too, raises."""
    if isinstance(given, str | bytes) or not isinstance(given, Iterable):
        what = "the text " if isinstance(given, str) else ""
        raise InputError(f"`{kind}` is {what}{given!r}; give a list of labels.")
    return tuple(given)


def check_labels(kind: str, labels: Sequence[str]) -> None:
    """Raise unless ``labels`` are non-empty texts without repetition."""
    if not labels:
        raise InputError(f"A world needs at least one {kind}; give a non-empty list of labels.")
    wrong = [repr(x) for x in labels if not isinstance(x, str) or not x.strip()]
    if wrong:
        raise InputError(f"Labels of {kind} must be texts, got {listed(wrong)}.")
    twice = sorted({x for x in labels if labels.count(x) > 1}) if len(set(labels)) < len(labels) else []
    if twice:
        raise DuplicateLabelError(
            f"Labels of {kind} occur more than once: {listed(twice)}. Aggregate or rename them first."
        )


def check_distinct(kind: str, labels: Sequence[str]) -> None:
    """Raise unless labels are texts without blanks around them that differ by more than case and blanks."""
    check_labels(kind, labels)
    blank = [repr(x) for x in labels if x != x.strip()]
    if blank:
        raise InputError(f"Labels of {kind} have blanks around them: {listed(blank)}. Take them off.")
    seen: dict[str, str] = {}
    alike = [
        f"{x!r} and {y!r}" for x in labels if (y := seen.setdefault("".join(x.split()).casefold(), x)) != x
    ]
    if alike:
        raise DuplicateLabelError(
            f"Labels of {kind} differ by case or blanks alone: {listed(alike)}. Aggregate or rename them first."
        )


def check_year(year: object) -> None:
    """Raise unless the year is a whole number that a calendar has."""
    if isinstance(year, bool) or not isinstance(year, int | np.integer) or not 1 <= year <= 9999:
        raise InputError(f"year is {year!r}; it must be a whole number, as 2022.")


def check_names(given: Sequence[str], known: Sequence[str]) -> None:
    """Raise when an array has a name that a world does not store, or a needed one is absent."""
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise InputError(f"A world does not store {listed(unknown)}; it stores {', '.join(known)}.")
    absent = [x for x in known if x not in given and x not in acc.RATES]
    if absent:
        raise InputError(f"A world needs the arrays {listed(absent)} as well.")


def check_shape(name: str, values: FloatArray, labels: Labels) -> None:
    """Raise unless ``values`` has the axes that its name calls for."""
    dims = acc.DIMS[name]
    want = tuple(len(labels[d]) for d in dims)
    if values.shape != want:
        raise AlignmentError(
            f"`{name}` has shape {values.shape}, but its axes ({', '.join(dims)}) need {want}. "
            "Check the order of the axes and the lists of countries and sectors."
        )


def check_finite(name: str, values: FloatArray, labels: Labels) -> None:
    """Raise on NaN and infinite cells."""
    bad = ~np.isfinite(values)
    if bad.any():
        cells = cell_names(bad.astype(np.float64), acc.DIMS[name], labels)
        raise MissingValueError(
            f"`{name}` has {int(bad.sum())} cells that are NaN or infinite: {listed(cells)}. "
            "Missing is not zero: fill them on purpose, or drop those labels."
        )


def check_sign(name: str, values: FloatArray, labels: Labels) -> None:
    """Raise on negative values; an export tax may be negative (a subsidy) but stays above -100 %."""
    subsidy = name == "export_tax"
    low = values <= -1.0 if subsidy else values < 0.0
    if low.any():
        cells = cell_names(np.where(low, 1.0 - values, 0.0), acc.DIMS[name], labels)
        limit = "it must be above -1, that is -100 %" if subsidy else "it must be zero or more"
        raise NegativeValueError(
            f"`{name}` has {int(low.sum())} cells out of range ({limit}): {listed(cells)}. "
            "Mend them, or use `from_table`, which has a rule for negative final sales."
        )


def relative_gap(left: FloatArray, right: FloatArray) -> FloatArray:
    """Gap between the two sides of an identity relative to the larger side, 0 where both are 0."""
    scale = np.maximum(np.abs(left), np.abs(right))
    return np.abs(left - right) / np.where(scale > 0, scale, 1.0)


def _raise_unbalanced(rule: str, gap: FloatArray, dims: Sequence[str], labels: Labels, remedy: str) -> None:
    bad = np.where(gap > TOLERANCE, gap, 0.0)
    if bad.any():
        cells = cell_names(bad, dims, labels)
        raise UnbalancedTableError(
            f"{rule} fails in {int((bad > 0).sum())} cells, worst by {float(gap.max()):.3g} of the larger side: "
            f"{listed(cells)}. {remedy}"
        )


def check_output(arrays: acc.Arrays, labels: Labels) -> None:
    """Output equals value added plus inputs at user prices, for every country and sector."""
    cost = acc.value_added(arrays) + arrays["input_use"].sum(axis=2)
    _raise_unbalanced(
        "output = value added + inputs",
        relative_gap(acc.output(arrays), cost),
        acc.DIMS["output"],
        labels,
        "Set value added to output less inputs, or use `from_table`, which does.",
    )


def check_inputs(arrays: acc.Arrays, labels: Labels) -> None:
    """All inputs used equal intermediate purchases at user prices, for every country and input."""
    bought = acc.user_flows(arrays["intermediate"], arrays["tariff"], arrays["export_tax"]).sum(axis=1)
    _raise_unbalanced(
        "inputs used = intermediate purchases at user prices",
        relative_gap(arrays["input_use"].sum(axis=1), bought),
        ("country", "input"),
        labels,
        "Give `input_use` with tariffs and export taxes included, or add them with `with_tariffs`.",
    )


def check_transfer(arrays: acc.Arrays) -> None:
    """Transfers sum to zero over the world, relative to world absorption."""
    spent = acc.absorption(arrays)
    gap, scale = abs(float((spent - acc.income(arrays)).sum())), float(spent.sum())
    if gap > TOLERANCE * scale:
        raise UnbalancedTableError(
            f"Transfers sum to {gap:.6g} million USD over the world instead of zero. "
            "What one country spends beyond its income another must lend: check final purchases."
        )


def check_accounts(arrays: acc.Arrays, labels: Labels) -> None:
    """Run every rule on the stored arrays, cheapest first.

    Raises AlignmentError, MissingValueError, NegativeValueError, UnbalancedTableError: With the worst cells
      and the remedy.
    """
    for name, values in arrays.items():
        check_shape(name, values, labels)
        check_finite(name, values, labels)
        check_sign(name, values, labels)
    check_inputs(arrays, labels)
    check_output(arrays, labels)
    check_transfer(arrays)


Step = str
"""A sentence on what was done to the numbers of a world: kept in its file, and shown as that file has it."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Origin of a table and the steps applied to it.

    Parameters
    ----------
    dataset
        Name of the data set, for instance ``"OECD ICIO, 2025 release"``.
    version
        Release or file version; empty where there is none.
    checksum
        SHA-256 of the source file as published; empty where the table came from memory.
    transformations
        What was done to the numbers, in order, one sentence each.
    licence
        Terms of the data.
    citation
        How to cite the data.
    doubts
        What the certificate of the table found that no published table has; every answer says it.
    """

    dataset: Citation = "a table given by the user"
    version: str = ""
    checksum: str = ""
    transformations: tuple[str, ...] = ()
    licence: str = ""
    citation: str = ""
    doubts: tuple[Remark, ...] = ()

    def then(self, *steps: str) -> Provenance:
        """Return the provenance with further steps appended to ``transformations``."""
        return replace(self, transformations=(*self.transformations, *steps))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for JSON."""
        doubts = [{"key": one.key, "values": dict(one.values)} for one in self.doubts]
        return {**asdict(self), "transformations": list(self.transformations), "doubts": doubts}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Provenance:
        """Build from the values of :meth:`to_dict`."""
        doubts = tuple(Remark(one["key"], one["values"]) for one in values.get("doubts", ()))
        steps = tuple(values.get("transformations", ()))
        return cls(**{**values, "transformations": steps, "doubts": doubts})
