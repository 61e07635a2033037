"""Price caps that nobody can sell under: their flows end, and the answer says so.

The lower a cap, the higher the wedge that holds it and the less is sold, until nothing is. What the seller's price is
then, without any sale to those who cap it, is the lowest that they can bring about. A cap below it ends the trade, as
an embargo would: that is the limit of the equilibria of higher caps.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from suasion.equilibrium.accounts import Accounts
from suasion.equilibrium.corrector import Corrector
from suasion.equilibrium.diagnose import check
from suasion.equilibrium.problem import DeficitRule, build_problem
from suasion.equilibrium.solve import solve
from suasion.equilibrium.types import BoolArray, Parameters, Shock
from suasion.errors import ConvergenceError, ElasticityError, ShockError
from suasion.remarks import Remark, Topic
from suasion.types import FloatArray


def end_hopeless(
    base: Accounts, parameters: Parameters, shock: Shock, rule: DeficitRule, corrector: Corrector
) -> tuple[Shock, tuple[Remark, ...]]:
    """Turn caps below the lowest price that their buyers can bring about into cuts.

    base, parameters, rule: as in :func:`suasion.equilibrium.problem.build_problem`.
    shock: compiled scenario.
    corrector: of the base.
    Returns: The shock, and a remark for each cap that ends its trade. The shock as it was where nothing can
      be told: the test is an embargo, which may have no equilibrium itself.
    """
    caps = [limit for limit in shock.limits if limit.kind != "quota"]
    if not caps:
        return shock, ()
    embargo = shock
    for cap in caps:
        embargo = _cut(embargo, cap.cells)
    try:
        lowest = _prices(base, parameters, embargo, rule, corrector)
    except (ShockError, ElasticityError, ConvergenceError):
        return shock, ()
    remarks: list[Remark] = []
    for cap in caps:
        ended = cap.cells & (lowest > cap.bound)
        if ended.any():
            shock = _cut(shock, ended)
            price = 100.0 * float(np.broadcast_to(lowest, ended.shape)[ended].min())
            remarks.append(Remark(Topic.CAP_ENDS_TRADE, {"cap": cap.label.rstrip("."), "price": price}))
    return shock, tuple(remarks)


def _prices(
    base: Accounts, parameters: Parameters, shock: Shock, rule: DeficitRule, corrector: Corrector
) -> FloatArray:
    """Producer prices (1, exporter, sector), new over base."""
    problem = build_problem(base, parameters, shock, rule)
    check(problem)
    return np.asarray(np.exp(solve(problem, corrector=corrector).swept.costs.unit)[None])


def _cut(shock: Shock, cells: BoolArray) -> Shock:
    """Cut some flows; no limit holds for them any more."""
    left = (
        replace(limit, cells=limit.cells & ~cells) if (limit.cells & cells).any() else limit
        for limit in shock.limits
    )
    return replace(shock.cutting(cells), limits=tuple(limit for limit in left if limit.cells.any()))
