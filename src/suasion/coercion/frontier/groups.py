"""Groups of sectors that one sanction covers, and the flows between two sides that belong to each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from suasion.coercion.sides import Side, members
from suasion.equilibrium.scenario.places import sector_mask
from suasion.errors import InputError
from suasion.world import World

#: Ten groups of the industries of inter-country tables, by the first letters of their codes.
TEN: Mapping[str, tuple[str, ...]] = {
    "agriculture": ("A",),
    "energy_mining": ("B05", "B06"),
    "other_mining": ("B07", "B08", "B09"),
    "food_textiles_wood_paper": ("C10", "C13", "C16", "C17", "C31"),
    "refined_petroleum": ("C19",),
    "chemicals_plastics_minerals": ("C20", "C21", "C22", "C23"),
    "metals": ("C24", "C25"),
    "electronics_and_electrical": ("C26", "C27"),
    "machinery_and_vehicles": ("C28", "C29", "C30"),
    "services_and_utilities": tuple("DEFGHIJKLMNOPQRST"),
}


def sector_groups(
    world: World, groups: Mapping[str, Sequence[str]] | None = None
) -> dict[str, NDArray[np.bool_]]:
    """Return the sectors of each group.

    groups: name to sector codes, names or sections; by default ten groups of industries where the world's
      sectors have. ISIC codes, else every sector for itself.
    Returns: Name to bool (sector,); empty groups are left out.
    Raises InputError: Two groups share a sector, or none is given.
    Raises NotInWorldError: A sector is unknown.
    """
    if groups is None:
        return _default(world)
    found = {str(name): sector_mask(tuple(sectors), world) for name, sectors in groups.items()}
    if not found:
        raise InputError("groups is empty; give at least one name with its sectors, or leave it out.")
    count = np.sum(list(found.values()), axis=0)
    if (count > 1).any():
        twice = [code for code, times in zip(world.sectors, count, strict=True) if times > 1]
        raise InputError(f"{', '.join(twice)} stands in two groups of sectors. Keep each sector in one.")
    return found


def chosen_groups(world: World, names: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the default groups of that name with their sectors.

    names: of default groups.
    Returns: Name to sector codes.
    Raises InputError: There is no such group; the message lists them.
    """
    known = {
        name: tuple(code for code, inside in zip(world.sectors, mask, strict=True) if inside)
        for name, mask in _default(world).items()
    }
    unknown = [name for name in names if name not in known]
    if unknown:
        raise InputError(f"There is no group of sectors {unknown[0]!r}. Groups are {', '.join(known)}.")
    return {name: known[name] for name in names}


def _default(world: World) -> dict[str, NDArray[np.bool_]]:
    codes = np.array(world.sectors)
    parts = {name: np.array([code.startswith(starts) for code in codes]) for name, starts in TEN.items()}
    if np.sum(list(parts.values()), axis=0).min() < 1 or len(codes) <= len(TEN):
        return {str(world.sector_names.get(code, code)): codes == code for code in codes}
    return {name: mask for name, mask in parts.items() if mask.any()}


def country_mask(world: World, side: Side) -> NDArray[np.bool_]:
    """Return the countries of a side, bool (country,).

    Raises NotInWorldError: None of them is in the world.
    """
    return np.isin(world.countries, members(world, side))


def flows_between(
    buyers: NDArray[np.bool_], sellers: NDArray[np.bool_], sectors: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Return the flows of some sectors from sellers to buyers, bool (importer, exporter, sector); none at home."""
    pairs = buyers[:, None] & sellers
    np.fill_diagonal(pairs, False)
    return np.asarray(pairs[:, :, None] & sectors)
