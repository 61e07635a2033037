"""Outlooks: files of paths and their errors, draws, fans, chances, the emulator, resuming, charts and the command."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from io import StringIO

import numpy as np
import pandas as pd
import pytest

from suasion import __version__
from suasion.cli import questions as command
from suasion.cli.app import run
from suasion.errors import (
    ConvergenceError,
    InputError,
    NotInWorldError,
    SameCountryError,
    ScenarioError,
    SuasionError,
    UnknownCountryError,
)
from suasion.outlook import (
    Break,
    CostPath,
    History,
    OwnRate,
    Panel,
    ProjectionOptions,
    Rules,
    TechnologyPath,
    WorldPath,
    beside,
    growth_path,
    hindcast,
    pool_of,
)
from suasion.outlook.growth import gdp
from suasion.outlook.growth.gdp import steady
from suasion.outlook.hindcast.table import pool_record
from suasion.outlook.paths.file import SHIPPED, parse_path, read_path, shipped_paths
from suasion.outlook.paths.laid import lay, logs_of
from suasion.outlook.projection import solve
from suasion.outlook.projection.chain import prepare_course
from suasion.outlook.projection.emulate import Inputs, emulate
from suasion.outlook.projection.exits import open_store
from suasion.outlook.projection.outlook import outlook
from suasion.outlook.projection.solve import COLUMNS, make_lot, solve_block, solve_in_processes
from suasion.questions import QUESTIONS
from suasion.questions.projections.findings import findings
from suasion.questions.projections.tables import CourseReport

WEST = ("USA", "DEU")
PERSIST = WorldPath("persist", costs=(CostPath(WEST, ("RUS",), ((2022, 1.5),), hold=True),))
LIFTED = WorldPath("lifted", costs=(CostPath(WEST, ("RUS",), ((2022, 1.5), (2024, 1.0)), hold=True),))
QUICK = ProjectionOptions(horizons=("long",), audience=WEST, draws=12, solve=30)


@pytest.fixture(scope="module")
def small(world):
    return world.select(["RUS", "CHN", "USA", "DEU"], ["A01", "B06", "C26", "C29"])


@pytest.fixture(scope="module")
def made(small):
    return outlook(small, "RUS", "CHN", [PERSIST, LIFTED], 2026, years=(2024,), options=QUICK)


# ------------------------------------------------------------------------------------------------ growth


def test_cited_growth_says_its_sources_and_marks_what_it_carries_over():
    growth = growth_path(["CHN", "ROW"], 2022, 2028)
    assert growth.percent[-1, 0] == 3.8  # IMF Working Paper 2024/238, abstract
    # No row covers China in 2023 but an average to 2050, which it takes; nobody's year is left without a word.
    assert set(growth.status[1:].ravel()) <= {"published", "assumption", "extrapolated"}
    rates = growth.periods(["CHN"])
    assert rates.iloc[-1][["first", "last", "growth_percent", "status"]].tolist() == [
        2025,
        2028,
        3.8,
        "published",
    ]
    assert "IMF Working Paper 2024/238" in rates.iloc[-1]["source"]
    assert (rates["growth_percent_high"] - rates["growth_percent_low"]).to_numpy() == pytest.approx(
        3.29 * 0.8
    )
    levels = growth.levels()
    assert levels[0] == pytest.approx(1.0)
    assert levels[-1, 0] == pytest.approx(np.prod(1 + growth.percent[1:, 0] / 100))


def test_years_before_the_first_rate_are_extrapolated():
    growth = growth_path(["EST"], 2022, 2026)
    row = growth_path(["RUS"], 2022, 2026)
    assert row.extrapolated(2023) == ("RUS",)
    assert row.extrapolated(2025) == ()
    assert row.percent[1, 0] == row.percent[3, 0] == 1.0  # BOFIT 2/2025, for 2025 to 2027
    assert not growth.extrapolated(2026)


def test_growth_shifts_move_every_year_by_so_many_standard_deviations():
    growth = growth_path(["RUS"], 2022, 2026, [OwnRate(("RUS",), 2023, 2026, 1.0, 0.0, 3.29)])
    assert growth.levels(np.array([1.0]))[-1] == pytest.approx(
        1.02**4
    )  # a 90 % range of 3.29 is a deviation of 1


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        (
            [OwnRate(("RUS",), 2023, 2025, 1.0, where="f.yaml, line 4")],
            "f.yaml, line 4: .* ends in 2025, before .* 2027",
        ),
        (
            [OwnRate(("RUS",), 2023, 2027, 1.0), OwnRate(("RUS",), 2025, 2026, 2.0)],
            "growth of RUS in 2025 is given twice",
        ),
    ],
)
def test_own_rates_that_end_early_or_overlap_are_refused(rates, message):
    with pytest.raises(InputError, match=message):
        growth_path(["RUS"], 2022, 2027, rates)


def test_growth_of_places_without_a_rate():
    with pytest.raises(NotInWorldError, match="CUB has no cited growth rate"):
        growth_path(["CUB"], 2022, 2026)
    with pytest.raises(InputError, match="No cited growth rate of CHN is within 8 years of 2001"):
        growth_path(["CHN"], 2000, 2003)
    with pytest.raises(InputError, match="must end later"):
        growth_path(["CHN"], 2022, 2022)
    assert not growth_path(["X1"], 2022, 2026, source="none").percent.any()


# ------------------------------------------------------------------------------------------------ files


def test_shipped_paths_fit_the_embedded_world(world):
    names = [path.name for path in shipped_paths()]
    assert len(set(names)) == len(SHIPPED) == 3
    for path in shipped_paths():
        assert path.notes  # every assumption is said
        laid = lay(world, path, 2050)
        assert all(cells.any() for cells in laid.cells)
        assert read_path(SHIPPED[names.index(path.name)]) == path


TEXT = """\
name: mine
growth:
  source: none
  rates:
    - {countries: RUS, from: 2023, to: 2030, percent: 0.5, low: -1.0, high: 1.5}
