"""Say which part of what a seller earns abroad is rent: an export tax in place of factor income."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from suasion.errors import InputError, NegativeValueError, NotInWorldError
from suasion.world.checks import Step

if TYPE_CHECKING:
    from suasion.world.world import World


def with_export_rents(world: World, exporter: str, sectors: Sequence[str], rate: float) -> World:
    """Return the world with part of a country's export earnings counted as rent.

    The buyers pay what they paid. Of that, ``rate`` over one plus the rate is no cost of production but a tax on
    exports: extraction taxes, export duties, or scarcity that no worker or machine is paid for. The factor income of
    the industry falls by as much, and the country's income stays.

    Parameters
    ----------
    world
        The accounts to change.
    exporter
        Code of the country.
    sectors
        Codes of the industries.
    rate
        Rent over cost; 0.5 says that a third of the price at the border is rent.

    Returns
    -------
    World
        ``export_tax`` is no longer marked missing.

    Raises
    ------
    InputError
        If the rate is not positive.
    NotInWorldError
        If the country or an industry is not in the world.
    NegativeValueError
        If the rent exceeds the industry's factor income.
    """
    if not rate > 0.0:
        raise InputError(f"rate={rate:g} must be above zero: rent over cost, such as 0.5.")
    unknown = [name for name in (exporter, *sectors) if name not in (*world.countries, *world.sectors)]
    if unknown:
        raise NotInWorldError(
            f"{', '.join(unknown)} is not in this world. Take codes of its countries and sectors."
        )
    place, goods = world.countries.index(exporter), [world.sectors.index(s) for s in sectors]
    abroad = np.array(world.countries) != exporter
    names = ("intermediate", "final", "factor_income", "export_tax")
    arrays = {name: world.array(name).copy() for name in names}
    cells = np.ix_(abroad, [place], goods)
    rent = np.zeros(len(goods))
    for name in ("intermediate", "final"):
        rent += arrays[name][cells].sum((0, 1)) * rate / (1.0 + rate)
        arrays[name][cells] /= 1.0 + rate
    earned = arrays["factor_income"][place, goods]
    short = rent >= earned.sum(1)
    if short.any():
        named = ", ".join(s for s, lacks in zip(sectors, short, strict=True) if lacks)
        raise NegativeValueError(
            f"A rent of {rate:g} is more than {exporter} earns in {named}. Take a lower rate."
        )
    arrays["factor_income"][place, goods] = earned * (1.0 - rent / earned.sum(1))[:, None]
    arrays["export_tax"][cells] = (1.0 + arrays["export_tax"][cells]) * (1.0 + rate) - 1.0
    note: Step = (
        f"Rents of {exporter} in exports of {', '.join(sectors)} taken as {rate:g} of cost (assumption)."
    )
    return world.replace(**arrays, missing=world.missing - {"export_tax"}, notes=(*world.notes, note))
