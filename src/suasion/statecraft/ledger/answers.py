"""What a ledger answers beyond its posterior: what each judgement moves, and what evidence would be needed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.statecraft.ledger.odds import (
    Item,
    Ledger,
    as_given,
    item_values,
    log_odds,
    odds_path,
    probability,
)


def sensitivity(ledger: Ledger) -> pd.DataFrame:
    """Return the posterior with each judgement at either end of its range, the others as they are.

    Parameters
    ----------
    ledger : Ledger

    Returns
    -------
    DataFrame
        ``judgement``, ``judgement_label`` (what it is on, in a few words), ``value``, ``low``, ``high``, ``source``,
        ``at_low``, ``at_high`` (posterior), ``swing`` (their distance), the largest first. A judgement without a range
        has swing 0.
    """
    given = ledger.judgements
    groups = [name.replace("_", " ") + ": correlation" for name in ledger.groups]
    base = as_given(ledger)
    points = np.repeat(base, 2 * len(given), axis=0)
    for k, g in enumerate(given):
        points[2 * k, k], points[2 * k + 1, k] = g.low, g.high
    ends = probability(odds_path(ledger, points)[:, -1]).reshape(-1, 2)
    table = pd.DataFrame(
        {
            "judgement": [g.place for g in given],
            "judgement_label": ["prior", *(item.short for item in ledger.items), *groups],
            "value": [g.value for g in given],
            "low": [g.low for g in given],
            "high": [g.high for g in given],
            "source": [g.source for g in given],
            "at_low": ends[:, 0],
            "at_high": ends[:, 1],
            "swing": np.abs(ends[:, 1] - ends[:, 0]),
        }
    )
    return table.sort_values(["swing", "judgement"], ascending=[False, True], ignore_index=True)


def strongest(ledger: Ledger) -> Item | None:
    """Return the item worth most in favour of the hypothesis, else most against it, else of the widest range.

    None where no item counts.
    """
    values = item_values(ledger)["value"].to_numpy()
    if len(values) and np.abs(values).max() > 0:
        return ledger.items[int((values if values.max() > 0 else -values).argmax())]
    wide = [i for i in ledger.items if i.counted and i.ratio.high > i.ratio.low]
    return max(wide, key=lambda i: i.ratio.high / i.ratio.low, default=None)


def rectangle(ledger: Ledger, size: int = 5, item: str | None = None) -> pd.DataFrame:
    """Return the posterior over the whole rectangle of prior and strongest ratio.

    Parameters
    ----------
    ledger : Ledger
    size : points along each side, even in log odds and in log ratio; at least 2
    item : whose ratio; that of :func:`strongest` without it

    Returns
    -------
    DataFrame
        ``prior``, ``ratio``, ``posterior``, size x size rows, fewer where one has no range; ``attrs["item"]`` names
        the item.

    Raises
    ------
    InputError
        If there are fewer than two points, no such item, or none that counts.
    """
    keys = {i.key: i for i in ledger.items}
    if item is not None and item not in keys:
        raise InputError(f"There is no item {item!r}. Items: {', '.join(keys)}.")
    chosen = strongest(ledger) if item is None else keys[item]
    if size < 2 or chosen is None:
        raise InputError(f"A rectangle needs at least 2 points a side (not {size}) and an item that counts.")
    place = 1 + ledger.items.index(chosen)
    priors = probability(np.linspace(log_odds(ledger.prior.low), log_odds(ledger.prior.high), size))
    ratios = np.geomspace(chosen.ratio.low, chosen.ratio.high, size)
    points = np.repeat(as_given(ledger), size * size, axis=0)
    points[:, 0], points[:, place] = np.repeat(priors, size), np.tile(ratios, size)
    last = probability(odds_path(ledger, points)[:, -1])
    table = pd.DataFrame({"prior": points[:, 0], "ratio": points[:, place], "posterior": last})
    table = table.drop_duplicates(ignore_index=True)  # a judgement without a range is one point
    table.attrs["item"] = chosen.key
    return table


def evidence_needed(ledger: Ledger, target: float = 0.5) -> pd.DataFrame:
    """Return the combined likelihood ratio that would bring the hypothesis to a target.

    Parameters
    ----------
    ledger : Ledger
    target : probability to reach, in (0, 1)

    Returns
    -------
    DataFrame
        Rows for the prior at ``low``, ``value`` and ``high``: ``prior``, ``in_all`` (ratio needed of all evidence),
        ``so_far`` (ratio of the items of the file), ``more`` (ratio still needed; at most 1 where it is reached),
        ``items`` (independent further items as strong as the strongest that favours the hypothesis; missing
        where none does).

    Raises
    ------
    InputError
        If the target is no probability in (0, 1).
    """
    if not 0.0 < target < 1.0:
        raise InputError(f"The target is {target:g}; give a probability between 0 and 1.")
    have = float(item_values(ledger)["value"].sum())
    best = max((float(np.log(i.ratio.value)) for i in ledger.items if i.counted), default=0.0)
    rows = []
    for name in ("low", "value", "high"):
        prior = getattr(ledger.prior, name)
        need = float(log_odds(target) - log_odds(prior))
        items = np.ceil(max(need - have, 0.0) / best - 1e-9) if best > 0 else np.nan
        rows.append((name, prior, np.exp(need), np.exp(have), np.exp(need - have), items))
    return pd.DataFrame(rows, columns=["case", "prior", "in_all", "so_far", "more", "items"])
