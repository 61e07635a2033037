"""Scenarios in one line, a world as a mapping, tables for papers."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

import suasion as su
from suasion.cli.declare_questions import example_of, line_of
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.errors import ChecksumError, InputError, SourceFileError
from suasion.instruments import spoken
from suasion.public.oneliners import BY_POSITION
from suasion.questions import QUESTIONS
from suasion.questions.scenarios.reading import query_in
from suasion.world import World, from_pymrio
from suasion.world.arrays import DIMS, STORED
from suasion.world.testing import random_world

WORLD = random_world(4, 2, seed=3)


def test_a_size_in_per_cent_is_a_rate() -> None:
    made = su.tariff("USA", "CHN", "60%")
    assert made.instruments == (su.Tariff("USA", "CHN", 0.6),)
    assert made.name == "tariff USA CHN 60%"
    assert su.tariff("USA", "CHN", 0.6).instruments == made.instruments
    assert su.trade_cost("USA", "CHN", "10%").instruments == (su.TradeCost("USA", "CHN", 1.1),)
    assert su.embargo("USA", ["CHN", "RUS"], sectors="B06").instruments == (
        su.Embargo("USA", ["CHN", "RUS"], sectors="B06"),
    )


def test_two_lines_are_one_scenario() -> None:
    both = su.tariff("C1", "C2", "30%") + su.tariff("C2", "C1", "30%")
    written = su.Scenario("war", [su.Tariff("C1", "C2", 0.3), su.Tariff("C2", "C1", 0.3)])
    found, expected = su.simulate(both, world=WORLD), su.simulate(written, world=WORLD)
    assert found.table().rows == expected.table().rows
    assert both.name == "tariff C1 C2 30% + tariff C2 C1 30%"


def test_every_instrument_is_public_but_for_names_of_questions() -> None:
    left = set(INSTRUMENTS) - set(spoken())
    assert left == {"share"}
    assert "share" in QUESTIONS
    for kind in spoken():
        made = getattr(su, kind)
        assert made.__name__ == kind
        assert INSTRUMENTS[kind].__doc__.splitlines()[0] in made.__doc__
        sizes = [name for name in INSTRUMENTS[kind].__dataclass_fields__ if name in BY_POSITION[2:]]
        assert len(sizes) == (0 if kind in ("embargo", "export_ban", "import_ban") else 1)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: su.tariff("USA", "CHN"), 'needs rate. Write su.tariff("USA", "CHN", 0.6)'),
        (lambda: su.tariff("USA", "CHN", "much"), "rate is 'much'; give a number"),
        (lambda: su.tariff("USA", "CHN", "60%", "C26"), "by position and the rest by name"),
        (lambda: su.embargo("USA", "CHN", rate=0.6), "embargo has no option 'rate'"),
    ],
)
def test_a_wrong_line_shows_the_right_one(call, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        call()


def test_a_world_is_a_mapping_of_its_arrays() -> None:
    assert list(WORLD) == list(WORLD.keys()) == list(dict(WORLD.items())) == list(DIMS)
    assert len(WORLD) == len(DIMS)
    assert "final" in WORLD
    assert "prices" not in WORLD
    held = WORLD.to_xarray()
    for name in WORLD:
        assert held[name].identical(WORLD[name])
    assert held.attrs["year"] == WORLD.year


def test_a_frame_has_the_cells_that_are_not_zero() -> None:
    frame = WORLD.to_frame("final")
    assert frame["final"].sum() == pytest.approx(WORLD.array("final").sum(), rel=1e-12)
    assert (frame["final"] != 0).all()
    assert frame.attrs["units"] == {"final": WORLD["final"].attrs["unit"]}


def test_a_world_in_netcdf_is_the_same_world(tmp_path: Path) -> None:
    path = WORLD.save(tmp_path / "world.nc")
    back = World.load(path)
    assert back.checksum == WORLD.checksum
    assert (back.provenance, back.notes, dict(back.sector_names)) == (
        WORLD.provenance,
        WORLD.notes,
        dict(WORLD.sector_names),
    )
    for name in STORED:
        np.testing.assert_array_equal(back.array(name), WORLD.array(name))


def test_a_damaged_file_is_said(tmp_path: Path) -> None:
    import xarray as xr

    path = WORLD.save(tmp_path / "world.nc")
    with xr.open_dataset(path, engine="scipy") as held:
        moved = held.load()
    moved["input_use"] *= 1.0 + 1e-12
    moved.to_netcdf(tmp_path / "moved.nc", engine="scipy")
    with pytest.raises(ChecksumError, match="differs from what was saved"):
        World.load(tmp_path / "moved.nc")
    (tmp_path / "none.nc").write_bytes(b"CDF")
    with pytest.raises(SourceFileError, match="not a world in NetCDF"):
        World.load(tmp_path / "none.nc")
    with pytest.raises(SourceFileError, match="There is no file"):
        World.load(tmp_path / "absent.nc")


def test_a_known_group_is_merged_in_its_year() -> None:
    world = su.load_world().select(["DEU", "FRA", "GBR", "RUS"], ["B06", "C19"])
    merged = world.aggregate({"EU": "EU"})
    assert set(merged.countries) == {"EU", "GBR", "RUS", "ROW"}
    assert merged.array("final").sum() == pytest.approx(world.array("final").sum(), rel=1e-12)
    assert "GBR" not in world.aggregate({"Europe": ["EU", "GBR"]}).countries


# pymrio brings a plotting library and a copyleft package: it is no dependency, not of the tests either.
if find_spec("pymrio"):

    def test_pymrio_and_back() -> None:
        """Z and Y of the other tool sum to our output, and what comes back is the world."""
        table = WORLD.to_pymrio()
        table.calc_all()
        output = WORLD.array("output").ravel()
        np.testing.assert_allclose(table.x["indout"], output, rtol=1e-9)
        # Value added is output less inputs, since this world has no taxes.
        np.testing.assert_allclose(
            table.value_added.F.sum(), output - table.Z.sum(), rtol=1e-6, atol=1e-6 * output.max()
        )
        assert type(table).__name__ == "IOSystem"
        back = from_pymrio(table, WORLD.year)
        for name in ("intermediate", "final", "input_use"):
            np.testing.assert_allclose(back.array(name), WORLD.array(name), rtol=1e-9, atol=1e-9)


@pytest.fixture(scope="module")
def answers():
    return [su.dependence("RUS", other) for other in ("CHN", "DEU")]


def test_a_table_of_several_answers(answers, tmp_path: Path) -> None:
    made = su.table(answers)
    assert len(made.frame) == sum(len(one.frame) for one in answers)
    latex = made.to_latex()
    assert latex.count(" \\\\\n") == 2 + len(made.frame)  # the head of the first page and of all others
    assert made.to_markdown().splitlines()[1].startswith("| ---")
    assert "<table" in made.to_html()
    for ending in ("tex", "md", "html", "csv"):
        assert made.write(tmp_path / f"table.{ending}").stat().st_size > 100
    narrow = su.table(answers, columns=["country", "partner", "partner_share"])
    assert set(narrow.rows) == {"country", "partner", "channel"}  # without the channel two rows would be one
    assert narrow.columns == ("partner_share",)


def test_states_stand_first_where_the_table_names_none(answers) -> None:
    made = su.table(answers, key="exposure")
    names = list(made.frame.columns)
    assert {"country", "partner"} <= set(names) or names[:2] == ["holder", "target"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda one: su.table([]), "these are to nothing"),
        (lambda one: su.table([one, su.dated_measures()]), "these are to dependence, dated_measures"),
        (lambda one: su.table([one]).write("table.doc"), "cannot be written as '.doc'"),
    ],
)
def test_a_table_that_cannot_be(answers, call, message: str) -> None:
    with pytest.raises(InputError, match=re.escape(message)):
        call(answers[0])


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (
            {"tariff": ["USA:CHN:60%", "CHN:USA:25%:chips"]},
            "tariff 60 USA on CHN; tariff 25 CHN on USA in chips",
        ),
        (
            {"productivity": ["UKR:-10%"], "embargo": ["EU:RUS:energy"]},
            "embargo EU on RUS in energy; productivity -10 on UKR",
        ),
    ],
)
def test_measures_as_options_are_lines(options: dict[str, list[str]], lines: str) -> None:
    made = "; ".join(line_of(kind, text) for kind in spoken() for text in options.get(kind, ()))
    assert made == lines
    assert query_in(made) is not None


@pytest.mark.parametrize("kind", spoken())
def test_every_measure_as_an_option_shows_how_it_is_written(kind: str) -> None:
    query = query_in(line_of(kind, example_of(kind)))
    assert query is not None
    assert [one.kind for one in query.scenario.instruments] == [kind]
    option = f"--{kind.replace('_', '-')} {example_of(kind)}"
    for wrong in ("USA-CHN", "", ":", "USA:CHN:60%:chips:more"):
        with pytest.raises(InputError, match=re.escape(option)):
            line_of(kind, wrong)
