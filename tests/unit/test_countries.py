"""The resolver of country names and the dated groups."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

import suasion as su
from suasion.errors import AmbiguousCountryError, ImplausibleInputWarning, InputError, UnknownCountryError
from suasion.sources import country_name, expand, group_names, is_group, members, resolve_country
from suasion.sources.groups import group_code, memberships


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("RUS", "RUS"), ("rus", "RUS"), ("RU", "RUS"), ("643", "RUS"), ("Russia", "RUS"), ("Russian Federation", "RUS"),
        ("Iran", "IRN"), ("UK", "GBR"), ("Great Britain", "GBR"), ("United Kingdom", "GBR"), ("Turkey", "TUR"),
        ("T\u00fcrkiye", "TUR"), ("turkiye", "TUR"), ("Taiwan", "TWN"), ("Hong Kong", "HKG"), ("United States", "USA"),
        ("US", "USA"), ("U.S.", "USA"), ("South Korea", "KOR"), ("Republic of Korea", "KOR"), ("North Korea", "PRK"),
        ("DR Congo", "COD"), ("Republic of the Congo", "COG"), ("Viet Nam", "VNM"), ("Vietnam", "VNM"),
        ("C\u00f4te d\u2019Ivoire", "CIV"), ("Ivory Coast", "CIV"), ("Czech Republic", "CZE"), ("Kosovo", "XKX"),
        ("  new   zealand ", "NZL"), ("36", "AUS"), ("Guinea", "GIN"), ("Sudan", "SDN"), ("South Sudan", "SSD"),
        ("Niger", "NER"), ("NA", "NAM"), ("EL", "GRC"), ("ROW", "ROW"), ("Laos", "LAO"), ("Palestine", "PSE"),
    ],
)  # fmt: skip
def test_names_and_codes(text, code):
    assert resolve_country(text) == code


@pytest.mark.parametrize(
    ("text", "codes"), [("Korea", "KOR.*PRK"), ("congo", "COG.*COD"), ("Virgin Islands", "VGB.*VIR")]
)
def test_ambiguous_names_list_the_codes(text, codes):
    with pytest.raises(AmbiguousCountryError, match=f"fits more than one country: {codes}"):
        resolve_country(text)


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("Rusia", r"Did you mean .*Russia \(RUS\)"),
        ("Germny", r"Did you mean .*Germany \(DEU\)"),
        ("XQZWJ", "Use an ISO 3166 alpha-3 code"),
        ("YUG", r"today: it broke up from 1991; use BIH"),
        ("DDR", r"today: it ended in 1990; use DEU"),
        ("USSR", r"today: it ended in 1991; Russia \(RUS\)"),
        ("EU", "EU is a group of countries"),
    ],
)
def test_unknown_names_get_advice(text, advice):
    with pytest.raises(UnknownCountryError, match=advice):
        resolve_country(text)


def test_every_standard_code_and_short_name_resolves_to_itself():
    import pycountry

    for country in pycountry.countries:
        for text in (country.alpha_3, country.alpha_2, country.numeric, country_name(country.alpha_3)):
            assert resolve_country(text) == country.alpha_3, text


def test_names_to_print():
    assert country_name("RUS") == "Russia"
    assert country_name("TUR") == "T\u00fcrkiye"
    assert country_name("ROW") == "Rest of the world"
    assert country_name("C1") == "C1"


@pytest.mark.parametrize(
    ("group", "year", "size"),
    [
        ("EU", 1958, 6), ("EU", 1973, 9), ("EU", 1995, 15), ("EU", 2004, 25), ("EU", 2012, 27), ("EU", 2013, 28),
        ("EU", 2019, 28), ("EU", 2020, 27), ("EU27", 1995, 27), ("G7", 2022, 7), ("BRICS", 2009, 4), ("BRICS", 2022, 5),
        ("BRICS", 2024, 9), ("BRICS", 2025, 10), ("NATO", 1949, 12), ("NATO", 2022, 30), ("NATO", 2023, 31),
        ("NATO", 2024, 32), ("EAEU", 2022, 5), ("ASEAN", 2022, 10), ("OECD", 1961, 19), ("OECD", 1962, 20), ("OECD", 2022, 38),
        ("CPTPP", 2018, 6), ("CPTPP", 2022, 9), ("CPTPP", 2024, 12), ("USMCA", 2022, 3), ("NAFTA", 2019, 3),
        ("WEST", 2022, 39),
    ],
)  # fmt: skip
def test_group_sizes_by_year(group, year, size):
    assert len(members(group, year)) == size


def test_members_come_and_go():
    assert "GBR" in members("EU", 2019)
    assert "GBR" not in members("EU", 2020)
    assert members("EU", 2020) == members("EU27", 2020) == members("EU", 2024)
    assert "FIN" not in members("NATO", 2022)
    assert "FIN" in members("nato", 2023)
    assert "SWE" in members("NATO", 2024)
    assert members("USMCA", 2020) == members("NAFTA", 2019) == ("CAN", "MEX", "USA")


def test_expand_mixes_names_codes_and_groups_once_each():
    assert expand(["Germany", "G7"], 2022) == ("DEU", "CAN", "FRA", "GBR", "ITA", "JPN", "USA")
    with pytest.raises(InputError, match=r"Give a list .*\['EU'\]"):
        expand("EU", 2022)
    with pytest.raises(UnknownCountryError, match="Atlantis"):
        expand(["Atlantis"], 2022)


def test_wrong_groups_raise():
    with pytest.raises(InputError, match=r"There is no group 'G99'\. Groups are EU, EU27"):
        members("G99", 2022)
    with pytest.raises(InputError, match="NAFTA had no members at the end of 2021; it starts in 1994"):
        members("NAFTA", 2021)
    assert is_group("brics")
    assert not is_group("RUS")


def test_every_membership_is_well_formed():
    """Codes exist, dates are ISO and in order, no country is twice in a group, every row has a source."""
    import datetime

    keys = [(m.group, m.country) for m in memberships()]
    assert len(set(keys)) == len(keys)
    for m in memberships():
        assert resolve_country(m.country) == m.country
        entry = datetime.date.fromisoformat(m.entry)
        assert not m.exit or datetime.date.fromisoformat(m.exit) > entry
        assert m.source
        assert not is_group(m.country)
    assert {m.source for m in memberships() if m.group == "WEST"} == {"assumption"}
    assert "WEST" in group_names()


@pytest.mark.parametrize("text", ["EU", "eu", " the European  Union ", "European Union"])
def test_a_group_is_found_by_its_name(text):
    assert group_code(text) == "EU"
    assert members(text, 2023) == members("EU", 2023)
    assert group_code("Europe") == ""


def office_names():
    """Names as five offices print them where the standard prints another, with the state's code; none of what is no one
    state today."""
    with (Path(__file__).parent / "office_names.csv").open(encoding="utf-8") as file:
        return [(one["name"], one["code"]) for one in csv.DictReader(file)]


def test_names_of_statistical_offices_are_read_and_none_is_read_as_another_state():
    names = dict(office_names())
    assert len(names) > 200
    with pytest.warns(ImplausibleInputWarning) as found:
        codes = su.code(list(names), errors="coerce")
    assert [code or "" for code in codes] == list(names.values())
    assert all(name in str(found[0].message) for name, code in names.items() if not code)


@pytest.mark.parametrize(
    "name",
    [
        "China, Dem. Rep.",
        "Germany, Dem. Rep. of",
        "Vietnam, Rep. of",
        "Yemen, Arab Rep.",
        "Sudan, South",
        "Republic of",
    ],
)
def test_a_form_of_state_is_no_ground_where_two_states_bore_the_name(name):
    with pytest.raises(UnknownCountryError, match="There is no country"):
        resolve_country(name)


def test_codes_of_a_column():
    column = pd.Series(["Korea, Rep.", None, "USA", "Korea, Rep."], index=[3, 1, 4, 5], name="land")
    pd.testing.assert_series_equal(
        su.code(column), pd.Series(["KOR", None, "USA", "KOR"], index=[3, 1, 4, 5], name="land", dtype=object)
    )
    assert su.code(["Chad", "TCD"], to="m49") == ["148", "148"]
    assert su.code("Türkiye", to="iso2") == "TR"
    assert su.code("tur", to="name") == "Türkiye"
    with pytest.raises(UnknownCountryError, match="Atlantis"):
        su.code(["Chad", "Atlantis"])
    with pytest.raises(InputError, match=r"Kosovo \(XKX\) has no code of m49"):
        su.code("Kosovo", to="m49")
    with pytest.raises(InputError, match="Codes are of iso3, iso2, m49, name"):
        su.code("Chad", to="fips")
    with pytest.raises(InputError, match="errors are to raise or coerce"):
        su.code(["Chad"], errors="ignore")
    with pytest.raises(InputError, match="A name is a text"):
        su.code(3.5)
