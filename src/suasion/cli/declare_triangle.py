"""The command on triangles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Printed, State, app
from suasion.cli.console import Format


@app.command()
def triangle(
    a: State,
    b: State,
    c: State,
    by: Annotated[
        str, typer.Option(help="What makes an edge: `votes` (ideal points) or `ties` (pacts and rivalries).")
    ] = "votes",
    ideal_points: Annotated[
        Path | None,
        typer.Option(
            help="Published ideal points, the file or its folder; else the store; else our own.",
            show_default=False,
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(help="Folder with ATOP, rivalries, list of states; else the store.", show_default=False),
    ] = None,
    pledge: Annotated[
        str,
        typer.Option(help="What makes a pact: defence, offence, neutrality, nonaggression, consultation."),
    ] = "defence",
    year: Annotated[
        int | None, typer.Option(help="Show all thresholds for this year (votes).", show_default=False)
    ] = None,
    factor: Annotated[float, typer.Option(help="Threshold, as a multiple of the median distance.")] = 1.0,
    seed: Annotated[int, typer.Option(help="Seed of the draws.", min=0)] = 0,
    form: Printed = Format.table,
) -> None:
    """Show what triangle three powers form, year by year, and how that depends on the threshold."""
    from suasion.cli.triangle import run_ties, run_triangle

    if by == "ties":
        run_ties((a, b, c), folder, pledge, form=form)
    elif by == "votes":
        run_triangle((a, b, c), ideal_points, year=year, factor=factor, seed=seed, form=form)
    else:
        raise typer.BadParameter(f"{by!r} is neither `votes` nor `ties`.", param_hint="--by")