costs:
  - senders: [USA, DEU]
    targets: RUS
    sectors: B06
    direction: imports
    path: {2024: 1.2, 2030: 2.0}
technology:
  - targets: CHN
    path: {2022: 1, 2030: 1.1}
    hold: true
break: {hazard: 0.02, size: 0.5}
response: long
"""


def test_a_file_says_what_the_objects_say():
    path = parse_path(TEXT)
    assert path.growth == (OwnRate(("RUS",), 2023, 2030, 0.5, -1.0, 1.5, path.growth[0].where),)
    assert path.growth[0].where == "<text>, line 5"
    assert path.costs[0].points == ((2024, 1.2), (2030, 2.0))
    assert path.costs[0].direction == "imports"
    assert path.technology[0] == TechnologyPath(
        ("CHN",), ((2022, 1.0), (2030, 1.1)), None, True, "<text>, line 13"
    )
    assert path.breaks.hazard == 0.02
    assert path.response == "long"
    assert path.source == "none"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "    targets: RUS\n",
            "    target: RUS\n",
            r"line 8: key `target` is unknown; .* Did you mean targets\?",
        ),
        ("2030: 2.0}", "2030: -2.0}", "line 11: key `path` is -2.0; allowed: years with factors"),
        ("direction: imports", "direction: inwards", "line 10: key `direction` is the text 'inwards'"),
        ("percent: 0.5", "percent: much", "line 5: key `percent`"),
        (
            "from: 2023, to: 2030",
            "from: 2030, to: 2023",
            "line 5: the period ends in 2023, before it begins in 2030",
        ),
        ("low: -1.0, ", "", "line 5: give `low` and `high` together"),
        ("low: -1.0", "low: 1.0", "line 5: percent must lie between low and high"),
        ("hazard: 0.02", "hazard: 2", "key `hazard` is 2"),
        ("name: mine\n", "", "key `name` is missing"),
        ("2024: 1.2, 2030", "2024: 1.2, 2024", "line 11: this is not valid YAML"),
    ],
)
def test_errors_of_a_file_name_the_line(old, new, message):
    assert old in TEXT
    with pytest.raises(ScenarioError, match=message):
        parse_path(TEXT.replace(old, new, 1), "f.yaml")


@pytest.mark.parametrize(
    ("old", "new", "to", "error", "message"),
    [
        ("x", "x", 2031, ScenarioError, "f.yaml, line 7: the path ends in 2030, before the outlook's last year 2031"),
        ("targets: RUS", "targets: Cuba", 2030, NotInWorldError, r"f.yaml, line 7: Cuba \(CUB\)"),
        ("sectors: B06", "sectors: B66", 2030, NotInWorldError, "f.yaml, line 7: Sector 'B66'"),
        ("targets: RUS", "targets: [RUS, USA]", 2030, SameCountryError, "f.yaml, line 7: USA is named as sender"),
        ("technology:\n  - targets: CHN", "technology:\n  - targets: Cuba", 2030, NotInWorldError, "f.yaml, line 13"),
    ],
)  # fmt: skip
def test_what_does_not_fit_the_world_names_the_line(small, old, new, to, error, message):
    text = TEXT.replace("CHN\n    path: {2022: 1, 2030: 1.1}", "CHN\n    path: {2022: 1, 2030: 1.1}")
    path = parse_path(text.replace(old, new, 1) if old != "x" else text, "f.yaml")
    with pytest.raises(error, match=message):
        lay(small, path, to)


def test_own_growth_of_a_country_outside_the_world_names_the_line(small):
    from suasion.equilibrium import prepare, resolve

    path = parse_path(TEXT.replace("countries: RUS", "countries: Cuba"), "f.yaml")
    base = prepare(small, resolve(small, "long"))
    with pytest.raises(NotInWorldError, match=r"f\.yaml, line 5"):
        prepare_course(small, path, 2030, base.accounts, base.parameters)


def test_an_unknown_group_is_named_with_its_line_and_the_nearest_one(small):
    path = parse_path(TEXT.replace("senders: [USA, DEU]", "senders: EUU"), "f.yaml")
    assert path.costs[0].senders == ("EUU",)
    with pytest.raises(
        UnknownCountryError, match=r"f\.yaml, line \d+: There is no country or group 'EUU'.*Or the group EU"
    ):
        lay(small, path, 2030)


def test_cost_paths_that_overlap_are_refused(small):
    twice = WorldPath(
        "twice", costs=(PERSIST.costs[0], CostPath(("RUS",), ("DEU",), ((2025, 1.1),), ("B06",), hold=True))
    )
    with pytest.raises(ScenarioError, match=r"costs of B06 .* given twice from 2025 on"):
        lay(small, twice, 2030)
    apart = CostPath(("RUS",), ("CHN",), ((2025, 1.1),), hold=True)
    assert len(lay(small, WorldPath("once", costs=(PERSIST.costs[0], apart)), 2030).cells) == 2


@pytest.mark.parametrize(
    ("points", "message"),
    [(((2024, 1.0), (2024, 2.0)), "ascending"), (((2024, 0.0),), "positive"), ((), "at least one point")],
)
def test_points_of_a_path_are_checked(points, message):
    with pytest.raises(ScenarioError, match=message):
        logs_of(points, 2024)


def test_paths_run_straight_in_logs_between_their_points():
    logs = logs_of(((2024, 1.0), (2026, 4.0)), 2028, hold=True)
    assert logs == pytest.approx(
        {2024: 0.0, 2025: np.log(2), 2026: np.log(4), 2027: np.log(4), 2028: np.log(4)}
    )


def test_breaks_and_names_are_checked():
    with pytest.raises(InputError, match="hazard from 0 to below 1"):
        Break(hazard=1.0)
    with pytest.raises(ScenarioError, match="name of the path is empty"):
        WorldPath(" ")


# ------------------------------------------------------------------------------------------------ outlooks


@pytest.fixture(scope="module")
def tables(made, small):
    return {table.key: table.frame for table in CourseReport(made, small).tables()}


def test_an_outlook_has_every_number_it_promises(made, tables):
    assert set(made.rows.columns) == set(COLUMNS)
    assert made.rows["value"].notna().all()
    assert len(tables["outlook-shares"]) == 2 * 2 * 5
    losses = tables["outlook-losses"]
    assert len(losses) == 2 * 2 * (1 + 2 * 2)  # sides, outlets; the base once, two years of two scenarios
    assert (losses["loss_percent"] > 0).all()
    assert (losses["loss_percent_low"] <= losses["loss_percent"] * 1.5).all()
    assert (losses["loss_percent_high"] >= losses["loss_percent"] / 1.5).all()
    assert (losses["loss_percent_low"] <= losses["loss_percent_high"]).all()


def test_growth_stands_with_its_sources_and_what_draws_move_it_by(tables):
    rows = tables["outlook-growth"]
    assert set(rows["country"]) == {"RUS", "CHN", "USA", "DEU"}
    assert (rows["growth_percent_low"] < rows["growth_percent_high"]).all()
    assert rows["source_name"].notna().all()


def test_fans_are_ordered_and_say_what_is_data(made):
    fan = made.fan("turnover_share", "RUS")
    bands = fan[["p5", "p25", "p50", "p75", "p95"]].to_numpy()
    assert (np.diff(bands, axis=1) >= 0).all()
    base = fan[fan.year == 2022]
    assert not base.projected.any()
    assert (base.p95 - base.p5).to_numpy() == pytest.approx(0.0, abs=1e-9)
    assert fan[fan.year > 2022].projected.all()
    assert fan[fan.year == 2023].extrapolated.all()


def test_chances_do_not_fall_and_end_between_zero_and_one(made, tables):
    start = made.fan("turnover_share", "RUS")["central"].iloc[0]
    found = made.probability("turnover_share", "RUS", 1.1 * start)
    for _, part in found.groupby("scenario"):
        assert (np.diff(part.probability) >= 0).all()
        assert part.probability.between(0, 1).all()
    assert (made.probability("turnover_share", "RUS", 0.0).probability == 1.0).all()
    told = tables["outlook-chances"]
    assert set(told["passes"]) == {"turnover_share", "loss_percent"}
    for _, part in told.groupby(["course", "passes", "country", "passed_percent"], dropna=False):
        assert part["probability"].is_monotonic_increasing


def test_ratios_are_those_of_the_losses_draw_by_draw(made):
    _, ratio = made.values("lifted", "ratio_percent", "RUS")
    mine, theirs = (made.values("lifted", "loss_percent", of)[1] for of in ("RUS", "CHN"))
    assert ratio.to_numpy() == pytest.approx((mine / theirs).to_numpy())


def test_outlets_are_third_countries_in_order(made):
    assert not made.outlets["country"].isin(["RUS", "CHN"]).any()
    for _, rows in made.outlets.groupby(["scenario", "year", "of"]):
        assert rows["gain_usd"].is_monotonic_decreasing
        assert rows["rank"].tolist() == list(range(1, len(rows) + 1))
    assert (made.outlets["part"] >= 1e-3).all()  # what makes up for less is no outlet


def test_a_side_without_an_outlet_is_named(made, small):
    """In a world of few no third country may be left that buys more."""
    there = made.outlets
    kept = CourseReport(replace(made, outlets=there[there["of"] != "CHN"]), small)
    alone = [one.values for one in findings(kept) if one.key == "outlook.no_outlet"]
    assert {(one["scenario"], one["state"].code) for one in alone} >= {("persist", "CHN"), ("lifted", "CHN")}


def test_no_direction_where_the_band_holds_today(made, small):
    """The direction of a share is that of its numbers, and open where the later band holds the earlier number."""
    for one in findings(CourseReport(made, small)):
        if one.key == "outlook.share":
            now, then = one.values["now"], one.values["then"]
            held = then.low <= now.value <= then.high
            assert (one.compared.direction == "unclear") == held
            assert now.low is None  # the base year is no forecast


def test_a_quantity_that_is_not_there_is_named(made):
    with pytest.raises(InputError, match="There is no 'share' of 'RUS'"):
        made.fan("share", "RUS")
    with pytest.raises(InputError, match="horizon short, outlet open"):
        made.fan("loss_percent", "RUS", "short")
    with pytest.raises(InputError, match="level is nan"):
        made.probability("turnover_share", "RUS", float("nan"))


def test_draws_are_shared_by_scenarios_and_begin_alike_in_larger_numbers(small):
    few, many = (make_lot(small, years, n, ("long",), 1, None) for years, n in ((5, 4), (9, 8)))
    assert many.growth[:4] == pytest.approx(few.growth)
    assert many.steps[:4, :5] == pytest.approx(few.steps)
    assert few.draw(2, Break()).growth is not None
    calm, wild = few.draw(2, Break(0.0, 0.0, 0.0)), few.draw(2, Break(0.9, 1.0, 0.0))
    assert not calm.jump.any()
    assert wild.jump[0] == 0.0
    assert np.abs(wild.jump).max() > 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"years": (2010,)}, "There is no world of 2010: this outlook runs from 2022"),
        ({"to": 2022}, "must end later; it ends in 2022"),
        ({"scenarios": [PERSIST, PERSIST]}, "names that differ"),
        ({"scenarios": []}, "at least one scenario"),
        ({"options": ProjectionOptions(draws=-1)}, "draws=-1 is too few"),
        ({"options": ProjectionOptions(horizons=())}, "at least one horizon"),
        ({"options": ProjectionOptions(audience=("RUS",))}, "Name third parties"),
        ({"options": ProjectionOptions(horizons=("soon",))}, "Horizon 'soon' is not allowed"),
        ({"a": "EU"}, "EU is a group; an outlook is for two states"),
        ({"a": "Cuba"}, "CUB"),
    ],
)
def test_bad_questions_are_refused(small, changes, message):
    asked = {
        "a": "RUS",
        "b": "CHN",
        "scenarios": [PERSIST],
        "to": 2024,
        "years": (),
        "options": QUICK,
        **changes,
    }
    a, b = asked.pop("a"), asked.pop("b")
    with pytest.raises(InputError, match=message):
        outlook(small, a, b, **asked)


def test_halfway_is_asked_for_only_where_the_outlook_passes_it(small):
    """An outlook of another world may end before 2030: nobody asked for that year."""
    made = outlook(small, "RUS", "CHN", [PERSIST], 2024, options=ProjectionOptions(("long",), ()))
    assert made.asked == (2022, 2024)


def test_without_draws_there_are_no_chances(small):
    made = outlook(
        small,
        "RUS",
        "CHN",
        [LIFTED],
        2024,
        years=(),
        options=ProjectionOptions(horizons=("short", "steady"), audience=()),
    )
    tables = {table.key: table.frame for table in CourseReport(made, small).tables()}
    assert not len(tables["outlook-chances"])
    assert "trade_share_low" not in tables["outlook-shares"]
    losses = tables["outlook-losses"]
    assert set(losses["outlet"]) == {"open"}
    assert "loss_percent_low" not in losses
    assert set(losses["horizon"]) == {"short"}
    with pytest.raises(InputError, match="need draws"):
        made.probability("turnover_share", "RUS", 0.3)
    with pytest.raises(InputError, match="needs draws"):
        beside(made, History.of([2020, 2021, 2022], [0.1, 0.12, 0.16]), "lifted")


def test_losses_of_the_first_year_stand_with_flag_and_bracket(world):
    """A cut from Russia costs Belarus much: nothing beyond 15 % without its bracket, and capital stands beside."""
    small = world.select(["RUS", "BLR", "DEU"], ["A01", "B06", "C26", "C29"])
    options = ProjectionOptions(horizons=("short", "long", "steady"), drawn=("short", "long"), audience=())
    flat = [WorldPath("as it is")]
    made = outlook(small, "RUS", "BLR", flat, 2023, years=(), options=options)
    losses = next(
        table.frame for table in CourseReport(made, small).tables() if table.key == "outlook-losses"
    )
    first, long = (losses[losses["horizon"] == horizon] for horizon in ("short", "long"))
    beyond = first[first["loss_percent"] > 15.0]
    assert len(beyond)
    assert (beyond["flags"] != "").all()
    assert (beyond["replacement_percent"] < beyond["no_switching_percent"]).all()
    assert long["flags"].isna().all()  # from the long run on everybody switches
    # Capital that leaves makes a loss larger, by 1 / (1 - 0.4) where prices stay.
    assert (long["capital_percent"] / long["loss_percent"]).between(1.2, 2.2).all()
    assert first["capital_percent"].isna().all()


def test_a_course_that_cannot_be_followed_says_scenario_and_year(small, monkeypatch):
    monkeypatch.setattr(gdp, "ROUNDS", 1)
    steep = WorldPath("steep", technology=(TechnologyPath(("CHN",), ((2022, 1.0), (2023, 2.0)), hold=True),))
    with pytest.raises(
        ConvergenceError, match=r"central course .*'steep' in 2023: Real GDP stays .* smooth it"
    ):
        outlook(
            small,
            "RUS",
            "CHN",
            [steep],
            2024,
            years=(),
            options=ProjectionOptions(horizons=("long",), audience=()),
        )


def test_critical_levels_of_projected_years(small):
    options = ProjectionOptions(horizons=("long",), audience=(), critical=True)
    made = outlook(small, "RUS", "CHN", [LIFTED], 2023, years=(), options=options)
    assert set(made.levels.year) == {2022, 2023}
    assert {"tolerance", "collapse"} <= set(made.levels.definition)


# ------------------------------------------------------------------------------------------------ emulator


def test_an_emulator_learns_a_quadratic_exactly():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((120, 4))
    y = 1 + x @ [1.0, -2.0, 0.5, 0.0] + 0.3 * x[:, 0] * x[:, 1] - 0.2 * x[:, 2] ** 2
    inputs = Inputs(x, np.array([0, 0, 1, 1]))
    known = np.where(np.arange(120) < 80, y, np.nan)
    found = emulate(inputs.products(), known, np.arange(50))
    error = np.sqrt(((found - y)[50:80] ** 2).mean())
    assert error < 1e-3 * y[50:80].std()  # the noise it assumes at least is 1e-8 of the variance
    assert found == pytest.approx(y, abs=0.02)
    assert found[:50] == pytest.approx(y[:50])


def test_an_emulator_needs_solved_draws_and_knows_constants():
    products = Inputs(np.arange(20.0)[:, None], np.zeros(1, dtype=int)).products()
    with pytest.raises(InputError, match="at least ten solved draws"):
        emulate(products, np.full(20, np.nan), np.arange(9))
    assert (emulate(products, np.full(20, 3.0), np.arange(12)) == 3.0).all()


@pytest.mark.evidence  # solves what is emulated
def test_emulated_draws_are_near_to_solved_ones_and_their_error_is_said(small):
    ask = {"years": (), "scenarios": [LIFTED], "to": 2024}
    part = outlook(small, "RUS", "CHN", options=ProjectionOptions(("long",), WEST, draws=70, solve=45), **ask)
    whole = outlook(
        small, "RUS", "CHN", options=ProjectionOptions(("long",), WEST, draws=70, solve=70), **ask
    )
    assert part.solved == 45
    assert len(part.errors)
    assert (part.errors.held == 15).all()
    for quantity in ("turnover_share", "loss_percent"):
        guess, true = (m.values("lifted", quantity, "RUS")[1].loc[46:, 2024] for m in (part, whole))
        # Thirty draws teach some seventy inputs: a third of the spread is what the prior leaves, and the error says so.
        assert np.sqrt(((guess - true) ** 2).mean()) < 0.35 * true.std()
    told = next(one for one in findings(CourseReport(part, small)) if one.key == "outlook.emulated")
    assert (told.values["held"].value, told.values["solved"].value, told.values["draws"].value) == (
        15,
        45,
        70,
    )


# ------------------------------------------------------------------------------------------------ folders


def test_an_outlook_goes_on_where_it_stopped(small, tmp_path, monkeypatch):
    ask = {"years": (), "scenarios": [LIFTED], "to": 2023, "folder": tmp_path / "kept"}
    one = outlook(small, "RUS", "CHN", options=ProjectionOptions(("long",), (), draws=10), **ask)
    parts = sorted(p.name for p in (tmp_path / "kept").glob("*.parquet"))
    assert len(parts) == 2
    (tmp_path / "kept" / parts[0]).write_bytes(b"half a file")
    solved = []
    monkeypatch.setattr(
        solve,
        "solve_block",
        lambda task, name, draws, real=solve_block: solved.append(list(draws)) or real(task, name, draws),
    )
    other = outlook(small, "RUS", "CHN", options=ProjectionOptions(("long",), (), draws=12), **ask)
    assert sorted(solved) == [[0], [11, 12]]  # the damaged block and the new draws; the others are read
    assert other.rows[other.rows.draw <= 10].reset_index(drop=True)["value"].to_numpy() == pytest.approx(
        one.rows["value"].to_numpy()
    )


def test_worker_processes_give_the_numbers_of_threads(small, monkeypatch):
    """Where draws are solved does not matter: the guide of the central course goes with the task.

    Draws are solved to 1e-8, and may start where another draw of the same process lay.
    """
    solve = sys.modules["suasion.outlook.projection.solve"]
    ask = {
        "scenarios": [PERSIST, LIFTED],
        "to": 2024,
        "years": (),
        "options": ProjectionOptions(("long",), (), draws=12),
    }
    monkeypatch.setattr(solve, "PROCESSES_FROM", 100)
    one = outlook(small, "RUS", "CHN", **ask).rows
    monkeypatch.setattr(solve, "PROCESSES_FROM", 1)
    other = outlook(small, "RUS", "CHN", **ask).rows
    pd.testing.assert_frame_equal(one, other, atol=1e-6)


def test_a_folder_of_something_else_is_refused(small, tmp_path):
    ask = {"years": (), "to": 2023, "folder": tmp_path / "kept"}
    outlook(small, "RUS", "CHN", [LIFTED], options=ProjectionOptions(("long",), ()), **ask)
    with pytest.raises(InputError, match="holds another outlook: paths"):
        outlook(small, "RUS", "CHN", [PERSIST], options=ProjectionOptions(("long",), ()), **ask)
    manifest = tmp_path / "kept" / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace(__version__, "0.0.1"), encoding="utf-8")
    with pytest.raises(
        InputError, match="holds another outlook: package"
    ):  # blocks of two versions do not mix
        outlook(small, "RUS", "CHN", [LIFTED], options=ProjectionOptions(("long",), ()), **ask)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(InputError, match=r"holds files, but no manifest\.json"):
        open_store(tmp_path / "mine", {})
    (tmp_path / "kept" / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="is damaged"):
        open_store(tmp_path / "kept", {})


# ------------------------------------------------------------------------------------------------ beside


def test_statistical_forms_stand_beside(made):
    history = History.of(range(2012, 2024), np.linspace(0.1, 0.33, 12) + 0.01 * np.sin(np.arange(12)))
    found = beside(made, history, "persist")
    fans = found.set_index(["form", "year"])
    held = fans.groupby("form")["weight"].first()
    kept = pool_record()
    assert held[list(kept.weights)].to_dict() == pytest.approx(kept.weights)
    assert fans.loc[("structural", 2026), "p50"] != fans.loc[("random walk", 2026), "p50"]
    spread = fans["p95"] - fans["p5"]
    assert spread["pool", 2026] > 0
    alone = beside(made, history, "persist", weights={"random walk": 3.0})
    pooled = alone.set_index(["form", "year"])
    assert pooled.loc[("pool", 2026), "p50"] == pytest.approx(
        pooled.loc[("random walk", 2026), "p50"], abs=0.01
    )


def test_weights_of_the_pool_follow_a_hindcast():
    rng = np.random.default_rng(1)
    logits = np.cumsum(0.1 * rng.standard_normal((12, 20)), axis=1) - 2.0
    codes = np.array([f"C{k:02d}" for k in range(12)])
    panel = Panel(
        "made up", "turnover", codes, np.roll(codes, 1), np.arange(2000, 2020), 1 / (1 + np.exp(-logits))
    )
    weights = pool_of(hindcast(panel, Rules(horizons=(1, 3)))).weights
    assert sum(weights.values()) == pytest.approx(1.0)
    assert weights["structural"] == 0.25
    assert weights["random walk"] >= weights["random walk with drift"]  # the walks were made without drift


@pytest.mark.parametrize(
    ("years", "weights", "message"),
    [
        (range(2000, 2012), None, "ends in 2011; it must end in a year from 2022"),
        (range(2012, 2024), {"magic": 1.0}, "name forms among"),
        (range(2012, 2024), {"random walk": 0.0}, "sum to more than zero"),
    ],
)
def test_histories_and_weights_that_do_not_fit(made, years, weights, message):
    history = History.of(years, np.linspace(0.1, 0.3, len(years)))
    with pytest.raises(InputError, match=message):
        beside(made, history, "persist", weights=weights)


# ------------------------------------------------------------------------------------------------ charts and command


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text(
        TEXT.replace("2030", "2024").replace("{2024: 1.2, 2024: 2.0}", "{2023: 1.2, 2024: 2.0}"), "utf-8"
    )
    return file


def test_without_options_an_outlook_is_the_share_by_itself():
    own, alone = (QUESTIONS[name].ask("RUS", "CHN") for name in ("outlook", "share"))
    assert replace(own, run=None, question="share") == replace(alone, run=None)


def test_own_growth_takes_the_place_of_that_of_a_path(small):
    usual = {"to": 2024, "draws": 0, "horizon": ("long",), "audience": (), "world": small}
    ask = QUESTIONS["outlook"].ask
    found = ask("RUS", "CHN", scenario=(LIFTED,), growth=("RUS:-1:0.5:1.5", "CHN:7"), **usual)
    rates = found.table("outlook-growth").frame.set_index("country")
    assert rates.loc["RUS", ["growth_percent", "growth_percent_high"]].tolist() == pytest.approx([0.5, 1.75])
    assert rates.loc["CHN", "rate_status"] == "own"
    assert rates.loc["USA", "rate_status"] != "own"
    for text in ("RUS", "RUS:fast", "RUS:1:2", "RUS:3:2:1"):
        with pytest.raises(InputError, match="is no growth rate"):
            ask("RUS", "CHN", growth=(text,), **usual)


def test_the_command_prints_tables_and_files(small, mine, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(command, "chosen_world", lambda: small)
    call = ["outlook", "RUS", "CHN", "--to", "2024", "--audience", "USA", "--horizon", "long", "--draws", "0"]
    call += ["--format", "json", "--scenario"]
    chart = tmp_path / "fan.svg"
    assert run([*call, str(mine), "--chart", str(chart)]) == 0
    tables = {one["key"]: one for one in json.loads(capsys.readouterr().out)["tables"]}
    assert chart.read_text("utf-8").startswith("<svg")
    names = [column["name"] for column in tables["outlook-losses"]["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in tables["outlook-losses"]["rows"]]
    assert {row["year"] for row in rows} == {2022, 2024}
    assert {row["course"] for row in rows} == {"mine"}
    assert (
        run([*call[:-3], "--levels", "--show", "outlook-levels", "--format", "csv", "--scenario", str(mine)])
        == 0
    )
    assert {"tolerance", "collapse"} <= {
        cell for line in capsys.readouterr().out.split() for cell in line.split(",")
    }


def test_forms_of_forecast_stand_beside_a_history(small, mine, tmp_path):
    ask = QUESTIONS["outlook"].ask
    usual = {
        "to": 2024,
        "draws": 10,
        "horizon": ("long",),
        "audience": (),
        "world": small,
        "scenario": (str(mine),),
    }
    past = tmp_path / "past.csv"
    past.write_text("year,share\n" + "".join(f"{y},{0.1 + 0.01 * (y - 2012)}\n" for y in range(2012, 2024)))
    table = ask("RUS", "CHN", history=past, **usual).table("outlook-forms")
    assert set(table.frame["forecast_form"]) >= {"structural", "pool", "random_walk"}
    start = next(note for note in table.notes if note.key == "outlook.history")
    assert (start.values["last"], start.values["share"].value) == (2023, pytest.approx(0.21))
    past.write_text("year,part\n2020,0.1\n")
    with pytest.raises(InputError, match="needs the columns year and share; it has year, part"):
        ask("RUS", "CHN", history=past, **usual)
    with pytest.raises(InputError, match="cannot be read as CSV"):
        ask("RUS", "CHN", history=tmp_path / "none.csv", **usual)


def test_a_stopped_command_says_how_to_go_on_and_goes_on(small, monkeypatch, tmp_path, capsys):
    """What was solved before Ctrl-C is not solved again, and the numbers are those of a run that nobody stopped."""
    monkeypatch.setattr(command, "chosen_world", lambda: small)
    call = ["outlook", "RUS", "CHN", "--to", "2024", "--audience", "USA", "--horizon", "long"]
    (tmp_path / "flat.yaml").write_text("name: as it is\n", "utf-8")
    call += [
        "--scenario",
        str(tmp_path / "flat.yaml"),
        "--draws",
        "20",
        "--format",
        "csv",
    ]
    real, solved = solve.solve_block, []

    def pressed(task, scenario, draws):
        if draws[0] > 10:
            raise KeyboardInterrupt
        solved.append(draws[0])
        return real(task, scenario, draws)

    monkeypatch.setattr(solve, "solve_block", pressed)
    folder = tmp_path / "kept"
    assert run([*call, "--out", str(folder)]) == 130
    told = capsys.readouterr().err
    assert f"stopped; finished blocks of draws are in {folder}. Go on with the same command" in told
    assert "Traceback" not in told
    assert run(call) == 130
    assert "nothing is kept. With --folder FOLDER" in capsys.readouterr().err
    solved.clear()
    monkeypatch.setattr(solve, "solve_block", lambda *a: solved.append(a[2][0]) or real(*a))
    assert run([*call, "--out", str(folder)]) == 0
    assert solved == [11]  # the central course and draws 1 to 10 were there
    resumed = pd.read_csv(StringIO(capsys.readouterr().out))
    assert run(call) == 0
    unbroken = pd.read_csv(StringIO(capsys.readouterr().out))
    # Draws are solved to 1e-8, from where others lay.
    pd.testing.assert_frame_equal(resumed, unbroken, rtol=1e-6)


def test_capital_needs_a_share_between_zero_and_one():
    with pytest.raises(InputError, match="must lie between 0 and 1"):
        steady(lambda extra, x: None, share=1.0)


def test_tables_are_frames(made):
    assert isinstance(made.fan("export_share", "CHN"), pd.DataFrame)
    assert made.fan("import_share", "CHN")["central"].between(0, 1).all()


def _refuse(block):
    raise InputError(f"nothing is known of draw {block.start}")


def _die(block):
    os._exit(7)


def test_what_a_worker_process_meets_is_said():
    """Its own error as it is; a process that ends, with its code and what to do."""
    with pytest.raises(InputError, match="nothing is known of draw 11"):
        list(solve_in_processes(_refuse, [range(11, 21)], 2))
    with pytest.raises(SuasionError, match=r"ended with code 7 while it solved draws 1 to 10.*Ask again"):
        list(solve_in_processes(_die, [range(1, 11)], 1))
