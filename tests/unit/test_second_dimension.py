"""The second dimension of votes: it finds a made-up one, its bands hold it, and what ships has its unit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from fits import second_dimension
from fits.second_dimension import second_places, standard
from fits.vote_subjects import shares_held, with_subjects
from suasion.questions import alignment, panel
from suasion.statecraft import shipped_ideal_points
from suasion.statecraft.align.parts import distance_path
from suasion.statecraft.shipped_points import second_dimension as shipped_second
from suasion.types import Z90

KEYS = ["country", "un_session"]
SIZE = (40, 8, 60)


def made_up(seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Votes of 40 countries in 8 UN sessions of 60 calls, whose second place drifts; and both places."""
    rng = np.random.default_rng(seed)
    countries, un_sessions, calls = SIZE
    x = rng.standard_normal(countries)
    y = rng.standard_normal(countries) + np.cumsum(
        0.2 * rng.standard_normal((un_sessions, countries)), axis=0
    )
    rows, places = [], []
    for t in range(un_sessions):
        un_session = 70 + t
        second = standard(y[t], x, np.full(countries, un_session))
        places += [(f"C{k:02d}", un_session, x[k], second[k]) for k in range(countries)]
        slopes, cuts = rng.standard_normal((calls, 2)), np.sort(rng.normal(0.0, 1.0, (calls, 2)), axis=1)
        z = slopes @ np.vstack([x, second]) + rng.standard_normal((calls, countries))
        votes = 1 + (z > cuts[:, :1]) + (z > cuts[:, 1:])
        rows += [
            (f"C{k:02d}", un_session, 1000 * un_session + j, int(votes[j, k]))
            for j in range(calls)
            for k in range(countries)
        ]
    return (
        pd.DataFrame(rows, columns=[*KEYS, "rcid", "vote"]),
        pd.DataFrame(places, columns=[*KEYS, "mean", "second"]),
    )


@pytest.fixture(scope="module")
def found():
    """Estimate of all made-up votes and of halves, with the truth; each at the sign of the truth."""
    votes, truth = made_up()

    def fitted(part: pd.DataFrame) -> pd.DataFrame:
        table = second_places(part, None, truth)[0].merge(truth[[*KEYS, "second"]], on=KEYS)
        sign = np.sign(table["mean"].corr(table["second"]))
        return table.assign(mean=sign * table["mean"])

    halves = tuple(fitted(votes[votes["rcid"] % 2 == k]) for k in (0, 1))
    return fitted(votes), halves


def test_a_made_up_second_dimension_is_found(found):
    whole, halves = found
    correlations = whole.groupby("un_session")[["mean", "second"]].corr().iloc[::2, 1]
    # 60 votes a country with slopes of one: an error of some .2, so r = 1 / sqrt(1.04) = .98
    assert correlations.min() > 0.95
    assert halves[0]["mean"].corr(halves[1]["mean"]) > 0.9


def test_bands_hold_nine_in_ten(found):
    whole, (one, two) = found
    votes_like = with_subjects(whole, [(one, two)])
    held = ((votes_like["mean"] - votes_like["second"]).abs() < Z90 * votes_like["sd2"]).mean()
    # 320 places of 40 countries, not independent: standard error some .03
    assert 0.85 <= held <= 0.97


def test_bands_of_other_splits_hold_differences_of_halves():
    votes, truth = made_up(1)
    whole = second_places(votes, None, truth)[0]
    splits = []
    for k in range(2):
        side = np.random.default_rng(k).permutation(np.arange(SIZE[2]) % 2)
        half = side[votes["rcid"] % 1000]
        parts = [second_places(votes[half == n], None, truth)[0] for n in (0, 1)]
        signs = [
            np.sign(part.merge(whole, on=KEYS)[["mean_x", "mean_y"]].corr().iloc[0, 1]) for part in parts
        ]
        splits.append(tuple(p.assign(mean=s * p["mean"]) for p, s in zip(parts, signs, strict=True)))
    assert all(0.85 <= share <= 0.98 for share in shares_held(whole, splits))


def test_the_unit_is_that_of_each_un_session():
    table = shipped_ideal_points().dropna(subset="second")
    for _, own in table.groupby("un_session"):
        # rounded to three digits
        assert own["second"].mean() == pytest.approx(0.0, abs=2e-3)
        assert own["second"].std(ddof=0) == pytest.approx(1.0, abs=2e-3)
        assert own["second"].corr(own["mean"]) == pytest.approx(0.0, abs=2e-3)
    assert (table["second_sd2"] >= table["second_sd"]).all()
    assert table["second"].notna().mean() > 0.99


def test_neighbouring_un_sessions_are_alike():
    """It is one dimension, and does not turn from year to year; the two with a handful of votes aside."""
    wide = shipped_ideal_points().pivot(index="country", columns="year", values="second")
    alike = [wide[year].corr(wide[year - 1]) for year in range(1966, 2026) if year - 1 in wide]
    assert min(alike) > 0.9


def test_what_happened_is_seen():
    second = shipped_second().pivot(index="country", columns="year", values="mean")
    # Russia alone at the far end since 2022, farther out than in 2019; North Korea next
    assert second.loc["RUS", 2022] < second.loc["RUS", 2019] - 0.5
    assert second[2024].idxmin() == "RUS"
    # the United States nearer to Russia after 24 February 2025 than in the two years before
    path = distance_path("USA", "RUS", shipped_second()).set_index("year")["distance"]
    assert path[2025] < path[2024] < path[2023]


def test_alignment_and_panel_show_it():
    answer = alignment("USA", "RUS")
    path = answer.table("ideal-distance").frame.set_index("year")
    assert path["second_distance"].between(path["second_distance_low"], path["second_distance_high"]).all()
    assert "alignment.second" in {one.key for one in answer.findings}
    told = next(one for one in answer.findings if one.key == "alignment.second")
    assert told.values["now"].value == pytest.approx(path.loc[2025, "second_distance"])
    one = panel(["USA"], on=("RUS",), what=["votes"], years=[2024]).table("panel").frame
    assert one["second_distance"].iloc[0] == pytest.approx(path.loc[2024, "second_distance"])


def test_nothing_is_told_of_who_never_votes():
    assert "alignment.second" not in {one.key for one in alignment("HKG", "RUS").findings}


def test_newton_steps_have_come_to_rest(monkeypatch):
    votes, truth = made_up(2)
    kept = second_places(votes, None, truth)[0]["mean"]
    monkeypatch.setattr(second_dimension, "SWEEPS", second_dimension.SWEEPS + 10)
    later = second_places(votes, None, truth)[0]["mean"]
    assert (kept - later).abs().max() < 0.02
