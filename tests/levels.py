"""The world economy in levels, in some thirty lines that share nothing with the package: an oracle of its equilibria."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import root

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.types import Parameters

Terms = tuple[np.ndarray, np.ndarray, np.ndarray]


def ces(share: np.ndarray, price: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Textbook index over the last axis."""
    return np.asarray((share * price ** (1.0 - sigma[..., None])).sum(-1) ** (1.0 / (1.0 - sigma)))


def in_levels(
    base: Accounts,
    p: Parameters,
    inputs: Terms,
    final: Terms | None = None,
    capital: np.ndarray | float = 0.0,
    transfer: Callable[[np.ndarray], np.ndarray] | None = None,
) -> np.ndarray:
    """Log welfare of everybody, all in levels: a root of supply less demand in prices, wages and outputs.

    Terms are (importer, exporter, sector): what a flow costs over before, the part of it that is left, its tariff; of
    what is bought for inputs, and of what is bought for final use where they differ. ``capital`` is the share of value
    added that is paid for it; it grows until its rental is the price of what it is made of, the final bundle.
    ``transfer`` gives what every country receives, of what it and all others earn.
    """
    paid, (n, s), free = base.factor_income[..., 0], base.output.shape, p.switching
    buyers = [(p.sigma, np.ones(s))]
    if free is not None:
        buyers = [(p.sigma, 1.0 - free.share), (free.sigma, free.share)]
    mu = 2.0 if free is None else free.mu  # of a single kind of buyers it cancels

    def sourcing(c: np.ndarray, terms: Terms) -> tuple[np.ndarray, np.ndarray]:
        pi, at = base.pi.transpose(1, 2, 0) * terms[1], c[None] * terms[0]
        prices = [(pi * at ** (1 - sigma)).sum(1) ** (1 / (1 - sigma)) for sigma, _ in buyers]
        worth = [b * price ** (1 - mu) for price, (_, b) in zip(prices, buyers, strict=True)]
        share = sum(
            (part / sum(worth) * own ** (sigma - 1))[:, None] * pi * at ** (1 - sigma)
            for part, own, (sigma, _) in zip(worth, prices, buyers, strict=True)
        )
        return np.asarray(share), np.asarray(sum(worth) ** (1 / (1 - mu)))

    def gaps(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        c, w, output = np.exp(x.reshape(3, n, s))
        (share, price), (bought, dear) = (sourcing(c, terms) for terms in (inputs, final or inputs))
        m, index = ces(base.input_share, price[:, None], p.epsilon), ces(base.final_share, dear, p.kappa)
        v = w ** (1 - capital) * index[:, None] ** capital
        unit = ces(np.stack([base.va_share, 1 - base.va_share], -1), np.stack([v, m], -1), p.zeta)
        pay = base.va_share * (v / c) ** (1 - p.zeta) * output
        used = (1 - base.va_share) * (m / c) ** (1 - p.zeta) * output
        relative = price[:, None] / m[..., None]
        used = (used[..., None] * base.input_share * relative ** (1 - p.epsilon[..., None])).sum(1)
        spent = base.final_share * (dear / index[:, None]) ** (1 - p.kappa[:, None])
        taxes = (inputs[2], (final or inputs)[2])
        duty, levied = ((each * t / (1 + t)).sum(1) for each, t in zip((share, bought), taxes, strict=True))
        given = 0.0 if transfer is None else transfer(pay.sum(1))
        income = (pay.sum(1) + given + (duty * used).sum(1)) / (1 - (levied * spent).sum(1))
        sold = (share / (1 + taxes[0]) * used[:, None]).sum(0)
        sold = sold + (bought / (1 + taxes[1]) * (spent * income[:, None])[:, None]).sum(0)
        rho = p.mobility[0]
        wage = (pay / paid) ** rho * (pay.sum(1) / paid.sum(1))[:, None] ** (1 - rho)
        gap = np.stack([unit / c, wage / w, sold / output])
        gap[2, 0, 0] = (
            pay.sum() / paid.sum()
        )  # the numeraire in place of the market that Walras' law leaves over
        return np.log(gap).ravel(), np.log(income / base.income / index)

    start = np.log(np.stack([np.ones((n, s)), np.ones((n, s)), base.output]))
    found = root(lambda x: gaps(x)[0], start.ravel(), tol=1e-13)
    assert np.abs(found.fun).max() < 1e-10
    return gaps(found.x)[1]
