"""Answers: what the house says, whoever asks: quantities with units, findings, tables and pictures.

An answer has no words, only keys of the catalogue and typed values; a language turns it into text. All doors
(terminal, page, file, notebook, program) print the same answer by the renderers in this room, and every number by
one printer.
"""

from __future__ import annotations

from suasion.answers.answer import Answer
from suasion.answers.content import Check, Run, Source
from suasion.answers.finding import DETAIL, MAIN, USUAL, Finding
from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.table import Column, Picture, Table
from suasion.answers.values import Comparison, Country, Industry, Quantity, Value, Word

__all__ = [
    "DEFAULT_LANGUAGE",
    "DETAIL",
    "MAIN",
    "USUAL",
    "Answer",
    "Check",
    "Column",
    "Comparison",
    "Country",
    "Finding",
    "Industry",
    "Language",
    "Picture",
    "Quantity",
    "Run",
    "Source",
    "Table",
    "Value",
    "Word",
]
