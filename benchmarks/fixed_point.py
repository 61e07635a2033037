"""The plain way to the same numbers: a damped fixed point in NumPy, not tuned, as a yardstick.

Prices and outputs by inner loops that start where the last ones ended, wages by damped steps in logs.
"""

from __future__ import annotations

import numpy as np


def fixed_point(base, parameters, cut, tolerance=1e-10, most=2000):
    """Return log welfare (N,) and the number of wage steps, after cutting cells (importer, exporter, sector)."""
    near = lambda x: np.where(np.abs(x) < 1e-6, 1e-6, x)  # noqa: E731  # a log-linear nest is a power next to zero
    trade, mix = (1.0 - parameters.sigma)[:, None], near(1.0 - parameters.epsilon.flat[0])
    bend, tilt = near(1.0 - parameters.zeta), near(1.0 - parameters.kappa)[:, None]
    weight = np.where(cut.transpose(2, 0, 1), 0.0, base.pi)
    back, used = weight.transpose(0, 2, 1), base.input_share.transpose(0, 2, 1)
    earned = base.factor_income[..., 0].sum(1)
    wage, price, output = np.ones(earned.size), np.ones_like(base.output), base.output.copy()
    for step in range(1, most):  # noqa: B007
        for _ in range(200):
            mixed = (base.input_share @ (price**mix)[..., None])[..., 0]
            index = np.where(mixed == 0, 1.0, mixed) ** (1 / mix)  # where nothing is made, nothing is used
            own = base.va_share * wage[:, None] ** bend
            cost = (own + (1.0 - base.va_share) * index**bend) ** (1 / bend)
            total = (weight @ (cost.T**trade)[..., None])[..., 0]
            total[total == 0] = 1.0  # goods that a country does not buy
            new = (total ** (1 / trade)).T
            change, price = np.abs(new / price - 1.0).max(), new
            if change < 0.1 * tolerance:
                break
        paid = own / cost**bend
        consumer = (base.final_share * price**tilt).sum(1) ** (1 / tilt[:, 0])
        final = base.final_share * (price / consumer[:, None]) ** tilt * (wage * earned)[:, None]
        for _ in range(200):
            inputs = (1.0 - paid) * output * index ** (-mix)
            spending = final + price**mix * (used @ inputs[..., None])[..., 0]
            new = (cost.T**trade * (back @ (spending.T / total)[..., None])[..., 0]).T
            change, output = np.abs(new - output).max() / output.max(), new
            if change < 0.1 * tolerance:
                break
        ratio = (paid * output).sum(1) / (wage * earned)
        wage = wage * ratio**0.3
        wage *= earned.sum() / (wage * earned).sum()
        if np.abs(ratio - 1.0).max() < tolerance:
            break
    return np.log(wage / consumer), step
