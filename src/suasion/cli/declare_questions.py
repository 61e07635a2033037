"""Commands of all questions, with their arguments, help and defaults, and the options that stand for a scenario."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from suasion.cli.base import Printed, app
from suasion.cli.console import Format
from suasion.errors import InputError
from suasion.instruments import instruments, spoken
from suasion.questions import QUESTIONS, Question
from suasion.questions.question import FILLED, LISTS, Courses, Parameter, ScenarioText

ALIASES = {"alignment": "align", "dated_measures": "measures", "replaceability": "replace"}
"""Other names of commands."""
OLD_NAMES = {"start": "--from", "end": "--to", "weights": "--lambda"}
"""Other names of options, which were theirs before and are words of the language."""


def command_of(question: Question) -> Callable[..., int]:
    """Return a command whose signature is that of the question, with the choice of a table and of a format."""
    measured = _measured(question)

    def command(**given: Any) -> int:
        from suasion.cli.questions import run_question

        if measured:
            given[measured] = _scenario_of(given, measured, given.pop("context"))
        return run_question(question, given)

    kind, keyword = inspect.Parameter, inspect.Parameter.KEYWORD_ONLY
    show = typer.Option(help="Which table; the main one without.", show_default=False)
    chart = typer.Option(help="Draw the table to this file (.svg, .png).", show_default=False)
    out = typer.Option(
        "--out",
        "--html",
        help="Write the whole answer to this file (.html, .json, .csv, .md, .txt, .xlsx, .zip).",
        show_default=False,
    )
    own = [
        *(
            kind(one.name, keyword, annotation=_annotation(one, one.name == measured), **_default(one))
            for one in question.parameters
            if one.name not in FILLED
        ),
        *(
            kind(name, keyword, annotation=Annotated[list[str] | None, _measure(name)], default=None)
            for name in (spoken() if measured else ())
        ),
        *((kind("context", keyword, annotation=typer.Context),) if measured else ()),
        kind("show", keyword, annotation=Annotated[str, show], default=""),
        kind("chart", keyword, annotation=Annotated[Path | None, chart], default=None),
        kind("out", keyword, annotation=Annotated[Path | None, out], default=None),
        kind("form", keyword, annotation=Printed, default=Format.table),
    ]
    command.__signature__ = inspect.Signature(own)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in own}
    command.__doc__ = question.summary
    return command


def _measured(question: Question) -> str:
    """Name of the scenario that a question cannot do without; empty where it can."""
    return next((one.name for one in question.parameters if one.kind is ScenarioText and one.required), "")


def _measure(kind: str) -> Any:
    return typer.Option(
        help="Repeatable; may end in goods.",
        metavar=example_of(kind),
        show_default=False,
        rich_help_panel="Measures, in place of a scenario",
    )


def _scenario_of(given: dict[str, Any], name: str, context: typer.Context) -> str:
    """The scenario as it is given, or the lines that measures as options stand for."""
    lines = [line_of(kind, text) for kind in spoken() for text in given.pop(kind) or ()]
    if bool(lines) == bool(given[name]):
        context.fail(f"Give either {name.upper()} or measures as options.")
    return "; ".join(lines) or str(given[name])


def _annotation(one: Parameter, either: bool = False) -> Any:
    if one.required:
        return Annotated[str | None if either else str, typer.Argument(help=one.help, show_default=False)]
    listed = one.kind in LISTS
    names = (f"--{one.name.replace('_', '-')}", OLD_NAMES[one.name]) if one.name in OLD_NAMES else ()
    least, most = one.limits or (None, None)
    option = typer.Option(
        *names, help=one.help, show_default=one.default not in (None, ""), min=least, max=most
    )
    if one.kind is Courses:  # it may be repeated
        return Annotated[list[str] | None, option]
    plain = one.kind.__origin__ if hasattr(one.kind, "__metadata__") else one.kind
    kinds = [kind for kind in get_args(plain) if isinstance(kind, type) and kind is not type(None)]
    return Annotated[str if listed else kinds[0] | None if kinds else plain, option]


def _default(one: Parameter) -> dict[str, Any]:
    if one.required:
        return {"default": None} if one.kind is ScenarioText else {}
    if one.kind is Courses:
        return {"default": None}
    return {"default": ",".join(map(str, one.default)) if isinstance(one.default, tuple) else one.default}


_SIZE = re.compile(r"[-+]?\d+(?:\.\d+)?%?")


def example_of(kind: str) -> str:
    """Return what an option may hold, as its help shows it.

    kind: Of :func:`suasion.instruments.spoken`.
    """
    return instruments()[kind]["example"]


def line_of(kind: str, text: str) -> str:
    """Return the line of a scenario that an option stands for.

    kind: Of :func:`suasion.instruments.spoken`.
    text: Who, on whom, how much and in what, with colons between; who, how much and in what as far as the
      kind has them.
    Raises InputError if it has other parts.
    """
    parts = [part.strip() for part in text.split(":")]
    example = example_of(kind).split(":")
    sized = bool(_SIZE.fullmatch(example[-1]))
    count = len(example[:-1] if sized else example)
    sides, rest = parts[:count], parts[count:]
    size = rest.pop(0).removesuffix("%") if rest and _SIZE.fullmatch(rest[0]) else ""
    if not all(parts) or len(sides) != count or len(rest) > 1 or bool(size) != sized:
        option, shown = f"--{kind.replace('_', '-')}", example_of(kind)
        raise InputError(
            f"{option} {text!r} cannot be read; write {option} {shown}, with goods {shown}:chips."
        )
    who = " ".join((*sides[:-1], "on", sides[-1]))
    return " ".join(filter(None, (kind, size, who, f"in {rest[0]}" if rest else "")))


for _question in QUESTIONS.values():
    app.command(_question.command)(command_of(_question))
    if _question.name in ALIASES:
        app.command(ALIASES[_question.name], hidden=True)(command_of(_question))
