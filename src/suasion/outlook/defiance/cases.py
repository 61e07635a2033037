"""Past disputes with an exit cost: who was sanctioned by whom, what a full cut would have cost both, and who yielded.

Cases are the trade sanctions of the Global Sanctions Data Base whose target and at least one sender are in a world
table. The exit cost is what both sides would lose, had all trade between them been cut, from the exact equilibrium: it
measures dependence, not what the sanctions of the day did. The world is that of the year before the case where the
World Input-Output Database has both sides, and the embedded world of 2022 otherwise, which is later than most cases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pandas as pd

from suasion.errors import InputError
from suasion.sources.catalogue_store import load, manifest_of
from suasion.sources.groups import is_group, members
from suasion.sources.gsdb import parties
from suasion.world import World, load_world

WIOD_YEARS, GAP = range(1995, 2012), 4
"""WIOD's years, and how many years before a case its last table may lie (assumption, range 1 to 6)."""
EMBEDDED = "icio2022"
LASTING = 5
"""An unfinished case of so many years counts as defied so far. Assumption, range 3 to 10."""
LAST_YEAR = 2022
"""Last year of the data base, release 3."""
HORIZONS = ("short", "long")


@dataclass(frozen=True, slots=True)
class Coding:
    """What counts as yielding.

    settlement: whether a negotiated settlement without success is yielding; else it is not.
    lasting: years after which an unfinished case counts as not yielding; None leaves unfinished cases out.
    """

    settlement: bool = False
    lasting: int | None = LASTING

    def yielded(self, success: Sequence[str], begin: int) -> float:
        """1 if the target yielded at least partly for one objective, 0 if not, NaN if not known."""
        words = set(success)
        if words & {"success_part", "success_total"}:
            return 1.0
        if "nego_settlement" in words:
            return float(self.settlement)
        if "ongoing" in words:
            old = self.lasting is not None and LAST_YEAR - begin >= self.lasting
            return 0.0 if old else float("nan")
        return 0.0


def dispute_cases(cases: pd.DataFrame, worlds: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Trade sanctions whose target and senders are in a world.

    cases: from :func:`suasion.sources.gsdb.read_gsdb`.
    worlds: name of a world (``"wiod13"``, ``"icio2022"``) to its economies.
    Returns: ``case``, ``target``, ``senders`` (tuple of codes in the world), ``multilateral`` (more than one
      sender, or the UN), ``begin``, ``end``, ``success``, ``world`` (such as ``wiod13 2010``).
    """
    rows = []
    for case in cases[cases["trade"]].to_dict("records"):
        targets = parties(str(case["target"]))
        if len(targets) != 1:
            continue
        named = parties(str(case["sender"]))
        place = _place(targets[0], named, int(case["begin"]), worlds)
        if place is None:
            continue
        world, senders = place
        many = len(senders) > 1 or len(named) > 1
        rows.append(
            {
                "case": int(case["case"]), "target": targets[0], "senders": senders, "multilateral": many,
                "begin": int(case["begin"]), "end": int(case["end"]), "success": case["success"], "world": world,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _place(
    target: str, named: Sequence[str], begin: int, worlds: Mapping[str, Sequence[str]]
) -> tuple[str, tuple[str, ...]] | None:
    """World of a case, and its senders there."""
    year = min(begin - 1, WIOD_YEARS[-1])
    choices = [("wiod13", f"wiod13 {year}")] if WIOD_YEARS[0] <= year and begin - year <= GAP else []
    for key, name in (*choices, (EMBEDDED, EMBEDDED)):
        economies = worlds.get(key, ())
        senders = _senders(target, named, begin, economies)
        if target in economies and senders:
            return name, senders
    return None


def _senders(target: str, named: Sequence[str], year: int, economies: Sequence[str]) -> tuple[str, ...]:
    """Economies that impose a case; the UN is everybody else, a group its members of the year."""
    found: dict[str, None] = {}
    for name in named:
        if name == "UN":
            found.update(dict.fromkeys(economies))
        elif is_group(name):
            try:
                found.update(dict.fromkeys(members(name, year)))
            except InputError:  # a group without members in that year
                continue
        else:
            found[name] = None
    return tuple(sorted(c for c in found if c in economies and c != target))


def open_world(name: str, wiod: str | Path | None = None) -> World:
    """World by the name that a case gives it.

    name: ``icio2022``, or ``wiod13`` and a year.
    wiod: folder of the WIOD tables; without it, the user's store.
    """
    dataset, _, year = name.partition(" ")
    return load_world(dataset) if not year else load_world(dataset, int(year), wiod)


def own_cases(a: str, b: str, economies: Sequence[str]) -> pd.DataFrame | None:
    """Trade sanctions of either side of a pair on the other, if the data base was added to the store.

    a, b: codes of states.
    economies: codes of the world that they stand in.
    Returns: ``case``, ``target``, ``sender`` (the other side), ``multilateral``, ``begin``, ``end``,
      ``yielded`` (1, 0, or NaN where it is not known), the latest first; None where the data base was not
      added.
    """
    if not manifest_of("gsdb"):
        return None
    table = dispute_cases(cast(pd.DataFrame, load("gsdb")), {EMBEDDED: economies})
    rule = Coding()
    rows = [
        {
            "case": row["case"],
            "target": row["target"],
            "sender": sender,
            "multilateral": row["multilateral"],
            "begin": row["begin"],
            "end": row["end"],
            "yielded": rule.yielded(row["success"], row["begin"]),
        }
        for row in table.to_dict("records")
        for target, sender in ((a, b), (b, a))
        if row["target"] == target and sender in row["senders"]
    ]
    names = ["case", "target", "sender", "multilateral", "begin", "end", "yielded"]
    return pd.DataFrame(rows, columns=names).sort_values("begin", ascending=False, ignore_index=True)
