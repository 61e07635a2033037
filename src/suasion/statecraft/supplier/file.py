"""Files of suppliers, and what they come to over the ranges of their numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import numpy as np
import pandas as pd
from pydantic import Field

from suasion.errors import InputError, JudgementError
from suasion.schema import judgements
from suasion.schema.judgements import Figure, FigureModel, Judgement, judgement
from suasion.schema.typed_file import Strict, TypedFile, repeats
from suasion.schema.yaml_lines import Fault
from suasion.statecraft.ledger.file import swings
from suasion.statecraft.supplier.choice import Vendor, logit, threshold_hazard, two_sources
from suasion.statecraft.tables import EXAMPLES
from suasion.types import Brief, FloatArray

NUMBERS = ("cost", "hazard", "loss", "security", "switching", "quality")
BASE: Literal["as in the file"] = "as in the file"


class VendorModel(Strict):
    """Keys of a vendor."""

    name: str
    cost: Figure
    hazard: Figure
    loss: Figure
    security: Figure = FigureModel(value=0.0)
    switching: Figure = FigureModel(value=0.0)
    quality: Figure = FigureModel(value=0.0)


class ChangeModel(Strict):
    """Keys of a case: other numbers for some vendors."""

    name: str
    description: str = ""
    vendors: dict[str, dict[str, Figure]] = Field(default_factory=dict)
    correlation: Figure | None = None


class SupplierModel(Strict):
    """Keys of a supplier file."""

    name: str
    description: str = ""
    unit: str
    scale: Figure
    convexity: Figure
    correlation: Figure
    vendors: list[VendorModel]
    cases: list[ChangeModel] = Field(default_factory=list)
    sources: dict[str, judgements.SourceModel] = Field(default_factory=dict)


SupplierCase = Mapping[tuple[str, str], Judgement]
"""One set of numbers by their places, such as ``("Huawei", "hazard")`` or ``("", "scale")``."""


@dataclass(frozen=True, slots=True, repr=False)
class SupplierFile(Brief):
    """A choice of supplier as written down.

    Attributes
    ----------
    name, unit : str
    vendors : the first is the one whose threshold hazard is asked for, the second the rival
    cases : Mapping
        Numbers by the name of the case; the first is the file as it stands, the others have the changes of a case.
    sources : Mapping
        Text of each source.
    """

    name: str
    unit: str
    vendors: tuple[str, ...]
    cases: Mapping[str, SupplierCase]
    sources: Mapping[str, str] = field(repr=False)

    def case(self, name: str) -> SupplierCase:
        """Return the case of a name.

        Raises
        ------
        InputError
            There is none.
        """
        if name not in self.cases:
            raise InputError(f"There is no case {name!r}. Cases: {', '.join(self.cases)}.")
        return self.cases[name]


def read_suppliers(path: str | Path) -> SupplierFile:
    """Read a supplier file.

    Parameters
    ----------
    path : YAML in UTF-8, or the name of a file that ships with Suasion, such as ``russia_5g``

    Returns
    -------
    SupplierFile

    Raises
    ------
    JudgementError
        The file is absent or not valid; each problem on a line of its own, with file and line.
    """
    return _built(_FILE.read(path)[0])


def parse_suppliers(text: str, source: str = "<text>") -> SupplierFile:
    """Supplier file from its text; errors as for :func:`read_suppliers`.

    Parameters
    ----------
    text, source : content, and file name for messages

    Returns
    -------
    SupplierFile
    """
    return _built(_FILE.parse(text, source)[0])


def vendors_of(case: SupplierCase) -> list[Vendor]:
    """Vendors of a case.

    Parameters
    ----------
    case : numbers by their places

    Returns
    -------
    list of Vendor
    """
    return [Vendor(name, *(case[name, key].value for key in NUMBERS)) for name in _names(case)]


def rival_probability(case: SupplierCase) -> float:
    """Return the probability that the second vendor of a case is chosen."""
    return float(_rival(case, _as_given(case))[0])


def supplier_table(file: SupplierFile, draws: int = 1000, seed: int = 0) -> pd.DataFrame:
    """Return what each case comes to, with bands over the ranges of the numbers.

    Parameters
    ----------
    file : SupplierFile
    draws : points of a Latin hypercube, uniform over the ranges
    seed : int

    Returns
    -------
    DataFrame
        One row a case: ``case``; ``rival_probability`` (logit choice of the second vendor) with ``low``, ``high``;
        ``threshold`` (hazard of the first vendor at which the second becomes the choice) with ``threshold_low``,
        ``threshold_high``; ``hazard`` (as assumed); ``rival_share`` (best share with two sources), ``worth`` (what
        spreading saves); ``rival_chosen`` (share of draws in which the second vendor is cheaper in expectation).

    Raises
    ------
    InputError
        If there are fewer than 20 draws, or two cuts with the hazards of a case cannot have its correlation.
    """
    if draws < 20:
        raise InputError(f"draws is {draws}; give at least 20.")
    return pd.DataFrame([{"case": name, **_row(case, draws, seed)} for name, case in file.cases.items()])


def supplier_drivers(file: SupplierFile, case: str = BASE) -> pd.DataFrame:
    """Return the choice with each number at either end of its range, the others as they are.

    Parameters
    ----------
    file : SupplierFile
    case : str

    Returns
    -------
    DataFrame
        ``judgement``, ``value``, ``low``, ``high``, ``source``, ``at_low``, ``at_high`` (probability of the second
        vendor), ``swing``, the largest first.
    """
    chosen = file.case(case)
    return swings(tuple(chosen.values()), lambda points: _rival(chosen, points))


def supplier_curve(file: SupplierFile, draws: int = 1000, seed: int = 0, points: int = 21) -> pd.DataFrame:
    """Return how often the second vendor is chosen over all hazards of the first.

    draws, seed: as for :func:`supplier_table`; the drawn hazards of the first vendor give way to those of the
      curve.
    points: hazards from 0 to 1.
    Returns: ``case``, ``hazard``, ``rival_probability``, ``low``, ``high``, ``rival_chosen`` (share of draws in which
      the second vendor is the cheaper).
    """
    rows = []
    for name, case in file.cases.items():
        given = np.vstack([_as_given(case), _drawn(case, draws, seed)])
        given[:, list(case).index((file.vendors[0], "hazard"))] = 0.0
        without, cut, loss, scale = _laid(case, given)
        cost = without + cut * loss
        loss[:, 1:] = 0.0
        for hazard in np.linspace(0.0, 1.0, points).tolist():
            worth = cost + hazard * loss
            own, *others = logit(worth, scale)[:, 1]
            chosen = float((worth[1:, 1] < worth[1:, 0]).mean())
            rows.append((name, hazard, float(own), *np.quantile(others, [0.05, 0.95]), chosen))
    names = ["case", "hazard", "rival_probability", "low", "high", "rival_chosen"]
    return pd.DataFrame(rows, columns=names)


def _row(case: SupplierCase, draws: int, seed: int) -> dict[str, object]:
    first, second = vendors_of(case)[:2]
    drawn = _drawn(case, draws, seed)
    without, hazard, loss, _ = _laid(case, drawn)
    cost = without + hazard * loss
    with np.errstate(divide="ignore", invalid="ignore"):
        thresholds = (cost[:, 1] - without[:, 0]) / loss[:, 0]  # as threshold_hazard
    split = two_sources(second, first, case["", "convexity"].value, case["", "correlation"].value)
    low, high = np.quantile(_rival(case, drawn), [0.05, 0.95])
    # Without a loss a threshold is infinite: no number lies between two of those.
    finite = bool(np.isfinite(thresholds).all())
    t_low, t_high = np.quantile(thresholds, [0.05, 0.95], method="linear" if finite else "nearest")
    return {
        "rival_probability": rival_probability(case),
        "low": low,
        "high": high,
        "threshold": threshold_hazard(first, second),
        "threshold_low": t_low,
        "threshold_high": t_high,
        "hazard": first.hazard,
        "rival_share": split.share,
        "worth": split.worth,
        "rival_chosen": float((cost[:, 1] < cost[:, 0]).mean()),
    }


def _names(case: SupplierCase) -> list[str]:
    return list(dict.fromkeys(vendor for vendor, _ in case if vendor))


def _as_given(case: SupplierCase) -> FloatArray:
    """Numbers as they stand, (1, J), in the order of their places."""
    return np.array([[g.value for g in case.values()]])


def _laid(case: SupplierCase, points: FloatArray) -> tuple[FloatArray, ...]:
    """Cost if supply is never cut, hazard and loss of each vendor (D, V), and scale of the choice (D, 1)."""
    at = dict(zip(case, points.T, strict=True))
    cost, hazard, loss, security, switching, quality = (
        np.stack([at[name, key] for name in _names(case)], axis=1) for key in NUMBERS
    )
    return cost + security + switching - quality, hazard, loss, at["", "scale"][:, None]


def _rival(case: SupplierCase, points: FloatArray) -> FloatArray:
    """Probability that the second vendor is chosen, (D,), with numbers (D, J) in the order of their places."""
    without, hazard, loss, scale = _laid(case, points)
    return logit(without + hazard * loss, scale)[:, 1]


def _drawn(case: SupplierCase, draws: int, seed: int) -> FloatArray:
    """Numbers drawn over their ranges, (D, J); as they stand where none has a range."""
    low, high = (np.array([getattr(g, side) for g in case.values()]) for side in ("low", "high"))
    ranged = high > low
    if not ranged.any():
        return _as_given(case)
    from scipy.stats import qmc  # slow to load, and many uses of this room draw nothing

    points = np.repeat(_as_given(case), draws, axis=0)
    unit = qmc.LatinHypercube(int(ranged.sum()), rng=seed).random(draws)
    points[:, ranged] = low[ranged] + (high - low)[ranged] * unit
    return points


def _built(model: SupplierModel) -> SupplierFile:
    base = {("", key): judgement(key, getattr(model, key)) for key in ("scale", "convexity", "correlation")}
    for v in model.vendors:
        base |= {(v.name, key): judgement(f"{v.name}: {key}", getattr(v, key)) for key in NUMBERS}
    cases: dict[str, SupplierCase] = {BASE: MappingProxyType(base)}
    for change in model.cases:
        new = dict(base)
        for name, numbers in change.vendors.items():
            new |= {(name, key): judgement(f"{name}: {key}", f) for key, f in numbers.items()}
        if change.correlation is not None:
            new[("", "correlation")] = judgement("correlation", change.correlation)
        cases[change.name] = MappingProxyType(new)
    names = tuple(v.name for v in model.vendors)
    return SupplierFile(
        model.name,
        model.unit,
        names,
        MappingProxyType(cases),
        MappingProxyType(judgements.said(model.sources)),
    )


def _faults(model: SupplierModel) -> Iterator[Fault]:
    names = [v.name for v in model.vendors]
    if len(names) < 2:
        yield ("vendors",), f"a choice needs at least two vendors; there is {len(names)}."
    for index, name in repeats(names):
        yield ("vendors", index, "name"), f"vendor {name!r} is there twice."
    for index, name in repeats([BASE, *(case.name for case in model.cases)]):
        yield ("cases", index - 1), f"case {name!r} is there twice."
    for key in ("scale", "convexity"):
        yield from _number((key,), key, getattr(model, key), model)
    yield from _number(("correlation",), "correlation", model.correlation, model)
    for index, vendor in enumerate(model.vendors):
        for key in NUMBERS:
            yield from _number(("vendors", index, key), f"{vendor.name}: {key}", getattr(vendor, key), model)
    for index, change in enumerate(model.cases):
        yield from _case_faults(("cases", index), change, names, model)


def _case_faults(
    path: tuple[str | int, ...], change: ChangeModel, names: list[str], model: SupplierModel
) -> Iterator[Fault]:
    for name, numbers in change.vendors.items():
        if name not in names:
            yield (*path, "vendors", name), f"case {change.name}: there is no vendor {name!r}."
        for key, figure in numbers.items():
            here = (*path, "vendors", name, key)
            if key not in NUMBERS:
                yield here, f"case {change.name}: key `{key}` is unknown; give one of {', '.join(NUMBERS)}."
            else:
                yield from _number(here, f"{name}: {key}", figure, model)
    if change.correlation is not None:
        yield from _number((*path, "correlation"), "correlation", change.correlation, model)


def _number(
    path: tuple[str | int, ...], place: str, figure: FigureModel, model: SupplierModel
) -> Iterator[Fault]:
    key = place.rsplit(": ", 1)[-1]
    bounds = {"hazard": (0.0, 1.0), "correlation": (-1.0, 1.0), "quality": (-math.inf, math.inf)}
    closed = (key not in ("scale", "convexity"), True)
    limits = bounds.get(key, (0.0, math.inf))
    yield from judgements.figure_faults(path, place, figure, model.sources, limits, closed)


_FILE = TypedFile("supplier file", SupplierModel, JudgementError, _faults, shipped=EXAMPLES)
