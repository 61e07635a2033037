"""Worlds with applied tariffs against a short solver in levels: five cases, three deficit rules, two horizons."""

from __future__ import annotations

import pytest

from evidence_tariff_fit import CASES, HORIZONS, RULES, solver


@pytest.mark.parametrize("case", CASES)
def test_against_a_solver_in_levels(case: str) -> None:
    """Both close their equations to 1e-10 in logs, and welfare is a smooth function of the unknowns: 1e-8."""
    found = solver([case])
    assert len(found) == len(RULES) * len(HORIZONS)
    assert set(found["agrees"]) == {"yes"}
    assert found["welfare_change_percent"].abs().min() > 1e-3  # something moved
