"""Commands that serve, solve many scenarios, or write worlds and scenario files: what they take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Printed, app
from suasion.cli.console import Format


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.", min=0, max=65535)] = 8000,
    workers: Annotated[int, typer.Option(help="Processes that solve; one more does long jobs.", min=1)] = 2,
    cache: Annotated[
        Path | None, typer.Option(help="Folder of results and waiting jobs.", show_default=False)
    ] = None,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="Host name to answer under, beside local ones; `*` for any.")
    ] = None,
    ahead: Annotated[
        bool, typer.Option(help="Make what is asked most before anybody asks, while the machine is idle.")
    ] = True,
) -> None:
    """Serve the web application: dossiers, scenarios, leverage, raw materials, and the API."""
    from suasion.cli.serve import run_serve

    run_serve(host, port, workers, cache, allow_host or [], ahead=ahead)


@app.command()
def edition(
    pairs: Annotated[
        str, typer.Option(help="Pairs with a page: RUS-CHN,USA-CHN, or `all`.", show_default=False)
    ],
    out: Annotated[
        Path, typer.Option(help="Folder: new, empty, or with an earlier edition.", show_default=False)
    ],
    audience: Annotated[
        str, typer.Option(help="Third parties of the dossiers, comma-separated; `none` for none.")
    ] = "USA,EU",
    bands: Annotated[bool, typer.Option("--bands", help="Dossiers with 90 % bands (slower).")] = False,
    holders: Annotated[
        str, typer.Option(help="Further states and groups with a page of leverage, comma-separated; `all`.")
    ] = "",
    languages: Annotated[
        str, typer.Option(help="Further languages, comma-separated: `de` lies in de/.")
    ] = "",
    also: Annotated[
        str, typer.Option(help="What each pair has too: pdf (briefing), html (one file), svg (pictures).")
    ] = "",
    address: Annotated[
        str, typer.Option(help="Where it will lie: for the sitemap, the feed and cards.")
    ] = "",
    workers: Annotated[int, typer.Option(min=0, help="Processes on this machine; 0 for none but this.")] = 0,
    cluster: Annotated[str, typer.Option(help="Address of a Dask scheduler to make it on.")] = "",
) -> int:
    """Write pages, cards and data of pairs as files that need no server of ours; asked again, it goes on."""
    from suasion.cli.serve import run_edition

    return run_edition(
        pairs, out, audience=audience, bands=bands, holders=holders, languages=languages, also=also, address=address,
        workers=workers, cluster=cluster,
    )  # fmt: skip


@app.command()
def mcp() -> None:
    """Answer an assistant over the Model Context Protocol, on standard input and output: every question is a tool."""
    from suasion.cli.assistant import run_assistant

    run_assistant()


@app.command()
def demo() -> int:
    """Show in ten seconds what there is: a dependence, a break, a pact, a share to come, with the commands that ask."""
    from suasion.cli.demo import run_demo

    return run_demo()


@app.command()
def sweep(
    grid: Annotated[Path, typer.Argument(help="Grid file (YAML).", show_default=False)],
    out: Annotated[Path, typer.Option(help="Folder of the data set.", show_default=False)],
    workers: Annotated[
        int | None,
        typer.Option(
            help="Processes on this machine, 0 for none but this; by default one a core.", show_default=False
        ),
    ] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler to solve on.", show_default=False)
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the sweep in the folder.")] = False,
    into: Annotated[
        bool, typer.Option("--into", help="Put the sweep beside other files in the folder.")
    ] = False,
    chunk: Annotated[
        int | None,
        typer.Option(help="Most tasks solved together; by default 64 to 1024.", show_default=False),
    ] = None,
    form: Printed = Format.table,
) -> None:
    """Solve a grid of scenarios, here or on a cluster, and keep the losses as a Parquet data set."""
    from suasion.cli.sweep import run_sweep_command

    run_sweep_command(grid, out, workers, cluster, resume=resume, into=into, chunk=chunk, form=form)


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
    from suasion.cli.world_files import run_nowcast

    run_nowcast(totals, year, out, growth, form=form)


@app.command()
def with_tariffs(
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
    from suasion.cli.world_files import run_tariffs

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
    from suasion.cli.world_files import run_measures

    run_measures(table, out, day, by, on, coverage)
