"""Scenarios compile to the cells that their words name, and wrong words are explained."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from suasion.equilibrium.scenario.checks import NUMBERS
from suasion.equilibrium.scenario.instruments import (
    INSTRUMENTS,
    Embargo,
    Endowments,
    ExportBan,
    ExportTax,
    ImportBan,
    ImportSubsidy,
    PriceCap,
    Productivity,
    Quota,
    Share,
    Tariff,
    TradeCost,
    Transfer,
)
from suasion.equilibrium.scenario.scenario import Scenario, compile_scenario
from suasion.errors import (
    AmbiguousCountryError,
    Doubt,
    NotInWorldError,
    SameCountryError,
    ScenarioError,
    UnknownCountryError,
)
from suasion.world.testing import golden_world, random_world

R, C, W = 0, 1, 2  # positions in the golden economy
ENERGY, OTHER = 0, 1


@pytest.fixture(scope="module")
def toy():
    """Three countries R, C, W and two sectors."""
    return golden_world()


@pytest.fixture(scope="module")
def real():
    """Ten economies with ISO codes, four industries; tariffs known."""
    codes = ("RUS", "CHN", "USA", "DEU", "FRA", "GBR", "JPN", "IND", "BRA", "ROW")
    made_up = random_world(10, 4, seed=3, tariffs=True)
    names = {"B05": "Coal", "B06": "Crude oil and gas", "C19": "Refined petroleum", "D": "Electricity"}
    return made_up.replace(countries=codes, sectors=tuple(names), sector_names=names, year=2022)


def shock(world, *instruments, **fields):
    return compile_scenario(world, Scenario("s", instruments, **fields))


def places(mask):
    return {tuple(int(x) for x in cell) for cell in np.argwhere(mask)}


def test_no_instrument_changes_nothing(toy):
    empty = shock(toy)
    arrays = (
        empty.cut,
        empty.trade_cost,
        empty.tariff,
        empty.export_tax,
        empty.productivity,
        empty.endowments,
    )
    assert all(array is None for array in arrays)
    assert empty.transfer is None
    assert empty.limits == ()
    assert empty.labels == ()


@pytest.mark.parametrize(
    ("instrument", "cells"),
    [
        (Embargo("W", "R", "energy"), {(W, R, ENERGY), (R, W, ENERGY)}),
        (ExportBan("W", "R", "energy"), {(R, W, ENERGY)}),
        (ImportBan("W", "R", "energy"), {(W, R, ENERGY)}),
        (Embargo("W", "R"), {(W, R, ENERGY), (R, W, ENERGY), (W, R, OTHER), (R, W, OTHER)}),
    ],
)
def test_bans_cut_the_flows_they_name(toy, instrument, cells):
    assert places(shock(toy, instrument).cut) == cells


def test_two_bans_make_an_embargo(toy):
    both = shock(toy, ExportBan("W", "R"), ImportBan("W", "R")).cut
    assert np.array_equal(both, shock(toy, Embargo("W", "R")).cut)


def test_taxes_lie_with_the_sender(toy):
    taxed = shock(toy, Tariff("W", "C", 0.3), ExportTax("R", ["C", "W"], 0.2, sectors=["energy"]))
    assert places(taxed.tariff > 0) == {(W, C, ENERGY), (W, C, OTHER)}
    assert taxed.tariff.max() == 0.3
    assert places(taxed.export_tax == 0.2) == {(C, R, ENERGY), (W, R, ENERGY)}


def test_rates_add_up_and_set_forgets(real):
    base = real.array("tariff")
    twice = shock(real, Tariff("USA", "CHN", 0.1), Tariff("USA", "CHN", 0.05))
    n, i = real.countries.index("USA"), real.countries.index("CHN")
    assert np.allclose(twice.tariff[n, i], base[n, i] + 0.15, rtol=1e-15, atol=0)
    reset = shock(real, Tariff("USA", "CHN", 0.1), Tariff("USA", "CHN", 0.25, mode="set"))
    assert np.array_equal(reset.tariff[n, i], np.full(4, 0.25))
    assert [(one.doubt, one.values) for one in reset.doubts] == [
        (Doubt.REPLACED, {"count": 4, "percent": 25.0})  # one flow of each of four goods
    ]
    same = [Tariff("USA", "CHN", 0.25, mode="set")] * 2
    assert shock(real, *same).doubts == twice.doubts == ()
    assert shock(real, replace(same[0], use="final"), replace(same[0], rate=0.1, use="inputs")).doubts == ()
    others = np.ones(base.shape, bool)
    others[n, i] = False
    assert np.array_equal(twice.tariff[others], base[others])


def test_rates_laid_in_place_stay_with_their_use(real):
    """Each use, and the world, keeps its own rates, in whatever order rates of one use and of both are laid."""
    base = real.array("tariff").copy()
    n, i = real.countries.index("USA"), real.countries.index("CHN")
    laid = shock(
        real,
        Tariff("USA", "CHN", 0.1),
        Tariff("USA", "CHN", 0.2, use="final"),
        Tariff("USA", "CHN", 0.4),
        Tariff("USA", "CHN", 0.8, use="inputs"),
    )
    for tariff, rate in ((laid.tariff, 0.1 + 0.4 + 0.8), (laid.final.tariff, 0.1 + 0.2 + 0.4)):
        np.testing.assert_allclose(tariff[n, i], base[n, i] + rate, rtol=1e-15)
        np.testing.assert_array_equal(np.delete(tariff, n, axis=0), np.delete(base, n, axis=0))
    np.testing.assert_array_equal(real.array("tariff"), base)


def test_factors_multiply(toy):
    shocked = shock(
        toy,
        TradeCost("R", "W", 1.1),
        TradeCost("R", "W", 1.2, direction="imports", sectors="energy"),
        Productivity("R", 0.8, "energy"),
        Productivity(["R", "C"], 0.5),
        Endowments("R", 0.9),
        Endowments("all", 0.5),
    )
    assert shocked.trade_cost[R, W, ENERGY] == 1.1 * 1.2
    assert shocked.trade_cost[W, R, ENERGY] == 1.1
    assert shocked.trade_cost[R, C, ENERGY] == 1.0
    assert shocked.productivity.tolist() == [[0.4, 0.5], [0.5, 0.5], [1.0, 1.0]]
    assert shocked.endowments.tolist() == [0.45, 0.5, 0.5]


@pytest.mark.parametrize(("direction", "cell"), [("imports", (W, R)), ("exports", (R, W))])
def test_trade_cost_has_a_direction(toy, direction, cell):
    cost = shock(toy, TradeCost("W", "R", 1.5, direction=direction)).trade_cost
    assert places(cost != 1.0) == {(*cell, ENERGY), (*cell, OTHER)}


def test_transfer_is_shared_by_value_added_and_sums_to_zero(toy):
    moved = shock(toy, Transfer(["C", "W"], "R", 2.8)).transfer
    assert np.allclose(moved, [2.8, -0.8, -2.0], rtol=1e-14)  # value added is 1, 8, 20: shares 8/28 and 20/28
    assert abs(moved.sum()) < 1e-14  # rounding of three numbers


def test_limits_keep_their_arguments(toy):
    quota, cap = shock(
        toy,
        Quota("W", "R", 0.5, "energy", rent="exporter"),
        PriceCap(["W", "C"], "R", 0.6, "other"),
    ).limits
    assert (quota.kind, quota.bound, quota.rent, places(quota.cells)) == (
        "quota",
        0.5,
        "exporter",
        {(W, R, ENERGY)},
    )
    assert (cap.kind, cap.bound, cap.rent) == ("price_cap", 0.6, "importer")
    assert places(cap.cells) == {(W, R, OTHER), (C, R, OTHER)}
    assert quota.label.startswith("Quota on sales from R to W, energy: at most 50 per cent")


def test_of_two_quotas_the_tighter_holds(toy):
    for order in (1, -1):
        quotas = [Quota("W", "R", 0.5, "energy"), Quota("W", "R", 0.7)][::order]
        bounds = {(limit.bound, cell) for limit in shock(toy, *quotas).limits for cell in places(limit.cells)}
        assert bounds == {(0.5, (W, R, ENERGY)), (0.7, (W, R, OTHER))}


def test_a_quota_inside_a_tighter_one_vanishes(toy):
    limits = shock(toy, Quota("W", "R", 0.5), Quota("W", "R", 0.7, "energy")).limits
    assert [limit.bound for limit in limits] == [0.5]


def test_an_embargo_wins_over_a_quota(toy):
    shocked = shock(toy, Quota("W", "R", 0.5), Embargo("W", "R", "energy"))
    assert places(shocked.limits[0].cells) == {(W, R, OTHER)}
    assert shock(toy, Quota("W", "R", 0.5), Embargo("W", "R")).limits == ()


def test_a_quota_of_zero_is_an_embargo(toy):
    shocked = shock(toy, Quota("W", "R", 0.0, "energy"))
    assert places(shocked.cut) == {(W, R, ENERGY)}
    assert shocked.limits == ()
    assert "A quota of zero is treated as an embargo on its flows." in shocked.labels


def test_a_seller_has_one_price_cap(toy):
    with pytest.raises(
        ScenarioError, match=r"instrument 2 \(price_cap\): Two price caps bind the same seller"
    ):
        shock(toy, PriceCap("W", "R", 0.6), PriceCap("C", "R", 0.5))


def test_quota_and_cap_on_one_flow_are_refused(toy):
    with pytest.raises(ScenarioError, match="A quota and a price cap bind the same flow"):
        shock(toy, PriceCap("W", "R", 0.6), Quota("W", "R", 0.5))


def test_rates_that_meet_at_minus_one_are_refused(toy):
    with pytest.raises(ScenarioError, match=r"bring the tariff of energy from R to W to -1.2; .* above -1"):
        shock(toy, Tariff("W", "R", -0.6), Tariff("W", "R", -0.6))


def test_results_are_read_only(toy):
    shocked = shock(toy, Embargo("W", "R", "energy"), Tariff("W", "R", 0.1), Quota("W", "C", 0.5))
    with pytest.raises(ValueError, match="read-only"):
        shocked.cut[0, 0, 0] = True
    with pytest.raises(ValueError, match="read-only"):
        shocked.limits[0].cells[0, 0, 0] = True


@given(
    st.lists(
        st.sampled_from(
            [
                Embargo("all", "all"),
                ExportBan(["R", "W"], "all", "energy"),
                Tariff("all", ["R", "C"], 0.2),
                TradeCost("all", "W", 1.3),
                Quota("all", "R", 0.4),
                ExportTax("C", "all", 0.1),
            ]
        ),
        min_size=1,
        max_size=5,
    )
)
def test_trade_with_oneself_is_never_touched(instruments):
    shocked = shock(golden_world(), *instruments)
    own = np.eye(3, dtype=bool)
    assert shocked.cut is None or not shocked.cut[own].any()
    assert shocked.trade_cost is None or (shocked.trade_cost[own] == 1.0).all()
    assert shocked.tariff is None or (shocked.tariff[own] == 0.0).all()
    assert shocked.export_tax is None or (shocked.export_tax[own] == 0.0).all()
    assert not any(limit.cells[own].any() for limit in shocked.limits)


class TestGroups:
    def test_names_codes_and_groups(self, real):
        cut = shock(real, Embargo(["g7", "United Kingdom"], ["Russia", "BR"], "Crude oil and gas")).cut
        g7 = [real.countries.index(c) for c in ("USA", "DEU", "FRA", "GBR", "JPN")]
        targets = [real.countries.index(c) for c in ("RUS", "BRA")]
        pairs = {(g, t, 1) for g in g7 for t in targets}
        assert places(cut) == pairs | {(t, g, 1) for g, t, _ in pairs}

    def test_groups_have_the_members_of_the_year(self, real):
        n = real.countries.index("GBR")
        before = shock(real, ImportBan("EU", "RUS"), year=2019)
        after = shock(real, ImportBan("EU", "RUS"), year=2020)
        assert before.cut[n].any()
        assert not after.cut[n].any()
        assert not shock(real, ImportBan("EU", "RUS")).cut[n].any()  # the world's year is 2022

    def test_members_outside_the_table_are_said(self, real):
        labels = shock(real, Embargo("G7", "RUS")).labels
        assert "G7 in 2022 without CAN, ITA, which this world’s table does not hold." in labels

    def test_overlap_through_a_group_is_removed_and_said(self, real):
        shocked = shock(real, Embargo("RUS", "BRICS"))
        k = real.countries.index("RUS")
        assert not shocked.cut[k, k].any()
        assert "On both sides through a group: RUS; trade with itself is left alone." in shocked.labels

    def test_all_needs_no_note(self, real):
        assert len(shock(real, Embargo("RUS", "all")).labels) == 1

    def test_a_group_with_itself_cuts_inside(self, real):
        cut = shock(real, Embargo("EU", "EU")).cut
        d, f = (real.countries.index(c) for c in ("DEU", "FRA"))
        assert {cell[:2] for cell in places(cut)} == {(d, f), (f, d)}

    def test_sections_stand_for_their_sectors(self, real):
        cut = shock(real, Embargo("USA", "RUS", ["b", "D"])).cut
        assert cut.any(axis=(0, 1)).tolist() == [True, True, False, True]

    def test_sector_names_are_understood(self, real):
        cut = shock(real, Embargo("USA", "RUS", "refined petroleum")).cut
        assert cut.any(axis=(0, 1)).tolist() == [False, False, True, False]


class TestWrongNames:
    def test_country_outside_the_world(self, real):
        with pytest.raises(
            NotInWorldError, match=r"Iran \(IRN\) is not among the 10 economies.*ROW here.*remains"
        ):
            shock(real, Embargo("USA", "Iran"))

    def test_group_outside_the_world(self, toy):
        with pytest.raises(NotInWorldError, match="None of the 7 members of G7 in 2022"):
            shock(toy.replace(year=2022), Embargo("G7", "R"))

    def test_unknown_country(self, real):
        with pytest.raises(UnknownCountryError, match=r"instrument 1 \(embargo\): .*Did you mean Russia"):
            shock(real, Embargo("USA", "Rusia"))

    def test_ambiguous_country(self, real):
        with pytest.raises(AmbiguousCountryError, match=r"KOR.*PRK"):
            shock(real, Embargo("USA", "Korea"))

    def test_label_of_a_toy_world(self, toy):
        with pytest.raises(NotInWorldError, match=r"'Ruritania' is not in this world. It has R, C, W"):
            shock(toy, Embargo("W", "Ruritania"))

    def test_country_against_itself(self, real):
        with pytest.raises(SameCountryError, match="RUS is named as sender and as target"):
            shock(real, Embargo("RUS", ["CHN", "Russia"]))

    def test_a_group_that_is_only_the_sender(self, real):
        with pytest.raises(ScenarioError, match="The only economy on either side is RUS"):
            shock(real, Embargo("RUS", "EAEU"))  # the others of the union are not in this table

    @pytest.mark.parametrize(
        ("sector", "hint"),
        [
            ("B6", "Did you mean B06"),
            ("petroleum", "Did you mean C19"),
            ("crude oli and gas", "Did you mean"),
            ("zzz", "They are B05"),
        ],
    )
    def test_unknown_sector(self, real, sector, hint):
        with pytest.raises(NotInWorldError, match=f"Sector '{sector}' is not among the 4.*{hint}"):
            shock(real, Embargo("USA", "RUS", sector))


class TestWrongArguments:
    @pytest.mark.parametrize("bad", [-1, -1.5, float("nan"), float("inf"), "0.2", None, True])
    def test_rate(self, bad):
        with pytest.raises(ScenarioError, match=r"rate is .*; it must be a number > -1"):
            Tariff("USA", "CHN", bad)
        with pytest.raises(ScenarioError, match="rate is"):
            ExportTax("USA", "CHN", bad)

    @pytest.mark.parametrize("bad", [0, -2, float("nan"), float("inf"), "x"])
    def test_factor(self, bad):
        for build in (
            lambda: TradeCost("A", "B", bad),
            lambda: Productivity("A", bad),
            lambda: Endowments("A", bad),
        ):
            with pytest.raises(ScenarioError, match=r"factor is .*; it must be a number > 0"):
                build()

    @pytest.mark.parametrize("bad", [-0.1, 1.1, float("nan")])
    def test_share(self, bad):
        with pytest.raises(ScenarioError, match=r"share is .*from 0 to 1"):
            Quota("A", "B", bad)

    @pytest.mark.parametrize("bad", [0, 1.01, -1])
    def test_price_cap(self, bad):
        with pytest.raises(ScenarioError, match=r"share is .*above 0 and up to 1"):
            PriceCap("A", "B", bad)

    def test_amount(self):
        with pytest.raises(ScenarioError, match=r"amount is -5; .* senders pay it to targets"):
            Transfer("A", "B", -5)

    @pytest.mark.parametrize(
        ("build", "message"),
        [
            (
                lambda: Tariff("A", "B", 0.1, mode="sett"),
                "mode is 'sett'; it must be add or set. Did you mean set?",
            ),
            (
                lambda: TradeCost("A", "B", 2, direction="in"),
                "direction is 'in'; it must be both or imports or exports",
            ),
            (lambda: Quota("A", "B", 0.5, rent="state"), "rent is 'state'; it must be importer or exporter"),
            (lambda: Embargo([], "B"), "senders is empty; name at least one"),
            (lambda: Embargo("A", 3), "targets is 3; it must be a name or a list of names"),
            (lambda: Embargo("A", ["B", ""]), "targets is .*must be a name"),
            (lambda: Embargo("A", "B", sectors=[]), "sectors is empty"),
        ],
    )
    def test_words_and_names(self, build, message):
        with pytest.raises(ScenarioError, match=message.replace("?", r"\?")):
            build()

    @pytest.mark.parametrize(
        ("build", "message"),
        [
            (lambda: Scenario("", []), "name of the scenario is empty"),
            (lambda: Scenario(3, []), "name is 3; it must be a text"),
            (
                lambda: Scenario("s", ["USA"]),
                "'USA' is not an instrument. Instruments are Embargo, Endowments",
            ),
            (lambda: Scenario("s", [], year=20.5), "year is 20.5; it must be a whole number from 1800"),
            (lambda: Scenario("s", [], year=1492), "year is 1492"),
        ],
    )
    def test_scenario(self, build, message):
        with pytest.raises(ScenarioError, match=message):
            build()


ONE_OF_EACH = (
    Embargo(["USA", "EU"], "RUS", "B"),
    ExportBan("USA", "CHN", ["C26"]),
    ImportBan("USA", "CHN"),
    Tariff("USA", "CHN", 0.25, mode="set"),
    ExportTax("RUS", "all", 0.1),
    TradeCost("RUS", "CHN", 1.1, direction="exports"),
    Share("EU", "RUS", 0.55, "B06", direction="imports"),
    Quota("EU", "RUS", 0.5, "B06", rent="exporter"),
    PriceCap("G7", "RUS", 0.6, "B06"),
    Productivity("DEU", 0.99),
    Endowments("UKR", 0.9),
    Transfer("EU", "UKR", 50_000),
    ImportSubsidy("USA", "CHN", 0.25),
)


class TestPlainData:
    def test_every_instrument_is_tried(self):
        assert {item.kind for item in ONE_OF_EACH} == set(INSTRUMENTS)

    def test_round_trip(self):
        scenario = Scenario("all", ONE_OF_EACH, "one of each", 2021)
        again = Scenario.from_dict(json.loads(json.dumps(scenario.to_dict())))
        assert again == scenario
        assert pickle.loads(pickle.dumps(scenario)) == scenario
        assert hash(again) == hash(scenario)

    def test_defaults_are_left_out(self):
        assert ImportBan("USA", "CHN").to_dict() == {
            "type": "import_ban",
            "senders": ["USA"],
            "targets": ["CHN"],
        }

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            ([], "A scenario is a mapping with name and instruments, not list"),
            ({"instruments": []}, "The scenario, at its top: key `name` is missing"),
            ({"name": "s", "instrument": []}, "key `instrument` is unknown; .*Did you mean instruments"),
            (
                {"name": "s", "instruments": "x"},
                "key `instruments` is the text 'x'; allowed: a list of mappings",
            ),
            (
                {"name": "s", "instruments": [3]},
                "instruments.1: key `instruments` is 3; allowed: a list of mappings",
            ),
            (
                {"name": "s", "instruments": [{"type": "tarif"}]},
                "key `type` is the text 'tarif'; .*Did you mean tariff",
            ),
            (
                {"name": "s", "instruments": [{"type": "endowments", "targets": "A"}]},
                "instruments.1: key `factor` is missing from endowments",
            ),
            (
                {"name": "s", "instruments": [{"type": "endowments", "targets": "A", "factor": 0}]},
                "instruments.1.factor: key `factor` is 0; allowed: a number > 0",
            ),
            (
                {"name": "s", "instruments": [{"type": "endowments", "target": "A", "factor": 1}]},
                "key `target` is unknown in endowments; .*Did you mean targets",
            ),
        ],
    )
    def test_wrong_data(self, data, message):
        with pytest.raises(ScenarioError, match=message):
            Scenario.from_dict(data)

    def test_one_sentence_each(self, real):
        sentences = Scenario("s", ONE_OF_EACH[2:6]).describe(real)
        assert sentences == (
            "Import ban: no sales from China to United States, all sectors.",
            "Tariff on imports from China to United States, all sectors: set to 25 per cent.",
            "Export tax on sales from Russia to all economies, all sectors: plus 10 percentage points.",
            "Trade costs of Russia with China, exports only, all sectors: times 1.1.",
        )
        assert [one.key for one in sentences] == [one.kind for one in ONE_OF_EACH[2:6]]
        again = pickle.loads(pickle.dumps(sentences[1]))
        assert (again, again.key, again.values["rate"]) == (sentences[1], "tariff", 0.25)

    def test_long_lists_are_shortened(self, real):
        text = Embargo(list(real.countries[:8]), "ROW", "Coal").describe(real)
        assert text.endswith("and 3 more on Rest of the world, in both directions: B05 (Coal).")


def test_every_number_has_words_for_its_range():
    assert all(rule.text.startswith("a number") for rule in NUMBERS.values())
