"""Worlds with applied tariffs against a short solver in levels: five cases, three deficit rules, two horizons."""

from __future__ import annotations

import pytest

from evidence_tariff_fit import HORIZONS, RULES, USUAL, small_solver


@pytest.mark.parametrize("case", USUAL)
def test_against_a_solver_in_levels(case: str) -> None:
    """Both close their equations to 1e-10 in logs, and welfare is a smooth function of the unknowns: 1e-8."""
    found = small_solver(case)
    assert len(found) == len(RULES) * len(HORIZONS)
    assert set(found["agrees"]) == {"yes"}
    assert found["welfare_change_percent"].abs().min() > 1e-3  # something moved
