"""``suasion demo``: four answers in ten seconds, each with the command that asks for the whole."""

from __future__ import annotations

from typing import Any

from suasion.answers.answer import Answer
from suasion.answers.render.lines import title_of
from suasion.cli.console import OK, progress, say
from suasion.cli.worlds import chosen_world
from suasion.questions import QUESTIONS

ASKED: tuple[tuple[str, tuple[str, ...], dict[str, Any]], ...] = (
    ("dependence", ("DEU", "CHN"), {}),
    ("exit_cost", ("RUS", "CHN"), {"horizon": "long", "audience": ()}),
    ("alliance", ("RUS", "CHN"), {"by": (2030,)}),
    ("share", ("RUS", "CHN"), {"years": (2030,)}),
)
"""Questions that take no minute, with what they are asked."""


def run_demo() -> int:
    """Ask the four, and print of each the question, its first finding, and the command."""
    world = chosen_world()
    with progress("Demo") as step:
        for place, (name, states, options) in enumerate(ASKED):
            question = QUESTIONS[name]
            step(place, len(ASKED), question.command)
            takes = any(one.name == "world" for one in question.parameters)
            answer = question.ask(*states, **options, **({"world": world} if takes else {}))
            say("\n".join(_lines(answer)))
    return OK


def _lines(answer: Answer) -> list[str]:
    import textwrap

    found = [textwrap.fill(one.sentence(), 80) for one in answer.few(1)[:1]]
    command = answer.run.command if answer.run else ""
    return [title_of(answer), "", *found, "", f"  {command}", ""]
