"""The published schema accepts every dossier and refuses what is none."""

from __future__ import annotations

import copy
import dataclasses

import jsonschema_rs
import pytest
from tests.unit.made_up import made_up, outside
from tests.unit.test_chapters import CHAPTER

from dossier_schema import json_schema


@pytest.fixture(scope="module")
def validator():
    return jsonschema_rs.validator_for(json_schema())


@pytest.mark.parametrize(
    "make", [made_up, outside, lambda: dataclasses.replace(made_up(), chapters=(CHAPTER,))]
)
def test_dossiers_are_valid(validator, make):
    validator.validate(make().to_dict())


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("schema",), 1),
        (("a", "code"), None),
        (("answers", "dependence", "findings"), "1.4 %"),
        (("answers", "exit_cost", "tables"), "none"),
        (("summary", 0, "sentence"), 7),
    ],
)
def test_a_wrong_value_is_refused(validator, place, value):
    plain = copy.deepcopy(made_up().to_dict())
    part = plain
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    assert not validator.is_valid(plain)


def test_a_missing_field_is_refused(validator):
    plain = made_up().to_dict()
    del plain["certificates"]
    assert not validator.is_valid(plain)


def test_further_fields_are_allowed_within_a_version(validator):
    assert validator.is_valid(made_up().to_dict() | {"more": 1})
