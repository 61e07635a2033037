"""What a projected year says on a pair: shares both ways, the best other outlet, and how exit costs are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.dated import tie_cuts
from suasion.coercion.exit_cost import merge
from suasion.coercion.outcomes import Side, members, side_name
from suasion.equilibrium import Shock, respond
from suasion.equilibrium.solve import Solved
from suasion.errors import InputError
from suasion.outlook.projection.chain import ProjectedYear
from suasion.sources.groups import is_group
from suasion.types import FloatArray
from suasion.world import World

SHARES = ("turnover_share", "export_share", "import_share")
OUTLETS = 3
LEAST_PART = 1e-3
"""Part of the lost sales below which a third country is no outlet."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Who is looked at, and the cuts that exit costs are read from.

    a, b: codes of the two states.
    at: their positions.
    audience: name of the third parties whose markets are a's other outlet; empty without.
    cuts: ``partner`` (a from b), and with an audience ``audience`` (a from it) and ``both``.
    """

    a: str
    b: str
    at: tuple[int, int]
    audience: str
    cuts: Mapping[str, Shock]

    @property
    def mask(self) -> NDArray[np.bool_]:
        """(importer, exporter, sector) trade between the two."""
        cut = self.cuts["partner"].cut
        assert cut is not None
        return cut


Reading = tuple[str, str, str, str, float, str]
"""One number of a year: what (a share of the partner in the trade of ``of``, 0 to 1, or a loss), ``of`` whom, horizon
(of a loss, else empty), outlet (``open`` or ``closed``, of a loss), value (NaN where there is none), and why there is
none."""


def pair_of(world: World, a: str, b: str, audience: Side | None) -> Pair:
    """Compile the cuts of a pair.

    Raises SameCountryError, NotInWorldError: As :func:`suasion.coercion.study_ties`.
    Raises InputError: One of the two is a group.
    """
    for name in (a, b):
        if name not in world.countries and is_group(name):
            raise InputError(
                f"{name} is a group; an outlook is for two states. Groups may stand as its audience."
            )
    cuts, _ = tie_cuts(world, a, b, audience)
    (one,), (other,) = members(world, a), members(world, b)
    place = world.countries.index(one), world.countries.index(other)
    return Pair(one, other, place, side_name(audience) if audience else "", cuts)


def shares(state: ProjectedYear, pair: Pair) -> list[Reading]:
    """Partner's share in the turnover, exports and imports of each side, at basic prices."""
    trade = receipts(state.solved)
    rows: list[Reading] = []
    for own, (n, i) in ((pair.a, pair.at), (pair.b, pair.at[::-1])):
        bought, sold = trade[n].copy(), trade[:, n].copy()
        bought[n] = sold[n] = 0.0
        sides = (bought + sold, sold, bought)
        for name, values in zip(SHARES, sides, strict=True):
            total = float(values.sum())
            rows.append((name, own, "", "", float(values[i]) / total if total > 0 else float("nan"), ""))
    return rows


def receipts(solved: Solved) -> FloatArray:
    """Trade at basic prices, (importer, exporter), million USD."""
    return np.asarray(solved.swept.flows.sum(0))


def outlets(state: ProjectedYear, pair: Pair) -> Iterator[dict[str, Any]]:
    """Third countries that take up trade of both sides after the pair has parted, in the long run, the best first.

    state: the year.
    pair: the cuts.
    Yields: ``of`` (who loses the partner), ``rank`` (1 is the best), ``country`` (the outlet), ``gain_usd`` (rise of
      what it buys from ``of``, million USD at the year's prices before the cut) and ``part`` (of the sales to the
      partner that it makes up for). One that would make up for less than a thousandth of these is none.
    """
    solved, _ = respond(state.economy, merge(state.shock, pair.cuts["partner"]), state.solved.x)
    prices = (state.solved.swept.costs.unit - solved.swept.costs.unit).T[:, None, :]
    gain = (solved.swept.flows * np.exp(prices)).sum(0) - receipts(state.solved)
    for own, (n, i) in ((pair.a, pair.at), (pair.b, pair.at[::-1])):
        third = gain[:, n].copy()
        third[[n, i]] = -np.inf
        lost = -float(gain[i, n])
        best = [
            int(m) for m in np.argsort(third)[::-1][:OUTLETS] if lost > 0.0 and third[m] >= LEAST_PART * lost
        ]
        for rank, m in enumerate(best, start=1):
            code = state.economy.accounts.countries[m]
            gain_usd = float(third[m])
            yield {"of": own, "rank": rank, "country": code, "gain_usd": gain_usd, "part": gain_usd / lost}
