"""Cited growth projections: coverage, provenance of each row, and the order in which rows are taken."""

import pytest

from suasion import sources
from suasion.errors import InputError, NotInWorldError, SourceFileError, UnknownCountryError
from suasion.sources.growth_outlook import checked_outlook, preferred_rows


@pytest.fixture(scope="module")
def table():
    return sources.growth_outlook()


def test_every_economy_of_the_world_has_a_region_and_a_rate_in_every_year():
    countries = sources.icio2022_arrays().countries
    regions = sources.growth_regions()
    assert len(countries) == 80
    assert set(countries) | {"ROW"} == set(regions)
    for country in countries:
        for year in range(2025, 2051):
            row = sources.growth_of(country, year)
            assert row.region in (country, regions[country])
            assert row.first_year <= year <= row.last_year


def test_every_region_of_the_mapping_has_rows(table):
    assert set(sources.growth_regions().values()) <= set(table["region"])


def test_rates_are_plausible_and_lie_in_their_range(table):
    # Wider than any ten-year average growth of a large economy on record since 1990.
    for column in ("growth_percent", "low_percent", "high_percent"):
        assert table[column].dropna().between(-5, 12).all(), column
    assert (table["low_percent"].fillna(-5) <= table["growth_percent"]).all()
    assert (table["growth_percent"] <= table["high_percent"].fillna(12)).all()
    assert (table["first_year"] <= table["last_year"]).all()


def test_published_rows_name_their_source_and_place(table):
    published = table[table["status"] == "published"]
    assert len(published) >= 40
    assert published[["source", "locator", "definition"]].notna().all(axis=None)
    assert not (published["locator"] == "none").any()


def test_assumptions_have_a_range(table):
    assumed = table[table["status"] == "assumption"]
    assert (assumed["low_percent"] < assumed["high_percent"]).all()
    assert assumed[["source", "locator", "definition"]].notna().all(axis=None)


@pytest.mark.parametrize(
    ("country", "year", "published"),
    [
        ("China", 2028, 3.8),  # IMF Working Paper 2024/238, abstract
        ("China", 2035, 2.8),  # the same
        ("United States", 2030, 1.8),  # CBO publication 61189
        ("Russia", 2026, 1.0),  # BOFIT Forecast for Russia 2025-2027, 2/2025
        ("Brazil", 2029, 2.5),  # IMF, Article IV consultation of 2025
        ("France", 2030, 1.3),  # OPEC, World Oil Outlook 2024, OECD Europe
        ("ROW", 2040, 2.9),  # OPEC, World Oil Outlook 2024, world
    ],
)
def test_the_published_figure_is_returned(country, year, published):
    row = sources.growth_of(country, year)
    assert row.status == "published"
    assert row.growth_percent == published  # typed as printed


def test_own_rows_come_before_the_region_even_as_assumptions():
    row = sources.growth_of("Ukraine", 2030)
    assert (row.region, row.status) == ("UKR", "assumption")


def test_shortest_period_wins_and_ranges_are_the_source_s_own():
    assert sources.growth_of("CHN", 2035).last_year == 2040
    assert sources.growth_of("CHN", 2045).first_year == 2031
    row = sources.growth_of("CHN", 2028)
    assert row.low_percent is None
    assert row.high_percent == 4.3  # reform scenario, same abstract


def test_published_rows_come_before_assumptions_of_the_same_region(table):
    russia = table[(table["region"] == "RUS") & (table["first_year"] >= 2028)]
    assert russia["status"].tolist() == ["assumption", "published"]
    later = [one for one in preferred_rows()["RUS"] if one.first_year >= 2028]
    assert [one.status for one in later] == [
        "published",
        "assumption",
    ]  # although its period is the longer one


def test_unknown_country_unmapped_country_and_uncovered_year():
    with pytest.raises(UnknownCountryError, match="Atlantis"):
        sources.growth_of("Atlantis", 2030)
    with pytest.raises(NotInWorldError, match="no growth rate for MNG"):
        sources.growth_of("Mongolia", 2030)
    with pytest.raises(InputError, match="covers 2080"):
        sources.growth_of("China", 2080)


def test_broken_tables_are_refused(table):
    with pytest.raises(SourceFileError, match="must have the columns"):
        checked_outlook(table.drop(columns="locator"))
    with pytest.raises(SourceFileError, match="unknown status: rumour"):
        checked_outlook(table.assign(status="rumour"))
    with pytest.raises(SourceFileError, match="without a range: CHN"):
        checked_outlook(table.assign(status="assumption"))


def test_returned_frame_is_a_copy(table):
    changed = sources.growth_outlook()
    changed["growth_percent"] = 99.0
    assert sources.growth_outlook()["growth_percent"].max() < 12
