"""Commands on alignment and the ladder to alliance."""

from __future__ import annotations

from typing import Annotated

import typer

from suasion.cli.base import Output, Printed, State, app
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


@app.command()
def ladder(
    a: State,
    b: State,
    start: Annotated[int, typer.Option("--from", min=FIRST, max=LAST, help="First year.")] = 1992,
    end: Annotated[int, typer.Option("--to", min=FIRST, max=LAST, help="Last year.")] = LAST,
    show: Annotated[str, typer.Option(help="`path`, `evidence`, `events` or `scale`.")] = "path",
    patrols: Annotated[
        str, typer.Option(help="Count joint patrols of bombers and warships as `operations` or `exercises`.")
    ] = "operations",
    chart: Output = None,
    on_map: Annotated[
        str,
        typer.Option(
            "--map", help="Draw exercises and operations on a map (.svg or .png).", show_default=False
        ),
    ] = "",
    form: Printed = Format.table,
) -> None:
    """Show on which rungs to an alliance two states stand, year by year, and on what evidence."""
    from suasion.cli.align import run_ladder

    run_ladder(a, b, (start, end), show, patrols, chart=chart, on_map=on_map, form=form)
