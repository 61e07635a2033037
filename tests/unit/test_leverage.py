"""Leverage of all sides over all: equal to exit costs, in money at base prices, kept and drawn."""

from __future__ import annotations

import io
from itertools import combinations, permutations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import suasion as su
from suasion.answers.values import Country
from suasion.cli.app import app
from suasion.coercion import exit_cost
from suasion.coercion.leverage.intervals import interval_together
from suasion.coercion.leverage.losses import tie_losses
from suasion.coercion.leverage.matrix import LeverageMatrix, leverage_matrix
from suasion.equilibrium import Elasticities, simulate
from suasion.errors import InputError, NotInWorldError, SameCountryError
from suasion.questions.ties.leverage import LINE, inside_of, leverage
from suasion.sources.cache import kept_table
from suasion.world import World, load_world
from suasion.world.testing import golden_world, random_world

OWN = Elasticities(sigma=4.0, zeta=0.6, epsilon=0.3, kappa=0.9)
#: Two solvers that close every equation to 1e-10 in logs; losses are about a thousandth to a tenth.
CLOSE = 1e-6


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of a test reaches the user's cache."""
    monkeypatch.setattr("suasion.coercion.leverage.shipped.cache_folder", lambda: tmp_path)
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
    losses = matrix.frame.query("country == 'R'").loss_percent
    assert (row.loss_percent, row.least_loss_percent) == (losses.max(), losses.min())
    assert row.ratio == pytest.approx(losses.max() / losses.min())
    top = matrix.most_exposed(1).iloc[0]
    assert top.loss_percent == matrix.frame.loss_percent.max()
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
    whole = simulate(small, both, "long", elasticities=OWN).equivalent_variation.sel(country="C1")
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
        welfare = simulate(
            small, su.Scenario("act", [kinds[instrument](a, b)]), "long", elasticities=OWN
        ).welfare
        assert cell(matrix, "loss_percent", a, b) == pytest.approx(-float(welfare.sel(country=a)), abs=CLOSE)
        assert cell(matrix, "damage_percent", a, b) == pytest.approx(
            -float(welfare.sel(country=b)), abs=CLOSE
        )
    assert not np.allclose(matrix.loss_percent.fillna(0.0), matrix.damage_percent.T.fillna(0.0))
    assert len(matrix.frame) == 30


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
    assert len(listed.frame) == 4  # an embargo has two sides, each of which may be read first


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
        pd.testing.assert_frame_equal(first.frame, again.frame)
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
            kept_table("another", lambda: first.frame.head(1), file.parent)
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
        pd.testing.assert_frame_equal(first.frame, again.frame)
        leverage_matrix(world, elasticities=OWN)
        assert len(counted) == 2, "the mended file is read"


@pytest.fixture(scope="module")
def latest() -> World:
    """The embedded world whose ranges ship."""
    return load_world()


@pytest.fixture
def on_six(monkeypatch: pytest.MonkeyPatch, world: World) -> World:
    """Let the command meet a small part of the embedded world."""
    part = world.select(["RUS", "CHN", "USA", "DEU", "JPN", "BLR"])
    monkeypatch.setattr("suasion.cli.questions.chosen_world", lambda: part)
    return part


class TestLosses:
    """What each would lose, in the first year and after ten years."""

    @staticmethod
    def test_what_ships_is_what_would_be_solved(latest: World) -> None:
        """Losses and money of a pair are those of the matrix; a range holds its loss; only that has four digits."""
        table = tie_losses(latest).set_index(["country", "partner"])
        assert len(table) == 195 * 194
        for horizon in ("short", "long"):
            found = leverage_matrix(latest, horizon, pairs=[("RUS", "CHN")], cache=False)
            for country, partner in (("RUS", "CHN"), ("CHN", "RUS")):
                row = table.loc[(country, partner)]
                assert row[f"{horizon}_percent"] == pytest.approx(
                    cell(found, "loss_percent", country, partner), rel=2e-3
                )
                assert row[f"{horizon}_musd"] == pytest.approx(
                    cell(found, "loss_usd", country, partner), rel=2e-3
                )
        for horizon in ("short", "long"):
            loss = table[f"{horizon}_percent"]
            digits = 1e-3 * loss.abs()
            assert (table[f"{horizon}_percent_low"] <= loss + digits).all()
            assert (loss <= table[f"{horizon}_percent_high"] + digits).all()

    @staticmethod
    def test_who_loses_is_who_is_acted_upon(latest: World) -> None:
        """A ban of sales: the buyer stands as ``country``. Trade of a pair is the same from both sides."""
        part = latest.select(["RUS", "CHN", "BLR"])
        table = tie_losses(part, pairs=[("RUS", "BLR"), ("BLR", "RUS")], instrument="export_ban")
        rows = table.set_index(["country", "partner"])
        found = leverage_matrix(part, "long", pairs=[("RUS", "BLR")], instrument="export_ban", cache=False)
        assert rows.long_percent["BLR", "RUS"] == pytest.approx(
            cell(found, "damage_percent", "RUS", "BLR"), rel=CLOSE
        )
        assert rows.trade_musd["BLR", "RUS"] == rows.trade_musd["RUS", "BLR"] > 0
        assert rows.short_percent_low.isna().all()


