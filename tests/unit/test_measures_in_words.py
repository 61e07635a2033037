"""Measures in plain words: the same scenario as its line, in two languages, at every door; nothing is dropped."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

import suasion as su
from suasion.errors import AmbiguousCountryError, InputError, ScenarioError
from suasion.queries import Reading, best
from suasion.questions import QUESTIONS
from suasion.questions.question import is_address
from suasion.questions.scenarios.lexicon import lexicon, state_names, word_lists
from suasion.questions.scenarios.reading import query_in, scenario_in
from suasion.questions.scenarios.words import measures_in
from suasion.questions.text import arguments
from suasion.sources.countries import own_labels
from suasion.sources.spoken import INDUSTRIES

SAID = {
    "do=export_ban&by=CHN&on=DEU&in=machinery&years=10": (
        "China stops exports of machinery to Germany",
        "export ban CHN on DEU in machinery",
        "what would Germany lose if China stopped exports of machinery",
        "If China stopped exporting machinery, what would Germany lose?",
        "Exportverbot Chinas gegen Deutschland für Maschinen",
        "China stoppt Maschinenexporte nach Deutschland",
        "Was verliert Deutschland, wenn China keine Maschinen mehr liefert?",
        "Chinese exports of machinery to Germany are banned",
        "an export ban on machinery by China against Germany",
        "if China no longer sold machinery to Germany",
        "Was würde Deutschland verlieren, wenn China keine Maschinen mehr ausführt?",
    ),
    "do=tariff&by=USA&on=CHN&in=cars&size=25&since=2026-01-01&years=10": (
        "25 % tariff of the US on Chinese cars from 2026",
        "25 % Zoll der USA auf chinesische Autos ab 2026",
        "The United States imposes a 25 percent tariff on cars from China from 2026-01-01",
        "US tariffs of 25% on Chinese cars since 2026",
        "wenn die USA ab 2026 einen Zoll von 25 % auf chinesische Autos einführen",
    ),
    "do=import_ban&by=EU&on=RUS&in=gas&years=10": (
        "The EU bans imports of Russian gas",
        "Russian gas imports are banned by the EU",
        "Die EU verbietet Importe von russischem Gas",
        "ban on imports of gas from Russia to the European Union",
        "the EU stops buying gas from Russia",
        "what if the EU no longer bought Russian gas",
    ),
    "do=embargo&by=EU&on=RUS&in=oil&years=10": (
        "oil embargo of the EU against Russia",
        "Ölembargo der EU gegen Russland",
        "embargo EU on RUS in oil",
    ),
    "do=embargo&by=USA&on=CHN&years=10": (
        "trade stop between USA and China",
        "embargo of the United States on China",
        "the US and China",  # nothing is done
    )[:2],
    "do=export_ban&by=SAU&on=all&in=oil&years=10": (
        "Saudi Arabia halts oil sales to all countries",
        "Saudi Arabia stops exports of oil to everybody",
        "Saudi-Arabien stoppt Ölexporte an alle",
    ),
    "do=tariff&by=USA&on=CAN~MEX&in=steel~aluminium&size=10&years=10": (
        "US tariffs of 10% on steel and aluminium from Canada and Mexico",
        "10 % tariff by the US on Canadian and Mexican steel and aluminium",
    ),
    "do=tariff&by=USA&on=CHN&in=goods&size=60&years=10": (
        "The United States imposes a 60 percent tariff on all Chinese goods",
        "60 % Strafzoll der USA auf chinesische Waren",
    ),
    "do=export_ban&by=RUS&on=AUT&in=gas&years=10": ("Russia turns off the gas to Austria",),
    "do=export_ban&by=TUR&on=ISR&in=steel&years=10": ("Turkey blocks exports of steel to Israel",),
    "do=tariff&by=USA&on=all&size=10&years=10": ("A 10% universal tariff by the United States",),
    "do=tariff&by=USA&on=BRA&size=50&years=10": (
        "50 % US tariffs on Brazil",
        "The US raises tariffs on Brazil by 50 percentage points",
        "The US slaps a 50 percent tariff on Brazil",
        "Die USA verhängen Zölle von 50 Prozent auf Brasilien",
    ),
    "do=import_ban&by=CHN&on=AUS&in=food&years=10": ("China boycotts Australian beef",),
    "do=export_tax&by=IDN&on=CHN&in=ores&size=15&years=10": (
        "15 % export tax of Indonesia on ores to China",
        "15 % Ausfuhrzoll Indonesiens auf Erze nach China",
    ),
    "do=price_cap&by=G7&on=RUS&in=oil&size=20&years=10": ("price cap of 20 % of the G7 on Russian oil",),
    "do=export_ban&by=RUS&on=DEU&in=gas": ("Russia cuts off gas supplies to Germany in the first year",),
    "do=tariff&by=USA&on=BRA&size=50&how=set&years=10": (
        "Trump raises tariffs on Brazil to 50%",
        "Die USA erhöhen die Zölle auf Brasilien auf 50 %",
        "Die USA heben die Zölle auf Brasilien auf 50 % an",
        "US tariffs on Brazil are set at 50 percent",
    ),
    "do=tariff&by=USA&on=CHN&size=-10&years=10": (
        "The US cuts tariffs on China by 10 points",
        "Die USA senken die Zölle auf China um 10 Prozentpunkte",
    ),
    "do=tariff&by=USA&on=CHN&size=60&years=10": (
        "What does a 60 % tariff of the US on China cost Germany?",
        "Was kostet Deutschland ein Zoll der USA von 60 % auf China?",
    ),
    "do=tariff&by=USA&on=CHE&size=39&years=10": (
        "Switzerland faces a US tariff of 39 %",
        "Swiss exports face US tariffs of 39 %",
        "Die Schweiz zahlt 39 % Zoll der USA",
    ),
    "do=tariff&by=CHN&on=USA&in=soybeans&size=25&years=10": (
        "China puts 25 % on US soybeans",
        "China erhebt Gegenzölle von 25 % auf US-Sojabohnen",
    ),
    "do=import_ban&by=G7&on=RUS&in=oil&years=10": (
        "The G7 bans Russian oil",
        "Die G7 verbieten russisches Öl",
        "Die G7 verbieten den Import russischen Öls",
    ),
    "do=export_ban&by=IND&on=all&in=grain&years=10": (
        "India bans rice exports",
        "Indien verbietet Reisexporte",
    ),
    "do=quota&by=CHN&on=AUS&size=50&years=10": (
        "China cuts imports from Australia by half",
        "China limits imports from Australia to 50 %",
        "China halbiert die Importe aus Australien",
        "China kürzt die Importe aus Australien um 50 %",
    ),
    "do=share&by=SAU&on=all&in=oil&size=20&how=exports&years=10": (
        "Saudi Arabia cuts oil exports by 20 % to everybody",
        "Saudi-Arabien kürzt Ölexporte an alle um 20 %",
    ),
    "do=embargo&by=CHN&on=USA&years=10": ("China and the US stop trading", "China-US embargo"),
    "do=tariff&by=USA&on=CHN&size=0&how=set&years=10": (
        "the US ends its tariffs on China",
        "lifted tariffs of the US on China",
        "what if the United States lifted its tariffs on China",
        "Was, wenn die USA ihre Zölle auf China aufheben?",
        "Die Vereinigten Staaten schaffen die Zölle auf China ab",
    ),
    "do=tariff&by=EU&on=CHN&in=cars&size=0&how=set&since=2026-01-01&years=10": (
        "The EU scraps tariffs on Chinese cars from 2026",
        "Die EU hebt die Zölle auf chinesische Autos ab 2026 auf",
    ),
    "do=tariff&by=USA&on=CHN&size=60&do=tariff&by=CHN&on=USA&size=60&years=10": (
        "60% tariff by the United States on China; tariff 60 CHN on USA",
        "the US and China impose 60 % tariffs on each other",
        "60 % tariffs between the US and China",
        "die USA und China erheben gegenseitig Zölle von 60 %",
    ),
    "do=tariff&by=EU&on=USA&size=0&how=set&do=tariff&by=USA&on=EU&size=0&how=set&years=10": (
        "abolish tariffs between the EU and the US",
        "zero tariffs between EU and US",
        "tariff-free trade between the EU and the United States",
        "What would Germany gain if the EU and the US abolished all tariffs on each other?",
        "Zölle zwischen der EU und den USA abschaffen",
        "Nullzölle zwischen EU und USA",
    ),
    "do=export_ban&by=USA&on=CHN&in=chips&do=export_ban&by=CHN&on=USA&in=chips&years=10": (
        "mutual export ban on chips between the US and China",
    ),
    "do=embargo&by=RUS&on=UKR~POL&do=embargo&by=UKR&on=POL&years=10": (
        "trade stop between Russia, Ukraine and Poland",  # each pair once
    ),
    "do=import_ban&by=CHN&on=BRA&in=soybeans&years=10": (
        "What if China bought no soybeans from Brazil?",
        "Was, wenn China keine Sojabohnen aus Brasilien kauft?",
    ),
    "do=tariff&by=USA&on=EU&in=cars&size=20&years=10": (
        "effect of a 20% US tariff on EU cars on Germany",
        "20 % US tariff on EU cars, loss for Germany",
        "US tarrif of 20 % on European cars",
    ),
    "do=share&by=SAU~RUS&on=all&in=oil&size=20&how=exports&years=10": (
        "if Saudi Arabia and Russia cut oil exports by 20%",
    ),
    "do=export_tax&by=ARG&on=all&in=grain&size=30&years=10": ("export tax of Argentina on grain of 30 %",),
    "do=export_ban&by=CHN&on=JPN&in=semiconductors&years=10": (
        "Chnia bans exports of semiconducters to Japan",
    ),
    "do=tariff&by=USA&on=CHN&in=steel&size=25&years=10": (
        "25 % tariff of the US on Chinese steel products",
        "Die USA belegen chinesische Stahlprodukte mit 25 % Zoll",
    ),
    "do=tariff&by=USA&on=CHN&in=machines~cars&size=10&years=10": (
        "chip machines and cars from China face a 10 % US tariff",
    ),
    "do=export_ban&by=TWN&on=USA~JPN&in=semiconductors&years=10": (
        "Taiwan stops shipping semiconductors to the United States and Japan",
    ),
    "do=import_ban&by=JPN&on=AUS&in=coal&years=10": (
        "Suppose Japan refuses to buy Australian coal",
        "Japan weigert sich, australische Kohle zu kaufen",
    ),
    "do=tariff&by=USA&on=EU&size=20&years=10": (
        "What does a 20 percent US tariff on everything from the EU cost Ireland?",
        "20 % US tariffs on everything European",
        "20 % Zoll der USA auf alles aus der EU",
    ),
    "do=tariff&by=MEX&on=USA&in=grain&size=25&years=10": ("Mexico retaliates with 25 % on American corn",),
    "do=tariff&by=USA&on=DNK&in=medicines&size=30&years=10": (
        "Denmark is hit by 30 % US tariffs on medicines",
    ),
    "do=import_ban&by=EU&on=RUS&in=gas&since=2027-01-01&years=10": (
        "EU to stop importing Russian gas by 2027",
        "In 2027 the EU stops buying Russian gas",
        "Im Jahr 2027 verbietet die EU Importe von russischem Gas",
    ),
    "do=import_ban&by=DEU&on=CHN&in=electronics&years=10": (
        "How much would it cost Germany if it stopped importing electronics from China",
        "Was kostet es Deutschland, wenn es keine Elektronik aus China mehr einführt",
        "Germany must do without Chinese electronics",
    ),
    "do=embargo&by=EU&on=CHN&years=10": ("complete decoupling of the EU from China",),
    "do=share&by=IND&on=CHN&size=50&years=10": ("India and China cut their trade by half",),
    "do=quota&by=EU&on=CHN&in=steel&size=50&years=10": (
        "quota on steel imports by the EU from China of 50%",
    ),
}
"""Address of each measure, and ways to say it."""


@pytest.mark.parametrize(
    ("said", "address"), [(said, address) for address, ways in SAID.items() for said in ways]
)
def test_a_sentence_is_the_measure_that_it_says(said, address):
    query = query_in(said)
    assert query is not None
    assert query.address == address
    assert is_address(said)
    found = arguments(QUESTIONS["simulate"], {"scenario": said})  # from afar, as the web and an assistant ask
    assert found == {"scenario": said}
    assert scenario_in(said)[0] == scenario_in(address)[0]


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("China does not stop exports of chips to Japan", "not"),
        ("China bans exports of gallium to the US", "gallium"),
        ("Indonesia bans nickel ore exports", "raw_materials"),
        ("China stoppt Exporte Seltener Erden in die USA", 'raw_materials.good="284690"'),
        ("Indonesien stoppt Nickelexporte nach China", 'raw_materials.good="260400"'),
        ("the US lifts sanctions on Russia", 'su.restoration."USA", "RUS"'),
        ("the US lifts tariffs of 25 % on China", "by how many percentage points"),
        ("the US halves tariffs on China", "by how many percentage points"),
        ("the US raises tariffs on China by 10 %", "by how many percentage points"),
        ("India cuts tariffs on cars of the EU from 100 % to 10 %", "one size"),
        ("China cuts imports of Australian wine", "one size"),
        ("the US bans Chinese chips to Russia", "CHN does"),
        ("China stops gallium", "Gallium is not among the 74"),
        ("China stoppt Galliumexporte in die USA", "Gallium is not among the 74"),
        ("Russland dreht Österreich das Gas ab", "exports, imports or all trade"),
        ("China stops exports of machinery to Germany and Ruritania", "Ruritania"),
        ("China stops exports", "on whom"),
        ("tariff of 10 % on cars from Japan", "who acts"),
        ("tariff of the US on China", "size"),
        ("25 % 30 % tariff of the US on China", "size"),
        ("abolish tariffs on each other", "who acts"),
        ("10 % tariff of the US on China between 2026 and 2028", "one size"),
        ("25 % embargo of the US on China", "no size"),
        ("Russia cuts off Germany", "exports, imports or all trade"),
        ("China stops exports to China", "both sides"),
        ("What would Ukraine lose if Russia blocked its grain exports", "whose trade"),
        ("Was verlöre die Ukraine, wenn Russland ihre Getreideexporte blockiert", "whose trade"),
    ],
)
def test_what_is_not_understood_is_told_and_never_dropped(said, word):
    with pytest.raises(InputError, match=word):
        query_in(said)


def test_a_name_of_two_states_is_told_as_one():
    with pytest.raises(AmbiguousCountryError, match="KOR"):
        query_in("Korea stops exports of chips to Japan")


def test_in_a_table_of_ones_own_a_name_is_the_label_that_stands_there():
    """A label as it is, and "Korea" where of the two that bear the name one alone is in the table."""
    said = "Home stops exports to Korea"
    for labels, seller in ((("Home", "Korea"), "Korea"), (("Home", "KOR"), "KOR")):
        with own_labels(labels):
            found = query_in(said)
        assert found is not None
        assert (found.measures[0].by, found.measures[0].on) == (("Home",), (seller,))
    with own_labels(("Home", "KOR", "PRK")), pytest.raises(AmbiguousCountryError, match="PRK"):
        query_in(said)
    with pytest.raises(InputError, match="'Home'"):
        query_in(said)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("China stops gallium", None),
        ("The US doubles tariffs on China", None),
        ("Russia cuts off Germany", None),
        ("What would Germany lose if China stopped exports of lithography to it?", None),
        ("China stoppt seltene Erden", {"good": "284690", "stops": "CHN"}),
        ("The US bans imports of Russian uranium", {"good": "261210", "buyer": "USA", "stops": "RUS"}),
    ],
)
def test_what_the_parser_refuses_is_no_whole_break_in_a_plain_question(said, asked):
    """One parser at every door: its message, or the question on raw materials that the message names."""
    with pytest.raises(InputError, match=r"Say whether|understood|finer than an industry") as refused:
        query_in(said)
    if asked is None:
        with pytest.raises(InputError, match=re.escape(str(refused.value))):
            best(said)
    else:
        assert best(said) == Reading("raw_materials", asked)
        assert all(f'{name}="{value}"' in str(refused.value) for name, value in asked.items())


def test_a_rate_that_is_lifted_or_set_is_that_rate_and_not_points_more():
    """Lifted: other than nothing at all, which is what no points more are. The rate is the one that is said."""
    lifted, none = (
        su.simulate(one).frame for one in ("the US lifts tariffs on China", "tariff 0 USA on CHN")
    )
    assert none["loss_percent"].abs().max() < 1e-6  # the solver's own precision, in per cent
    assert lifted.set_index(["horizon", "country"]).loc[("long", "CHN"), "loss_percent"] < -1e-3
    (level,) = scenario_in("Trump raises tariffs on Brazil to 50%")[0].instruments
    assert level == su.Tariff("USA", "BRA", 0.5, mode="set")


@pytest.mark.parametrize(
    "text",
    [
        "China exports cars to Germany",
        "China liefert keine Chips nach Japan",
        "my sanctions file.yaml",
        "cut.yaml",
        "Germany",
    ],
)
def test_what_says_of_nothing_that_is_done_is_no_measure(text):
    assert query_in(text) is None


def test_labels_of_an_own_world_are_still_read_in_lines():
    query = query_in("tariff 30 C1 on C2")
    assert query is not None
    assert (query.measures[0].by, query.measures[0].on) == (("C1",), ("C2",))


def test_every_word_for_a_good_is_one_of_the_list_and_every_state_has_its_name():
    goods = {piece.value for piece in lexicon().values() if piece.kind == "good"}
    bundles = {
        "energy",
        "metals",
        "food",
        "chemicals",
        "electronics",
        "machinery",
        "vehicles",
        "textiles",
        "goods",
        "services",
    }
    assert goods <= set(INDUSTRIES) | bundles
    codes = set(state_names().values())
    assert set(word_lists()["adjective"]) <= codes
    for name, code in {
        "Vereinigte Staaten": "USA",
        "Niederlanden": "NLD",
        "Schweiz": "CHE",
        "Russlands": "RUS",
    }.items():
        assert state_names()[name.casefold()] == code


def test_no_word_for_what_is_done_is_a_word_that_says_nothing():
    lists = word_lists()
    acts = {word for words in lists["act"].values() for word in words}
    marks = {word for words in lists["marker"].values() for word in words}
    assert not acts & set(lists["quiet"]["words"])
    assert not acts & marks
    assert not measures_in("machinery from China to Germany")


def test_a_file_has_measures_in_plain_words_beside_those_with_keys(tmp_path):
    file = tmp_path / "both.yaml"
    said = "25 % Zoll der USA auf chinesische Autos ab 2026"
    keys = "{type: export_ban, senders: CHN, targets: DEU, sectors: machinery}"
    file.write_text(f"name: both\ninstruments:\n  - {said}\n  - {keys}\n", "utf-8")
    words, plain = scenario_in(file)[0].instruments
    assert words == scenario_in(said)[0].instruments[0]
    assert plain == su.ExportBan("CHN", "DEU", sectors="machinery")
    for bad in ("China frobs Germany hard", f"{said}; embargo EU on RUS"):
        file.write_text(f"name: both\ninstruments:\n  - {said}\n  - {bad}\n", "utf-8")
        with pytest.raises(ScenarioError, match=r"both\.yaml, line 4: .*Write it as"):
            scenario_in(file)


def test_python_and_the_terminal_read_the_same_sentence(tmp_path):
    said = "China stops exports of machinery to Germany"
    answer = su.simulate(said)
    line = su.simulate("export_ban CHN on DEU in machinery")
    assert answer.table().rows == line.table().rows
    out = tmp_path / "found.csv"
    made = subprocess.run(
        [sys.executable, "-m", "suasion", "simulate", said, "--out", str(out)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    written = [
        float(row.split(",")[answer.frame.columns.get_loc("loss_percent")])
        for row in out.read_text("utf-8").splitlines()[1:]
    ]
    assert written == pytest.approx(
        answer.frame["loss_percent"].tolist(), rel=1e-9
    )  # the same code on one machine
