"""Which defence pacts begin and end, and to which treaty each belongs, from dyad-years that name no treaty.

The published dyad-years of ATOP say who promised whom what in which year, not by which treaty. A pact that begins
counts as multilateral if the pair shares allies with whom one of the two also begins in that year: three new pairs in a
triangle, or at least two such allies. The rest is bilateral. New pairs of one year that hang together are one signing;
a signing belongs to an older treaty if half of its states or more are already bound by it. Two errors are known: a web
of bilateral treaties signed in one year looks like a multilateral one (the Soviet treaties of 1948), and a pact with
members of an older one may look like a part of it.
"""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pandas as pd

Pair = tuple[int, int]
Allies = dict[int, dict[int, set[int]]]
HALF = 0.5
"""Share of a signing's states that makes it part of an older treaty; a judgement of ours."""


def pact_starts(table: pd.DataFrame) -> pd.DataFrame:
    """Return every pair and year in which a defence pact begins.

    Parameters
    ----------
    table : DataFrame
        Undirected dyad-years with ``cow1``, ``cow2``, ``year``, ``atop_defence``, sorted by these keys.

    Returns
    -------
    DataFrame
        ``cow1``, ``cow2``, ``year``, ``from_birth`` (the pair had no year before: it was never at risk), ``shared``
        (common allies with whom one of the two begins in the same year), ``multilateral``, ``treaty`` (number from 1,
        in order of time).
    """
    keys = ["cow1", "cow2"]
    held = table["atop_defence"].to_numpy() == 1
    before = _before(table)
    begins = held & ~(before["held"] == 1).to_numpy()
    starts: pd.DataFrame = table.loc[begins, [*keys, "year"]].reset_index(drop=True)
    starts["from_birth"] = ~before["there"].to_numpy()[begins]
    allies = _allies(table[held])
    starts["shared"], starts["multilateral"] = _kinds(starts, allies)
    starts["treaty"] = _treaties(starts, allies)
    return starts


def _before(table: pd.DataFrame) -> pd.DataFrame:
    """Whether the pair was there the year before, and its pact then."""
    same = (table["cow1"] == table["cow1"].shift()) & (table["cow2"] == table["cow2"].shift())
    there = same & (table["year"] == table["year"].shift() + 1)
    return pd.DataFrame({"there": there, "held": table["atop_defence"].shift().where(there)})


def _allies(held: pd.DataFrame) -> Allies:
    """Allies by year and state."""
    found: Allies = defaultdict(lambda: defaultdict(set))
    for one, two, year in held[["cow1", "cow2", "year"]].to_numpy(dtype=int).tolist():
        found[year][one].add(two)
        found[year][two].add(one)
    return found


def _kinds(starts: pd.DataFrame, allies: Allies) -> tuple[list[int], list[bool]]:
    new: dict[int, set[Pair]] = defaultdict(set)
    rows = starts[["cow1", "cow2", "year"]].to_numpy(dtype=int).tolist()
    for one, two, year in rows:
        new[year].add((one, two))
    shared, multilateral = [], []
    for one, two, year in rows:
        common = allies[year][one] & allies[year][two]
        fresh = [(_pair(one, k) in new[year]) + (_pair(two, k) in new[year]) for k in common]
        count = sum(f > 0 for f in fresh)
        shared.append(count)
        multilateral.append(count >= 2 or 2 in fresh)
    return shared, multilateral


def _pair(one: int, two: int) -> Pair:
    return (one, two) if one < two else (two, one)


def _treaties(starts: pd.DataFrame, allies: Allies) -> list[int]:
    """Number of the treaty of each start; bilateral pacts have their own."""
    label = np.zeros(len(starts), dtype=int)
    of_pair: dict[Pair, int] = {}
    last = 0
    for year, group in starts.groupby("year", sort=True):
        pairs = [(int(a), int(b)) for a, b in zip(group["cow1"], group["cow2"], strict=True)]
        now = allies[int(str(year))]
        many = np.flatnonzero(group["multilateral"])
        sets = [many[places] for places in _signings([pairs[k] for k in many], now)]
        sets += [np.array([k]) for k in np.flatnonzero(~group["multilateral"].to_numpy())]
        fresh = {pairs[k] for k in range(len(pairs))}
        for places in sets:
            older = (
                _older({s for k in places for s in pairs[k]}, now, fresh, of_pair) if len(places) > 1 else 0
            )
            last += not older
            label[group.index[places]] = older or last
            of_pair |= {pairs[k]: older or last for k in places}
    return [int(n) for n in label]


def _older(states: set[int], now: dict[int, set[int]], fresh: set[Pair], of_pair: dict[Pair, int]) -> int:
    """Treaty whose standing pacts bind half of the states of a signing or more; 0 without one."""
    bound: dict[int, set[int]] = defaultdict(set)
    for one in states:
        for two in now[one] & states:
            if one < two and (one, two) not in fresh and (one, two) in of_pair:
                bound[of_pair[one, two]] |= {one, two}
    best = max(bound, key=lambda n: (len(bound[n]), -n), default=0)
    return best if best and len(bound[best]) >= HALF * len(states) else 0


def _signings(pairs: list[Pair], allies: dict[int, set[int]]) -> list[list[int]]:
    """Places of the pairs of each signing: pairs with a state in common hang together if the other two are allies."""
    left, found = set(range(len(pairs))), []
    while left:
        wave, group = [min(left)], []
        left -= set(wave)
        while wave:
            place = wave.pop()
            group.append(place)
            near = [k for k in left if _together(pairs[place], pairs[k], allies)]
            left -= set(near)
            wave += near
        found.append(sorted(group))
    return found


def _together(one: Pair, two: Pair, allies: dict[int, set[int]]) -> bool:
    apart = set(one) ^ set(two)
    return len(apart) == 2 and min(apart) in allies[max(apart)]
