"""Instruments are described once: whoever offers, reads or writes them goes over the same list, without exceptions."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from suasion.answers.language import DEFAULT_LANGUAGE
from suasion.coercion.levers.file import LeverModel
from suasion.equilibrium.scenario.checks import WORDS
from suasion.equilibrium.scenario.file import parse_scenario, to_yaml
from suasion.equilibrium.scenario.instrument import AtBorder
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.equilibrium.scenario.models import MODELS
from suasion.equilibrium.scenario.scenario import Scenario, argument_keys
from suasion.questions.scenarios.address import parse_query, scenario_of
from suasion.questions.scenarios.instruments import KINDS
from suasion.questions.scenarios.reading import query_of
from suasion.sweep import grid
from suasion.sweep.grid import actions

DOCS = Path(__file__).parents[2] / "docs"
TWO_SIDED = {kind for kind, cls in INSTRUMENTS.items() if issubclass(cls, AtBorder)}


def offered(kind: str) -> Scenario:
    """One instrument as the builder offers it at first."""
    return scenario_of(parse_query([("do", kind), ("by", "USA"), ("on", "CHN"), ("in", "C26")]))


def test_all_consumers_have_the_same_kinds():
    assert set(MODELS) == set(KINDS) == set(INSTRUMENTS)
    assert set(grid.KINDS) == TWO_SIDED == {kind for kind, one in KINDS.items() if one.two_sided}
    levers = set(get_args(LeverModel.model_fields["kind"].annotation))
    assert levers == {kind for kind, cls in INSTRUMENTS.items() if cls.offer.lever}


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_a_file_has_every_argument(kind):
    keys, needed = argument_keys(INSTRUMENTS[kind])
    model = MODELS[kind].model_fields
    assert set(model) == {"type", *keys}
    assert {key for key, item in model.items() if item.is_required()} == {"type", *needed}


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_an_offer_goes_to_a_file_and_an_address_and_back(kind):
    scenario = offered(kind)
    assert scenario.instruments[0].kind == kind
    assert parse_scenario(to_yaml(scenario)) == scenario
    assert scenario_of(query_of(scenario)).instruments == scenario.instruments


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_an_offer_has_a_size_that_its_argument_takes(kind):
    cls = INSTRUMENTS[kind]
    offer, keys = cls.offer, argument_keys(cls)[0]
    numbers = {f.name for f in fields(cls)} - {
        "senders",
        "targets",
        "sectors",
        "date",
        "until",
        "coverage",
        *WORDS,
    }
    assert numbers == ({offer.argument} if offer.argument else set())
    assert set(cls.variants()[:1]) <= set(keys)
    if offer.argument:
        assert offer.least <= offer.usual <= offer.most
        for size in (offer.usual, offer.most):
            assert offer.size(offer.value(size)) == pytest.approx(size, abs=1e-9)  # ten digits are kept


@pytest.mark.parametrize("kind", sorted(TWO_SIDED))
def test_a_grid_takes_it(kind):
    offer = INSTRUMENTS[kind].offer
    size = {offer.argument: [offer.value(offer.usual)]} if offer.argument else {}
    item = grid.InstrumentModel(type=kind, **size)
    assert [action.kind for action in actions(item)] == [kind]


@pytest.mark.parametrize("kind", INSTRUMENTS)
def test_it_has_its_words(kind):
    cls = INSTRUMENTS[kind]
    keys = [
        f"word.instrument.{kind}",
        f"offer.{kind}",
        f"offer.verb.{kind}",
        f"word.simulated.{kind}",
        f"remark.{kind}",
    ]
    keys += [f"offer.unit.{kind}"] if cls.offer.argument else []
    keys += [f"word.simulated.{kind}_goods"] if "sectors" in argument_keys(cls)[0] else []
    assert [key for key in keys if key not in DEFAULT_LANGUAGE.words] == []


def test_the_page_on_scenarios_has_them_all():
    text = (DOCS / "how-to" / "scenarios.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(\w+)` \| `(\w+)` \|", text, re.M)
    assert dict(listed) == {cls.__name__: kind for kind, cls in INSTRUMENTS.items()}
