"""The growth that an outlook rests on: rates by economy and scenario, where they come from, what capital does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from suasion.answers.catalogue import say
from suasion.dossier.chapter import Cell, ChapterTable, Heads, heads
from suasion.dossier.words import listing, plain_name
from suasion.types import FloatArray

if TYPE_CHECKING:
    from suasion.dossier.gather import Question
    from suasion.outlook.growth.path import Growth
    from suasion.outlook.projection.result import Outlook
    from suasion.world import World

REST = "ROW"
"""Code of the rest of the world in tables that have one."""
LARGEST = 5
"""Economies that are named besides the pair; the others are summed."""
GROWTH: Heads = {
    "economy": "text",
    "scenario": "text",
    "early": "change",
    "late": "change",
    "spread": "score",
    "sources": "text",
}


def growth_table(made: Outlook, question: Question, world: World, source: str) -> ChapterTable:
    """Return mean growth of the pair, of the largest other economies and of the rest, with its sources.

    Parameters
    ----------
    made : Outlook
    question : whose pair it is
    world : of the base year
    source : source line of the chapter
    """
    size = world.array("value_added").sum(axis=1)
    first, *others = made.scenarios
    pair = [world.countries.index(code) for code in (made.a, made.b)]
    named = [n for n, code in enumerate(world.countries) if code != REST and n not in pair]
    large = sorted(named, key=lambda n: -size[n])[:LARGEST]
    rest = [n for n in range(size.size) if n not in (*pair, *large)]
    usual, everywhere = made.growth[first.name], say("chapter.growth.all_scenarios")
    rows = []
    for n in (*pair, *large):
        name = plain_name(question.names[world.countries[n]])
        apart = [path.name for path in others if _differs(made, first.name, path.name, n)]
        rows.append(_row(usual, [n], size, name, first.name if apart else everywhere))
        rows += [_row(made.growth[other], [n], size, name, other) for other in apart]
    if rest:
        rows.append(_row(usual, rest, size, say("chapter.growth.others"), everywhere))
    middle = _middle(usual)
    return ChapterTable(
        key="future-growth",
        title=say("chapter.growth.table"),
        subtitle=say("chapter.growth.subtitle", base=made.base_year, middle=middle, last=made.years[-1]),
        columns=heads("growth.head", GROWTH),
        rows=tuple(rows),
        source=source,
        notes=(say("chapter.growth.real"), say("chapter.growth.given")),
        most=LARGEST,
        terminal=("economy", "scenario", "early", "late"),
    )


def _differs(made: Outlook, one: str, other: str, n: int) -> bool:
    """Whether two scenarios let an economy grow unlike."""
    return not np.array_equal(made.growth[one].percent[:, n], made.growth[other].percent[:, n])


def _middle(growth: Growth) -> int:
    """Year that parts the path into two halves."""
    return growth.years[len(growth.years) // 2 + 1] if len(growth.years) > 2 else growth.years[-1]


def _row(growth: Growth, places: list[int], size: FloatArray, name: str, scenario: str) -> tuple[Cell, ...]:
    """Mean growth of one or of several economies, weighted by value added of the base year."""
    at = growth.years.index(_middle(growth))
    level = growth.levels()[:, places] @ size[places]
    halves = [
        100.0 * float((level[end] / level[start]) ** (1.0 / (end - start)) - 1.0) if end > start else None
        for start, end in ((0, at), (at, len(growth.years) - 1))
    ]
    if len(places) == 1:
        spread = float(growth.spread[1:, places[0]].mean())
        return (name, scenario, *halves, spread, _said(growth, places[0]))
    assumed = sum("assumption" in growth.status[:, n] for n in places)
    carried = sum("extrapolated" in growth.status[:, n] for n in places)
    told = say("chapter.growth.rest", assumed=assumed, count=len(places), carried=carried)
    parts = growth.spread[1:, places].mean(axis=0) * size[places] / size[places].sum()
    return name, scenario, *halves, float(np.sqrt((parts**2).sum())), told  # draws move each by itself


def _said(growth: Growth, n: int) -> str:
    """Rates of one economy with their sources; years that take another year’s rate stand behind it."""
    code, said = f"{growth.countries[n]} ", dict[str, list[str]]()
    for line in growth.sources:
        if line.startswith(code):
            text, _, year = line.removeprefix(code).removesuffix(")").partition("; extrapolated: ")
            text = re.sub(rf"\({code}", "(", text.removesuffix("; published"))
            said.setdefault(text, []).extend([year] if year else [])
    return "; ".join(
        f"{text}{say('chapter.growth.carried', years=listing(years)) if years else ''}{')' if '(' in text else ''}"
        for text, years in said.items()
    ).replace(", own", say("chapter.growth.own"))
