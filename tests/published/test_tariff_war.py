"""Lashkaripour, Journal of International Economics (2021), Table 2 (page 34), column Baseline Model: 43 countries.

The table of evidence holds what this program computes from the author's inputs, which may not be shipped; what can be
computed anew from it is, here and in the tests of evidence. One choice was made with the answer in view: the elasticity of
services, of which the paper prints two values and the author's package has a third.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import evidence
import evidence_tariff_war as made
from evidence_tables import TABLES


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return evidence.read(next(one for one in TABLES if one.name == "tariff_war")).set_index("country")


def test_real_income_is_that_of_the_table(table: pd.DataFrame) -> None:
    """Printed to .01; what is left is the base's tariffs, TRAINS there and Teti's here."""
    apart = (table.welfare - table.printed_welfare).abs()
    assert len(table) == 43
    assert apart.median() < 0.06
    assert (apart <= 0.2).sum() >= 38
    assert (apart[["DEU", "JPN", "HUN", "TWN", "USA"]] < 0.05).all()
    assert np.corrcoef(table.welfare, table.printed_welfare)[0, 1] > 0.99


def test_tariffs_are_those_of_the_table(table: pd.DataFrame) -> None:
    """Half of them within half a point; Portugal is ten off."""
    apart = (table.tariff - table.printed_tariff).abs()
    assert apart.median() < 0.5
    assert apart.idxmax() == "PRT"


def test_the_comparison_has_power(table: pd.DataFrame) -> None:
    """With the elasticity of services of the author's package it fails."""
    apart = (table.welfare_services_5 - table.printed_welfare).abs()
    assert apart.median() > 0.1
    assert (apart <= 0.2).sum() < 38


def test_the_rates_follow_from_what_is_committed(table: pd.DataFrame) -> None:
    """(M2.3) on the digest: shares of exports times how strongly customers turn away; nine digits are written."""
    again = made.sampled(table.reset_index()).set_index("country")
    assert again.tariff.to_numpy() == pytest.approx(table.tariff.to_numpy(), rel=1e-7)
    digest = table.filter(like="turns_away_").to_numpy()
    assert ((digest >= 0.0) & (digest <= 1.0)).all()
    assert (digest.sum(1) <= 1.0).all()
