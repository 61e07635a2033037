"""The contradiction check: it finds what is known to be wrong, and little in the usual world."""

from __future__ import annotations

import numpy as np
import pytest

import contradictions
from fits.reconcile.record import read_record
from suasion.world import load_world


@pytest.fixture(scope="module")
def record():
    return read_record()


@pytest.fixture(scope="module")
def reconciled(record):
    return contradictions.compared(load_world("reconciled", 2023), record)


def verdict(found, kind, exporter, importer="", industry=""):
    keys = ["kind", "exporter", "importer", "industry"]
    return found.set_index(keys).verdict.get((kind, exporter, importer, industry), "small")


def spoiled(exporter, importer, musd):
    """The reconciled world with final sales of machinery more than it has, which are income of the seller."""
    world = load_world("reconciled", 2023)
    n, i, k = world.countries.index(importer), world.countries.index(exporter), world.sectors.index("C28")
    final, income = world.array("final").copy(), world.array("factor_income").copy()
    final[n, i, k] += musd
    income[i, k] += musd
    return world.replace(final=final, factor_income=income)


@pytest.mark.parametrize(
    ("exporter", "importer", "musd"),
    [("USA", "RUS", 7500.0), ("FRA", "RUS", 6400.0), ("GBR", "RUS", 3900.0), ("RUS", "DEU", 15000.0)],
)
def test_a_flow_that_customs_contradict_is_found(record, reconciled, exporter, importer, musd):
    """The first three are what the usual world had too much before it was reconciled."""
    found = contradictions.compared(spoiled(exporter, importer, musd), record)
    assert verdict(found, "goods", exporter, importer) not in ("agrees", "small")
    assert verdict(reconciled, "goods", exporter, importer) in ("agrees", "small")  # small: neither is large


def test_an_income_that_accounts_contradict_is_found(record):
    found = contradictions.compared(spoiled("TWN", "TWN", 150_000.0), record)
    assert verdict(found, "income", "TWN") == "unexplained"


def test_what_is_left_has_a_reason_or_is_listed(reconciled):
    assert (reconciled.verdict != "agrees").mean() < 0.05
    left = reconciled[reconciled.verdict == "unexplained"]
    assert len(left) <= 10
    assert set(left.kind) <= {"goods", "mining"}
    assert (reconciled[reconciled.kind == "income"].verdict == "agrees").all()


def test_gaps_are_logs_on_one_level(reconciled):
    goods = reconciled[reconciled.kind == "goods"]
    assert np.median(goods.gap) == pytest.approx(0.0, abs=1e-12)
    assert (goods[["world", "record"]].max(axis=1) > contradictions.LARGE).all()
