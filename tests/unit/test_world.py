"""World: labels, derived quantities, selection, tariffs, storage, and every wrong input with its message."""

from __future__ import annotations

import json
import pickle
import zipfile

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from suasion.errors import (
    AlignmentError,
    ChecksumError,
    DataError,
    DuplicateLabelError,
    InputError,
    MissingValueError,
    NegativeValueError,
    NotInWorldError,
    OutputError,
    SourceFileError,
    UnbalancedTableError,
    UnknownCountryError,
)
from suasion.world import Provenance, UseMatrix, World, checks, from_arrays, load_world, with_proportional_use
from suasion.world.testing import assert_world_equal, golden_world, random_world, symmetric_world


def parts(world: World) -> dict:
    """Writable copies of the four arrays without rates."""
    return {k: world.array(k).copy() for k in ("intermediate", "final", "input_use", "factor_income")}


def rebuilt(world: World, arrays: dict, **fields) -> World:
    return World(world.countries, world.sectors, world.year, arrays, **fields)


def shares_into(world: World, country: str) -> np.ndarray:
    flow = (world.array("intermediate") + world.array("final"))[world.countries.index(country)]
    return flow / flow.sum(axis=0)


def test_golden_world_has_the_stated_shares():
    """Printed digits of the construction: ten decimals."""
    want = [[0.5172413793, 0.8068965517], [0.1379310345, 0.0551724138], [0.3448275862, 0.1379310345]]
    np.testing.assert_allclose(shares_into(golden_world(), "R"), want, atol=5e-11)


def test_golden_world_value_added_and_balance():
    world = golden_world()
    np.testing.assert_allclose(world.array("value_added").sum(axis=1), [1, 8, 20], rtol=1e-14)
    np.testing.assert_allclose(world.array("transfer"), 0.0, atol=1e-13)  # rounding of sums of order 20


def test_symmetric_world_has_the_shares_asked_for():
    world = symmetric_world(3, domestic=0.7, va_share=0.4)
    np.testing.assert_allclose(shares_into(world, "C1")[:, 0], [0.7, 0.15, 0.15], rtol=1e-14)
    np.testing.assert_allclose(world.array("value_added") / world.array("output"), 0.4, rtol=1e-14)


def test_labelled_arrays_carry_unit_meaning_and_status():
    tariff = golden_world()["tariff"]
    assert tariff.dims == ("importer", "exporter", "sector")
    assert tariff.attrs["unit"] == "rate"
    assert tariff.attrs["status"] == "missing"
    assert golden_world()["output"].sel(country="W", sector="other").item() == pytest.approx(0.8 / 0.44 * 20)


def test_arrays_cannot_be_written():
    world = golden_world()
    with pytest.raises(ValueError, match="read-only"):
        world.array("final")[0, 0, 0] = 1.0
    with pytest.raises(ValueError, match="read-only"):
        world["output"].values[0, 0] = 1.0
    with pytest.raises(TypeError):
        world.arrays["final"] = None


def test_input_arrays_are_copied():
    arrays = parts(golden_world())
    world = rebuilt(golden_world(), arrays)
    arrays["final"][:] = 0.0
    assert world.array("final").sum() > 0


def test_unknown_quantity_gets_a_suggestion():
    with pytest.raises(InputError, match="'intermediate'"):
        golden_world()["intermediat"]
    with pytest.raises(InputError, match=r"world\.use"):
        golden_world()["use"]


# wrong inputs


@pytest.mark.parametrize("name", ["intermediate", "final", "input_use", "factor_income"])
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_gaps_raise_and_name_the_cell(name, value):
    arrays = parts(golden_world())
    arrays[name][(0, 1, 0)[: arrays[name].ndim]] = value
    with pytest.raises(MissingValueError, match=rf"`{name}` has 1 cells that are NaN.*\(R, "):
        rebuilt(golden_world(), arrays)


