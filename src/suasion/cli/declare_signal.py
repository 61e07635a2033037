"""Commands on signals and triangles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Output, Printed, State, app
from suasion.cli.console import Format

Draws = Annotated[int, typer.Option(help="Draws over the ranges of all judgements.", min=100, max=100_000)]
Seed = Annotated[int, typer.Option(help="Seed of the draws.", min=0)]


@app.command()
def signal(
    file: Annotated[
        str, typer.Argument(help="Ledger (YAML), or a name: russia_china_2014_2020.", show_default=False)
    ],
    show: Annotated[
        str, typer.Option(help="`path`, `values`, `sensitivity`, `rectangle`, `needed` or `sources`.")
    ] = "path",
    prior: Annotated[
        str,
        typer.Option(
            help="Another prior: a probability; value,low,high; or RUS,CHN,10: a pact within 10 years by the model.",
            show_default=False,
        ),
    ] = "",
    target: Annotated[float, typer.Option(help="Probability whose price in evidence is given.")] = 0.5,
    draws: Draws = 2000,
    seed: Seed = 0,
    chart: Output = None,
    form: Printed = Format.table,
) -> None:
    """Weigh a ledger of signals: posterior over time, worth of each item, what every judgement moves."""
    from suasion.cli.signal import run_signal

    run_signal(file, show, prior, target, draws=draws, seed=seed, chart=chart, form=form)


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
    seed: Seed = 0,
    form: Printed = Format.table,
) -> None:
    """Show what triangle three powers form, year by year, and how that depends on the threshold."""
    from suasion.cli.signal import run_ties, run_triangle

    if by == "ties":
        run_ties((a, b, c), folder, pledge, form=form)
    elif by == "votes":
        run_triangle((a, b, c), ideal_points, year=year, factor=factor, seed=seed, form=form)
    else:
        raise typer.BadParameter(f"{by!r} is neither `votes` nor `ties`.", param_hint="--by")
