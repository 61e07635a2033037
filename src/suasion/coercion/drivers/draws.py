"""Which quantiles of the draws each declared group of parameters owns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from suasion.equilibrium.elasticities.horizon import DRAWN
from suasion.equilibrium.elasticities.own import Elasticities
from suasion.equilibrium.elasticities.schedule import LONG_YEARS, parse_horizon
from suasion.errors import InputError
from suasion.measures.labels import sector_groups
from suasion.world import World

Groups = Mapping[str, Sequence[str]]

MOST_GROUPS = 8
COMMON = "common"
"""The shift of ln(sigma - 1) that all sectors share."""


def default_groups(world: World, horizon: str | float | Elasticities = "long") -> dict[str, tuple[str, ...]]:
    """Groups of parameters that are told apart unless others are declared.

    horizon: how buyers change suppliers, and people jobs, counts before the long run only.
    Returns: What all sigmas share; what goods, and services, have of their own (one group where sector codes
      do not tell them apart); zeta, epsilon and kappa; before the long run how many buyers can switch and at
      what premium, and the mobility of factors.
    """
    kinds = sector_groups(world.sectors)
    own = {f"sigma_{kind}": kinds[kind] for kind in ("goods", "services") if kind in kinds}
    if not own:
        own = {"sigma_sectors": world.sectors}
    nests: dict[str, tuple[str, ...]] = {name: (name,) for name in ("zeta", "epsilon", "kappa")}
    if not isinstance(horizon, Elasticities) and parse_horizon(horizon).years < LONG_YEARS:
        nests["switching"] = ("switching", "mu")
        nests["mobility"] = ("roy",)
    return {"sigma_common": (COMMON,), **own, **nests}


def columns_of(world: World, groups: Groups) -> list[list[int]]:
    """Columns of the quantiles that each group owns.

    groups: name to parameters: ``common``, sectors of the world, and :data:`DRAWN`.
    Returns: Column 0 is the common part of sigma, then come the sectors, then the other nests.
    Raises InputError: There are no groups or more than eight, one is empty, names something unknown, or two
      share a parameter.
    """
    known = (COMMON, *world.sectors, *DRAWN)
    if not 1 <= len(groups) <= MOST_GROUPS:
        raise InputError(f"{len(groups)} groups are declared; give 1 to {MOST_GROUPS}.")
    names = [name for members in groups.values() for name in members]
    unknown = [name for name in names if name not in known]
    if unknown:
        why = " eta has no range of its own." if "eta" in unknown else ""
        raise InputError(
            f"No uncertain parameter is called {', '.join(map(repr, unknown[:5]))}; allowed: {COMMON}, the world's "
            f"sectors, {', '.join(DRAWN)}.{why}"
        )
    twice = sorted({name for name in names if names.count(name) > 1})
    empty = [name for name, members in groups.items() if not members]
    if twice or empty:
        raise InputError(
            f"Every parameter belongs to one group and every group has one; twice: {', '.join(twice[:5]) or 'none'}, "
            f"empty: {', '.join(empty) or 'none'}."
        )
    place = {name: column for column, name in enumerate(known)}
    return [[place[name] for name in members] for members in groups.values()]
