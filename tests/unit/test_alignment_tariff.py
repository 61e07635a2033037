"""Tariffs for alignment: closed forms of two equal countries, the offer against solves, and the answer."""

from __future__ import annotations

import numpy as np
import pytest

from economies import without_inputs
from suasion.cli.app import CANNOT, run
from suasion.coercion.frontier.alignment import alignment_tariffs
from suasion.coercion.frontier.offers import NOBODY, hazard_of
from suasion.equilibrium import Elasticities, Scenario, Tariff, simulate
from suasion.errors import InputError, SameCountryError
from suasion.questions import alignment_tariff
from suasion.world import load_world

BEST = 0.309672
"""1 / ((sigma - 1) pi_FF) at sigma 5 with a home share of .7, printed to six digits."""
RESPONSES = (0.02, 0.05, 0.1)
"""The tariff costs the partner a tenth of what it spends here: where it answers more strongly, the best offer jumps."""


@pytest.fixture(scope="module")
def equal():
    """Two equal countries, one good, no inputs, sigma 5."""
    world = without_inputs([[0.7, 0.3], [0.3, 0.7]])
    return alignment_tariffs(world, *world.countries, 0.5, elasticities=Elasticities(sigma=5.0))


@pytest.fixture(scope="module")
def few():
    """Four economies and three industries."""
    return load_world("reconciled", 2023).select(["USA", "IND", "CHN", "DEU"], ["A01", "C20", "C26"])


def hazard(found, response):
    return hazard_of(response, found.offer.other)


def test_an_offer_that_nobody_answers_is_the_optimal_tariff(equal):
    """With f towards nothing, whatever alignment is worth."""
    assert equal.alone["tariff_percent"] == pytest.approx(100.0 * BEST, abs=1e-4)
    for value in (0.0, 0.1, 10.0):
        # the curve passes through that tariff with a slope that the climb leaves at 1e-7
        assert np.expm1(equal.course.best(value, NOBODY)) == pytest.approx(BEST, abs=1e-6)
    falling = [equal.course.best(0.1, hazard(equal, one)) for one in (1e-3, 1e-5, 1e-7)]
    assert np.expm1(falling[-1]) == pytest.approx(BEST, abs=1e-5)
    assert falling == sorted(falling, reverse=True)


@pytest.mark.parametrize("response", [1e-6, *RESPONSES, 0.99])
def test_alignment_worth_what_the_tariff_earns_leaves_it(equal, response):
    """G = U(t) - U(0) at the optimal tariff, for any f."""
    gain = equal.alone["gain_musd"]
    assert np.expm1(equal.course.best(gain, hazard(equal, response))) == pytest.approx(BEST, abs=1e-6)


@pytest.mark.parametrize("response", RESPONSES)
def test_the_tariff_rises_with_the_value_of_alignment(equal, response):
    """Above the optimal one where alignment is worth more than what that earns, below where less."""
    gain = equal.alone["gain_musd"]
    best = [equal.course.best(part * gain, hazard(equal, response)) for part in (0.0, 0.5, 1.0, 2.0, 4.0)]
    assert (np.diff(best) > 0.0).all()
    assert best[0] < np.log1p(BEST) < best[-1]


@pytest.mark.parametrize("response", RESPONSES)
@pytest.mark.parametrize("tariff", [0.2, 0.35, 0.5, 1.0])
def test_the_inverse_inverts(equal, tariff, response):
    lam, wedge = hazard(equal, response), float(np.log1p(tariff))
    # the search ends at 1e-12 of a log wedge; the slope passes zero at a rate of order one
    assert equal.course.best(equal.course.value(wedge, lam), lam) == pytest.approx(wedge, abs=1e-9)


def test_a_strong_answer_lets_the_best_offer_jump(equal):
    """Tariffs that are jumped over have no value at which they are the best; others meet the search again."""
    lam = hazard(equal, 0.75)
    best = np.array(
        [equal.course.best(part * equal.alone["gain_musd"], lam) for part in np.linspace(0.0, 8.0, 33)]
    )
    assert (np.diff(best) >= 0.0).all()
    jump = int(np.diff(best).argmax())
    assert best[jump + 1] - best[jump] > 0.5
    assert np.isnan(equal.course.value(0.5 * (best[jump] + best[jump + 1]), lam))
    assert equal.values["offer_status"].iloc[-1] == "beaten"
    assert np.isnan(equal.values["alignment_musd"].iloc[-1])


