"""Which supplier a buyer chooses when each may be cut off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from suasion.answers import DETAIL, MAIN, USUAL, Answer, Finding, Picture, Quantity, Source, Table, Value
from suasion.questions.judgements import judgements_table
from suasion.questions.question import Count, Draws, Named, question

if TYPE_CHECKING:
    import pandas as pd

    from suasion.statecraft.supplier.file import SupplierFile

SOURCES = (Source("supplier.source"),)
SHOWN = (0.05, 0.3, 0.7)
SIZES = ("small", "middle", "large")
"""Hazards of the curve that its sentence names, and what they are called."""
BROKEN = 0.031
"""Chance that a pair's share falls to 1/e or less within ten years: 36 moves of that size in 9,597 pair-years, one in
six of them up (``docs/evidence/break_hazards.csv``, World Input-Output Database, 1995 to 2011)."""
NAMES = {"low": "rival_probability_low", "high": "rival_probability_high", "hazard": "assumed_hazard"}


@question
def supplier(file: Named, *, drivers: str = "", draws: Draws = 1000, seed: Count = 0) -> Answer:
    """Choose between suppliers that may be cut off: hazard at which the rival wins, two sources, every case.

    Parameters
    ----------
    file : Named
        Supplier file (YAML), or a name: russia_5g.
    drivers : str
        Show what each number of this case moves.
    draws : int
        Draws over the ranges of all judgements.

    Returns
    -------
    Answer
        Tables ``cases`` and ``hazards``; with a case to be taken apart ``drivers`` alone.

    Examples
    --------
    >>> su.supplier("russia_5g", draws=100)
    <Answer supplier Russia's 5G networks in 2020 Ericsson and Nokia Huawei: cases (...>
    """
    from suasion.statecraft.supplier import file as models

    given = models.read_suppliers(file)
    asked: dict[str, Value] = {"name": given.name, "first": given.vendors[0], "second": given.vendors[1]}
    if drivers:
        here = models.rival_probability(given.case(drivers))
        moved = models.supplier_drivers(given, drivers)
        table = judgements_table("drivers", moved, "rival_probability", here, {**asked, "case": drivers})
        return Answer("supplier", asked, tables=(table,), sources=SOURCES, result=given)
    found = models.supplier_table(given, draws, seed)
    cases = Table.of(
        "cases",
        "case rival_probability tipping threshold_hazard assumed_hazard rival_share worth rival_chosen",
        found.rename(columns=NAMES).assign(**_hazards(found)),
        values=asked,
        axes="case",
        picture=Picture("ranges", "rival_probability", "case"),
        draws={"rival_chosen": draws},
        brief="case assumed_hazard rival_chosen threshold_hazard",
    )
    over = models.supplier_curve(given, draws, seed)
    curve = Table.of(
        "hazards",
        "case assumed_hazard rival_chosen rival_probability",
        over.rename(columns=NAMES),
        values=asked,
        axes="case assumed_hazard",
        picture=Picture("curve", "assumed_hazard", "rival_chosen", panel="case"),
        draws={"rival_chosen": draws},
        detail=True,
    )
    return Answer(
        "supplier",
        asked,
        (*_findings(cases.frame, over, asked, draws), *_exchange(given, asked)),
        (cases, curve),
        sources=SOURCES,
        result=given,
    )


def _hazards(found: pd.DataFrame) -> dict[str, Any]:
    """Thresholds as hazards: one below 0 or above 1 is passed by every hazard, or by none."""
    from suasion.statecraft.supplier.choice import tipping

    names = {"threshold": "threshold_hazard", "threshold_low": "threshold_hazard_low"}
    names |= {"threshold_high": "threshold_hazard_high"}
    held = {new: found[old].clip(0.0, 1.0) for old, new in names.items()}
    return {"tipping": [tipping(one) for one in found["threshold"]], **held}


def _findings(
    cases: pd.DataFrame, curve: pd.DataFrame, asked: dict[str, Value], draws: int
) -> Iterator[Finding]:
    """A sentence a case: in how many draws the rival is chosen, as assumed and over hazards; and by past breaks."""
    from numpy import interp

    for place, row in cases.iterrows():
        weight = MAIN + 1.0 - float(place) / len(cases)  # type: ignore[arg-type]
        own = curve[curve["case"] == row["case"]]

        def share(hazard: float, own: pd.DataFrame = own) -> Quantity:
            """Share of draws at a hazard, between the points of the curve."""
            value = float(interp(hazard, own["hazard"], own["rival_chosen"]))
            return Quantity(value, "probability", draws=draws)

        values: dict[str, Value] = {
            **asked,
            "case": str(row["case"]),
            "assumed": Quantity(row["assumed_hazard"], "probability"),
            "cheaper": Quantity(row["rival_chosen"], "probability", draws=draws),
        }
        values |= {f"at_{size}": share(hazard) for size, hazard in zip(SIZES, SHOWN, strict=True)}
        yield Finding("supplier.curve", values, weight=weight)
        if place == 0:
            past = {"break": Quantity(BROKEN, "probability"), "cheaper": share(BROKEN)}
            yield Finding("supplier.past", {**asked, **past}, weight=USUAL)


def _exchange(given: SupplierFile, asked: dict[str, Value]) -> Iterator[Finding]:
    """How much hazard of the one offsets a point of hazard of the other."""
    from suasion.statecraft.supplier.file import BASE, vendors_of

    own, rival = vendors_of(given.case(BASE))[:2]
    if own.loss > 0.0:
        points = Quantity(rival.loss / own.loss, "score")
        yield Finding("supplier.exchange", {**asked, "points": points}, weight=DETAIL)
