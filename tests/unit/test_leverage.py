"""Leverage of all sides over all: equal to exit costs, in money at base prices, kept and drawn."""

from __future__ import annotations

import json
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import suasion as su
from suasion.cli.app import app, run
from suasion.coercion import exit_cost
from suasion.coercion.leverage.chart import CLASSES, leverage_picture, leverage_spec, neighbours
from suasion.coercion.leverage.matrix import LeverageMatrix, leverage_matrix
from suasion.equilibrium import Elasticities
from suasion.errors import InputError, NotInWorldError, OutputError, SameCountryError
from suasion.sources.cache import keep
from suasion.world import World
from suasion.world.testing import golden_world, random_world

OWN = Elasticities(sigma=4.0, theta=0.6, epsilon=0.3, kappa=0.9)
#: Two solvers that close every equation to 1e-10 in logs; losses are about a thousandth to a tenth.
CLOSE = 1e-6


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of a test reaches the user's cache."""
    monkeypatch.setattr("suasion.coercion.leverage.cache.cache_folder", lambda: tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def small() -> World:
    """Six countries, four sectors."""
    return random_world(6, 4, seed=5)


def cell(matrix: LeverageMatrix, name: str, country: str, partner: str) -> float:
    """One number of a matrix."""
    return float(getattr(matrix, name).sel(country=country, partner=partner))


def test_every_pair_equals_its_exit_cost() -> None:
    """Losses of both sides in both units; the diagonal is empty; extremes are the extremes."""
    world = golden_world()
    matrix = leverage_matrix(world, "long", elasticities=OWN)
    for a, b in combinations(world.countries, 2):
        cost = exit_cost(world, a, b, horizon="long", elasticities=OWN)
        for unit in ("percent", "usd"):
            assert cell(matrix, f"loss_{unit}", a, b) == pytest.approx(cost.loss(a, "long", unit), rel=CLOSE)
            assert cell(matrix, f"damage_{unit}", a, b) == pytest.approx(
                cost.loss(b, "long", unit), rel=CLOSE
            )
            assert cell(matrix, f"loss_{unit}", b, a) == cell(matrix, f"damage_{unit}", a, b)
    assert np.isnan(np.diagonal(matrix.loss_percent)).all()
    assert matrix.reasons.empty
    assert matrix.singly == 0
    row = matrix.extremes().set_index("country").loc["R"]
    losses = matrix.table().query("country == 'R'").loss_percent
    assert (row.loss_percent, row.least_loss_percent) == (losses.max(), losses.min())
    assert row.ratio == pytest.approx(losses.max() / losses.min())
    top = matrix.most_exposed(1).iloc[0]
    assert top.loss_percent == matrix.table().loss_percent.max()
    assert top.actor_loss_percent == cell(matrix, "loss_percent", top.actor, top.exposed)


@pytest.mark.parametrize("horizon", ["short", "long"])
@pytest.mark.parametrize(
    "instruments",
    [
        [su.Embargo("C1", "C3")],
        [su.Tariff("C1", ["C2", "C3"], 0.3), su.Productivity("C4", 0.8)],
        [su.Quota("C1", "C3", 0.4)],
    ],
    ids=["embargo", "tariff and productivity", "quota"],
)
def test_in_a_world_already_cut(small: World, horizon: str, instruments: list[su.Embargo]) -> None:
    """Further losses equal those of exit costs, in per cent of what is left and in money at base prices."""
    given = su.Scenario("in force", instruments)
    matrix = leverage_matrix(small, horizon, given, elasticities=OWN, pairs=[("C1", "C2"), ("C5", "C4")])
    for a, b in (("C1", "C2"), ("C5", "C4")):
        cost = exit_cost(small, a, b, given=given, horizon=horizon, elasticities=OWN)
        for unit in ("percent", "usd"):
            assert cell(matrix, f"loss_{unit}", a, b) == pytest.approx(cost.loss(a, horizon, unit), rel=CLOSE)
            assert cell(matrix, f"damage_{unit}", a, b) == pytest.approx(
                cost.loss(b, horizon, unit), rel=CLOSE
            )
    assert matrix.given == "in force"


def test_money_of_successive_cuts_adds_up(small: World) -> None:
    """At base prices the loss of a cut and the further loss of another are the loss of both."""
    first, both = (
        su.Scenario(n, [su.Embargo("C1", x)]) for n, x in (("first", "C2"), ("both", ["C2", "C3"]))
    )
    further = leverage_matrix(small, "long", first, elasticities=OWN, pairs=[("C1", "C3")])
    alone = leverage_matrix(small, "long", elasticities=OWN, pairs=[("C1", "C2")])
    whole = su.simulate(small, both, "long", elasticities=OWN).equivalent_variation.sel(country="C1")
    parts = cell(alone, "loss_usd", "C1", "C2") + cell(further, "loss_usd", "C1", "C3")
    assert parts == pytest.approx(-float(whole), rel=CLOSE)


@pytest.mark.parametrize("instrument", ["export_ban", "import_ban", "tariff"])
def test_acts_of_one_side(small: World, instrument: str) -> None:
    """Bans and tariffs differ by who acts; each ordered pair equals a simulation of its own."""
    matrix = leverage_matrix(small, "long", instrument=instrument, rate=0.25, elasticities=OWN)
    kinds = {
        "export_ban": su.ExportBan,
        "import_ban": su.ImportBan,
        "tariff": lambda a, b: su.Tariff(a, b, 0.25),
    }
    for a, b in list(permutations(small.countries, 2))[::7]:
        welfare = su.simulate(
            small, su.Scenario("act", [kinds[instrument](a, b)]), "long", elasticities=OWN
        ).welfare
        assert cell(matrix, "loss_percent", a, b) == pytest.approx(-float(welfare.sel(country=a)), abs=CLOSE)
        assert cell(matrix, "damage_percent", a, b) == pytest.approx(
            -float(welfare.sel(country=b)), abs=CLOSE
        )
    assert not np.allclose(matrix.loss_percent.fillna(0.0), matrix.damage_percent.T.fillna(0.0))
    assert len(matrix.table()) == 30


def test_an_import_ban_is_the_other_sides_export_ban(small: World) -> None:
    """The same flows stop, whoever stops them."""
    ban = leverage_matrix(small, "long", instrument="export_ban", elasticities=OWN)
    mirror = leverage_matrix(small, "long", instrument="import_ban", elasticities=OWN)
    assert np.allclose(ban.loss_percent.fillna(0.0), mirror.damage_percent.T.fillna(0.0), atol=CLOSE)


def test_coalitions_stand_beside_countries(small: World) -> None:
    """A coalition's loss is the sum of its members'; it has no pair with a member; a list may use its name."""
    club = {"club": ["C1", "C2"]}
    matrix = leverage_matrix(small, "long", coalitions=club, elasticities=OWN)
    assert list(matrix.loss_percent["country"].values) == [*small.countries, "club"]
    assert np.isnan(cell(matrix, "loss_percent", "club", "C1"))
    cost = exit_cost(small, ["C1", "C2"], "C4", horizon="long", elasticities=OWN)
    for unit in ("percent", "usd"):
        wanted = cost.loss("C1 + C2", "long", unit)
        assert cell(matrix, f"loss_{unit}", "club", "C4") == pytest.approx(wanted, rel=CLOSE)
    listed = leverage_matrix(
        small, "long", coalitions=club, pairs=[("club", "C4"), (["C5", "C6"], "C1")], elasticities=OWN
    )
    assert cell(listed, "loss_usd", "club", "C4") == pytest.approx(
        cell(matrix, "loss_usd", "club", "C4"), rel=CLOSE
    )
    assert listed.sides == {"club": ("C1", "C2"), "C4": ("C4",), "C5 + C6": ("C5", "C6"), "C1": ("C1",)}
    assert len(listed.table()) == 4  # an embargo has two sides, each of which may be read first


def test_a_pair_without_equilibrium_has_a_reason() -> None:
    """At sigma below one an embargo has no finite price: every pair says so, none has a number."""
    world = golden_world()
    matrix = leverage_matrix(world, "long", elasticities=Elasticities(sigma=0.9))
    assert len(matrix.reasons) == 3
    assert matrix.reasons.reason.str.contains("sigma").all()
    assert np.isnan(matrix.loss_percent).all()
    assert matrix.extremes().empty


@pytest.mark.parametrize(
    ("options", "kind", "message"),
    [
        ({"instrument": "siege"}, InputError, "instrument='siege' is not one of embargo"),
        ({"instrument": "tariff", "rate": -1.0}, InputError, "rate is .*must be a number > -1"),
        ({"instrument": "tariff", "rate": float("nan")}, InputError, "rate is .*must be a number > -1"),
        ({"pairs": []}, InputError, "There is no pair"),
        ({"pairs": [("C1",)]}, InputError, "is not a pair"),
        ({"pairs": ["C1"]}, InputError, "is not a pair"),
        ({"pairs": [(["C1", "C2"], "C2")]}, SameCountryError, "C2 stands on both sides"),
        ({"pairs": [("C1", "FRA")]}, NotInWorldError, "outside the world's table"),
        ({"coalitions": {"C1": ["C2"]}}, InputError, "which is a country"),
    ],
)
def test_wrong_questions(
    small: World, options: dict[str, object], kind: type[Exception], message: str
) -> None:
    """Each is refused before anything is solved, with what is wrong and what may be given."""
    with pytest.raises(kind, match=message):
        leverage_matrix(small, **options)  # type: ignore[arg-type]


class TestCache:
    """Answers kept by a hash of all that they depend on."""

    @staticmethod
    def solves(monkeypatch: pytest.MonkeyPatch) -> list[int]:
        """Count how often something is solved."""
        from suasion.coercion.leverage import matrix as leverage

        counted: list[int] = []
        original = leverage.solve_plan

        def solve(*args: object, **options: object) -> pd.DataFrame:
            counted.append(1)
            return original(*args, **options)  # type: ignore[arg-type]

        monkeypatch.setattr(leverage, "solve_plan", solve)
        return counted

    def test_the_second_time_is_read(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The same question has the same numbers, to the last digit; another question is another file."""
        counted, world = self.solves(monkeypatch), golden_world()
        first = leverage_matrix(world, elasticities=OWN)
        again = leverage_matrix(world, elasticities=OWN)
        assert len(counted) == 1
        pd.testing.assert_frame_equal(first.table(), again.table())
        cut = su.Scenario("cut", [su.Embargo("R", "W")])
        others: list[dict[str, object]] = [
            {"horizon": "short"},
            {"given": cut},
            {"deficits": "world"},
            {"instrument": "export_ban"},
            {"instrument": "tariff"},
            {"instrument": "tariff", "rate": 0.2},
            {"pairs": [("R", "C")]},
            {"coalitions": {"both": ["R", "C"]}},
        ]
        for place, options in enumerate(others):
            leverage_matrix(world, elasticities=OWN, **options)  # type: ignore[arg-type]
            assert len(counted) == 2 + place, options
        leverage_matrix(world, elasticities=Elasticities(sigma=5.0))
        leverage_matrix(golden_world().select(["R", "C"]), elasticities=OWN)
        assert len(counted) == 3 + len(others)

    def test_it_can_be_left_out(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        """Without it nothing is written and nothing read."""
        counted, world = self.solves(monkeypatch), golden_world()
        for _ in range(2):
            leverage_matrix(world, elasticities=OWN, cache=False)
        assert len(counted) == 2
        assert not list(folder.rglob("*.parquet"))

    @pytest.mark.parametrize("damage", ["noise", "empty", "short", "flipped", "of another plan"])
    def test_a_damaged_file_is_computed_anew(
        self, monkeypatch: pytest.MonkeyPatch, folder: Path, damage: str
    ) -> None:
        """Whatever a file holds that is not the whole answer."""
        counted, world = self.solves(monkeypatch), golden_world()
        first = leverage_matrix(world, elasticities=OWN)
        (file,) = folder.rglob("*.parquet")
        whole = file.read_bytes()
        if damage == "of another plan":
            keep(first.table().head(1), file.with_name("another.parquet"))
            file.with_name("another.parquet").replace(file)
        else:
            flipped = whole[:100] + bytes([whole[100] ^ 1]) + whole[101:]
            broken = {
                "noise": b"noise" * 9,
                "empty": b"",
                "short": whole[: len(whole) // 2],
                "flipped": flipped,
            }
            file.write_bytes(broken[damage])
        again = leverage_matrix(world, elasticities=OWN)
        assert len(counted) == 2
        pd.testing.assert_frame_equal(first.table(), again.table())
        leverage_matrix(world, elasticities=OWN)
        assert len(counted) == 2, "the mended file is read"


@pytest.fixture(scope="module")
def matrix() -> LeverageMatrix:
    """Six countries."""
    return leverage_matrix(random_world(6, 4, seed=5), elasticities=OWN, cache=False)


class TestChart:
    """The heat map."""

    @staticmethod
    def test_it_says_what_it_shows(matrix: LeverageMatrix) -> None:
        """Title, unit, source; one cell an ordered pair, in the class of its loss."""
        spec = leverage_spec(matrix)
        text = json.dumps(spec)
        assert "cut off" in spec["title"]["text"]
        assert "Per cent of own real expenditure" in text
        assert "Source:" in text
        rows = spec["layer"][0]["data"]["values"]
        assert len(rows) == 30
        worst = max(rows, key=lambda row: float(row["percent"]))
        assert float(worst["percent"]) == pytest.approx(float(matrix.damage_percent.max()), rel=1e-2)
        low, high = {"0.3 to 1": (0.3, 1), "1 to 3": (1, 3), "3 to 10": (3, 10), "over 10": (10, 100)}[
            worst["class"]
        ]
        assert low <= float(worst["percent"]) <= high
        assert {row["class"] for row in rows} <= set(CLASSES)

    @staticmethod
    def test_the_specification_is_valid(matrix: LeverageMatrix) -> None:
        """By the published schema of Vega-Lite."""
        import altair as alt

        alt.LayerChart.from_dict(leverage_spec(matrix), validate=True)

    @staticmethod
    def test_those_that_hurt_each_other_stand_together() -> None:
        """Two blocs that trade inside only: each stands as one, though their members alternate in the world."""
        names = list("ABCDEF")
        damage = np.full((6, 6), 0.001)
        for bloc in ([0, 2, 4], [1, 3, 5]):
            damage[np.ix_(bloc, bloc)] = 2.0
        np.fill_diagonal(damage, np.nan)
        import xarray as xr

        values = xr.DataArray(damage, {"country": names, "partner": names}, ("country", "partner"))
        empty = pd.DataFrame(columns=["pair", "reason"])
        matrix = LeverageMatrix(
            values, values, values, values, values, empty, "embargo", "long", "balance", "", {}
        )
        order = neighbours(matrix)
        assert {frozenset(order[:3]), frozenset(order[3:])} == {frozenset("ACE"), frozenset("BDF")}

    @staticmethod
    def test_files(matrix: LeverageMatrix) -> None:
        """Each kind is what its ending says; another is refused."""
        assert leverage_picture(matrix, ".svg").startswith(b"<svg")
        assert leverage_picture(matrix, ".png").startswith(b"\x89PNG")
        assert b"<html" in leverage_picture(matrix, ".html")
        with pytest.raises(InputError, match=r"cannot be written as '\.gif'"):
            leverage_picture(matrix, ".gif")


@pytest.fixture
def on_six(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    """Let the command meet a small part of the embedded world."""
    part = world.select(["RUS", "CHN", "USA", "DEU", "JPN", "BLR"])
    monkeypatch.setattr("suasion.cli.leverage.chosen_world", lambda: part)


@pytest.mark.usefixtures("on_six")
class TestCommand:
    """``suasion leverage``."""

    @staticmethod
    def test_writes_table_and_map(tmp_path: Path) -> None:
        """CSV with all ordered pairs, the map, and the most exposed on stdout."""
        out, chart = tmp_path / "pairs.csv", tmp_path / "map.svg"
        result = CliRunner().invoke(
            app, ["leverage", "--out", str(out), "--chart", str(chart), "--format", "csv"]
        )
        assert result.exit_code == 0, result.output
        assert len(pd.read_csv(out)) == 42  # six states and the rest of the world
        assert chart.read_text().startswith("<svg")
        assert "BLR,RUS" in result.stdout.splitlines()[1]
        assert "largest residual" in result.stderr

    @staticmethod
    def test_both_horizons_in_parquet(tmp_path: Path) -> None:
        """A column says which; the short run costs more."""
        out = tmp_path / "pairs.parquet"
        assert (
            run(["leverage", "--horizon", "both", "--pairs", "BLR:RUS,USA+DEU:CHN", "--out", str(out)]) == 0
        )
        table = pd.read_parquet(out).set_index(["country", "horizon"])
        assert set(table.partner) == {"RUS", "BLR", "CHN", "USA + DEU"}
        assert table.loss_percent["BLR", "short"] > table.loss_percent["BLR", "long"] > 0

    @staticmethod
    def test_extremes_of_a_tariff_and_a_coalition() -> None:
        """Each side's most dangerous and most harmless partner."""
        arguments = ["leverage", "--instrument", "tariff", "--rate", "0.2", "--coalition", "WEST=USA+DEU+JPN"]
        result = CliRunner().invoke(app, [*arguments, "--extremes", "--no-cache", "--format", "json"])
        assert result.exit_code == 0, result.output
        rows = {row["country"]: row for row in json.loads(result.stdout)}
        assert set(rows) == {"RUS", "CHN", "USA", "DEU", "JPN", "BLR", "ROW", "WEST"}
        assert rows["BLR"]["most_dangerous"] == "RUS"
        assert (
            rows["BLR"]["loss_percent"] > rows["BLR"]["least_loss_percent"]
        )  # numbers with every digit, not text

    @staticmethod
    @pytest.mark.parametrize(
        ("arguments", "kind", "message"),
        [
            (["--pairs", "RUS-CHN"], InputError, "is not a pair; write who acts"),
            (["--coalition", "WEST"], InputError, "is not a coalition"),
            (["--out", "x.txt"], InputError, "ends in .csv or .parquet"),
            (["--chart", "x.gif"], InputError, "cannot be written as '.gif'"),
            (["--chart", "x.svg", "--horizon", "both"], InputError, "shows one horizon"),
            (["--out", "/nowhere/x.csv"], OutputError, "does not exist"),
        ],
    )
    def test_wrong_options(arguments: list[str], kind: type[Exception], message: str) -> None:
        """Each is refused before the work."""
        with pytest.raises(kind, match=message):
            CliRunner().invoke(app, ["leverage", *arguments], catch_exceptions=False, standalone_mode=False)


def test_names_of_kept_results_depend_on_content() -> None:
    """Another number, shape or order of parts is another name."""
    from suasion.coercion.leverage.cache import digest

    one = np.arange(6.0)
    names = {
        digest(one),
        digest(one.reshape(2, 3)),
        digest(one + 1),
        digest(one, 1),
        digest(1, one),
        digest(None, one),
    }
    assert len(names) == 6
    assert digest(one, "x") == digest(one.copy(), "x")
