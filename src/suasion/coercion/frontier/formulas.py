"""Optimal tariffs by formula, to hold the frontier against."""

from __future__ import annotations

from suasion.errors import InputError


def sanction_tariff(supply_elasticity: float, harm_weight: float, margin: float = 0.0) -> float:
    """Best tariff on one good in one market: ``(1 + phi) / e + phi mu``.

    Parameters
    ----------
    supply_elasticity : of the target's exports to the sender, e > 0
    harm_weight : phi, dollars of own loss accepted for a dollar of harm, >= 0
    margin : mu, part of the price that is not the target's cost, its export tax included, 0 to below 1

    Returns
    -------
    float
        Tariff rate; 0.25 is 25 per cent.

    Raises
    ------
    InputError
        An argument is out of range.

    Notes
    -----
    In the spirit of Becko (2024), Journal of International Economics 150, 103898, who derives sanctions from terms of
    trade: without harm in mind it is the inverse elasticity of the textbook.

    Examples
    --------
    >>> sanction_tariff(4.0, 0.0), round(sanction_tariff(4.0, 0.7, 0.5), 12)
    (0.25, 0.775)
    """
    if not supply_elasticity > 0.0 or not harm_weight >= 0.0 or not 0.0 <= margin < 1.0:
        raise InputError(
            f"supply_elasticity={supply_elasticity:g} must be above 0, harm_weight={harm_weight:g} at least 0, and "
            f"margin={margin:g} from 0 to below 1."
        )
    return (1.0 + harm_weight) / supply_elasticity + harm_weight * margin


def two_country_tariff(sigma: float, partner_home_share: float) -> float:
    """Optimal tariff of one of two countries with one good and no inputs: ``1 / ((sigma - 1) pi_FF)``.

    Parameters
    ----------
    sigma : substitution among origins, > 1
    partner_home_share : share of the partner's own good in its spending under the tariff, above 0

    Returns
    -------
    float

    Raises
    ------
    InputError
        An argument is out of range.

    Notes
    -----
    As the partner is everything to the country, its home share tends to one and the tariff to ``1 / (sigma - 1)``.

    Examples
    --------
    >>> two_country_tariff(5.0, 1.0)
    0.25
    """
    if not sigma > 1.0 or not 0.0 < partner_home_share <= 1.0:
        raise InputError(
            f"sigma={sigma:g} must be above 1 and partner_home_share={partner_home_share:g} above 0, at most 1."
        )
    return 1.0 / ((sigma - 1.0) * partner_home_share)
