"""Published totals: nothing is joined or averaged, definitions stay, other tables are added as further dots."""

from __future__ import annotations

import pandas as pd
import pytest

from suasion.errors import DataError, InputError, SameCountryError
from suasion.measures import partner_shares, total_dots
from suasion.sources.totals import COLUMNS
from suasion.world.testing import golden_world

ROUNDING = 1e-12  # one multiplication


@pytest.fixture(scope="module")
def shares() -> pd.DataFrame:
    rows = [
        ("RUS", "CHN", "exports", 2023, 0.33, 2023),
        ("RUS", "IND", "exports", 2023, 0.17, 2023),
        ("RUS", "CHN", "imports", 2023, 0.53, 2023),
        ("CHN", "USA", "exports", 2023, 0.13, 2023),
    ]
    return pd.DataFrame(rows, columns=["reporter", "partner", "flow", "year", "share", "vintage"])


@pytest.fixture(scope="module")
def totals() -> pd.DataFrame:
    rows = [
        (
            "RUS",
            "CHN",
            2024,
            "share_of_turnover",
            34.0,
            "percent",
            "S1",
            "p. 1",
            "goods; part of 2024",
            "press",
        ),
        (
            "CHN",
            "RUS",
            2024,
            "turnover",
            244.81,
            "billion USD",
            "S2",
            "p. 2",
            "goods; calendar year",
            "press",
        ),
        ("RUS", "DEU", 2013, "share_of_turnover", 9.0, "percent", "S3", "p. 3", "goods", "press"),
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def test_dots_of_both_sides_keep_source_definition_and_status(
    totals: pd.DataFrame, shares: pd.DataFrame
) -> None:
    dots = total_dots("Russia", "China", totals=totals, shares=shares)
    assert tuple(dots.columns) == COLUMNS
    assert len(dots) == 4  # two cited, two printed by the Factbook; the German row is another pair's
    assert set(dots["reporter"]) == {"RUS", "CHN"}
    assert dots[["source", "locator", "definition", "status"]].map(bool).all(axis=None)
    printed = dots[dots["measure"] == "share_of_imports"].iloc[0]
    assert printed["value"] == pytest.approx(53.0, rel=ROUNDING)
    assert "2023" in printed["source"]


def test_a_world_adds_its_own_dots(totals: pd.DataFrame, shares: pd.DataFrame) -> None:
    golden = golden_world()
    renamed = type(golden)(
        ("RUS", "CHN", "USA"), golden.sectors, 2022, golden.arrays, provenance=golden.provenance
    )
    dots = total_dots("RUS", "CHN", renamed, totals, shares)
    own = dots[dots["source"] == golden.provenance.dataset]
    assert len(own) == 6
    turnover = own[(own["reporter"] == "RUS") & (own["measure"] == "share_of_turnover")]["value"].item()
    assert turnover == pytest.approx(100 * 8 / 28, rel=ROUNDING)
    assert len(total_dots("RUS", "IRN", renamed, totals, shares)) == 0


def test_partners_of_a_country_outside_the_world(shares: pd.DataFrame) -> None:
    ranked = partner_shares("RUS", "exports", shares)
    assert list(ranked["partner"]) == ["CHN", "IND"]
    assert partner_shares("RUS", shares=shares)["flow"].nunique() == 2
    assert partner_shares("IRN", shares=shares).empty


def test_embedded_totals_of_russia_and_china() -> None:
    dots = total_dots("RUS", "CHN")
    article = dots[(dots["status"] == "article") & (dots["reporter"] == "RUS")].set_index("year")["value"]
    assert article[2013] == 10.0  # the article's own figures, kept beside what others say
    assert article[2019] == 18.0
    customs = dots[(dots["reporter"] == "CHN") & (dots["measure"] == "turnover") & (dots["year"] == 2024)]
    assert customs["value"].item() == pytest.approx(244.8, abs=0.05)  # printed with one digit
    assert dots["definition"].str.len().gt(0).all()


@pytest.mark.parametrize("country", ["IRN", "PRK", "MNG", "Qatar", "Uzbekistan"])
def test_embedded_partner_shares_cover_countries_outside_the_world(country: str) -> None:
    shares = partner_shares(country)
    assert not shares.empty
    assert shares["share"].between(0, 1).all()
    # rounded as printed; the 2014 edition's shares of North Korea's exports sum to 100.9 %
    assert (shares.groupby(["vintage", "flow"])["share"].sum() <= 1.01).all()


def test_wrong_inputs_say_what_is_allowed(totals: pd.DataFrame, shares: pd.DataFrame) -> None:
    with pytest.raises(SameCountryError, match="same country"):
        total_dots("RUS", "Russia", totals=totals, shares=shares)
    with pytest.raises(DataError, match="lacks the columns definition"):
        total_dots("RUS", "CHN", totals=totals.drop(columns="definition"), shares=shares)
    with pytest.raises(InputError, match="leave it out for both"):
        partner_shares("RUS", "turnover", shares)  # type: ignore[arg-type]
