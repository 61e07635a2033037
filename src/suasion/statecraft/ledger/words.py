"""What a ledger says, in sentences that do not say more than its numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from suasion.statecraft.ledger.answers import evidence_needed, rectangle, strongest
from suasion.statecraft.ledger.odds import Ledger, item_values, posterior_path


def sentences(ledger: Ledger, draws: int = 2000, seed: int = 0, target: float = 0.5) -> list[str]:
    """Return the answer of a ledger: posterior with its band, what moves nothing, what would be needed.

    Parameters
    ----------
    ledger : Ledger
    draws, seed : int
        As for :func:`suasion.statecraft.ledger.odds.posterior_path`.
    target : float
        Probability whose price in evidence is given.

    Returns
    -------
    list of str
    """
    path = posterior_path(ledger, draws, seed)
    return [
        _answer(ledger, path.iloc[0]["posterior"], path.iloc[-1]),
        *_talk(ledger),
        *_best(ledger),
        *_everywhere(ledger, target),
        _price(ledger, target),
    ]


def percent(p: float) -> str:
    """Write a probability in per cent: two digits, and never 0 or 100 for what is neither."""
    x = 100.0 * p
    if x in (0.0, 100.0):
        return f"{x:.0f} %"
    if 0.0 < x < 0.095:
        return "less than 0.1 %"
    if 99.9 < x < 100.0:
        return "more than 99.9 %"
    return f"{x:.1f} %" if x < 9.95 or x > 99.0 else f"{x:.0f} %"


def times(ratio: float) -> str:
    """Write a ratio with three digits at most."""
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.3g}"


def _answer(ledger: Ledger, prior: float, last: pd.Series[float]) -> str:
    return (
        f"That {ledger.hypothesis}: {percent(prior)} before the evidence "
        f"(range {percent(ledger.prior.low)} to {percent(ledger.prior.high)}), {percent(last['posterior'])} after it; "
        f"90 % of draws over all ranges lie between {percent(last['low'])} and {percent(last['high'])}, and with every "
        f"judgement at its worst and best it is {percent(last['least'])} and {percent(last['most'])}."
    )


def _talk(ledger: Ledger) -> list[str]:
    said = []
    for i in ledger.items:
        if not i.counted:
            said.append(
                f"{i.key} ({i.date}) alone moves nothing: it is cheap talk, as likely either way, "
                "with a likelihood ratio of 1."
            )
        elif i.kind == "cheap talk":
            said.append(f"{i.key} ({i.date}) is cheap talk that counts all the same, because: {i.justified}.")
    return said


def _best(ledger: Ledger) -> list[str]:
    item = strongest(ledger)
    if item is None:
        return ["No item of this ledger counts: the posterior is the prior."]
    table = item_values(ledger)
    row = table[table["item"] == item.key].iloc[0]
    side = "for" if row["value"] > 0 else "against"
    odds = float(np.exp(abs(row["value"])))
    return [
        f"The strongest item is {item.key} ({item.date}): {abs(row['value']):.2f} in log odds {side} it, "
        f"so that the odds change by a factor of {times(odds)}."
    ]


def _everywhere(ledger: Ledger, target: float) -> list[str]:
    if strongest(ledger) is None:
        return []
    table = rectangle(ledger)
    least, most = float(table["posterior"].min()), float(table["posterior"].max())
    where = f"Over the whole rectangle of priors and of ratios of {table.attrs['item']} it is between {percent(least)}"
    if most < target:
        return [f"{where} and {percent(most)}: nowhere does it reach {percent(target)}."]
    if least >= target:
        return [f"{where} and {percent(most)}: everywhere it is {percent(target)} or more."]
    return [
        f"{where} and {percent(most)}: whether it reaches {percent(target)} depends on these two judgements."
    ]


def _price(ledger: Ledger, target: float) -> str:
    low, own, high = (row for _, row in evidence_needed(ledger, target).iterrows())
    if own["more"] <= 1.0:
        return f"The evidence suffices for {percent(target)} at the prior of the file."
    span = f"between {times(high['more'])} and {times(low['more'])} over the range of the prior"
    alike = ""
    if not np.isnan(own["items"]):
        alike = f", as much as {own['items']:.0f} independent items like the strongest in its favour"
    return (
        f"To reach {percent(target)}, all evidence together must have a ratio of {times(own['in_all'])}; it has "
        f"{times(own['so_far'])}, and lacks a factor of {times(own['more'])} ({span}){alike}."
    )
