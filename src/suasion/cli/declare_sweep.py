"""The command that solves a grid of scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Printed, app
from suasion.cli.console import Format


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
    chunk: Annotated[
        int | None,
        typer.Option(help="Most tasks solved together; by default 64 to 1024.", show_default=False),
    ] = None,
    form: Printed = Format.table,
) -> None:
    """Solve a grid of scenarios, here or on a cluster, and keep the losses as a Parquet data set."""
    from suasion.cli.sweep import run_sweep_command

    run_sweep_command(grid, out, workers, cluster, resume=resume, chunk=chunk, form=form)
