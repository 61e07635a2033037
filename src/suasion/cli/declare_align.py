"""Command on alignment."""

from __future__ import annotations

from typing import Annotated

import typer

from suasion.cli.base import Printed, State, app
from suasion.cli.console import Format

FIRST, LAST = 1816, 2025
"""Years of which states and pacts are known."""


@app.command()
def align(
    a: State,
    b: State,
    year: Annotated[
        int,
        typer.Option(min=FIRST, max=LAST, help="Year of the pacts; votes are of their last year up to it."),
    ] = LAST,
    show: Annotated[str, typer.Option(help="`measures`, `issues` or `all`.")] = "all",
    salience: Annotated[
        str,
        typer.Option(
            help="Weights of disputes for one side, such as RUS:crimea=3,taiwan=1; several with a semicolon.",
            show_default=False,
        ),
    ] = "",
    form: Printed = Format.table,
) -> None:
    """Show how aligned two states are: pacts, organizations, votes, ideal points, and issue by issue."""
    from suasion.cli.align import run_align

    run_align(a, b, year, show, salience, form=form)
