"""The contradiction check: it finds what is known to be wrong, and little in the usual world."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import contradictions
from fits.reconcile.concepts import goods_counted, share_of_customs
from fits.reconcile.record import places as record_places
from fits.reconcile.record import raw_materials, read_record
from fits.reconcile.smoother import MEMORY, Spreads
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


def test_at_most_two_in_a_hundred_facts_part(reconciled):
    """The bar that was set for the world that answers stand on; each that parts has a kind of reason or is listed."""
    assert (reconciled.verdict != "agrees").mean() <= 0.02
    left = reconciled[reconciled.verdict == "unexplained"]
    assert len(left) <= 10
    assert set(left.kind) <= {"goods", "mining"}
    assert (reconciled[reconciled.kind == "income"].verdict == "agrees").all()


def test_gold_makes_no_contradiction_and_all_else_does(record):
    """Australia's gold is five times what else it sells Switzerland; goods of as much more have no such reason."""
    at, gold = record_places(), raw_materials(("7108",))[12]
    n, i = at["CHE"], at["AUS"]
    assert gold[n, i] > 5 * (record.total[12, n, i] - gold[n, i])
    found = contradictions.compared(load_world("reconciled", 2023), record)
    assert verdict(found, "goods", "AUS", "CHE") in ("agrees", "small")
    assert (
        verdict(contradictions.compared(spoiled("AUS", "CHE", 20_000.0), record), "goods", "AUS", "CHE")
        == "hub"
    )


def test_the_part_of_customs_in_a_lasting_difference_is_its_part_of_the_variance():
    """By hand: both walk alike, and customs of a hub have a fixed part beside: half, and four fifths."""
    one, none = np.ones(2), np.zeros(2)
    step = one * np.sqrt(1.0 - MEMORY**2)
    share, deviation = share_of_customs(
        Spreads(none, none, step, step, one, none, np.array([0.0, np.sqrt(3.0)]))
    )
    assert share == pytest.approx([0.5, 0.8])
    assert deviation == pytest.approx(np.sqrt([0.5, 0.8]))


def test_a_year_is_not_tried_on_its_own_ratio(record):
    """What a pair lies apart in a year does not move the ratio that the year is held against."""
    counted, n, i = goods_counted(record), record_places()["USA"], record_places()["CHN"]
    table = {name: values.copy() for name, values in record.table.items()}
    table["other"][5, n, i] *= 1.5
    moved = goods_counted(replace(record, table=table))
    change = (moved.middle - counted.middle)[:10, n, i]
    assert change[4] == pytest.approx(change[6])
    assert (
        abs(change[5]) < change[4] / 2
    )  # ratios of both sides, which are medians of many pairs, move by a hair


def test_gaps_are_logs_beyond_what_customs_may_mean(reconciled):
    goods = reconciled[reconciled.kind == "goods"]
    assert np.median(goods.gap) == pytest.approx(0.0, abs=0.01)  # ends of gold differ by side
    assert (goods[["world", "record"]].max(axis=1) > contradictions.LARGE).all()
