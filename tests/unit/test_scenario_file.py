"""Scenario files: what they mean, and messages with file, line, key and what is allowed."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import suasion as su
from suasion.equilibrium.scenario import file as scenario_file
from suasion.equilibrium.scenario.file import (
    parse_scenario,
    read_scenario,
    to_yaml,
    write_scenario,
)
from suasion.equilibrium.scenario.instruments import (
    INSTRUMENTS,
    Embargo,
    Endowments,
    Quota,
    Tariff,
    TradeCost,
    Transfer,
)
from suasion.equilibrium.scenario.models import ALLOWED, MODELS
from suasion.equilibrium.scenario.scenario import Scenario, argument_keys, compile_scenario
from suasion.errors import OutputError, ScenarioError, UnknownCountryError
from suasion.schema.typed_file import MAX_BYTES
from suasion.world.testing import random_world

GOOD = """\
name: Tariff war
description: 'First round: both sides'
year: 2018
instruments:
  - type: tariff
    senders: USA
    targets: [CHN]
    rate: 0.25
  - type: tariff
    senders: CHN
    targets: USA
    rate: 1
    sectors: [A01, C29]
    mode: set
"""


def problem(text):
    with pytest.raises(ScenarioError, match=r"f\.yaml") as caught:
        parse_scenario(text, "f.yaml")
    return str(caught.value)


def item(*lines):
    return "name: s\ninstruments:\n  - " + "\n    ".join(lines) + "\n"


def test_a_good_file(tmp_path):
    path = tmp_path / "war.yaml"
    path.write_text(GOOD, encoding="utf-8")
    scenario = read_scenario(path)
    assert scenario == Scenario(
        "Tariff war",
        [Tariff("USA", "CHN", 0.25), Tariff("CHN", "USA", 1.0, ["A01", "C29"], mode="set")],
        "First round: both sides",
        2018,
    )
    assert scenario.origins == (f"{path}, line 5", f"{path}, line 9")


def test_errors_of_compilation_name_the_line():
    scenario = parse_scenario(GOOD.replace("targets: USA", "targets: Freedonia"), "war.yaml")
    world = random_world(3, 3).replace(countries=("USA", "CHN", "DEU"), sectors=("A01", "C29", "G"))
    with pytest.raises(
        UnknownCountryError, match=r"war.yaml, line 9, instrument 2 \(tariff\): .*'Freedonia'"
    ):
        compile_scenario(world, scenario)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (GOOD.replace("rate: 0.25", "rat: 0.25"), "line 8: key `rat` is unknown in tariff; allowed: .*Did you mean rate"),
        (GOOD.replace("rate: 0.25", "rate: '0.25'"), "line 8: key `rate` is the text '0.25'; allowed: a number > -1"),
        (GOOD.replace("rate: 0.25", "rate: yes"), "line 8: key `rate` is the text 'yes'"),
        (GOOD.replace("rate: 0.25", "rate: true"), "line 8: key `rate` is the truth value true"),
        (GOOD.replace("rate: 0.25", "rate: -1"), "line 8: key `rate` is -1; allowed: a number > -1"),
        (GOOD.replace("rate: 0.25", "rate: .nan"), "line 8: key `rate` is nan"),
        (GOOD.replace("rate: 0.25", "rate:"), "line 8: key `rate` is empty"),
        (GOOD.replace("rate: 0.25", "rate: [1]"), "line 8: key `rate` is a list"),
        (GOOD.replace("    rate: 0.25\n", ""), "line 5: key `rate` is missing from tariff; give a number > -1"),
        (GOOD.replace("mode: set", "mode: sett"), "line 14: key `mode` is the text 'sett'; allowed: add or set. Did you mean set"),
        (GOOD.replace("[A01, C29]", "[A01, 29]"), "line 13: key `sectors` is 29; allowed: a sector, or a list"),
        (GOOD.replace("[CHN]", "[]"), "line 7: key `targets` is an empty list; allowed: a country, a group"),
        (GOOD.replace("[CHN]", "{a: b}"), "line 7: key `targets` is a mapping"),
        (GOOD.replace("2018", "2018.5"), "line 3: key `year` is 2018.5; allowed: a whole number from 1800 to 2200"),
        (GOOD.replace("2018", "1066"), "line 3: key `year` is 1066"),
        (GOOD.replace("2018", "2018-01-01"), "line 3: key `year` is datetime.date"),
        (GOOD.replace("name:", "nam:"), "line 1: key `nam` is unknown; allowed: name, .*Did you mean name"),
        (GOOD.replace("name: Tariff war\n", ""), "line 1: key `name` is missing; give a text"),
        (GOOD.replace("Tariff war", ""), "line 1: key `name` is empty; allowed: a text"),
        ("name: s\ninstruments: embargo\n", "line 2: key `instruments` is the text 'embargo'; allowed: a list"),
        ("name: s\n", "key `instruments` is missing; give a list"),
        (item("embargo"), "line 3: key `instruments` is the text 'embargo'; allowed: a list of mappings, each with a type"),
        (item("senders: USA"), "line 3: key `type` is missing; give one of embargo, export_ban"),
        (item("type: embargos"), "line 3: key `type` is the text 'embargos'; allowed: .*Did you mean embargo"),
        (item("type: endowments", "targets: A", "factor: 0"), "line 5: key `factor` is 0; allowed: a number > 0"),
        (item("type: quota", "senders: A", "targets: B", "share: 2"), "line 6: key `share` is 2; allowed: .*from 0 to 1"),
        (item("type: price_cap", "senders: A", "targets: B", "share: 0"), "line 6: .*above 0 and up to 1"),
        (item("type: transfer", "senders: A", "targets: B", "amount: -1"), "line 6: .*million USD >= 0"),
        ("- a\n", "a scenario file is a mapping that begins with `name:`; this is a list"),
        ("", "this is empty"),
        ("just words", "this is the text 'just words'"),
        ("name: [\n", "line 2: this is not valid YAML"),
        ("name: a\n\tyear: 3\n", "line 2: this is not valid YAML"),
        ("name: a\nname: b\n", 'line 2: this is not valid YAML: found duplicate key "name"'),
        ("name: a\n---\nname: b\n", "this is not valid YAML"),
        ("name: &a s\n", "line 1: tags, anchors and aliases"),
        ("name: s\ninstruments: !!python/object:os.system [x]\n", "line 2: tags, anchors and aliases"),
        ("name: !secret s\n", "line 1: tags, anchors and aliases"),
        ("name: " + "[" * 50 + "]" * 50, "line 1: lists and mappings are nested more than 10 deep"),
        ("name: a\0", "this is not valid YAML"),
        ("# " + "x" * MAX_BYTES, "longer than the 200,000 bytes"),
    ],
)  # fmt: skip
def test_wrong_files(text, message):
    assert re.search(f"^f.yaml.*{message}", problem(text), re.DOTALL)


def test_several_problems_are_all_told_in_order():
    told = problem(GOOD.replace("0.25", "-3").replace("mode: set", "mod: set").replace("2018", "x")).split(
        "\n"
    )
    assert [line.split(":")[0] for line in told] == ["f.yaml, line 3", "f.yaml, line 8", "f.yaml, line 14"]


def test_many_problems_are_cut_short():
    text = "name: s\n" + "".join(f"k{i}: 1\n" for i in range(9)) + "instruments: []\n"
    told = problem(text).split("\n")
    assert len(told) == 6
    assert told[-1] == "... and 4 more."


def test_missing_file_names_its_neighbours(tmp_path):
    (tmp_path / "war.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"There is no scenario file .*wra.yaml. In its folder: war.yaml"):
        read_scenario(tmp_path / "wra.yaml")
    with pytest.raises(ScenarioError, match="There is no scenario file"):
        read_scenario(tmp_path / "no" / "such.yaml")


def test_large_and_binary_files_are_refused(tmp_path):
    path = tmp_path / "big.yaml"
    path.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(
        ScenarioError, match=r"big.yaml is larger than 200,000 bytes; a scenario file has at most so many"
    ):
        read_scenario(path)
    path.write_bytes(b"name: \xff\xfe")
    with pytest.raises(ScenarioError, match="cannot be read as UTF-8"):
        read_scenario(path)


def test_write_and_read(tmp_path):
    scenario = Scenario("no: 1", [Embargo("EU", "NO"), Quota("EU", "RUS", 1 / 3, "B06")], "yes", 2020)
    assert read_scenario(write_scenario(scenario, tmp_path / "s.yaml")) == scenario
    assert scenario.to_yaml() == to_yaml(scenario)
    with pytest.raises(OutputError, match="cannot be written"):
        write_scenario(scenario, tmp_path)


NAME = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_ :#'\"-", min_size=1, max_size=12).filter(str.strip)
NAMES = st.lists(NAME, min_size=1, max_size=3)
RATE = st.floats(-0.99, 10.0)


@settings(max_examples=60, deadline=None)
@example(": x", "", [Embargo([": 1", "A"], [":"])], None)
@given(
    NAME,
    st.text("abc äöü\n:\x85\u2028!&*{", max_size=20),
    st.lists(
        st.one_of(
            st.builds(Embargo, NAMES, NAMES, st.none() | NAMES),
            st.builds(Tariff, NAMES, NAMES, RATE, st.none() | NAMES, st.sampled_from(["add", "set"])),
            st.builds(
                TradeCost, NAMES, NAMES, st.floats(1e-6, 1e6), direction=st.sampled_from(["both", "imports"])
            ),
            st.builds(Endowments, NAMES, st.floats(1e-6, 1e6)),
            st.builds(Transfer, NAMES, NAMES, st.floats(0, 1e9)),
        ),
        max_size=4,
    ),
    st.none() | st.integers(1800, 2200),
)
def test_round_trip_of_any_scenario(name, description, instruments, year):
    scenario = Scenario(name, instruments, description, year)
    assert parse_scenario(to_yaml(scenario)) == scenario


def test_file_keys_are_the_arguments_of_the_instruments():
    assert set(MODELS) == set(INSTRUMENTS)
    for kind, cls in INSTRUMENTS.items():
        keys, needed = argument_keys(cls)
        model = MODELS[kind].model_fields
        assert set(model) == {"type", *keys}
        assert {key for key, field in model.items() if field.is_required()} == {"type", *needed}
        assert all(key in ALLOWED for key in model)


def test_public_names():
    assert scenario_file.read_scenario is read_scenario


def test_a_scenario_is_read_from_what_is_said_as_from_a_file(tmp_path):
    said = "25 % tariff of the US on Chinese cars from 2026"
    whole = su.read_scenario(said)
    assert whole.instruments == (su.Tariff("USA", "CHN", 0.25, sectors="cars", date="2026-01-01"),)
    file = tmp_path / "said.yaml"
    file.write_text(f"name: said\ninstruments: [{said}]\n", "utf-8")
    assert su.read_scenario(file).instruments == whole.instruments


def test_the_files_in_the_documentation_compile(root, world):
    page = (root / "docs" / "how-to" / "scenarios.md").read_text(encoding="utf-8")
    texts = re.findall(r"^```yaml\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert texts
    for text in texts:
        assert compile_scenario(world, parse_scenario(text, "scenarios.md")).labels