@pytest.mark.parametrize("name", ["intermediate", "final", "input_use", "factor_income", "tariff"])
def test_negatives_raise_and_name_the_cell(name):
    arrays = {**parts(golden_world()), "tariff": np.zeros((3, 3, 2))}
    arrays[name][(2, 1, 0)] = -1.0
    with pytest.raises(NegativeValueError, match=rf"`{name}` has 1 cells out of range.*\(W, "):
        rebuilt(golden_world(), arrays)


def test_export_subsidies_are_allowed_but_not_below_minus_one():
    tax = np.zeros((3, 3, 2))
    tax[1, 0, 0] = -1.0
    with pytest.raises(NegativeValueError, match=r"above -1.*\(C, R, energy\)"):
        rebuilt(golden_world(), {**parts(golden_world()), "export_tax": tax})


def test_unbalanced_output_names_the_worst_cell_first():
    arrays = parts(golden_world())
    arrays["factor_income"][1, 0] *= 1.5
    arrays["factor_income"][0, 1] *= 1.1
    with pytest.raises(
        UnbalancedTableError,
        match=r"output = value added \+ inputs fails in 2 cells.*: \(C, energy\), \(R, other\)",
    ):
        rebuilt(golden_world(), arrays)


def test_unbalanced_inputs_name_the_cell():
    arrays = parts(golden_world())
    arrays["input_use"][2, :, 1] *= 1.01
    with pytest.raises(UnbalancedTableError, match=r"inputs used.*\(W, other\).*with_tariffs"):
        rebuilt(golden_world(), arrays)


def test_transfers_that_do_not_sum_to_zero_raise():
    """The other identities imply this one, so the rule is called with arrays no world would hold."""
    arrays = {**golden_world().arrays, "final": 2.0 * golden_world().array("final")}
    with pytest.raises(UnbalancedTableError, match="Transfers sum to"):
        checks.check_transfer(arrays)


def test_wrong_shape_says_which_axes():
    arrays = parts(golden_world())
    arrays["final"] = arrays["final"][:, :, :1]
    with pytest.raises(
        AlignmentError, match=r"`final` has shape \(3, 3, 1\).*importer, exporter, sector.*\(3, 3, 2\)"
    ):
        rebuilt(golden_world(), arrays)


def test_duplicated_empty_and_non_text_labels_raise():
    arrays = parts(golden_world())
    with pytest.raises(DuplicateLabelError, match="countries occur more than once: R"):
        World(("R", "R", "W"), ("energy", "other"), 2000, arrays)
    with pytest.raises(InputError, match="at least one sectors"):
        World(("R", "C", "W"), (), 2000, arrays)
    with pytest.raises(InputError, match="texts, got 1"):
        World((1, "C", "W"), ("energy", "other"), 2000, arrays)


def test_absent_and_unknown_arrays_raise():
    arrays = parts(golden_world())
    with pytest.raises(InputError, match="does not store tarif;"):
        rebuilt(golden_world(), {**arrays, "tarif": arrays["final"]})
    del arrays["input_use"]
    with pytest.raises(InputError, match="needs the arrays input_use"):
        rebuilt(golden_world(), arrays)


# building and changing


def test_from_arrays_aligns_by_label_and_fills_value_added():
    world = random_world(4, 3, seed=1)
    arrays = {
        k: world[k].isel({world[k].dims[0]: [2, 0, 3, 1]}) for k in ("intermediate", "final", "input_use")
    }
    built = from_arrays(world.countries, world.sectors, world.year, **arrays)
    assert_world_equal(
        built, world.replace(provenance=Provenance()), rtol=1e-15
    )  # one rounding in value added


