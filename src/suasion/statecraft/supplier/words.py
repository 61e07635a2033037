"""What a choice of supplier comes to, in sentences."""

from __future__ import annotations

import pandas as pd

from suasion.statecraft.ledger.words import percent
from suasion.statecraft.supplier.file import BASE, SupplierFile, vendors_of


def supplier_sentences(file: SupplierFile, table: pd.DataFrame) -> list[str]:
    """Return one sentence for each case, and one on the exchange between the two hazards.

    Parameters
    ----------
    file : SupplierFile
    table : DataFrame
        Of :func:`suasion.statecraft.supplier.file.supplier_table`.

    Returns
    -------
    list of str
    """
    first, second = file.vendors[:2]
    said = [_case(first, second, row) for _, row in table.iterrows()]
    own, rival = vendors_of(file.case(BASE))[:2]
    if own.loss > 0.0:
        said.append(
            f"Each point more that {second} may be cut off raises the hazard of {first} at which {second} wins "
            f"by {rival.loss / own.loss:.1f} points."
        )
    return said


def _case(first: str, second: str, row: pd.Series[float]) -> str:
    threshold = row["threshold"]
    if threshold <= 0.0:
        tips = f"{second} is the choice even if supply of {first} is sure"
    elif threshold > 1.0:
        tips = f"{first} is the choice even if it will be cut off"
    else:
        tips = f"{second} becomes the choice where the hazard of {first} exceeds {100.0 * threshold:.0f} %"
    return (
        f"{row['case']}: {tips} (90 % of draws: {_hazard(row['threshold_low'])} to {_hazard(row['threshold_high'])}; "
        f"assumed {100.0 * row['hazard']:.0f} %); it is chosen with a probability of "
        f"{percent(row['rival_probability'])}, and is cheaper in {percent(row['rival_chosen'])} of draws."
    )


def _hazard(threshold: float) -> str:
    """A threshold in words where it is no probability."""
    if threshold <= 0.0:
        return "any"
    return "none" if threshold > 1.0 else f"{100.0 * threshold:.0f} %"
