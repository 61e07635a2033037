"""Commands that make a file of others' tables: a later world, a world with tariffs, a scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Printed, app
from suasion.cli.console import Format


@app.command()
def nowcast(
    totals: Annotated[
        Path,
        typer.Argument(
            help="CSV of totals: exporter, importer, value (all goods and services, million USD).",
            show_default=False,
        ),
    ],
    year: Annotated[int, typer.Option(help="Year of the totals.", show_default=False)],
    out: Annotated[
        Path, typer.Option(help="File of the moved world (.npz), for --world.", show_default=False)
    ],
    growth: Annotated[
        Path | None,
        typer.Option(
            help="CSV of gross output over the base's, in USD: country, factor (1.05 is 5 % more); 1 where not named.",
            show_default=False,
        ),
    ] = None,
    form: Printed = Format.table,
) -> None:
    """Move a world to later totals of trade by proportional fitting (RAS), and write it to a file."""
    from suasion.cli.nowcast import run_nowcast

    run_nowcast(totals, year, out, growth, form=form)


@app.command()
def tariffs(
    table: Annotated[
        Path,
        typer.Argument(
            help="CSV of applied rates from WITS, or one's own: importer, exporter, sector, tariff (0.1 is 10 %).",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path, typer.Option(help="File of the world with tariffs (.npz), for --world.", show_default=False)
    ],
    year: Annotated[
        int | None, typer.Option(help="Year of the rates; the last of each importer without it.")
    ] = None,
) -> None:
    """Put applied tariffs into a world, and write it to a file: trade stays, value added bears dearer inputs."""
    from suasion.cli.tariffs import run_tariffs

    run_tariffs(table, out, year)


@app.command()
def measures(
    table: Annotated[
        Path,
        typer.Argument(
            help="Table as downloaded: of Global Trade Alert (CSV, JSON), tradewartracker, or the Budget Lab at Yale.",
            show_default=False,
        ),
    ],
    out: Annotated[Path, typer.Option(help="Scenario file to write (.yaml).", show_default=False)],
    day: Annotated[str, typer.Option(help="In force on this day, as 2025-04-09.", show_default=False)] = "",
    by: Annotated[
        str, typer.Option(help="Only measures of these states or groups.", show_default=False)
    ] = "",
    on: Annotated[str, typer.Option(help="Only measures on these.", show_default=False)] = "",
    coverage: Annotated[
        float,
        typer.Option(help="Part of each flow that a measure hits; 1 is an upper bound.", min=0.0, max=1.0),
    ] = 1.0,
) -> None:
    """Write the trade measures of a table that were in force on a day as a scenario file."""
    from suasion.cli.measures import run_measures

    run_measures(table, out, day, by, on, coverage)