def test_from_arrays_refuses_other_labels_axes_and_fields():
    world = random_world(3, 2)
    good = {k: world[k] for k in ("intermediate", "final", "input_use")}
    build = lambda **kw: from_arrays(world.countries, world.sectors, 2000, **{**good, **kw})  # noqa: E731
    with pytest.raises(AlignmentError, match="`final` lacks C3 and has unknown X on `importer`"):
        build(final=world["final"].assign_coords(importer=["C1", "C2", "X"]))
    with pytest.raises(DuplicateLabelError, match="`final` has labels twice on `importer`: C1"):
        build(final=world["final"].assign_coords(importer=["C1", "C1", "C3"]))
    with pytest.raises(AlignmentError, match="`final` has axes buyer"):
        build(final=world["final"].rename(importer="buyer"))
    with pytest.raises(AlignmentError, match="`final` has no labels on `importer`"):
        build(final=world["final"].drop_vars("importer"))
    with pytest.raises(InputError, match="has no colour"):
        build(colour="red")


def test_replace_checks_again_and_keeps_the_rest():
    world = golden_world()
    assert world.replace(year=2001).year == 2001
    assert "export_tax" not in world.replace(export_tax=np.zeros((3, 3, 2))).missing
    with pytest.raises(UnbalancedTableError, match="output"):
        world.replace(final=2 * world.array("final"))
    with pytest.raises(InputError, match="has no fnal"):
        world.replace(fnal=0)


def test_several_factors_are_summed_into_value_added():
    world = golden_world()
    split = world.array("factor_income") * np.array([0.6, 0.4])
    two = rebuilt(world, {**parts(world), "factor_income": split}, factors=("labour", "capital"))
    np.testing.assert_allclose(two.array("value_added"), world.array("value_added"), rtol=1e-15)
    assert two["factor_income"].sel(factor="labour").sum() == pytest.approx(0.6 * 29)
    taxed = two.with_tariffs(0.1 * (1 - np.eye(3))[:, :, None] * np.ones(2))
    share = taxed["factor_income"].sel(factor="labour") / taxed["factor_income"].sum("factor")
    np.testing.assert_allclose(share, 0.6, rtol=1e-12)


def test_checksum_depends_on_numbers_and_labels_only():
    world = golden_world()
    assert world.checksum == golden_world().replace(notes=("a",)).checksum
    assert world.checksum != world.replace(year=2001).checksum
    assert (
        world.checksum
        != world.replace(tariff=np.zeros((3, 3, 2)), missing=frozenset({"export_tax"})).checksum
    )
    assert len(world.checksum) == 64


def test_assert_world_equal_says_what_differs():
    world = golden_world()
    with pytest.raises(AssertionError, match="`year` differs: 2000 and 2001"):
        assert_world_equal(world, world.replace(year=2001))
    known = world.replace(tariff=np.zeros((3, 3, 2)))
    taxed = known.with_tariffs({("R", "C", "energy"): 0.1}, rest=0.0)
    with pytest.raises(AssertionError, match="`input_use` differs by"):
        assert_world_equal(known, taxed)
    assert_world_equal(known, taxed.replace(**known.arrays, missing=known.missing), rtol=1e-15)


# selection and aggregation


def test_select_merges_the_rest_last():
    world = random_world(5, 4).select(["C4", "C2"], ["S3"])
    assert world.countries == ("C4", "C2", "ROW")
    assert world.sectors == ("S3", "OTHER")
    assert world.sector_names["OTHER"] == "Other sectors"


def test_select_of_everything_only_reorders():
    world = random_world(3, 2)
    assert_world_equal(world.select(list(world.countries)), world)
    turned = world.select(["C3", "C1", "C2"])
    assert turned["final"].sel(importer="C1", exporter="C2", sector="S2") == world["final"].sel(
        importer="C1", exporter="C2", sector="S2"
    )


def test_select_keeps_an_existing_rest_of_the_world():
    world = random_world(4, 2).replace(countries=("AAA", "BBB", "ROW", "DDD"))
    assert world.select(["ROW", "AAA"]).countries == ("ROW", "AAA")
    assert world.select(["AAA"]).countries == ("AAA", "ROW")


