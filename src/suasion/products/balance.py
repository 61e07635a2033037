"""The price at which demand and the supply that is left balance again.

All quantities are worth their value at the old price, which is one. With demand ``D``, the alternatives' supply
``X_i``, and constant elasticities ``e_d`` (demand) and ``e_s`` (supply), a loss ``L`` leaves ``D = L + sum X_i``:

    exact     D p^-e_d = sum_i min(X_i p^e_s, X_i + room_i)
    no limit  p = (1 - L/D)^(-1 / (e_s + e_d))
    small     p - 1 = (L/D) / (e_s + e_d)

``room_i`` is how much more supplier i could sell at most. A seller who loses a buyer sees the mirror image. Where
the good has one price, the goods refused, ``R``, come on top of what all others buy, ``M``, and all sellers share in
the fall:

    exact     (M + R) p^e_s = M p^-e_d,  p = (M / (M + R))^(1 / (e_s + e_d))

Where it has its maker's own price, a share ``s`` of its exports is refused, and the demand that is left has the
elasticity ``e / (1 - s)`` where ``e`` is measured, as ``e_s`` is, on the old exports:

    exact     p^e_s = (1 - s) p^(-e / (1 - s))

Both divert ``1 - (1 - p^e_s) / s`` of the volume. For small shares both are, with ``e = (e_d M + e_s X_r) / X`` where
rivals sell ``X_r`` to the others and the seller's exports are ``X``,

    small     1 - p = s / (e + e_s),   diverted = e / (e + e_s)
"""

from __future__ import annotations

import numpy as np

from suasion.errors import InputError
from suasion.quotient import over
from suasion.types import FloatArray

TENFOLD = float(np.log(10.0))
"""Prices are followed up to ten times the old one; beyond, constant elasticities say nothing (assumption)."""
_STEPS = 60  # halvings of a range of log 10: below 1e-17


def price_rise(
    lost: FloatArray,
    alternatives: FloatArray,
    supply: FloatArray,
    demand: FloatArray,
    room: FloatArray | None = None,
) -> FloatArray:
    """Relative rise of the price when part of the supply is lost; 0.08 is 8 per cent.

    Parameters
    ----------
    lost : (P,) supply lost, at the old price
    alternatives : (C, P) supply of each other seller, at the old price
    supply, demand : (P,) elasticities, as positive numbers
    room : (C, P) how much more each seller could sell; no limit without it

    Returns
    -------
    (P,)
        At most 9, a tenfold price; there no balance was found below.

    Raises
    ------
    InputError
        If a number is negative, or both elasticities of a product are zero.

    Notes
    -----
    Without limits the solution is closed; with them the root of the logarithm of the price is bracketed between
    one and ten times the old price, and found by halving for all products at once.
    """
    numbers = [lost, alternatives, supply, demand, *([] if room is None else [room])]
    if any((np.asarray(x) < 0).any() for x in numbers) or (supply + demand <= 0).any():
        raise InputError(
            "Supply, room and elasticities must be >= 0, and one elasticity of each product > 0."
        )
    left = alternatives.sum(axis=0)
    total = lost + left
    with np.errstate(divide="ignore"):
        free = -np.log1p(-over(lost, total)) / (supply + demand)
    log_price = np.minimum(free, TENFOLD)
    if room is not None:
        log_price = _bracketed(total, alternatives, alternatives + room, supply, demand)
    return np.asarray(np.expm1(log_price))


def _bracketed(
    total: FloatArray, sold: FloatArray, most: FloatArray, supply: FloatArray, demand: FloatArray
) -> FloatArray:
    """Logarithm of the balancing price; excess demand falls in it, so halving finds the only root."""
    low, high = np.zeros_like(total), np.full_like(total, TENFOLD)
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        offered = np.minimum(sold * np.exp(supply * middle), most).sum(axis=0)
        short = total * np.exp(-demand * middle) > offered
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return np.asarray(high)


def small_rise(lost: FloatArray, left: FloatArray, supply: FloatArray, demand: FloatArray) -> FloatArray:
    """Rise of the price for a small loss, ``(lost / total) / (e_s + e_d)``.

    Parameters
    ----------
    lost, left : (P,) supply lost, and supply of all others
    supply, demand : (P,) elasticities, as positive numbers

    Returns
    -------
    (P,)
    """
    return over(lost, lost + left) / (supply + demand)


