"""Rows and sentences of a frontier: gains and losses, rates, real flows, leakage."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from suasion.coercion.frontier.board import real_flows
from suasion.coercion.frontier.climb import Stand
from suasion.types import FloatArray

if TYPE_CHECKING:
    from suasion.coercion.frontier.contest import Contest, Frontier


def leakage(
    before: FloatArray, after: FloatArray, senders: NDArray[np.bool_], target: NDArray[np.bool_]
) -> float:
    """Extra real sales of the target to bystanders over its lost real sales to the senders.

    Parameters
    ----------
    before, after : (importer, exporter, sector) real flows
    senders, target : bool (country,)

    Returns
    -------
    float
        Zero: all lost sales are lost; one: all found other buyers. NaN where no sales were lost.
    """
    change = (after - before)[:, target].sum((1, 2))
    lost = -change[senders].sum()
    return float(change[~senders & ~target].sum() / lost) if lost > 0 else float("nan")


def replaced(
    before: FloatArray, after: FloatArray, senders: NDArray[np.bool_], target: NDArray[np.bool_]
) -> float:
    """Extra real purchases of the target from bystanders over its lost real purchases from the senders.

    Parameters
    ----------
    before, after, senders, target : as in :func:`leakage`

    Returns
    -------
    float
        Zero: nothing is replaced; one: all. NaN where no purchases were lost.
    """
    return leakage(before.transpose(1, 0, 2), after.transpose(1, 0, 2), senders, target)


def base_flows(contest: Contest) -> FloatArray:
    """Base flows at basic prices, (importer, exporter, sector), million USD."""
    return np.asarray(contest.board.economy.accounts.receipts.transpose(1, 2, 0))


def point_rows(contest: Contest, weight: float, stand: Stand) -> dict[str, Any]:
    """Return the row of one point of the frontier; see :class:`suasion.coercion.frontier.contest.Frontier`."""
    spending, change = contest.board.spending, stand.variation
    flows = base_flows(contest), real_flows(stand.solved), contest.senders, contest.target
    sides = {"own": contest.senders, "target": contest.target}
    usd = {name: float(change[mask].sum()) for name, mask in sides.items()}
    percent = {name: 100.0 * usd[name] / float(spending[mask].sum()) for name, mask in sides.items()}
    return {
        "lambda": weight,
        "own_usd": usd["own"],
        "target_usd": usd["target"],
        "own_percent": percent["own"],
        "target_percent": percent["target"],
        "bystanders_usd": float(change[~contest.senders & ~contest.target].sum()),
        "objective_usd": contest.aim(weight).value(change, stand.solved),
        "harm_per_cost": usd["target"] / usd["own"] if usd["own"] < 0.0 else float("inf"),
        "leakage": leakage(*flows),
        "replaced": replaced(*flows),
        "embargoes": int((stand.closed & contest.ours).sum()),
        **_prized(contest, stand),
    }


def _prized(contest: Contest, stand: Stand) -> dict[str, float]:
    """Change of the sales that count as harm, where there are such."""
    return (
        {} if contest.prized is None else {"sales_usd": contest.aim(1.0).held(stand.variation, stand.solved)}
    )


def trade_changes(contest: Contest, stand: Stand) -> Iterator[tuple[float, float]]:
    """Yield for every move its base flows, million USD, and by how many per cent they change in real terms."""
    before, after = base_flows(contest), real_flows(stand.solved)
    for move in contest.board.moves:
        where = np.asarray(move.where, dtype=bool)
        base = float(before[where].sum())
        yield base, 100.0 * (float(after[where].sum()) / base - 1.0)


def rate_rows(contest: Contest, weight: float, stand: Stand) -> pd.DataFrame:
    """Return the rows of the rates at one point, those of the target's answer included."""
    rows = []
    for place, (base, change) in enumerate(trade_changes(contest, stand)):
        shut = bool(stand.closed[place])
        rows.append(
            {
                "lambda": weight,
                "side": contest.names[0 if contest.ours[place] else 1],
                "means": contest.means_of[place],
                "group": contest.group_of[place],
                "rate_percent": float("inf") if shut else 100.0 * float(np.expm1(stand.policy[place])),
                "embargo": shut,
                "trade_change_percent": change,
                "base_usd": base,
                "at_bound": bool(stand.policy[place] >= contest.high[place] - 1e-9),
            }
        )
    frame = pd.DataFrame(rows)
    answered = frame[frame.side == contest.names[0]] if not np.any(stand.policy[contest.theirs]) else frame
    return answered.reset_index(drop=True)


def _point_sentence(found: Frontier, row: pd.Series) -> str:
    gain = "gain" if row.own_usd >= 0.0 else "lose"
    return (
        f"At lambda {row['lambda']:g} the best sanctions of {found.senders} on {found.target} cost the target "
        f"{-row.target_usd:,.0f} million USD ({-row.target_percent:.2f} per cent); the senders {gain} "
        f"{abs(row.own_usd):,.0f} million USD ({abs(row.own_percent):.3f} per cent)."
    )


def frontier_sentences(found: Frontier) -> tuple[str, ...]:
    """Say what a frontier shows; every number is in its tables."""
    first, last = found.points.iloc[0], found.points.iloc[-1]
    said = [_point_sentence(found, first), _point_sentence(found, last)]
    rates = found.rates[(found.rates["lambda"] == last["lambda"]) & (found.rates.side == found.senders)]
    if not rates.empty:
        top = rates.sort_values("trade_change_percent").iloc[0]
        how = "an embargo" if top.embargo else f"a rate of {top.rate_percent:.0f} per cent"
        said.append(
            f"The group cut most there is {top.group} ({top.means.replace('_', ' ')}): {how}, real trade "
            f"{top.trade_change_percent:.0f} per cent."
        )
    if np.isfinite(last.leakage):
        said.append(
            f"Bystanders take up {100 * last.leakage:.0f} per cent of the sales that the target loses to the senders."
        )
    return tuple(said)
