"""What CONTRIBUTING says of a new instrument and a new question is all it takes: each is added to a copy, and every door has it."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from suasion.files import CHECKSUMS

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "suasion"
SHARED = ("snapshot", "fonts")
"""Folders of data, which the copy has by a link."""

INSTRUMENT = '''

@dataclass(frozen=True, slots=True)
class ExportSubsidy(OnPart):
    """Senders pay a part of the price of what they sell to targets.

    senders, targets, sectors: As for :class:`Tariff`.
    rate: on the basic value, above 0 and below 1; 0.1 is 10 %.
    """

    kind: ClassVar[str] = "export_subsidy"
    ranges: ClassVar[dict[str, str]] = {"rate": "share"}
    offer: ClassVar[Offer] = Offer("rate", Scale.PERCENT, 10, 0, 90)
    flow: ClassVar[Direction] = "exports"
    rate: float
    sectors: Names | None = None

    def apply(self, builder: ShockBuilder) -> None:
        """Lower the senders' export taxes."""
        cells = builder.cells(self.senders, self.targets, self.sectors, "exports")
        builder.change_rate("export_tax", cells, -self.rate, "add", self.use, self.coverage)
'''
WORDS = """
[export_subsidy]
name = "export subsidy"
example = "USA:CHN:10%"
offer = "Subsidy on exports"
verb = "subsidises exports to"
unit = "% of the basic price paid"
simulated = "{by} paid {size} % of the price of exports to {on}"
simulated_goods = "{by} paid {size} % of the price of exports of {goods:goods} to {on}"
remark = "Subsidy on exports from {senders} to {targets}, {sectors}: {percent:g} per cent of basic value."
"""
GERMAN = {
    "[word.instrument]": 'export_subsidy = "Ausfuhrsubvention"',
    "[offer]": 'export_subsidy = "Subvention von Ausfuhren"',
    "[offer.verb]": 'export_subsidy = "subventioniert Ausfuhren nach"',
    "[offer.unit]": 'export_subsidy = "% des Ab-Werk-Preises als Zuschuss"',
    "[word.simulated]": 'export_subsidy = "für Ausfuhren {by:of} an {on} ein Zuschuss von {size} % gälte"\n'
    'export_subsidy_goods = "für Ausfuhren {by:of} an {on} ({goods}) ein Zuschuss von {size} % gälte"',
    "[remark]": 'export_subsidy = "Subvention von Ausfuhren, {senders} an {targets}, {sectors}: {percent:g} Prozent."',
}
QUESTION = '''
"""How much of what two states trade with each other the one sells."""

from __future__ import annotations

from suasion.answers import MAIN, Answer, Country, Finding, Picture, Quantity, Source, Table
from suasion.questions.question import State, question


@question
def balance(a: State, b: State) -> Answer:
    """How much of what two states trade with each other the one sells.

    Returns
    -------
    Answer
        Table ``balance-sold``.
    """
    from suasion.world import load_world

    world = load_world()
    sold = {one: float(world["final"].sel(exporter=one, importer=other).sum()) for one, other in ((a, b), (b, a))}
    part = sold[a] / sum(sold.values())
    rows = [{"country": a, "seller_share": part}, {"country": b, "seller_share": 1.0 - part}]
    table = Table.of("balance-sold", "country seller_share", rows, axes="country", picture=Picture("ranges", "seller_share", "country"))
    found = Finding("balance.sold", {"a": Country(a), "b": Country(b), "share": Quantity(part, "share")}, weight=MAIN)
    asked = {"a": Country(a), "b": Country(b)}
    return Answer("balance", asked, (found,), (table,), sources=(Source("balance.source"),))
