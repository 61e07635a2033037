"""Our own ideal points that ship: what the file holds, and what is made of it."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import fit_ideal_points as fit
from suasion.errors import DuplicateLabelError, InputError, MissingValueError, SourceFileError
from suasion.questions import QUESTIONS
from suasion.statecraft import edge_probabilities, shipped_ideal_points, shipped_points, triangle_by_year
from suasion.statecraft.align.parts import distance_path, ideal_point_row
from suasion.types import Z90

POWERS = ("RUS", "CHN", "USA")


def pair(a="RUS", b="CHN"):
    names = {"RUS": "Russia", "CHN": "China", "USA": "the United States", "TWN": "Taiwan"}
    sides = (SimpleNamespace(code=c, name=names.get(c, c)) for c in (a, b))
    return SimpleNamespace(**dict(zip("ab", sides, strict=True)))


def test_the_unit_is_that_of_the_scale():
    table = shipped_ideal_points()
    assert not table.duplicated(["country", "un_session"]).any()
    # the mean of the draws has less spread than the draws, by the mean posterior variance
    assert table["mean"].mean() == pytest.approx(0.0, abs=2e-3)  # rounded to three digits
    whole = table["mean"].var(ddof=0) + (table["sd"] ** 2).mean()
    assert whole == pytest.approx(1.0, abs=5e-3)
    assert (table["sd2"] >= table["sd"]).all()
    assert (table.loc[table["year"] < 1951, "level_sd"] == 0.5).all()
    assert (table.loc[table["year"] >= 1951, "level_sd"] == 0.0).all()
    assert (table["low"] < table["mean"]).all()
    assert (table["mean"] < table["high"]).all()
    last = table[table["year"] == table["year"].max()].set_index("country")["mean"]
    assert last["USA"] == last.max()


def test_a_caller_cannot_change_what_ships():
    mine = shipped_ideal_points()
    mine["mean"] = 0.0
    assert shipped_ideal_points()["mean"].abs().max() > 1.0


def test_a_damaged_installation_is_named(monkeypatch):
    monkeypatch.setattr(shipped_points, "FILE", "no such file.parquet")
    shipped_points._read.cache_clear()
    with pytest.raises(SourceFileError, match=r"is missing.*Install the package again"):
        shipped_ideal_points()
    monkeypatch.undo()
    shipped_points._read.cache_clear()


def test_distance_over_time():
    path = distance_path("RUS", "CHN").set_index("year")
    assert path.index.min() == 1971, "the People's Republic took the seat then"
    assert (path["low"] <= path["distance"]).all()
    assert (path["distance"] <= path["high"]).all()
    # far apart in the nineties, near again since 2019, and no nearer in 2025
    assert path.loc[1995, "low"] > path.loc[2019, "distance"]
    assert path.loc[2025, "distance"] == pytest.approx(path.loc[2019, "distance"], abs=0.1)
    row = ideal_point_row("RUS", "CHN", 2025, None)
    assert (row.value, row.year) == (pytest.approx(path.loc[2025, "distance"]), "2025")
    # doubt about the level of all states is none about their distance
    early, points = distance_path("USA", "GBR").set_index("year"), shipped_ideal_points()
    both = points[(points["year"] == 1946) & points["country"].isin(["USA", "GBR"])]
    reach = Z90 * np.sqrt((both["sd2"] ** 2).sum())
    assert early.loc[1946, "high"] - early.loc[1946, "distance"] == pytest.approx(reach)
    assert "shipped" in row.source
    assert ideal_point_row("RUS", "TWN", 2019, None).value is None, "an old distance is not today's"
    with pytest.raises(InputError, match="lack low, high"):
        distance_path("RUS", "CHN", pd.DataFrame({"country": [], "year": [], "mean": []}))


def test_edges_in_closed_form_are_those_of_the_draws():
    points = shipped_ideal_points().query("year >= 2010")
    exact = edge_probabilities(points, POWERS).pivot(index="year", columns="edge", values="probability")
    drawn = triangle_by_year(points, POWERS, draws=4000).set_index("year")
    for edge in ("RUS-CHN", "RUS-USA", "CHN-USA"):
        # 4,000 draws: four standard errors of a share are 0.032
        np.testing.assert_allclose(exact[edge], drawn[f"{edge} positive"], atol=0.032)


@pytest.mark.parametrize(
    ("points", "powers", "error", "message"),
    [
        (None, ("RUS", "CHN"), InputError, "three different powers"),
        (None, ("RUS", "CHN", "XXX"), InputError, "no ideal point of XXX"),
        (None, ("CHN", "TWN", "DDR"), InputError, "no year in which"),
        ("twice", POWERS, DuplicateLabelError, "Ideal points: 2 rows"),
        ("gap", POWERS, MissingValueError, "without gaps"),
    ],
)
def test_bad_triangles_are_named(points, powers, error, message):
    table = shipped_ideal_points()
    if points == "twice":
        table = pd.concat([table, table.iloc[:1]])
    if points == "gap":
        table.loc[5, "mean"] = np.nan
    with pytest.raises(error, match=message):
        edge_probabilities(table, powers)


def test_the_question_on_alignment_has_the_path():
    path = QUESTIONS["alignment"].ask("RUS", "CHN").table("ideal-distance").frame
    assert path["year"].iloc[-1] == 2025
    assert path["ideal_distance"].between(path["ideal_distance_low"], path["ideal_distance_high"]).all()


def test_the_tool_compares_by_country_and_time():
    table = shipped_ideal_points()
    same = fit.differences(table, table[["country", "un_session", "mean", "sd"]])
    assert same == {"correlation": pytest.approx(1.0), "mean difference": 0.0, "largest difference": 0.0}
    moved = table.assign(mean=table["mean"] + table["sd"])
    assert fit.differences(table, moved)["mean difference"] == pytest.approx(1.0)
    with pytest.raises(SystemExit, match="in one of the two only"):
        fit.differences(table, table.iloc[1:])
