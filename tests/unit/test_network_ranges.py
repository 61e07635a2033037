"""The divisions kept beside a shipped network are those of the network as it stands."""

from __future__ import annotations

import json

import pytest

import divide_networks
from suasion.errors import SourceFileError
from suasion.sources.network_ranges import kept_division

KEPT = pytest.mark.parametrize("name", divide_networks.KEPT)


@pytest.mark.evidence  # solves every draw of a network anew
@KEPT
def test_kept_divisions_are_those_of_the_file(name):
    """Divided anew with the same draws; numbers to 1e-4 of the largest, as the convex programmes stop at 1e-7."""
    path = divide_networks.FOLDER / f"{name}.ranges.json"
    kept = json.loads(path.read_text("utf-8"))
    fresh = divide_networks.divide(name, divide_networks.KEPT[name])
    assert kept["network"] == fresh["network"], "run `python tools/divide_networks.py`"
    gains = [kept.pop("gains"), fresh.pop("gains")]
    assert kept == fresh
    largest = max(row["gain"] for row in gains[0])
    for old, new in zip(*gains, strict=True):
        for key, value in new.items():
            close = value if isinstance(value, str) else pytest.approx(value, rel=1e-4, abs=1e-4 * largest)
            assert old[key] == close, (old, key)


@KEPT
def test_ranges_hold_the_numbers_of_the_file(name):
    """The file's own numbers lie near its ranges' middle, so that the gain lies between the least and most common."""
    kept = kept_division(name)
    assert (kept.gains["low"] <= kept.gains["high"]).all()
    inside = kept.gains["gain"].between(kept.gains["low"], kept.gains["high"])
    assert inside.mean() > 0.9
    assert set(kept.gains["player"]) == set(kept.players)
    assert kept.gains.groupby("case")["share_percent"].sum().round(3).eq(100).all()


def test_a_network_without_kept_divisions_is_named():
    with pytest.raises(
        SourceFileError, match=r"networks/three_pipelines\.ranges\.json of the package is missing"
    ):
        kept_division("three_pipelines")
