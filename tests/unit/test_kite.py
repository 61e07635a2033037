"""Initial conditions of KITE on a small file with the tables and columns that the model's own tests build."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from suasion.equilibrium.accounts import accounts_of
from suasion.equilibrium.from_shares import kite_world
from suasion.errors import SourceFileError
from suasion.sources.kite import TABLES, read_kite
from suasion.world.testing import random_world

rdata = pytest.importorskip("rdata")


def tables(world, theta) -> dict[str, dict[str, np.ndarray]]:
    """Long tables of a world, rows in no order of ours."""
    base = accounts_of(world)
    border = base.receipts.sum(0)  # (importer, exporter)
    arrays = {
        "trade_share": base.pi.transpose(1, 2, 0),
        "tariff": 1.0 + world.array("tariff"),
        "factor_share": base.va_share,
        "consumption_share": base.final_share,
        "intermediate_share": base.input_share,
        "value_added": base.factor_income.sum((1, 2)),
        "trade_balance": border.sum(0) - border.sum(1),
        "trade_elasticity": theta,
    }
    names = dict.fromkeys(("country", "origin", "destination"), world.countries)
    names |= dict.fromkeys(("sector", "input", "output"), world.sectors)
    found = {}
    for name, axes in TABLES.items():
        index = pd.MultiIndex.from_product([names[axis] for axis in axes], names=axes)
        long = (
            pd.Series(arrays[name].ravel(), index, name="value").reset_index().sample(frac=1, random_state=1)
        )
        found[name] = {str(c): long[c].to_numpy(object if c != "value" else float) for c in long}
    return found


@pytest.fixture(scope="module")
def world():
    return random_world(4, 3, seed=3, tariffs=True)


def written(folder, found):
    path = folder / "initial_conditions.rds"
    rdata.write_rds(str(path), found)
    return path


def test_a_world_comes_back_from_its_shares(tmp_path, world):
    """All flows at basic prices, and what follows from them; inputs and final use have the same origins in this one."""
    theta = np.array([4.0, 5.0, 6.0])
    raw = read_kite(written(tmp_path, tables(world, theta)))
    found = kite_world(raw, 2014)
    assert (found.countries, found.sectors, found.year) == (world.countries, world.sectors, 2014)
    assert raw.theta.tolist() == theta.tolist()
    for name in ("output", "value_added", "input_use", "tariff", "transfer"):  # solved to 1e-9 of the largest
        assert found.array(name) == pytest.approx(world.array(name), rel=1e-7, abs=1e-7), name
    flows = [one.array("intermediate") + one.array("final") for one in (found, world)]
    assert flows[0] == pytest.approx(flows[1], rel=1e-7, abs=1e-7)


def test_older_files_have_elasticities_as_inverses_or_apart(tmp_path, world):
    found = tables(world, np.array([4.0, 5.0, 6.0]))
    plain = read_kite(written(tmp_path, found))
    apart = {name: table for name, table in found.items() if name not in ("trade_elasticity", "tariff")}
    inverse = {**found["trade_elasticity"], "value": 1.0 / found["trade_elasticity"]["value"]}
    raw = read_kite(written(tmp_path, {**apart, "elasticities": {"trade_elasticity": inverse}}))
    assert raw.theta == pytest.approx(plain.theta)
    assert not raw.tariff.any()  # a table that is not there


def test_what_is_not_read_is_named(tmp_path, world):
    found = tables(world, np.ones(3) * 4)
    with pytest.raises(SourceFileError, match=r"There is no initial_conditions\.rds"):
        read_kite(tmp_path)
    with pytest.raises(SourceFileError, match="lacks factor_share"):
        read_kite(written(tmp_path, {k: v for k, v in found.items() if k != "factor_share"}))
    barrier = {**found["tariff"], "value": np.full(48, 1.1)}
    with pytest.raises(SourceFileError, match="ntb other than 1"):
        read_kite(written(tmp_path, {**found, "ntb": barrier}))
    short = {name: column[1:] for name, column in found["tariff"].items()}
    with pytest.raises(SourceFileError, match="is not the initial conditions of KITE: The column 'value'"):
        read_kite(written(tmp_path, {**found, "tariff": short}))