class TestQuestion:
    """The lists and the counts."""

    @staticmethod
    def test_counts_are_those_of_the_pairs(latest: World) -> None:
        """The headline's number is the number of rows above the line; the holder without a name has the most."""
        answer = leverage(world=latest)
        pairs = answer.table("pairs").frame
        counts = pairs[pairs.short_percent > LINE].groupby("partner").size()
        count = next(one for one in answer.findings if one.key == "leverage.count")
        assert count.values["count"] == counts.max()
        assert answer.asked["holder"] == Country(str(counts.idxmax()))
        held = answer.table("holders").frame.set_index("holder").over_short
        assert all(counts.get(code, 0) == count for code, count in held.items())

    @staticmethod
    def test_lists_keep_their_limits(latest: World) -> None:
        """The most exposed lose a thousand million at least, the largest loss after ten years first; ties are large."""
        answer = leverage(holder="RUS", world=latest)
        most = answer.table("most-exposed").frame
        assert most.holder.eq("RUS").all()
        assert (most.short_musd >= 1000).all()
        assert most.long_percent.is_monotonic_decreasing
        assert len(answer.table("exposed").rows) == 194
        mutual = answer.table("mutual").frame
        assert (mutual[["long_percent", "partner_long_percent"]].min(axis=1)).is_monotonic_decreasing
        assert (answer.table("ties").frame.trade_musd >= 10_000).all()

    @staticmethod
    def test_a_group_is_a_holder_with_ranges_of_its_single_ties(latest: World) -> None:
        """A bloc stands beside the countries; what ships of each of its ties makes the range of all of them."""
        answer = leverage(holder="asean", group=("ASEAN",), world=latest)
        rows = answer.table("exposed").frame
        assert answer.asked["holder"] == Country("ASEAN")
        for name in ("short_percent", "long_percent"):
            assert ((rows[f"{name}_low"] < rows[name]) & (rows[name] < rows[f"{name}_high"])).all()
        one = rows.iloc[0]
        held = interval_together(
            latest, [one["country"]], inside_of("ASEAN", latest), "short", one["short_percent"]
        )
        assert held == (one["short_percent_low"], one["short_percent_high"])
        assert not set(rows.country) & {"SGP", "THA", "VNM"}
        assert set(answer.table("matrix").frame.country) == {
            "BRN", "IDN", "KHM", "LAO", "MMR", "MYS", "PHL", "SGP", "THA", "VNM",
        }  # fmt: skip

    @staticmethod
    def test_a_state_outside_the_world_is_absent(latest: World) -> None:
        """And says so, instead of a row of zeros."""
        assert leverage(holder="Mongolia", world=latest.select(["RUS", "CHN"])).absent is not None


class TestCommand:
    """``suasion leverage``."""

    @staticmethod
    @pytest.mark.usefixtures("on_six")
    def test_a_tariff_and_a_coalition() -> None:
        """Numbers with every digit; a coalition stands beside the countries."""
        arguments = [
            "leverage",
            "--instrument",
            "tariff",
            "--rate",
            "0.2",
            "--coalitions",
            "WEST=USA+DEU+JPN",
        ]
        result = CliRunner().invoke(app, [*arguments, "--show", "pairs", "--format", "csv"])
        assert result.exit_code == 0, result.output
        table = pd.read_csv(io.StringIO(result.stdout))
        assert set(table.country) == {"RUS", "CHN", "USA", "DEU", "JPN", "BLR", "WEST"}
        assert table.set_index(["country", "partner"]).short_percent["BLR", "RUS"] > 0

    @staticmethod
    @pytest.mark.usefixtures("on_six")
    def test_pairs_that_are_asked_come_first() -> None:
        """The main table has them and no other; the first year costs more."""
        result = CliRunner().invoke(app, ["leverage", "--pairs", "BLR:RUS,USA+DEU:CHN", "--format", "csv"])
        assert result.exit_code == 0, result.output
        table = pd.read_csv(io.StringIO(result.stdout)).set_index(["country", "partner"])
        assert {frozenset(pair) for pair in table.index} == {
            frozenset(pair) for pair in (("BLR", "RUS"), ("USA + DEU", "CHN"))
        }
        assert (table.short_percent > table.long_percent).all()

    @staticmethod
    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["--pairs", "RUS-CHN"], "is not a pair; write who acts"),
            (["--coalitions", "WEST"], "is not a coalition"),
            (["--chart", "x.gif"], "ends in .gif"),
        ],
    )
    def test_wrong_options(arguments: list[str], message: str) -> None:
        """Each is refused before the work."""
        with pytest.raises(InputError, match=message):
            CliRunner().invoke(app, ["leverage", *arguments], catch_exceptions=False, standalone_mode=False)


def test_names_of_kept_results_depend_on_content() -> None:
    """Another number, shape or order of parts is another name."""
    from suasion.coercion.leverage.shipped import digest

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