def buyers_loss(spent: FloatArray, rise: FloatArray, demand: FloatArray) -> FloatArray:
    """What a rise of the price costs buyers: the area under the demand curve, in the unit of ``spent``.

    Parameters
    ----------
    spent : (P,) purchases at the old price
    rise : (P,) relative rise of the price
    demand : (P,) elasticity of demand, as a positive number

    Returns
    -------
    (P,)

    Notes
    -----
    The integral of ``spent * p^-e`` from 1 to ``1 + rise``.
    """
    log_price, curve = np.log1p(rise), 1.0 - demand
    flat = np.abs(curve) < 1e-9
    area = np.where(flat, log_price, np.expm1(curve * log_price) / np.where(flat, 1.0, curve))
    return np.asarray(spent * area)


def market_fall(
    refused: FloatArray, left: FloatArray, share: FloatArray, supply: FloatArray, demand: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Fall of the one price of a good, and share of the refused goods that others take, when a buyer refuses them.

    Parameters
    ----------
    refused : (P,) what the buyer no longer takes, at the old price
    left : (P,) what all others buy, from this seller and its rivals
    share : (P,) share of the seller's exports that is refused, 0 to 1
    supply, demand : (P,) elasticities of all sellers and of all other buyers

    Returns
    -------
    fall : (P,)
        Relative fall of the price, 0 to 1; 1 where nobody else buys.
    diverted : (P,)
        Volume sold elsewhere over volume refused, 0 to 1; NaN where nothing was refused.

    Raises
    ------
    InputError
        If a number is negative, a share above one, or both elasticities of a product are zero.
    """
    numbers = (refused, left, share, supply, demand)
    if any((x < 0).any() for x in numbers) or (share > 1).any() or (supply + demand <= 0).any():
        raise InputError(
            "Amounts, shares and elasticities must be >= 0, and one elasticity of each product > 0."
        )
    with np.errstate(divide="ignore"):
        log_price = np.log1p(-over(refused, refused + left)) / (supply + demand)
    return np.asarray(-np.expm1(log_price)), _diverted(log_price, share, supply)


def _diverted(log_price: FloatArray, share: FloatArray, supply: FloatArray) -> FloatArray:
    """Volume sold elsewhere over volume refused: supply falls along its curve, the rest is sold."""
    with np.errstate(divide="ignore", invalid="ignore"):
        volume = np.where(supply == 0, 1.0, np.exp(supply * log_price))
        return np.asarray(np.clip(1.0 - (1.0 - volume) / share, 0.0, 1.0))


def price_fall(share: FloatArray, supply: FloatArray, demand: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fall of the price and share of the refused goods that other buyers take, when a seller loses a buyer.

    Parameters
    ----------
    share : (P,) share of the seller's exports that the buyer took, 0 to 1
    supply : (P,) elasticity of the seller's supply
    demand : (P,) elasticity of all other demand for its goods, measured on its old exports

    Returns
    -------
    fall : (P,)
        Relative fall of the price, 0 to 1.
    diverted : (P,)
        Volume sold elsewhere over volume refused, 0 to 1; NaN where nothing was refused.

    Raises
    ------
    InputError
        If a share is not in [0, 1] or an elasticity is negative.
    """
    if (share < 0).any() or (share > 1).any() or (supply < 0).any() or (demand < 0).any():
        raise InputError("Shares must be in [0, 1], and elasticities >= 0.")
    kept = 1.0 - share
    with np.errstate(divide="ignore", invalid="ignore"):
        log_price = np.where(
            kept > 0, np.log(kept) / (supply + demand / np.where(kept > 0, kept, 1.0)), -np.inf
        )
        log_price = np.where(share == 0, 0.0, log_price)
    return np.asarray(-np.expm1(log_price)), _diverted(log_price, share, supply)


def small_fall(share: FloatArray, supply: FloatArray, demand: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Fall of the price and diverted share for a small loss: ``s / (e_d + e_s)`` and ``e_d / (e_d + e_s)``.

    Parameters
    ----------
    share, supply, demand : (P,) as in :func:`price_fall`

    Returns
    -------
    fall, diverted : (P,)
    """
    total = supply + demand
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(share / total), np.asarray(demand / total)
