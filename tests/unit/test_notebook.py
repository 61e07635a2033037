"""What a notebook shows of a world, a result and a dossier: escaped, with units, from their own numbers."""

from __future__ import annotations

import dataclasses
import re

import pytest
from tests.unit.made_up import made_up

import suasion as su
from suasion.answers.finding import Finding
from suasion.answers.values import Country, Quantity
from suasion.dossier.chapter import Conclusion
from suasion.equilibrium import simulate


@pytest.fixture(scope="module")
def small(world):
    return world.select(["RUS", "CHN", "USA", "DEU"])


def test_a_world_shows_size_origin_and_what_is_missing(small):
    html = small._repr_html_()
    assert f"World {small.year}" in html
    assert f"{len(small.countries)} countries, {len(small.sectors)} sectors" in html
    assert "USA 45.3" in html  # the sanity value of the table: 45.3 trillion USD
    assert "export_tax, tariff" in html


def test_a_result_shows_its_largest_changes_with_units(small):
    result = simulate(small, su.Scenario("a <cut>", [su.Embargo("RUS", ["CHN"])]))
    html = result._repr_html_()
    assert "a &lt;cut&gt;" in html
    assert "<cut>" not in html
    assert "welfare, per cent" in html
    first = re.search(r"<tbody>\s*<tr>\s*<th>(\w+)</th>\s*<td>([^<]+)</td>", html)
    assert first[1] == str(abs(result.welfare.to_pandas()).idxmax())
    # three digits are printed
    assert float(first[2]) == pytest.approx(float(result.welfare.sel(country=first[1])), rel=5e-3)


def test_a_dossier_shows_its_findings_escaped():
    sides = {"of_a": Country("RUS"), "of_b": Country("CHN"), "holder": Country("USA")}
    told = Finding("verdict.outside.levers", {**sides, "effect": Quantity(2.6, "percent"), "lever": "<b>"})
    odd = dataclasses.replace(made_up(), summary=(Conclusion("", told),))
    html = odd._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert odd.provenance.run_id[:12] in html