def test_select_understands_names_and_explains_unknown_ones():
    world = random_world(4, 2).replace(countries=("RUS", "CHN", "USA", "DEU"))
    assert world.select(["Russia", "cn"]).countries == ("RUS", "CHN", "ROW")
    with pytest.raises(NotInWorldError, match="Country IRN is not in this world's table of 4"):
        world.select(["Iran"])
    with pytest.raises(UnknownCountryError, match="Did you mean Russia"):
        world.select(["Rusia"])
    with pytest.raises(NotInWorldError, match=r"Sector S9 is not in .* It has: S1, S2"):
        world.select(sectors=["S9"])
    with pytest.raises(DuplicateLabelError, match="selected twice: RUS"):
        world.select(["RUS", "Russia"])
    with pytest.raises(InputError, match=r"Give a list of labels, not the text 'RUS'"):
        world.select("RUS")


def test_aggregate_places_groups_and_refuses_overlaps():
    world = random_world(4, 3)
    assert world.aggregate({"AB": ["C2", "C3"]}).countries == ("C1", "AB", "C4")
    assert world.aggregate(sectors={"all": ["S1", "S2", "S3"]}).sectors == ("all",)
    with pytest.raises(DuplicateLabelError, match="C2 is in the groups 'A' and 'B'"):
        world.aggregate({"A": ["C1", "C2"], "B": ["C2"]})
    with pytest.raises(DuplicateLabelError, match="Group names are labels of others: C4"):
        world.aggregate({"C4": ["C1", "C2"]})
    with pytest.raises(InputError, match="needs a non-empty list"):
        world.aggregate({"A": []})


def test_aggregated_tariff_is_revenue_over_border_value():
    world = random_world(3, 2, seed=4, tariffs=True)
    merged = world.aggregate({"AB": ["C1", "C2"]}, {"all": ["S1", "S2"]})
    cells = {"importer": ["C1", "C2"], "exporter": "C3"}
    flow = (world["intermediate"] + world["final"]).sel(cells)
    rate = (flow * world["tariff"].sel(cells)).sum() / flow.sum()
    assert merged["tariff"].sel(importer="AB", exporter="C3", sector="all").item() == pytest.approx(
        float(rate), rel=1e-13
    )
    np.testing.assert_allclose(
        merged.array("transfer")[0], world.array("transfer")[:2].sum(), rtol=1e-9, atol=1e-9
    )


# tariffs


def long_tariffs(world: World, rate: float = 0.1) -> pd.DataFrame:
    rows = [
        (n, i, k, rate) for n in world.countries for i in world.countries if n != i for k in world.sectors
    ]
    return pd.DataFrame(rows, columns=["importer", "exporter", "sector", "tariff"]).sample(
        frac=1, random_state=0
    )


def test_tariffs_leave_flows_output_and_transfers():
    world = random_world(4, 3, seed=2)
    taxed = world.with_tariffs(long_tariffs(world))
    for name in ("intermediate", "final", "output"):
        np.testing.assert_array_equal(taxed.array(name), world.array(name))
    np.testing.assert_allclose(
        taxed.array("transfer"), world.array("transfer"), atol=1e-12 * world.array("output").sum()
    )
    paid = (taxed.array("intermediate") * taxed.array("tariff")).sum(axis=(1, 2))
    fall = (world.array("value_added") - taxed.array("value_added")).sum(axis=1)
    np.testing.assert_allclose(
        fall, paid, rtol=1e-12
    )  # users' value added falls by the tariff on their inputs
    assert taxed.missing == {"export_tax"}
    assert "tariffs put in" in taxed.provenance.transformations[-1]


def test_tariffs_in_every_form_agree():
    world = random_world(3, 2, seed=3)
    rate = 0.2 * (1 - np.eye(3))[:, :, None] * np.ones(2)
    dims = ("importer", "exporter", "sector")
    labelled = xr.DataArray(rate, dims=dims, coords={d: list(world.labels[d]) for d in dims})
    forms = [
        rate,
        labelled.isel(importer=[2, 0, 1]).transpose("sector", "importer", "exporter"),
        labelled.isel(importer=0, exporter=1, drop=True),  # by sector only: no rate at home
        long_tariffs(world, 0.2),
        pd.DataFrame({"sector": ["S2", "S1"], "tariff": [0.2, 0.2]}),
        {(n, i, k): 0.2 for n in world.countries for i in world.countries if n != i for k in world.sectors},
    ]
    results = [world.with_tariffs(form) for form in forms]
    for other in results[1:]:
        assert_world_equal(results[0], other)


