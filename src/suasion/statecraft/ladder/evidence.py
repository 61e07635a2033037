"""What each rung of the ladder rests on in one year: pacts, deliveries of arms, exercises and operations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.alliance.hazards import Status, pact_in_force
from suasion.statecraft.commitments import atop_rows, promises
from suasion.statecraft.record import PACTS_RECORD, Fact, FactKind, covers_of, facts_between, status_of
from suasion.types import Citation


class Rung(StrEnum):
    """A rung of the ladder, from the lowest to the highest."""

    CONSULTATION = "consultation"
    NONAGGRESSION = "nonaggression"
    ARMS = "arms"
    EXERCISES = "exercises"
    OPERATIONS = "operations"
    DEFENCE = "defence"


RUNGS = tuple(Rung)
"""From the lowest to the highest."""

REGISTER: Citation = "SIPRI Arms Transfers Database, deliveries by supplier, recipient and year"
ATOP: Citation = "Alliance Treaty Obligations and Provisions, directed dyad-years"


@dataclass(frozen=True, slots=True)
class LadderRules:
    """What counts as a rung. All are judgements (assumption); change them to see what hangs on them.

    Attributes
    ----------
    arms_window : years, the last one that of the row, in which a delivery makes the two arms partners: deliveries are
        lumpy.
    least_tiv : least delivery in trend-indicator values (million) over the window
    patrols : {"operations", "exercises"}
        Where a joint patrol of bombers or warships counts.
    """

    arms_window: int = 5
    least_tiv: float = 1.0
    patrols: Literal["operations", "exercises"] = "operations"

    def __post_init__(self) -> None:
        """Check the values.

        Raises
        ------
        InputError
            If one is out of its range.
        """
        if self.arms_window < 1 or not self.least_tiv >= 0.0:
            raise InputError("The window is at least one year, and the least delivery is not negative.")
        if self.patrols not in ("operations", "exercises"):
            raise InputError(f"Patrols count as operations or exercises, not {self.patrols!r}.")


Evidence = tuple[str, str, str, str]
"""One piece of evidence: treaty, exercise or delivery; day, or year alone; source and locator of what was read."""

Found = tuple[Status, list[Evidence]]


def rungs_of(
    a: str,
    b: str,
    year: int,
    rules: LadderRules,
    atop: pd.DataFrame | None = None,
    deliveries: pd.DataFrame | None = None,
) -> dict[str, Found]:
    """Return status and evidence of each rung for a pair and year.

    a, b: alpha-3 codes of two states.
    year: calendar year.
    rules: what counts.
    atop, deliveries: as for :func:`suasion.statecraft.ladder.rungs.ladder`.
    """
    known = promises(a, b, year, atop)
    pledged = {
        "consultation": (known["consultation"], ("consultation",)),
        "nonaggression": (
            _either(known["nonaggression"], known["neutrality"]),
            ("nonaggression", "neutrality"),
        ),
        "defence": (known["defence"], ("defence",)),
    }
    found: dict[str, Found] = {
        rung: (status, _treaties(kinds, a, b, year, atop)) for rung, (status, kinds) in pledged.items()
    }
    found["arms"] = _arms(a, b, year, rules, deliveries)
    return found | _together(a, b, year, rules)


def _either(x: Status, y: Status) -> Status:
    if "yes" in (x, y):
        return "yes"
    return "unknown" if "unknown" in (x, y) else "no"


def _treaties(kinds: tuple[str, ...], a: str, b: str, year: int, atop: pd.DataFrame | None) -> list[Evidence]:
    own = _as_evidence(one for one in facts_between(a, b) if one.kind in kinds and one.holds(year))
    if own:
        return list(dict.fromkeys(own))
    if atop is not None:
        rows, _ = atop_rows(atop, a, b, year)
        coded = [k for k in kinds if len(rows) and rows[k].any()]
        own = [(f"promise of {k}, as coded", str(year), ATOP, "atopdata.org") for k in coded]
    if not own and "defence" in kinds and pact_in_force(a, b, year) == "yes":
        own = [(f"promise of {Rung.DEFENCE}, as coded", str(year), PACTS_RECORD, "docs: pacts")]
    return own


def _together(a: str, b: str, year: int, rules: LadderRules) -> dict[str, Found]:
    here = [one for one in facts_between(a, b) if one.kind in JOINT and one.holds(year)]
    training = {FactKind.EXERCISE} | ({FactKind.PATROL} if rules.patrols == "exercises" else set())
    trained = [one for one in here if one.kind in training]
    acted = [one for one in here if one.kind not in training]
    none = status_of(FactKind.EXERCISE, a, b, year)
    return {
        "exercises": ("yes" if trained else none, _as_evidence(trained)),
        "operations": ("yes" if acted else "unknown", _as_evidence(acted)),
    }


JOINT = (FactKind.EXERCISE, FactKind.PATROL, FactKind.OPERATION, FactKind.COMBAT)
"""What two states do together under arms."""


def _as_evidence(found: Iterable[Fact]) -> list[Evidence]:
    return [(one.what, one.start, one.source, one.locator) for one in found]


def _arms(a: str, b: str, year: int, rules: LadderRules, deliveries: pd.DataFrame | None) -> Found:
    first = year - rules.arms_window + 1
    own = _recorded(a, b, first, year) if deliveries is None else _registered(a, b, first, year, deliveries)
    found, ruled_out = own
    if sum(tiv for *_, tiv, _, _ in found) >= max(rules.least_tiv, 1e-9):
        return "yes", [
            (f"{supplier} to {recipient}, {tiv:.4g} million TIV", str(when), source, locator)
            for supplier, recipient, when, tiv, source, locator in found
        ]
    return ("no" if ruled_out else "unknown"), []


Delivery = tuple[str, str, int, float, str, str]
"""Supplier, recipient, year, TIV (million), source and locator."""


def _recorded(a: str, b: str, first: int, last: int) -> tuple[list[Delivery], bool]:
    """Deliveries of the record, and whether it rules out that there were others."""
    found: list[Delivery] = [
        (one.a, one.b, int(one.start[:4]), float(one.value), one.source, one.locator)
        for one in facts_between(a, b)
        if one.kind is FactKind.ARMS and first <= int(one.start[:4]) <= last
    ]
    covered = [one for one in covers_of(a, b) if one.kind is FactKind.ARMS]
    return found, not found and any(one.first <= first and last <= one.last for one in covered)


def _registered(a: str, b: str, first: int, last: int, table: pd.DataFrame) -> tuple[list[Delivery], bool]:
    both = table["supplier"].isin([a, b]) & table["recipient"].isin([a, b])
    rows = table[both & table["year"].between(first, last)]
    columns = [rows[c].tolist() for c in ("supplier", "recipient", "year", "tiv")]
    read = (REGISTER, "sipri.org/databases/armstransfers")
    found = [(str(s), str(r), int(y), float(t), *read) for s, r, y, t in zip(*columns, strict=True)]
    return found, bool(table["year"].min() <= first and last <= table["year"].max())