'''
SENTENCES = """
[balance]
title = "Who sells more, {a} or {b}?"
sold = "Of what {a} and {b} trade, {a} sells {share}."
source = "Final sales of the embedded world"

[table.balance-sold]
title = "Part of the pair’s trade that each sells"
"""
GERMAN_SENTENCES = """
[balance]
title = "Wer verkauft mehr, {a} oder {b}?"
sold = "Vom Handel zwischen {a:dat} und {b:dat} verkauft {a} {share}."
source = "Endverkäufe der mitgelieferten Welt"

[table.balance-sold]
title = "Anteil am Handel des Paares, den jede Seite verkauft"
"""


IMPORT = "from suasion.questions.balance import balance\n"

INSTRUMENT_DOORS = """
import pathlib, tempfile
import suasion as su
from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.cli.app import run
from suasion.coercion.levers.file import LeverModel
from suasion.equilibrium.scenario.file import parse_scenario, to_yaml
from suasion.questions.scenarios.address import parse_query, scenario_of
from suasion.questions.scenarios.instruments import BuilderOptions
from suasion.questions.scenarios.reading import query_of, scenario_in
from suasion.sweep import grid
from suasion.sweep.grid import actions
from typing import get_args

one = su.export_subsidy("USA", "CHN", "10%", sectors=["C26"])
assert one.instruments == (su.ExportSubsidy("USA", "CHN", 0.1, sectors=["C26"]),)  # a line of Python, and the class
assert {"export_subsidy", "ExportSubsidy"} <= set(dir(su))
assert parse_scenario(to_yaml(one)).instruments == one.instruments  # a file
assert scenario_of(query_of(one)).instruments == one.instruments  # an address
asked = scenario_of(parse_query([("do", "export_subsidy"), ("by", "USA"), ("on", "CHN"), ("in", "C26"), ("size", "10")]))
assert asked.instruments == one.instruments
assert scenario_in("export_subsidy 10 USA on CHN in C26")[0].instruments == one.instruments  # a line
assert BuilderOptions().kinds["export_subsidy"].unit == "% of the basic price paid"  # the form of the builder
item = grid.InstrumentModel(type="export_subsidy", rate=[0.1, 0.2])  # a grid
assert [action.kind for action in actions(item)] == ["export_subsidy"] * 2
assert "export_subsidy" not in get_args(LeverModel.model_fields["kind"].annotation)  # no lever: its offer says so
answer = su.simulate(one)
assert all(check.holds for check in answer.checks) and answer.checks  # certified by code of its own
losses = answer.frame.set_index("country")["loss_percent"]
assert losses["CHN"] < 0 < losses["USA"]  # who is subsidised gains, who pays loses
same = su.simulate(su.export_tax("USA", "CHN", -0.1, sectors=["C26"])).frame["loss_percent"]
assert abs(answer.frame["loss_percent"] - same).max() < 1e-7  # as a negative tax: both are solved to 1e-8
with tempfile.TemporaryDirectory() as folder:  # a command: lines, an option, a file
    file = pathlib.Path(folder, "one.yaml")
    file.write_text(to_yaml(one))
    for words in (["export_subsidy 10 USA on CHN in C26"], ["--export-subsidy", "USA:CHN:10%:C26"], [str(file)]):
        out = pathlib.Path(folder, "out.csv")
        assert run(["simulate", *words, "--out", str(out)]) == 0
        assert out.stat().st_size > 1000
from suasion.assistant import ask
told = ask("simulate", {"scenario": "export_subsidy 10 USA on CHN in C26", "draws": "2"})
assert told["question"].startswith("What if the United States paid 10 % of the price of exports of computers")
assert DEFAULT_LANGUAGE.words["word.instrument.export_subsidy"] == "export subsidy"
"""
QUESTION_DOORS = """
import json, pathlib, tempfile
import suasion as su
from suasion.answers.answer import Answer
from suasion.assistant import ask, tools
from suasion.cli.app import run
from suasion.web.routes_answers import ASKED, formed

answer = su.balance("Russia", "CHN")
assert Answer.from_dict(answer.to_dict()) == answer and "<table" in answer._repr_html_()
assert abs(answer.frame["seller_share"].sum() - 1) < 1e-12
assert "balance" in tools() and set(tools()["balance"].schema()["properties"]) == {"a", "b"}
assert ask("balance", {"a": "RUS", "b": "CHN"})
kept = json.dumps(answer.to_dict()).encode()
assert "balance" in ASKED
with tempfile.TemporaryDirectory() as folder:
    for ending in ("json", "csv", "html", "md", "svg", "xlsx"):
        out = pathlib.Path(folder, f"out.{ending}")
        assert run(["balance", "RUS", "CHN", "--out", str(out)]) == 0 and out.stat().st_size > 50
"""
GERMAN_DOORS = """
import suasion as su
from suasion.answers.catalogue import catalogue, difference
assert not list(difference(catalogue("en"), catalogue("de")))
text = str(su.simulate("export_subsidy 10 USA on CHN"))
assert "ein Zuschuss von 10 % gälte" in " ".join(text.split()).replace("\\u00a0", " "), text
assert "Wer verkauft mehr" in str(su.balance("RUS", "CHN"))
"""


def added(path: Path, text: str, before: str = "") -> None:
    """Add text to a file: at its end, or before a line."""
    old = path.read_text("utf-8")
    place = old.index(before) if before else len(old)
    path.write_text(old[:place] + text + old[place:], "utf-8")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package with an instrument and a question more, each added as CONTRIBUTING says."""
    package = tmp_path_factory.mktemp("added") / "suasion"
    shutil.copytree(SRC, package, ignore=shutil.ignore_patterns(*SHARED))
    for folder in (one for name in SHARED for one in SRC.rglob(name) if one.is_dir()):
        (package / folder.relative_to(SRC)).symlink_to(folder)
    added(package / "equilibrium/scenario/instruments.py", INSTRUMENT, before="\n\nINSTRUMENTS: dict")
    added(package / "instruments.toml", WORDS)
    package.joinpath("questions/balance.py").write_text(QUESTION.lstrip(), "utf-8")
    added(package / "questions/__init__.py", IMPORT, before="from suasion.questions.bargain import")
    added(
        package / "questions/__init__.py", "        Question(balance),\n", before="        Question(bargain),"
    )
    added(package / "questions/__init__.py", '    "balance",\n', before='    "bargain",')
    added(package / "answers/language/en.toml", SENTENCES)
    german = package / "answers/language/de.toml"
    added(german, GERMAN_SENTENCES)
    for section, line in GERMAN.items():
        text = german.read_text("utf-8")
        german.write_text(text.replace(f"\n{section}\n", f"\n{section}\n{line}\n", 1), "utf-8")
    publish(package)
    return package


def publish(package: Path) -> None:
    """Write the checksums of the copy's data, as `tools/make_docs.py` does for the package."""
    lines = []
    for line in (package / CHECKSUMS).read_text("utf-8").splitlines():
        old, name = line.split("  ")
        file = package / name
        lines.append(f"{hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else old}  {name}\n")
    (package / CHECKSUMS).write_text("".join(lines), "utf-8")


def tried(copy: Path, code: str, language: str = "en") -> None:
    """Run a program with the copy in place of the package."""
    there = {**os.environ, "PYTHONPATH": str(copy.parent), "SUASION_LANGUAGE": language}
    run = subprocess.run([sys.executable, "-c", code], env=there, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]


def test_an_instrument_and_a_question_are_at_every_door(copy: Path) -> None:
    tried(copy, INSTRUMENT_DOORS + QUESTION_DOORS)


def test_both_speak_german(copy: Path) -> None:
    tried(copy, GERMAN_DOORS, "de")


def test_the_recipe_names_the_files_that_it_takes() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    recipe = text.partition("## How to add an instrument")[2].partition("## ")[0]
    for file in ("scenario/instruments.py", "instruments.toml", "docs/how-to/scenarios.md", "de.toml"):
        assert file in recipe