def test_the_best_offer_is_the_best_of_solved_ones(few):
    """Offers around it, each solved by the model with an instrument of a scenario, are worth less."""
    found = alignment_tariffs(few, "USA", "IND", 0.5, value=400.0)
    rows = found.tariffs[found.tariffs["alignment_musd"] == 400.0]
    for row in rows.to_dict("records"):
        lam, top = hazard(found, row["alignment_response"]), row["tariff_percent"] / 100.0
        tried = [top * part for part in (0.9, 1.0, 1.1)]
        worth = []
        for rate in tried:
            usd = simulate(few, Scenario("tariff", [Tariff("USA", "IND", rate)])).equivalent_variation
            own, other = (float(usd.sel(country=code)) for code in ("USA", "IND"))
            chance = -np.expm1(lam * other)
            worth.append((1.0 - chance) * own + chance * 400.0)
        assert worth[1] == max(worth)
        assert row["alignment_chance"] == pytest.approx(-np.expm1(lam * other), rel=0.2)


def test_the_value_is_read_off_slopes_of_the_model(few):
    """G = U(t) - U(0) + (1 - F) U' / (f V') with slopes as differences of solves by a scenario."""
    found = alignment_tariffs(few, "USA", "IND", 0.5)

    def change(rate):
        usd = simulate(few, Scenario("tariff", [Tariff("USA", "IND", rate)])).equivalent_variation
        return np.array([float(usd.sel(country=code)) for code in ("USA", "IND")])

    step = 1e-3
    slope = (change(0.5 + step) - change(0.5 - step)) / (2.0 * step)
    for row in found.values.to_dict("records"):
        lam = hazard(found, row["alignment_response"])
        value = change(0.5)[0] + slope[0] / (lam * slope[1])
        # central differences err by the square of the step times a third derivative of order one
        assert row["alignment_musd"] == pytest.approx(value, rel=1e-4)


def test_bad_input_is_refused(few):
    for options, words in (
        ({"tariff": 0.0}, "more than 0"),
        ({"tariff": 5.0}, "at most 300"),
        ({"response": 1.0}, "between 0 and 1"),
        ({"value": -1.0}, "above 0"),
    ):
        with pytest.raises(InputError, match=words):
            alignment_tariffs(few, "USA", "IND", **options)
    with pytest.raises(SameCountryError, match="among the senders and the targets"):
        alignment_tariffs(few, "USA", ["USA", "IND"])


def test_the_answer_names_assumption_range_and_vintage(few):
    answer = alignment_tariff("USA", "IND", tariff=50, value=400.0, draws=4, world=few)
    keys = {one.key for one in answer.findings}
    assert {"alignment_tariff.value", "alignment_tariff.own", "alignment_tariff.assumed"} <= keys
    assert "alignment_tariff.justified.set" in keys
    (value,) = (one for one in answer.findings if one.key == "alignment_tariff.value")
    for name in ("value", "part", "least_found", "most_found"):
        assert value.values[name].low < value.values[name].high
    assert answer.asked["year"] == few.year
    curve = answer.table("alignment-values").frame
    # the harder a partner is to move, the more its alignment must be worth
    assert curve["alignment_musd"].dropna().is_monotonic_decreasing
    assert {"alignment_musd_low", "alignment_musd_high"} <= set(curve)
    tariffs = answer.table("alignment-tariffs").frame
    assert tariffs.groupby("alignment_response")["tariff_percent"].is_monotonic_increasing.all()


def test_on_a_terminal(capsys):
    assert run(["alignment-tariff", "USA", "IND", "--tariff", "-5"]) == CANNOT
    told = capsys.readouterr().err.strip()
    assert len(told.splitlines()) == 1
