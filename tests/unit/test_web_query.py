"""Addresses of scenarios: they hold everything, read back the same, and refuse nonsense in clear words."""

from __future__ import annotations

import contextlib
import re
from urllib.parse import parse_qsl

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.equilibrium import Scenario, compile_scenario
from suasion.equilibrium.scenario.file import parse_scenario, to_yaml
from suasion.errors import InputError, ScenarioError, SuasionError
from suasion.questions.scenarios.address import Query, parse_query, scenario_of, title, to_address
from suasion.questions.scenarios.instruments import BUNDLES, KINDS, STARTERS
from suasion.questions.scenarios.reading import query_of
from suasion.questions.scenarios.sweep import TWO_SIDED, SweepQuery, parse_sweep


def read(address: str) -> Query:
    return parse_query(parse_qsl(address, keep_blank_values=True))


@pytest.mark.parametrize("starter", STARTERS, ids=lambda s: s.address)
def test_leading_questions_are_valid(starter, world):
    query = read(starter.address)
    assert query.address == starter.address
    assert compile_scenario(world, scenario_of(query)).labels


def test_the_leading_question_is_the_scenario_it_says(world):
    scenario = scenario_of(read(STARTERS[0].address))
    assert scenario.to_dict()["instruments"] == [
        {"type": "embargo", "senders": ["USA", "EU"], "targets": ["RUS"], "sectors": ["B05", "B06", "C19"]}
    ]
    assert scenario.describe(world)[0].startswith(
        "Embargo of United States and EU on Russia, in both directions"
    )


def test_a_single_parameter_stands_once():
    assert read("do=embargo&by=USA&on=RUS&years=3&years=3").years == 3
    with pytest.raises(InputError, match="`years` stands twice with different values; give it once"):
        read("do=embargo&by=USA&on=RUS&years=1&years=10")


def test_sizes_become_the_model_s_numbers():
    wanted = {
        "tariff": ("60", "rate", 0.6),
        "export_tax": ("-10", "rate", -0.1),
        "trade_cost": ("20", "factor", 1.2),
        "quota": ("30", "share", 0.7),
        "price_cap": ("40", "share", 0.6),
        "productivity": ("-5", "factor", 0.95),
        "endowments": ("-7.5", "factor", 0.925),
        "transfer": ("50000", "amount", 50000.0),
    }
    for kind, (size, key, value) in wanted.items():
        item = scenario_of(read(f"do={kind}&by=USA&on=CHN&size={size}")).instruments[0]
        assert getattr(item, key) == value  # rounded to twelve digits, so equal and not merely close


WORDS = st.sampled_from(["USA", "RUS", "CHN", "EU", "Germany", "G7", "all"])
MEASURE = st.fixed_dictionaries(
    {
        "do": st.sampled_from(sorted(KINDS)),
        "by": st.lists(WORDS, min_size=1, max_size=3, unique=True).map("~".join),
        "on": st.lists(WORDS, min_size=1, max_size=3, unique=True).map("~".join),
        "in": st.lists(st.sampled_from([*BUNDLES, "C26", "B"]), max_size=2, unique=True).map("~".join),
        "size": st.sampled_from(["", "1", "12.5", "99"]),
    }
)


@given(
    st.lists(MEASURE, min_size=1, max_size=4),
    st.sampled_from(["", "1", "2.5", "10"]),
    st.sampled_from(["", "0.5", "2"]),
    st.sampled_from(["", "1"]),
)
@settings(max_examples=80, deadline=None)
def test_an_address_reads_back_the_same(measures, years, ease, bands):
    pairs = [pair for measure in measures for pair in measure.items()]
    query = parse_query([*pairs, ("years", years), ("ease", ease), ("bands", bands)])
    again = read(query.address)
    assert again == query
    assert again.address == query.address
    assert title(query)
    back = query_of(scenario_of(query))
    assert scenario_of(back).instruments == scenario_of(query).instruments


