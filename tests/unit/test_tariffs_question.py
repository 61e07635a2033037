"""What the tariffs of a day cost: parts add up, what would come off is what a solve without it says, rates are means."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

import suasion as su
from suasion.coercion.frontier.response import nash_tariffs
from suasion.coercion.tariff_ranges import capital_over, paid_over
from suasion.coercion.tariff_study import _without, members_of, tariff_study, whole
from suasion.coercion.tariff_verdicts import other_year, war_on
from suasion.equilibrium import Scenario, Tariff, simulate
from suasion.equilibrium.batch.bands import sets_of
from suasion.equilibrium.economy import economy_on, log_welfare, respond
from suasion.equilibrium.in_force import added_scenario
from suasion.questions.tariff_war import _turns
from suasion.sources.capital_shares import capital_shares
from suasion.sources.tariffs import us_mean
from suasion.world import load_world

DAY = date(2026, 7, 22)


@pytest.fixture(scope="module")
def small():
    return load_world(tariffs="applied").select(["USA", "CHN", "DEU", "MEX", "VNM"])


@pytest.fixture(scope="module")
def study(small):
    return tariff_study(small, added_scenario(small, DAY), "USA", DAY)


def test_who_pays_adds_up_to_what_is_lost(study) -> None:
    """An identity of levels; both sides are solved to 1e-10 of an economy of 25 tn USD."""
    own = study.welfare.set_index("country")["welfare_musd"]["USA"]
    assert study.payers["welfare_musd"].sum() == pytest.approx(own, abs=0.01)
    assert study.payers.set_index("payer")["welfare_musd"]["treasury"] > 0.0


def test_what_would_come_off_is_what_a_solve_without_it_says(small, study) -> None:
    scenario = added_scenario(small, DAY)
    rest = [one for one in scenario.instruments if one.targets != ("CHN",)]
    assert len(rest) < len(scenario.instruments)
    without = simulate(small, Scenario("rest", rest), "long")
    row = study.removals.set_index("partner").loc["CHN"]
    for code, name in (("USA", "removal_own_percent"), ("CHN", "removal_partner_percent")):
        before, after = (float(one.welfare.sel(country=code)) for one in (study.result, without))
        assert row[name] == pytest.approx(100 * ((100 + after) / (100 + before) - 1), abs=1e-6)
    assert "EU" in set(study.removals["partner"])
    assert members_of("EU") != ("EU",)


def test_rates_are_means_by_hand(small, study) -> None:
    us, chn = (small.countries.index(code) for code in ("USA", "CHN"))
    goods = [k for k, code in enumerate(small.sectors) if code < "D"]
    row = study.partners.set_index("partner").loc["CHN"]
    weight = study.result.base.receipts[goods, us, chn]
    old = small.array("tariff")[us, chn, goods]
    new = study.result.shock.tariff[us, chn, goods]
    assert row["base_tariff_percent"] == pytest.approx(100 * (weight * old).sum() / weight.sum())
    assert row["tariff_percent"] == pytest.approx(100 * (weight * new).sum() / weight.sum())
    assert row["adjusted_tariff_percent"] < row["tariff_percent"]  # who pays more buys less
    assert study.industries["duty_musd"].sum() == pytest.approx(study.partners["duty_musd"].sum())
    assert whole(study)["imports_musd"] == pytest.approx(study.partners["imports_musd"].sum())


def test_nothing_was_added_before_2025_and_nothing_is_known_of_others(small) -> None:
    """Applied rates are shown, and a sentence says what is not known of the day."""
    assert added_scenario(small, date(2024, 6, 1)) is None
    for answer, key in (
        (su.tariffs("USA", day="2024-06-01", world=small), "tariffs.nothing"),
        (su.tariffs("CHN", world=small), "tariffs.unknown"),
    ):
        assert {"tariffs.applied", key} == {one.key for one in answer.findings}
        assert (answer.table("tariff-partners").frame["tariff_percent"] >= 0.0).all()
        tables = {one.key for one in answer.tables}
        assert tables == {"tariff-partners", "tariff-industries", "acts-in-force"}
    assert su.tariffs("FJI", world=small).absent.key == "tariffs.outside"


@pytest.mark.parametrize(("state", "partner"), [("USA", "CHN"), ("CHN", "USA")])
def test_a_day_of_2018_has_what_was_paid_and_the_answer(state: str, partner: str) -> None:
    before = load_world(year=2017).select(["USA", "CHN", "DEU", "MEX"])
    answer = su.tariffs(state, day="2018-10-01", world=before)
    rows = answer.table("tariff-partners").frame.set_index("partner")
    assert rows.loc[partner, "tariff_percent"] > rows.loc[partner, "base_tariff_percent"] + 3.0
    keys = {one.key for one in answer.findings}
    assert {"tariffs.rate.early", "tariffs.limits.early"} <= keys
    assert ("tariffs.listed" in keys) == (state == "USA")
    removed = set(answer.table("tariff-removals").frame["partner"])
    assert removed <= set(rows.index[rows["tariff_percent"] != rows["base_tariff_percent"]])
    assert [one.key for one in answer.sources] == ["tariffs.source.early", "world.source"]


def test_an_answer_has_bands_and_the_source_s_own_mean(small) -> None:
    answer = su.tariffs("USA", day="2026-07-22", world=small, draws=4)
    frame = answer.table("tariff-cost").frame
    assert (frame["welfare_change_percent_low"] <= frame["welfare_change_percent"]).all()
    said = {one.key: one for one in answer.findings}
    assert said["tariffs.printed"].values["printed"].value == pytest.approx(us_mean(DAY))
    assert us_mean(DAY) == pytest.approx(10.8, abs=0.15)  # as the tracker's README has it
    ranged = {"tariff-removals": "removal_own_percent", "tariff-verdicts": "welfare_change_percent"}
    money = {"tariff-payers": "welfare_musd", "tariff-cost": "welfare_musd"}
    for table, name in (*ranged.items(), *money.items()):
        rows = answer.table(table).frame
        assert (rows[f"{name}_low"] <= rows[name]).all()
        assert (rows[name] <= rows[f"{name}_high"]).all()
    signs = answer.table("tariff-verdicts").frame.set_index("verdict_basis")["welfare_change_percent"]
    turned = {f"tariffs.turns.{basis}" for basis, change in signs.items() if change * signs["asked"] < 0.0}
    assert turned  # whatever the ranges leave open
    assert turned == {key for key in said if key.startswith("tariffs.turns")}
    best = answer.table("tariff-removals").frame["removal_own_percent"].max()
    assert ("tariffs.best" in said) == (best > 0)


def test_ranges_are_those_of_solves_at_the_same_draws(small) -> None:
    """Removals, answers in kind and capital: a draw is what the model says with its elasticities in place of the usual."""
    scenario, sets = added_scenario(small, DAY), sets_of(small, 2, "long", 1)
    found = tariff_study(small, scenario, "USA", DAY, draws=2, other=small)
    assert paid_over(found.result, 0)["treasury"] + paid_over(found.result, 0)["users"] == pytest.approx(
        found.result.drawn["equivalent_variation"].sel(country="USA").values, abs=1.0
    )
    ends = ("_low", "_high")
    row = found.removals.set_index("partner").loc["CHN"]
    shock, base = _without(found.result, "USA", ("CHN",)), found.result._economy
    worth = []
    for one in sets:
        with_all, without = (
            log_welfare(respond(replace(base, parameters=one), it)[0])[0]
            for it in (found.result.shock, shock)
        )
        worth.append(100.0 * np.expm1(without - with_all))
    held = [*np.quantile(worth, [0.05, 0.95]), row["removal_own_percent"]]
    got = [row[f"removal_own_percent{end}"] for end in ends]
    assert got == pytest.approx([min(held), max(held)], abs=1e-5)  # draws are solved to 1e-9 in logs
    rows = found.verdicts.set_index("verdict_basis")
    assert list(rows.index) == ["asked", "capital", "answered", "base_year"]
    for end in ends:
        name = f"welfare_change_percent{end}"
        assert rows.loc["base_year", name] == pytest.approx(
            rows.loc["asked", name], abs=1e-5
        )  # the same world
        assert found.payers[f"welfare_musd{end}"].notna().all()
        assert rows[name].notna().all()
    full = replace(base.parameters, capital=capital_shares(small.countries)[0])
    capital = [
        100.0
        * np.expm1(
            log_welfare(
                respond(
                    economy_on(base.accounts, replace(one, capital=full.capital), "balance"),
                    found.result.shock,
                )[0]
            )[0]
        )
        for one in sets
    ]
    assert capital_over(found.result, sets)[:, 0] == pytest.approx(capital, abs=1e-5)


def test_the_command_asks_of_a_day() -> None:
    asked = [sys.executable, "-m", "suasion", "tariffs", "USA", "--day", "2025-03-01", "--format", "csv"]
    found = subprocess.run(asked, capture_output=True, text=True, check=True)
    rows = [line.split(",") for line in found.stdout.splitlines()]
    assert rows[0][0] == "partner"
    assert "CHN" in {row[0] for row in rows}


def test_a_verdict_that_turns_is_told() -> None:
    """Signs decide alone: of the war, of capital that adjusts in it or alone, and of the flows of another year."""
    base = {"imposer": "CHN", "welfare_change_percent": 1.8, "capital_percent": 2.6, "elsewhere_percent": 1.0}
    keys = [one.key for one in _turns({**base, "welfare_change_percent": -0.5}, base, 2018)]
    turned = ("answered", "capital.war", "elsewhere.alone")
    assert keys == [f"tariff_war.turns_{one}" for one in turned]
    same = {**base, "capital_percent": -1.0}
    assert list(_turns(same, same, 2018)) == []
    (one,) = _turns(same, {**same, "elsewhere_percent": -0.2}, 2018)
    assert one.key == "tariff_war.turns_elsewhere.war"
    assert one.values["other"] == 2018
    unknown = {**base, "capital_percent": np.nan, "elsewhere_percent": None}
    assert list(_turns(unknown, unknown, None)) == []


def test_verdicts_of_a_day_are_what_solves_say(small) -> None:
    """Answered in kind: every partner's mean points on all goods; the other year: the same points on its flows."""
    scenario, other = added_scenario(small, DAY), load_world(year=2018).select(list(small.states))
    found = tariff_study(small, scenario, "USA", DAY, other=other)
    rows = found.verdicts.set_index("verdict_basis")["welfare_change_percent"]
    assert list(rows.index) == ["asked", "capital", "answered", "base_year"]
    assert rows["asked"] == float(found.result.welfare.sel(country="USA"))
    assert rows["base_year"] == pytest.approx(
        float(simulate(other, scenario, "long").welfare.sel(country="USA"))
    )
    means = found.partners.set_index("partner")
    points = (means["tariff_percent"] - means["base_tariff_percent"])["CHN"]
    goods = [code for code in small.sectors if code < "D"]
    with_china = Scenario("c", [*scenario.instruments, Tariff("CHN", "USA", points / 100.0, sectors=goods)])
    china = float(simulate(small, with_china, "long").welfare.sel(country="USA"))
    assert rows["answered"] < china < rows["asked"]  # one partner of several
    early = added_scenario(load_world(year=2017).select(["USA", "CHN", "DEU"]), date(2018, 10, 1))
    first = tariff_study(load_world(year=2017).select(["USA", "CHN", "DEU"]), early, "CHN", date(2018, 10, 1))
    assert list(first.verdicts["verdict_basis"]) == [
        "asked",
        "capital",
    ]  # the United States has answered already


def test_rates_of_a_war_on_another_year(small) -> None:
    """On the world that they were found on they give what was found; on another they are the same rates."""
    found = nash_tariffs(small, ["USA", "CHN"])
    again = war_on(small, found, ["USA", "CHN"], "long", "balance")
    for row in found.outcomes.to_dict("records"):
        change = again[row["imposer"], row["war_stage"]]
        assert change == pytest.approx(row["welfare_change_percent"], abs=1e-6)  # two solves to 1e-10
    moved = war_on(load_world(year=2018).select(list(small.states)), found, ["USA", "CHN"], "long", "balance")
    assert moved.keys() == again.keys()
    assert moved["CHN", "war"] != pytest.approx(again["CHN", "war"], abs=0.01)
    assert (other_year(2023), other_year(2018)) == (2018, 2023)
