"""The application itself and the option types that commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from suasion.cli.console import Format
from suasion.types import DeficitRule

app = typer.Typer(
    name="suasion",
    help="Who depends on whom, who can pressure whom, and what would change it.",
    epilog="Exit codes: 0 done, 1 no answer (the message says why), 2 wrong usage, 3 a file cannot be written, "
    "130 stopped by Ctrl-C.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
data_app = typer.Typer(help="Data sets: what they are and where they come from.", no_args_is_help=True)
app.add_typer(data_app, name="data")
world_app = typer.Typer(help="Tables of your own: checked, and made into a world.", no_args_is_help=True)
app.add_typer(world_app, name="world")

State = Annotated[str, typer.Argument(help="A state: ISO code or English name.", show_default=False)]
Side = Annotated[
    str,
    typer.Argument(
        help="A state, or a group such as EU or SAU+ARE: ISO code or English name.", show_default=False
    ),
]
Output = Annotated[Path | None, typer.Option(help="Write it to this file.", show_default=False)]
Printed = Annotated[Format, typer.Option("--format", help="What goes to stdout.")]
Deficits = Annotated[DeficitRule, typer.Option(help="Deficit rule: balance, world, gdp or eliminate.")]

OLDER = {"levers": "--on", "replace": "--from"}
"""Options that name states which stand by place now."""


def by_place(arguments: list[str]) -> list[str]:
    """Arguments with the states of an older option by place, after all others."""
    option = next((OLDER[word] for word in arguments if word in OLDER), "")
    words = [
        part
        for one in arguments
        for part in (one.split("=") if option and one.startswith(f"{option}=") else [one])
    ]
    if not option or option not in words[:-1]:
        return arguments
    at = words.index(option)
    return [*words[:at], *words[at + 2 :], *words[at + 1].split(",")]


ASKED_BY: dict[str, dict[str, Any]] = {
    "outlook-": {"scenario": ["persist", "deepen", "lifted"]},
    "outlook-levels": {"levels": True},
}
"""Beginnings of the names of tables that an answer has where something is asked for, and what."""