def test_tariff_gaps_need_a_word():
    world = random_world(3, 2)
    few = {("C1", "C2", "S1"): 0.1}
    with pytest.raises(MissingValueError, match=r"names no value for 11 cells.*rest=0\.0"):
        world.with_tariffs(few)
    once = world.with_tariffs(few, rest=0.0)
    assert np.count_nonzero(once.array("tariff")) == 1
    twice = once.with_tariffs({("C2", "C1", "S1"): 0.2}, rest="keep")
    assert np.count_nonzero(twice.array("tariff")) == 2


def test_wrong_tariff_tables_raise():
    world = random_world(3, 2)
    with pytest.raises(AlignmentError, match="`tariff`, column `importer`: Country X is not in this world"):
        world.with_tariffs({("X", "C1", "S1"): 0.1})
    with pytest.raises(InputError, match="Keys of `tariff` must be"):
        world.with_tariffs({("C1", "C2"): 0.1})
    with pytest.raises(AlignmentError, match="needs a column `tariff`"):
        world.with_tariffs(pd.DataFrame({"importer": ["C1"], "rate": [0.1]}))
    with pytest.raises(MissingValueError, match="`tariff` has NaN in 1 rows"):
        world.with_tariffs(pd.DataFrame({"importer": ["C1"], "tariff": [np.nan]}))
    with pytest.raises(DuplicateLabelError, match="rows twice"):
        world.with_tariffs(pd.DataFrame({"importer": ["C1", "C1"], "tariff": [0.1, 0.2]}))
    with pytest.raises(AlignmentError, match=r"`tariff` has shape \(2,\)"):
        world.with_tariffs([0.1, 0.2])
    with pytest.raises(MissingValueError, match="`tariff` has NaN at"):
        world.with_tariffs(np.full((3, 3, 2), np.nan))
    with pytest.raises(NegativeValueError, match="`tariff` has"):
        world.with_tariffs(np.full((3, 3, 2), -0.01))


def test_tariffs_beyond_value_added_name_the_sectors():
    world = random_world(3, 2)
    with pytest.raises(NegativeValueError, match=r"value added turns negative in .* sectors: \(C"):
        world.with_tariffs(50.0 * (1 - np.eye(3))[:, :, None] * np.ones(2))


# the full use matrix


def test_proportional_use_pools_back_and_is_marked():
    world = random_world(3, 2, seed=6, tariffs=True)
    assert world.use is None
    assert world.use_kind == "none"
    full = with_proportional_use(world)
    assert full.use_kind == "proportional"
    np.testing.assert_allclose(
        full.use.sum(axis=3).transpose(2, 0, 1), world.array("intermediate"), rtol=1e-12
    )
    assert full.select(["C1"]).use_kind == "proportional"
    np.testing.assert_allclose(full.select(["C1"]).use.sum(), full.use.sum(), rtol=1e-13)


def test_use_that_does_not_pool_to_the_flows_raises():
    world = random_world(3, 2)
    bad = with_proportional_use(world).use.copy()
    bad[0, 1, 2, 0] *= 2
    with pytest.raises(UnbalancedTableError, match=r"`use` summed over users.*\(C3, C1, S2\)"):
        _ = world.replace(use_matrix=UseMatrix("observed", lambda: bad)).use
    with pytest.raises(AlignmentError, match="`use` has shape"):
        _ = world.replace(use_matrix=UseMatrix("observed", lambda: bad[:2])).use


