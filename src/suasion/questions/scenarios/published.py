"""What others published for the measures of a scenario, beside ours, and why the two differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from suasion.answers import Table
from suasion.coercion.published import FigureBeside
from suasion.equilibrium import Scenario
from suasion.questions.published import BRIEF, COLUMNS, row_of
from suasion.questions.scenarios.instruments import BUNDLES
from suasion.questions.scenarios.runs import LABELS, ScenarioRun
from suasion.sources import expand, is_group
from suasion.sources.estimates import ALL, PublishedFigure, register
from suasion.world import World

NEAR = 0.2
"""A figure on a size is shown for sizes at most this part away. Assumption: further off it is another question."""
BANS = {"embargo", "import_ban", "export_ban"}
"""A ban on what one side sells and one on what the other buys are asked for in each other's words."""
SIZES = ("rate", "factor", "removed", "share")


def published_table(world: World, scenario: Scenario, runs: Sequence[ScenarioRun]) -> Table:
    """Figures for the same question; no row where there is none.

    world: Solved here.
    scenario: What happens.
    runs: Its horizons.
    """
    year = world.year if scenario.year is None else scenario.year
    asked = [item.to_dict() for item in scenario.instruments]
    settings = {key for key, one in register().scenario.items() if _fits(one.instruments, asked, year)}
    found = [
        _beside(one, world, runs, year)
        for one in register().figure
        if one.scenario in settings and one.years in LABELS and ALL not in one.economies
    ]
    return Table.of(
        "found",
        COLUMNS,
        ({"figure": place, **row_of(one)} for place, one in enumerate(found, 1)),
        axes="figure",
        brief=BRIEF,
    )


def _beside(one: PublishedFigure, world: World, runs: Sequence[ScenarioRun], year: int) -> FigureBeside:
    run = next((run for run in runs if run.label == LABELS[one.years] and run.solved), None)
    codes = [code for code in expand(one.economies, year) if code in world.countries]
    loss = run.loss(codes)["loss_percent"] if run and codes else None
    return FigureBeside(one, None if loss is None else -loss, world.year)


def _fits(instruments: Sequence[Mapping[str, Any]], asked: Sequence[Mapping[str, Any]], year: int) -> bool:
    """Whether each instrument is asked for, and nothing else."""
    if not instruments or len(instruments) != len(asked):
        return False
    return all(_same(*pair, year) for pair in zip(instruments, asked, strict=True))


def _same(theirs: Mapping[str, Any], ours: Mapping[str, Any], year: int) -> bool:
    kinds = {theirs["type"], ours["type"]}
    sizes = [(theirs[name], ours[name]) for name in SIZES if name in theirs and name in ours]
    return (
        (len(kinds) == 1 or kinds <= BANS)
        and _goods(theirs.get("sectors")) == _goods(ours.get("sectors"))
        and theirs.get("direction", "both") == ours.get("direction", "both")
        and theirs.get("use") == ours.get("use")
        and all(abs(here - there) <= NEAR * abs(there) for there, here in sizes)
        and all(_among(name, ours["senders"], year) for name in theirs["senders"])
        and all(_among(name, ours["targets"], year) for name in theirs["targets"])
    )


def _goods(sectors: Sequence[str] | None) -> set[str]:
    """Industries by code; all goods and no list at all are the same where nothing else can be taxed."""
    found = set(sectors or ())
    return set() if found == set(BUNDLES["goods"]) else found


def _among(name: str, sides: str | Sequence[str], year: int) -> bool:
    """Whether a side is named, by itself or in a group; a group only by itself."""
    named = [sides] if isinstance(sides, str) else list(sides)
    if name in named or name == ALL or is_group(name):
        return name in named
    return any(is_group(side) and name in expand([side], year) for side in named)
