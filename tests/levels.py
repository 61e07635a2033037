"""The world economy in levels, in some forty lines that share nothing with the package: an oracle of its equilibria."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import newton_krylov, root

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.types import Parameters

Terms = tuple[np.ndarray, np.ndarray, np.ndarray]


MANY = 1_000
"""Unknowns from which a Jacobian is not written down: Newton steps are then found by products with it."""


def ces(share: np.ndarray, price: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Textbook index over the last axis."""
    return mean((share * price ** (1.0 - sigma[..., None])).sum(-1), sigma)


def mean(worth: np.ndarray, sigma: np.ndarray) -> np.ndarray:
    """Price of what is worth so much; one where nothing is bought."""
    return np.asarray(np.where(worth > 0.0, worth, 1.0) ** (1.0 / (1.0 - sigma)))


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
    alive = base.output > 0.0
    buyers = [(p.sigma, np.ones(s))]
    if free is not None:
        buyers = [(p.sigma, 1.0 - free.share), (free.sigma, free.share)]
    mu = 2.0 if free is None else free.mu  # of a single kind of buyers it cancels

    def sourcing(terms: Terms) -> Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]:
        pi = base.pi.transpose(1, 2, 0) * terms[1]
        worth_at_base = [pi * terms[0] ** (1 - sigma) for sigma, _ in buyers]

        def at(c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            bought = [each * c ** (1 - own) for each, (own, _) in zip(worth_at_base, buyers, strict=True)]
            prices = [mean(each.sum(1), own) for each, (own, _) in zip(bought, buyers, strict=True)]
            worth = [b * price ** (1 - mu) for price, (_, b) in zip(prices, buyers, strict=True)]
            share = sum(
                (part / sum(worth) * price ** (own - 1))[:, None] * each
                for part, price, each, (own, _) in zip(worth, prices, bought, buyers, strict=True)
            )
            return np.asarray(share), np.asarray(sum(worth) ** (1 / (1 - mu)))

        return at

    of_inputs = sourcing(inputs)
    of_final = sourcing(final) if final else of_inputs

    def gaps(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        c, w, output = np.exp(x.reshape(3, n, s)) * [np.ones((n, s)), np.ones((n, s)), base.output]
        (share, price), (bought, dear) = of_inputs(c), of_final(c)
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
        part = np.divide(pay, paid, out=np.ones((n, s)), where=alive)
        wage = part**rho * (pay.sum(1) / paid.sum(1))[:, None] ** (1 - rho)
        cleared = np.divide(sold, output, out=np.ones((n, s)), where=alive)
        gap = np.where(alive, [unit / c, wage / w, cleared], 1.0)
        gap[2, 0, 0] = (
            pay.sum() / paid.sum()
        )  # the numeraire in place of the market that Walras' law leaves over
        return np.log(gap).ravel(), np.log(income / base.income / index)

    found = _root(lambda x: gaps(x)[0], 3 * n * s)
    gap, welfare = gaps(found)
    assert np.abs(gap).max() < 1e-10
    return welfare


def _root(gaps: Callable[[np.ndarray], np.ndarray], unknowns: int) -> np.ndarray:
    start = np.zeros(unknowns)
    if unknowns < MANY:
        return np.asarray(root(gaps, start, tol=1e-13).x)
    return np.asarray(newton_krylov(gaps, start, f_tol=1e-11, inner_maxiter=100))
