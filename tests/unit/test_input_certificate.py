"""The certificate of a table that somebody gives: what is refused, what every answer says, and how tables are read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import suasion as su
from mutations import RawTable, mutations
from suasion.answers.catalogue import words_of
from suasion.answers.language import Language
from suasion.cli.app import run
from suasion.equilibrium import simulate
from suasion.errors import (
    DataError,
    DuplicateLabelError,
    InputError,
    MissingValueError,
    SuasionError,
    UnbalancedTableError,
)
from suasion.sources.caliendo_parro import read_caliendo_parro
from suasion.sources.embedded import load_npz
from suasion.sources.wiod13 import read_wiod13
from suasion.world import World, from_long, from_table, load_world
from suasion.world.certificate import doubts_of_world

#: With this variable also the large tables, as in `make evidence`.


def raw_2019() -> RawTable:
    """The embedded table of 2019 with final sales by buyer."""
    raw = load_npz("icio2019.npz")
    countries, sectors = (tuple(map(str, raw[name])) for name in ("countries", "sectors"))
    final = raw["final"].reshape(len(raw["output"]), len(countries), -1).sum(axis=2)
    return RawTable(raw["inter"], np.maximum(final, 0.0), countries, sectors, 2019)


def raw_of(year: int) -> RawTable:
    """A table of the embedded world of a year."""
    world = load_world(year=year)
    size = len(world.countries) * len(world.sectors)
    final = world.array("final").transpose(1, 2, 0).reshape(size, -1)
    return RawTable(world.use.reshape(size, size), final, world.countries, world.sectors, year)


def kinds(doubts) -> set[str]:
    """Kinds of doubts."""
    return {one.key.removeprefix("input_") for one in doubts}


def loss(world: World, country: str, partner: str) -> np.ndarray:
    """What both lose when all trade between them ends, per cent, after ten years."""
    cut = su.Scenario("cut", [su.Embargo(senders=[country], targets=[partner])])
    return np.asarray(simulate(world, cut).welfare.sel(country=[country, partner]))


def tried(table: RawTable, draws: int, seed: int) -> tuple[Counter, list[str]]:
    """How many mutations were refused or told, and those that move an answer by a tenth without a word."""
    base = from_table(*table.arguments)
    flow = base.array("intermediate").sum(axis=2) + base.array("final").sum(axis=2)
    found, missed = Counter(), []
    for kind, country, mutated in mutations(table, draws, seed):
        try:
            world = from_table(*mutated.arguments)
        except SuasionError:
            found["refused"] += 1
            continue
        if set(world.provenance.doubts) - set(base.provenance.doubts):
            found["told"] += 1
            continue
        place = base.countries.index(country)
        both = np.delete(flow[place] + flow[:, place], place)
        partner = [c for c in base.countries if c != country][int(both.argmax())]
        before, after = (loss(one, country, partner) for one in (base, world))
        moved = bool((np.abs(after - before) > 0.1 * np.abs(before)).any())
        found["missed" if moved else "no matter"] += 1
        missed += [f"{kind}: {country}"] * moved
    return found, missed


def test_mutations_of_a_real_table_are_caught():
    """All that moves an answer by a tenth; a few in a hundred move none."""
    found, missed = tried(raw_2019(), draws=12, seed=1)
    assert missed == []
    assert found["refused"] + found["told"] > 100


@pytest.mark.evidence
@pytest.mark.parametrize("year", [2022, 2023])
def test_mutations_of_large_tables_are_caught(year):
    found, missed = tried(raw_of(year), draws=8, seed=1)
    caught = found["refused"] + found["told"]
    assert caught >= 0.9 * (caught + found["missed"]), missed


def raw_wiod(folder: Path, year: int) -> RawTable:
    """The table of a year, with final sales by buyer."""
    table = read_wiod13(folder / "wiod13", year)
    size, n = len(table.output), len(table.countries)
    final = np.maximum(np.asarray(table.final, dtype=float).reshape(size, n, -1).sum(axis=2), 0.0)
    inter = np.asarray(table.inter, dtype=float)
    return RawTable(inter, final, tuple(table.countries), tuple(table.industries), year)


def raw_caliendo_parro(folder: Path, year: int) -> RawTable:
    """The data set of Caliendo and Parro as a table: every user buys a good from its origins in proportion."""
    data = read_caliendo_parro(folder)
    used = np.maximum(data.input_use, 0.0).transpose(0, 2, 1)  # one cell is negative as published
    bought = used.sum(axis=2) + data.final_use
    bought = np.where(bought > 0.0, bought, 1.0)
    sold, size = data.trade.transpose(1, 2, 0), bought.size
    inter = np.einsum("ikn,nkj->iknj", sold, used / bought[..., None])
    final = sold * np.where(bought > used.sum(axis=2), data.final_use / bought, 0.0).T
    return RawTable(inter.reshape(size, size), final.reshape(size, -1), data.countries, data.sectors, year)


@pytest.mark.parametrize(("read", "year"), [(raw_wiod, 1995), (raw_wiod, 2011), (raw_caliendo_parro, 1993)])
def test_mutations_of_reference_tables_are_caught(reference_data, read, year):
    found, missed = tried(read(reference_data, year), draws=3, seed=2)
    caught = found["refused"] + found["told"]
    assert caught >= 0.95 * (caught + found["missed"]), missed


def test_real_tables_are_taken_as_they_are(reference_data):
    """None is refused; two releases of the last century's and this one's tables are rounded, and say so."""
    assert from_table(*raw_2019().arguments).provenance.doubts == ()
    for year in (1995, 2011):
        world = load_world("wiod13", year, reference_data / "wiod13")
        assert (
            "rounded"
            in kinds(world.provenance.doubts)
            <= {"rounded", "pair", "negative_value_added", "row_small"}
        )


def test_what_shipped_worlds_have_is_what_the_page_lists(root):
    page = (root / "docs" / "how-to" / "data.md").read_text("utf-8")
    for year in (2019, 2022, 2023, 2024):
        world = load_world(year=year)
        assert world.provenance.doubts == ()  # answers on them say what their notes say
        row = re.search(rf"^\| {year} \| (.*) \|$", page, re.MULTILINE).group(1)
        for doubt in doubts_of_world(world):
            assert doubt.values["where"].split(", ")[0] in row, (year, str(doubt))


# ------------------------------------------------------------------------- refused


def three(output_of_small: float = 1.0):
    """Two large countries and a small one, two industries each, with stated output."""
    rng = np.random.default_rng(3)
    size = np.repeat([1000.0, 800.0, 3.0], 2)
    inter = rng.uniform(0.05, 0.1, (6, 6)) * np.minimum(size[:, None], size[None]) + np.diag(0.1 * size)
    final = rng.uniform(0.05, 0.1, (6, 3)) * np.minimum(size[:, None], size[None, ::2])
    final[np.arange(6), np.repeat(np.arange(3), 2)] += 0.4 * size
    output = inter.sum(axis=1) + final.sum(axis=1)
    output[4:] *= output_of_small
    return inter, final, output, ["A1", "B1", "C1"], ["goods", "services"], 2020


def test_a_small_country_with_three_times_its_output_is_refused():
    """The gap is far below 1e-4 of the largest output; relative to its own row it is two thirds."""
    assert from_table(*three()).year == 2020
    with pytest.raises(UnbalancedTableError, match=r"2 rows differ from their own stated output, first \(C1"):
        from_table(*three(3.0), tolerance=0.5)
    small = three(1.005)
    assert "row_small" in kinds(from_table(*small, tolerance=0.5).provenance.doubts)


@pytest.mark.parametrize(
    ("spoil", "error", "words"),
    [
        (lambda x: np.ma.masked_greater(x, 90.0), MissingValueError, "`inter` has NaN"),
        (lambda x: x.astype(complex), InputError, "`inter` is no table of numbers"),
        (lambda x: x.astype("datetime64[D]"), InputError, "`inter` is no table of numbers"),
        (lambda x: x > 1.0, InputError, "`inter` is no table of numbers"),
    ],
    ids=["masked", "complex", "dates", "truth values"],
)
def test_what_is_masked_is_missing_and_what_is_no_number_is_refused(spoil, error, words):
    inter, *rest = three()
    with pytest.raises(error, match=words):
        from_table(spoil(inter), *rest)


@pytest.mark.parametrize("tolerance", [float("nan"), -0.1, 1.0, float("inf"), "much", True, None])
def test_a_tolerance_is_a_part_of_output(tolerance):
    with pytest.raises(InputError, match="tolerance is"):
        from_table(*three(), tolerance=tolerance)


@pytest.mark.parametrize(
    ("labels", "error", "words"),
    [
        (["A", " A", "B"], InputError, "blanks around them: ' A'"),
        (["A", "a", "B"], DuplicateLabelError, "'a' and 'A'"),
        (["New Land", "Newland", "B"], DuplicateLabelError, "differ by case or blanks"),
    ],
)
def test_labels_that_differ_by_case_or_blanks_are_refused(labels, error, words):
    inter, final, output, _, sectors, year = three()
    with pytest.raises(error, match=words):
        from_table(inter, final, output, labels, sectors, year)


def test_blocks_in_different_units_are_refused():
    table = raw_2019()
    with pytest.raises(DataError, match="the two blocks are in different units"):
        from_table(*replace(table, final=1000.0 * table.final).arguments)


# ---------------------------------------------------------------------------- told


def one_country_in_thousands() -> World:
    table = raw_2019()
    n, s = len(table.countries), len(table.sectors)
    inter, final = table.inter.copy().reshape(n, s, n, s), table.final.copy().reshape(n, s, n)
    inter[3, :, 3] *= 1000.0
    final[3, :, 3] *= 1000.0
    return from_table(
        *replace(table, inter=inter.reshape(n * s, -1), final=final.reshape(n * s, -1)).arguments
    )


def test_every_answer_says_what_was_found_and_files_keep_it(tmp_path):
    world = one_country_in_thousands()
    country = world.countries[3]
    assert kinds(world.provenance.doubts) >= {"size", "openness"}
    assert next(one for one in world.provenance.doubts if one.key == "input_size").values["where"] == country
    again = World.load(world.save(tmp_path / "w.npz"))
    assert again.provenance == world.provenance
    german = Language(words_of("suasion.answers", "de"))
    for one in (world, again, world.aggregate(), world.with_tariffs({}, rest=0.0)):
        answer = su.dependence("USA", "CHN", world=one)
        keys = {found.key for found in answer.findings if found.caution}
        assert {f"remark.{doubt.key}" for doubt in world.provenance.doubts} <= keys
        said = " ".join(str(answer).split())
        assert all(str(doubt)[:60] in said for doubt in world.provenance.doubts)
        assert "Wertschöpfung" in " ".join(found.sentence(german) for found in answer.findings)
        assert type(answer).from_dict(answer.to_dict()) == answer


def test_a_label_of_ones_own_is_taken_as_it_is():
    """ "Korea" fits two states elsewhere; in a table that has it, it is what stands there."""
    inter, final, output, _, sectors, year = three()
    world = from_table(inter, final, output, ["Korea", "Home", "Congo"], sectors, year)
    answer = su.exit_cost("Korea", "Home", world=world, elasticities="sigma=4")
    assert {row["country"] for row in answer.table().records} == {"Korea", "Home"}
    solved = su.simulate(su.embargo("Congo", "Korea"), world=world, elasticities="sigma=4")
    assert "Congo" in str(solved)
    said = su.simulate("Home stops exports to Korea", world=world, elasticities="sigma=4")
    built = su.simulate(su.export_ban("Home", "Korea"), world=world, elasticities="sigma=4")
    pd.testing.assert_frame_equal(said.frame, built.frame)
    with pytest.raises(SuasionError, match="fits more than one country"):
        su.exit_cost("Korea", "Home")


# --------------------------------------------------------------------------- files


@pytest.fixture(scope="module")
def square() -> pd.DataFrame:
    """The table of 2019 as a labelled square, three kinds of final use, with stated output."""
    raw = load_npz("icio2019.npz")
    rows = pd.MultiIndex.from_product([tuple(map(str, raw[name])) for name in ("countries", "sectors")])
    uses = pd.MultiIndex.from_product([tuple(map(str, raw["countries"])), ["HFCE", "GGFC", "GFCF"]])
    return pd.DataFrame(np.hstack([raw["inter"], raw["final"]]), rows, rows.append(uses))


def long_of(square: pd.DataFrame) -> pd.DataFrame:
    """A row a flow, without those of zero."""
    rows = [(*a, *b) for a in square.index for b in square.columns]
    frame = pd.DataFrame(rows, columns=["exporter", "input", "importer", "user"])
    frame["value"] = square.to_numpy().ravel()
    return frame[frame["value"] != 0.0]


def written(square: pd.DataFrame, layout: str, path) -> str:
    """Write the table to a file of a layout."""
    if layout == "long":
        long_of(square).rename(columns={"input": "Sector", "importer": "buyer"}).to_csv(path, index=False)
        return str(path)
    if layout == "two headers":
        square.to_csv(path)
        return str(path)
    plain = square.set_axis([layout.join(pair) for pair in square.index])
    plain.columns = [layout.join(pair) for pair in square.columns]
    plain = plain.assign(OUT=square.sum(axis=1).to_numpy())
    plain.loc["VALU"] = 1.0
    plain.to_csv(path)
    return str(path)


@pytest.mark.parametrize("layout", ["long", "two headers", "_", "|"])
def test_a_table_is_read_in_any_layout(square, layout, tmp_path, capsys):
    """The same world, cell by cell; and `world check` writes it for all commands."""
    path, out = written(square, layout, tmp_path / "t.csv"), tmp_path / "w.npz"
    assert run(["world", "check", path, "--year", "2019", "--out", str(out), "--format", "csv"]) == 0
    said = capsys.readouterr()
    assert "20 countries, 20 sectors; final use in 60 columns" in said.err
    assert said.out.splitlines()[0] == "country,output,value_added,exports,imports"
    world, plain = World.load(out), load_world("g20")
    order = [world.countries.index(c) for c in plain.countries]
    np.testing.assert_allclose(world.array("output")[order], plain.array("output"), rtol=1e-9)
    assert run(["--world", str(out), "dependence", "USA", "CHN", "--format", "csv"]) == 0


def test_a_long_table_is_whole_or_refused(square):
    rows = long_of(square)
    world = from_long(rows, 2019)
    assert World.from_long(rows, 2019).checksum == world.checksum
    with pytest.raises(DuplicateLabelError, match="1 flows stand twice"):
        from_long(pd.concat([rows, rows.iloc[:1]]), 2019)
    with pytest.raises(MissingValueError, match="1 flows have no value"):
        from_long(rows.assign(value=rows["value"].where(np.arange(len(rows)) != 7)), 2019)
    with pytest.raises(DataError, match=r"this one lacks value"):
        from_long(rows.drop(columns="value"), 2019)
    with pytest.raises(InputError, match=r"`value` holds 1 cells that are no numbers: '1,5'"):
        from_long(rows.astype({"value": object}).assign(value=["1,5", *rows["value"].iloc[1:]]), 2019)


def test_the_check_refuses_and_says_how_to_mend(square, tmp_path, capsys):
    assert run(["world", "check", str(tmp_path / "none.csv"), "--year", "2019"]) == 1
    path = written(square, "_", tmp_path / "t.csv")
    assert run(["world", "check", path]) == 1
    assert "--year 2022" in capsys.readouterr().err
    wrong = square.copy()
    wrong.iloc[:, 400:] *= 1000.0
    assert run(["world", "check", written(wrong, "two headers", tmp_path / "u.csv"), "--year", "2019"]) == 1
    assert "Bring both to million USD" in capsys.readouterr().err
    assert run(["world", "check", path, "--year", "2019", "--out", str(tmp_path / "w.csv")]) == 1
    (tmp_path / "text.csv").write_text("a,b,c\n1,2,3\n4,5,6\n")
    assert run(["world", "check", str(tmp_path / "text.csv"), "--year", "2019"]) == 1
    assert "No table of industries was found" in capsys.readouterr().err
