"""Who acts against whom, and how: the sides, ties and instruments of a leverage matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.sides import Side, members, side_name
from suasion.equilibrium.accounts import Accounts, wedge
from suasion.equilibrium.batch.patch import Ground, Patch, cut_patch, tariff_patch
from suasion.equilibrium.scenario.checks import number
from suasion.equilibrium.types import Shock
from suasion.errors import InputError, SameCountryError
from suasion.types import FloatArray
from suasion.world import World

Instrument = Literal["embargo", "export_ban", "import_ban", "tariff"]
Sides = Mapping[str, tuple[str, ...]]
Tie = tuple[int, int]


@dataclass(frozen=True, slots=True)
class LeverageAct:
    """What the acting side does.

    kind: instrument.
    rate: added to the tariffs, where it is one.
    """

    kind: Instrument
    rate: float = 0.0

    @property
    def mutual(self) -> bool:
        """Whether it is the same whoever acts."""
        return self.kind == "embargo"

    @property
    def words(self) -> str:
        """Name for titles."""
        if self.kind == "tariff":
            return f"tariff of {100 * self.rate:g} percentage points"
        return self.kind.replace("_", " ")

    def cells(self, first: NDArray[np.intp], second: NDArray[np.intp], sectors: int) -> NDArray[np.intp]:
        """Flows that it touches when ``first`` acts against ``second``, (3, C): sector, importer, exporter."""
        bought = (first, second), (second, first)
        ways = {"embargo": bought, "export_ban": bought[1:], "import_ban": bought[:1], "tariff": bought[:1]}
        grids = [np.meshgrid(np.arange(sectors), n, i, indexing="ij") for n, i in ways[self.kind]]
        return np.concatenate([np.stack([axis.ravel() for axis in grid]) for grid in grids], axis=1)

    def patch(self, ground: Ground, cells: NDArray[np.intp]) -> Patch | None:
        """Return it as a patch of a base, or None where only the single solver treats it."""
        if self.kind == "tariff":
            return tariff_patch(ground, cells, self.rate)
        return cut_patch(ground, cells)

    def shock(self, base: Accounts, force: Shock, cells: NDArray[np.intp]) -> Shock:
        """Add it to a shock.

        base: accounts that the shock meets.
        force: another shock that it joins; an empty one for none.
        cells: of :meth:`cells`.
        """
        k, n, i = cells
        if self.kind == "tariff":
            whole = base.whole
            base_rates = np.asarray(
                np.broadcast_to(wedge(whole.tariff) - 1.0, whole.pi.shape).transpose(1, 2, 0)
            )

            def more(given: FloatArray | None) -> FloatArray:
                rates = (base_rates if given is None else given).copy()
                rates[n, i, k] += self.rate
                return rates

            final = force.final and replace(force.final, tariff=more(force.final.tariff))
            return replace(force, tariff=more(force.tariff), final=final)
        touched = np.zeros(base.pi.shape, dtype=bool).transpose(1, 2, 0)
        touched[n, i, k] = True
        return force.cutting(touched)


def measure_of(instrument: str, rate: float) -> LeverageAct:
    """Check an instrument and its rate.

    Raises InputError: There is no such instrument, or the rate is none of a tariff.
    """
    if instrument not in get_args(Instrument):
        raise InputError(f"instrument={instrument!r} is not one of {', '.join(get_args(Instrument))}.")
    if instrument != "tariff":
        return LeverageAct(cast(Instrument, instrument))
    if rate == 0.0:
        raise InputError("rate=0 is no tariff to add; 0.1 is ten percentage points.")
    return LeverageAct("tariff", number("rate", rate))


def all_ties(
    world: World, coalitions: Mapping[str, Side] | None, measure: LeverageAct
) -> tuple[Sides, list[Tie]]:
    """Return countries and coalitions as sides, and all pairs of them without a member in common.

    Ties are pairs of positions; each pair stands once where the measure is mutual, else in both orders.
    """
    sides = {**{code: (code,) for code in world.countries}, **_coalitions(world, coalitions)}
    groups = [set(codes) for codes in sides.values()]
    pairs = (combinations if measure.mutual else permutations)(range(len(groups)), 2)
    return sides, [(a, b) for a, b in pairs if not groups[a] & groups[b]]


def named_ties(
    world: World, pairs: Sequence[tuple[Side, Side]], coalitions: Mapping[str, Side] | None
) -> tuple[Sides, list[Tie]]:
    """Return the sides of a list of pairs and their ties, each once.

    Raises SameCountryError: A country stands on both sides of a pair.
    Raises InputError: There is no pair, or an item is not one.
    """
    named = _coalitions(world, coalitions)
    sides: dict[str, tuple[str, ...]] = {}

    def place(side: Side) -> int:
        if isinstance(side, str) and side in named:
            name, codes = side, named[side]
        else:
            codes = members(world, side)
            name = codes[0] if len(codes) == 1 else side_name(side)
        sides.setdefault(name, codes)
        return list(sides).index(name)

    ties: dict[Tie, None] = {}
    for pair in pairs:
        if isinstance(pair, str) or len(pair) != 2:
            raise InputError(f"{pair!r} is not a pair; give (acting side, other side).")
        first, second = place(pair[0]), place(pair[1])
        codes = list(sides.values())
        both = sorted(set(codes[first]) & set(codes[second]))
        if both:
            names = list(sides)
            raise SameCountryError(
                f"{', '.join(both)} stands on both sides of the pair {names[first]} - {names[second]}. "
                "Name two different sides."
            )
        ties[first, second] = None
    if not ties:
        raise InputError("There is no pair; give at least one, or pairs='all'.")
    return sides, list(ties)


def _coalitions(world: World, given: Mapping[str, Side] | None) -> dict[str, tuple[str, ...]]:
    coalitions = {name: members(world, side) for name, side in (given or {}).items()}
    taken = sorted(set(coalitions) & set(world.countries))
    if taken:
        raise InputError(f"A coalition is called {taken[0]}, which is a country. Give it another name.")
    return coalitions
