"""The contradiction check: it finds what is known to be wrong in the usual world, and little in the reconciled one."""

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
def usual(record):
    return contradictions.compared(load_world(), record)


@pytest.fixture(scope="module")
def reconciled(record):
    return contradictions.compared(load_world("reconciled", 2023), record)


def verdict(found, kind, exporter, importer="", industry=""):
    keys = ["kind", "exporter", "importer", "industry"]
    return found.set_index(keys).verdict.get((kind, exporter, importer, industry), "small")


@pytest.mark.parametrize(
    "fact",
    [
        ("goods", "USA", "RUS"),
        ("goods", "FRA", "RUS"),
        ("goods", "GBR", "RUS"),
        ("goods", "RUS", "IND"),
        ("income", "TWN"),
    ],
)
def test_known_contradictions_of_the_usual_world_are_found_and_are_gone(usual, reconciled, fact):
    assert verdict(usual, *fact) not in ("agrees", "hub", "small")
    assert verdict(reconciled, *fact) in ("agrees", "small")  # small: neither number is large any more


def test_what_is_left_has_a_reason_or_is_listed(reconciled, usual):
    apart = {
        name: (found.verdict != "agrees").mean() for name, found in (("new", reconciled), ("old", usual))
    }
    assert apart["new"] < 0.05 < 0.15 < apart["old"]
    left = reconciled[reconciled.verdict == "unexplained"]
    assert len(left) <= 10
    assert set(left.kind) <= {"goods", "mining"}
    assert (reconciled[reconciled.kind == "income"].verdict == "agrees").all()


def test_gaps_are_logs_on_one_level(reconciled):
    goods = reconciled[reconciled.kind == "goods"]
    assert np.median(goods.gap) == pytest.approx(0.0, abs=1e-12)
    assert (goods[["world", "record"]].max(axis=1) > contradictions.LARGE).all()