def test_changed_flows_drop_the_use_matrix():
    world = with_proportional_use(random_world(3, 2))
    assert world.replace(notes=("x",)).use_kind == "proportional"
    shift = np.minimum(world.array("intermediate"), world.array("final")).min() / 2
    moved = np.zeros((3, 3, 2))
    moved[0, 0, 0], moved[0, 1, 0] = shift, -shift  # another origin for the same inputs
    moved_final = -moved
    changed = world.replace(
        intermediate=world.array("intermediate") + moved, final=world.array("final") + moved_final
    )
    assert changed.use_kind == "none"


# storage


@pytest.mark.parametrize("tariffs", [False, True])
def test_save_and_load_give_the_world_back(tmp_path, tariffs):
    world = with_proportional_use(random_world(4, 3, seed=5, tariffs=tariffs)).replace(notes=("said", "so"))
    path = world.save(tmp_path / "world.npz")
    again = World.load(path)
    assert_world_equal(world, again)
    assert (again.notes, again.provenance, again.checksum) == (world.notes, world.provenance, world.checksum)
    np.testing.assert_array_equal(again.use, world.use)
    assert World.load(world.save(path, use=False)).use is None
    assert [p.name for p in tmp_path.iterdir()] == ["world.npz"]  # nothing is left beside it


def test_stored_arrays_open_without_pickle(tmp_path):
    path = golden_world().save(tmp_path / "golden.npz")
    with np.load(path, allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["final"], golden_world().array("final"))


def test_a_changed_file_fails_its_checksum(tmp_path):
    path = golden_world().save(tmp_path / "w.npz")
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    meta = json.loads(content["meta.json"])
    content["meta.json"] = json.dumps({**meta, "year": 1999}).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    with pytest.raises(ChecksumError, match="differs from what was saved"):
        World.load(path)


def test_files_that_are_no_worlds_raise(tmp_path):
    with pytest.raises(SourceFileError, match="There is no file"):
        World.load(tmp_path / "absent.npz")
    (tmp_path / "text.npz").write_text("nothing")
    with pytest.raises(SourceFileError, match="not a world file"):
        World.load(tmp_path / "text.npz")
    np.savez(tmp_path / "other.npz", a=np.zeros(2))
    with pytest.raises(SourceFileError, match="not a world file"):
        World.load(tmp_path / "other.npz")


def test_unwritable_path_raises_and_leaves_nothing(tmp_path):
    with pytest.raises(OutputError, match=r"cannot write .*the folder .* does not exist"):
        golden_world().save(tmp_path / "no" / "folder" / "w.npz")


def test_load_world_explains_itself(tmp_path, monkeypatch):
    monkeypatch.setenv("SUASION_DATA", str(tmp_path))
    with pytest.raises(InputError, match=r"no world 'icio2020'\. Did you mean 'icio2022'"):
        load_world("icio2020")
    with pytest.raises(InputError, match="2010: there are 2011 to 2024"):
        load_world(year=2010)
    with pytest.raises(InputError, match="leave `path` out"):
        load_world("icio2022", path="x")
    with pytest.raises(InputError, match="1995 to 2011: give one"):
        load_world("wiod13")
    with pytest.raises(
        SourceFileError, match=r"wiod13 is needed: it is not in .*`suasion data add wiod13 wiot_YYYY.RData`"
    ):
        load_world("wiod13", year=2011)
    with pytest.raises(InputError, match="1995 to 2011: give one of them, not 2012"):
        load_world("wiod13", year=2012, path=".")
    with pytest.raises(SourceFileError, match=r"no wiot_2011\.RData"):
        load_world("wiod13", year=2011, path=".")


def test_toy_world_that_uses_too_much_raises():
    with pytest.raises(DataError, match="uses more inputs than it buys"):
        symmetric_world(2, va_share=-0.1)


def test_a_world_travels_between_processes():
    """Pickled and read again it is the same, and still read-only."""
    made = load_world().select(["RUS", "CHN", "USA"])
    again = pickle.loads(pickle.dumps(made))
    assert (again.use == made.use).all()
    assert again.checksum == made.checksum
    assert again.missing == made.missing
    with pytest.raises(TypeError):
        again.arrays["output"] = made.array("output")
