"""Commands on tables of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Printed, world_app
from suasion.cli.console import Format


@world_app.callback()
def world() -> None:
    """Tables of your own: checked, and made into a world."""


@world_app.command("check")
def world_check(
    file: Annotated[
        Path,
        typer.Argument(
            help="CSV of an input-output table, long or wide; or a world (.npz).", show_default=False
        ),
    ],
    year: Annotated[int | None, typer.Option(help="Year of the table.", show_default=False)] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Write the world to this file (.npz), for --world.", show_default=False),
    ] = None,
    form: Printed = Format.table,
) -> None:
    """Say how a table is read, show a preview, and name what in it cannot be or is unlike any published table."""
    from suasion.cli.world_check import run_check

    run_check(file, year, out, form=form)
