"""Endings of pacts by treaty and conduct, and blocs whose members do not sign."""

from __future__ import annotations

import numpy as np
import pytest

from suasion.questions import alliance
from suasion.statecraft.alliance.endings import COUNTS, PactClass, PactConduct, ending_rate, hazards_by_bloc
from suasion.statecraft.alliance.hazards import load_hazards, load_pact_model
from suasion.statecraft.alliance.number import PactEvent, pact_number
from suasion.statecraft.pacts import pacts

LAST = load_pact_model()["last_year"]


@pytest.fixture(autouse=True)
def own_store(tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path / "store"))


def test_three_pacts_end_at_three_rates():
    found = {pair: ending_rate(*pair, LAST) for pair in (("ARM", "RUS"), ("GBR", "USA"), ("PRK", "RUS"))}
    assert [(one.pact, one.conduct) for one in found.values()] == [
        (PactClass.MANY, PactConduct.FROZEN),
        (PactClass.MANY, None),
        (PactClass.YOUNG, PactConduct.KEPT),
    ]
    chances = [pact_number(*pair, 2030, pact=PactEvent.ENDING).probability for pair in found]
    assert chances[1] < chances[2] < chances[0]
    years = 4 + 31 / 365  # from 1 December 2026 to the end of 2030
    for one, chance in zip(found.values(), chances, strict=True):
        # below the value at the mean rate: by half the variance of the lognormal, and as much for what is outlived
        top = -np.expm1(-one.rate * years)
        assert top * (1 - 2.0 * one.rate * years * np.exp(one.sd**2)) < chance < top


def test_the_answer_says_of_which_treaties_the_rate_is():
    keys = {pair: alliance(*pair, by=(2030,)).findings[0] for pair in (("ARM", "RUS"), ("GBR", "USA"))}
    assert keys["ARM", "RUS"].key == "alliance.ending_conduct"
    assert keys["GBR", "USA"].key == "alliance.ending_class"
    assert keys["GBR", "USA"].values["years"].value == COUNTS[PactClass.MANY][1]


def test_no_member_of_nato_is_likely_to_sign_with_russia():
    nato = {spell.country for one in pacts() if one.key == "nato" for spell in one.spells}
    for kind in ("bilateral", "accession"):
        first = hazards_by_bloc().xs(kind, level="kind")["hazard"].nlargest(500).index
        assert not [pair for pair in first if "RUS" in pair and set(pair) & nato]


def test_blocs_move_nobody_else():
    moved = hazards_by_bloc()["hazard"] / load_hazards()["hazard"]
    assert moved["CHN", "RUS"].eq(1.0).all()
    assert moved["POL", "UKR"].eq(1.0).all()
    assert moved.xs("ending", level="kind").eq(1.0).all()
    assert moved["FIN", "RUS"].lt(0.1).all()


@pytest.mark.evidence
def test_the_counts_are_those_of_the_record(reference_named):
    """Pair-years of pacts, and how many ended in the next year, by kind and age of the treaty."""
    from fit_pacts import record

    table = record().table
    held = table[table["held"] & table["followed"]]
    age = np.expm1(held["age"]).round()
    many = held["many_members"] > 0
    own = {
        PactClass.YOUNG: ~many & (age < 10) & (held["year"] >= 1950),
        PactClass.MIDDLE: ~many & age.between(10, 29) & (held["year"] >= 1950),
        PactClass.OLD: ~many & (age >= 30) & (held["year"] >= 1950),
        PactClass.MANY: many & (held["year"] >= 1990),
    }
    assert {name: (int(held["ends"][rows].sum()), int(rows.sum())) for name, rows in own.items()} == COUNTS
