"""Remarks of models: how a question was read and what its numbers rest on, each a key with its values.

A remark is a text too, so that it is printed, joined and kept as any other: its words stand by their key in
``remarks.toml`` beside this module, and are ``remark.KEY`` in the catalogue of each language.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Self

from suasion.files import shipped
from suasion.instruments import instruments


class Topic(StrEnum):
    """What a remark is about, where it is not a measure: those have the name of their kind in scenario files."""

    BLOCS = "blocs"
    BLOCS_NO_TRANSFER = "blocs_no_transfer"
    BLOCS_ONE_WAY = "blocs_one_way"
    CAP_ENDS_TRADE = "cap_ends_trade"
    CAPITAL_FILLED = "capital_filled"
    COVERAGE = "coverage"
    GROUP_WITHOUT = "group_without"
    IN_FORCE = "in_force"
    IN_FORCE_FROM = "in_force_from"
    IN_FORCE_UNTIL = "in_force_until"
    INPUT_BALANCE = "input_balance"
    INPUT_BLOCKS = "input_blocks"
    INPUT_BLOCKS_APART = "input_blocks_apart"
    INPUT_CONSTANT_COLUMN = "input_constant_column"
    INPUT_CONSTANT_ROW = "input_constant_row"
    INPUT_HOME_FINAL = "input_home_final"
    INPUT_HOME_INPUTS = "input_home_inputs"
    INPUT_IDLE = "input_idle"
    INPUT_INDUSTRY = "input_industry"
    INPUT_NEGATIVE_VALUE_ADDED = "input_negative_value_added"
    INPUT_OPENNESS = "input_openness"
    INPUT_PAIR = "input_pair"
    INPUT_ROUNDED = "input_rounded"
    INPUT_ROW_GAP = "input_row_gap"
    INPUT_ROW_SMALL = "input_row_small"
    INPUT_SAME_COLUMN = "input_same_column"
    INPUT_SAME_ROW = "input_same_row"
    INPUT_SHIFTED = "input_shifted"
    INPUT_SIZE = "input_size"
    INPUT_SPENDING = "input_spending"
    INPUT_TRANSPOSED = "input_transposed"
    INPUT_UNIT = "input_unit"
    INPUT_VALUE_ADDED = "input_value_added"
    NO_WELFARE = "no_welfare"
    ON_BOTH_SIDES = "on_both_sides"
    RATES_UNKNOWN = "rates_unknown"
    ROY_ASSUMED = "roy_assumed"
    SIGMA_AT_FLOOR = "sigma_at_floor"
    SIGMA_FILLED = "sigma_filled"
    SIGMA_WIDER = "sigma_wider"
    UNCERTIFIED = "uncertified"
    ZERO_QUOTA = "zero_quota"


class Remark(str):
    """A key, its values, and what follows it: as a text the words of the key, filled, and those of what follows.

    key: of the words.
    values: numbers and names that its words hold; a remark among them is told in its own words.
    more: remarks that belong to it.
    """

    __slots__ = ("key", "more", "values")
    key: str
    values: Mapping[str, Any]
    more: tuple[Remark, ...]

    def __new__(cls, key: str, values: Mapping[str, Any], more: tuple[Remark, ...] = ()) -> Self:
        """Fill the words of a key."""
        made = super().__new__(cls, " ".join([_words()[key].format_map(values), *more]))
        made.key, made.values, made.more = key, values, more
        return made

    def __reduce__(self) -> tuple[type[Remark], tuple[str, Mapping[str, Any], tuple[Remark, ...]]]:
        """How another process makes the same remark."""
        return type(self), (self.key, self.values, self.more)


@cache
def _words() -> Mapping[str, str]:
    words: Mapping[str, str] = shipped("suasion", "remarks.toml", tomllib.load)
    return {**words, **{kind: own["remark"] for kind, own in instruments().items()}}