@given(st.lists(MEASURE, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_address_and_scenario_file_say_the_same(measures):
    scenario = scenario_of(parse_query([pair for measure in measures for pair in measure.items()]))
    assert scenario_of(query_of(parse_scenario(to_yaml(scenario)))) == scenario


def question_or_words(make) -> Query | str:
    """What was read, or the one clear error: nothing else may come out."""
    try:
        return make()
    except SuasionError as error:
        return str(error)


def check(found: Query | str) -> None:
    if isinstance(found, str):
        assert len(found) > 20
    else:
        assert read(found.address) == found


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_question_or_one_clear_error(text):
    from suasion.web.routes_scenario import question_of

    check(question_or_words(lambda: question_of(text)))


KEYS = st.sampled_from(["do", "by", "on", "in", "size", "how", "years", "name", "year"])


@given(st.lists(st.tuples(KEYS, st.text(max_size=30)), max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_values_under_known_keys_give_a_question_or_one_clear_error(pairs):
    check(question_or_words(lambda: parse_query(pairs)))


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("do=embargo&by=USA&on=CHN&hroizon=3", "no parameter 'hroizon'"),
        ("do=embrgo&by=USA&on=CHN", "no instrument 'embrgo'. Did you mean 'embargo'"),
        ("do=embargo&by=USA", "lacks its target"),
        ("do=embargo&on=USA", "lacks its coalition"),
        ("do=tariff&by=USA&on=CHN&size=nan", "`size` is nan; it must be a number from -99 to 500"),
        ("do=tariff&by=USA&on=CHN&size=ten", "`size` is 'ten'"),
        ("do=tariff&by=USA&on=CHN&how=both", "`how` is 'both'; for tariff it must be add or set"),
        ("do=embargo&by=USA&on=CHN&years=0", "`years` is 0"),
        ("do=embargo&by=USA&on=CHN&deficits=none", "`deficits` is 'none'"),
        ("do=embargo&by=USA&on=CHN&year=22", "`year` is '22'"),
        ("do=embargo&by=USA&on=CHN&name=" + "x" * 200, "`name` must be plain text"),
        ("do=embargo&by=USA&do=embargo&on=CHN", "stands 1 times for 2 measures"),
        ("&".join(["do=embargo&by=USA&on=CHN"] * 9), "There are 9 measures; at most 8"),
        ("do=embargo&on=CHN&by=" + "~".join(f"X{k}" for k in range(100)), "`by` is too long"),
    ],
)
def test_every_refusal_says_what_and_how(address, words):
    with pytest.raises(InputError, match=re.escape(words)):
        read(address)


def test_no_measure_is_said():
    with pytest.raises(InputError, match="no measure yet"):
        scenario_of(read(""))


def test_too_many_instruments_in_a_file_are_refused():
    one = scenario_of(read("do=embargo&by=USA&on=CHN")).instruments
    with pytest.raises(ScenarioError, match="has 9 instruments; here at most 8"):
        query_of(Scenario("many", one * 9))


def test_single_parameters_can_be_replaced():
    query = read("do=embargo&by=USA&on=CHN&years=3")
    assert to_address(query, years="") == "do=embargo&by=USA&on=CHN"
    assert to_address(query, bands="1").endswith("&bands=1")


SWEEPS = st.builds(
    SweepQuery,
    by=st.lists(st.sampled_from(["USA", "EU", "G7", "CHN", "all"]), min_size=1, unique=True).map(tuple),
    on=st.lists(st.sampled_from(["RUS", "IND", "BRICS"]), min_size=1, unique=True).map(tuple),
    kinds=st.lists(st.sampled_from(TWO_SIDED), min_size=1, unique=True).map(tuple),
    sizes=st.lists(st.integers(-90, 900).map(float), unique=True).map(tuple),
    goods=st.lists(st.sampled_from(["all", "energy", "metals", "C26"]), min_size=1, unique=True).map(tuple),
    years=st.lists(st.integers(2, 20).map(lambda k: k / 2), min_size=1, unique=True).map(tuple),
)


@given(SWEEPS)
def test_a_sweep_comes_back_from_its_address(query):
    assert parse_sweep(parse_qsl(query.address)) == query


@given(
    st.lists(st.tuples(st.sampled_from(["by", "on", "do", "size", "in", "years", "x"]), st.text(max_size=40)))
)
def test_no_sweep_breaks_the_parser(pairs):
    made = None
    with contextlib.suppress(InputError):
        made = parse_sweep(pairs)
    assert made is None or parse_sweep(parse_qsl(made.address, keep_blank_values=True)).years == made.years
