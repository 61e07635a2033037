"""What a ledger answers beyond its posterior: what each judgement moves, and what evidence would be needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from suasion.errors import InputError
from suasion.schema.judgements import Judgement
from suasion.statecraft.ledger.odds import (
    Item,
    Ledger,
    as_given,
    item_values,
    log_odds,
    odds_path,
    probability,
)
from suasion.types import FloatArray


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
    groups = [name.replace("_", " ") + ": correlation" for name in ledger.groups]
    labels = ["prior", *(item.short for item in ledger.items), *groups]
    return swings(
        ledger.judgements,
        lambda points: probability(odds_path(ledger, points)[:, -1]),
        judgement_label=labels,
    )


def swings(
    given: Sequence[Judgement], answer: Callable[[FloatArray], FloatArray], **more: Sequence[str]
) -> pd.DataFrame:
    """Return a number with each judgement at either end of its range, the others as they are.

    given: judgements.
    answer: from judgements (D, J) to numbers (D,).
    more: further columns, one text a judgement.
    Returns: ``judgement``, ``value``, ``low``, ``high``, ``source``, ``at_low``, ``at_high``, ``swing`` (their
      distance), and those further ones; the largest swing first.
    """
    ends = [(g.low, g.high) for g in given]
    points = np.repeat([[g.value for g in given]], 2 * len(given), axis=0)
    points[np.arange(2 * len(given)), np.repeat(np.arange(len(given)), 2)] = np.ravel(ends)
    found = answer(points).reshape(-1, 2)
    rows = [(g.place, g.value, g.low, g.high, g.source) for g in given]
    table = pd.DataFrame(rows, columns=["judgement", "value", "low", "high", "source"]).assign(
        at_low=found[:, 0], at_high=found[:, 1], swing=np.abs(found[:, 1] - found[:, 0]), **more
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


def rectangle(ledger: Ledger, size: int = 5) -> pd.DataFrame:
    """Return the posterior over the whole rectangle of prior and strongest ratio.

    Parameters
    ----------
    ledger : Ledger
    size : points along each side, even in log odds and in log ratio; at least 2

    Returns
    -------
    DataFrame
        ``prior``, ``ratio``, ``posterior``, size x size rows, fewer where one has no range; ``attrs["item"]`` names
        the item.

    Raises
    ------
    InputError
        If there are fewer than two points, or no item that counts.
    """
    chosen = strongest(ledger)
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
