"""What each judgement of a file moves: one table for all files of judgements."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from suasion.answers import Picture, Table, Value

if TYPE_CHECKING:
    import pandas as pd


def judgements_table(
    key: str,
    moved: pd.DataFrame,
    name: str,
    here: float,
    values: Mapping[str, Value],
    *,
    detail: bool = False,
) -> Table:
    """Return a number with each judgement at either end of its range, the others as they are.

    key: Of the table.
    moved: ``judgement`` (its place in the file), where it has one ``judgement_label`` (what it is about, in a few
      words), ``value``, ``low``, ``high``, ``source``, ``at_low``, ``at_high``, ``swing``; of
      :func:`suasion.statecraft.ledger.file.sensitivity` and the like.
    name: Column of the number.
    here: The number with every judgement as given.
    values: Of the places in the title.
    detail: Whether only those who ask for the table see it.
    """
    ends = f"{name}_least", f"{name}_most"
    names = {"value": "judged", "low": "judged_least", "high": "judged_most"}
    frame = moved.rename(columns=names | dict(zip(("at_low", "at_high"), ends, strict=True)))
    shown = "judgement_label" if "judgement_label" in moved else "judgement"
    labelled = "" if shown == "judgement" else f"{shown} "
    return Table.of(
        key,
        f"judgement {labelled}judged judged_least judged_most source {name} {ends[0]} {ends[1]} swing",
        frame.assign(**{name: here}),
        axes="judgement",
        picture=Picture("ranges", name, shown),
        values=values,
        detail=detail,
        brief=f"{shown} judged_least judged judged_most {' '.join(ends)}",
    )
