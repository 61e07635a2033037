"""The command on defence pacts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Printed, State, app
from suasion.cli.console import Format


@app.command()
def alliance(
    a: State,
    b: State,
    years: Annotated[str, typer.Option(help="Horizons in years, with commas.")] = "1,5,10",
    as_of: Annotated[int, typer.Option(help="Year from whose end the horizons count.")] = 2025,
    folder: Annotated[
        Path | None,
        typer.Option(
            help="Folder with the published data sets; else the store, else what ships.", show_default=False
        ),
    ] = None,
    show: Annotated[str, typer.Option(help="`within`, `kinds`, `movers` or `skill`.")] = "within",
    form: Printed = Format.table,
) -> None:
    """Show how likely two states are to sign a defence pact (or to end theirs), beside the base rate and the skill."""
    from suasion.cli.alliance import run_alliance

    run_alliance(a, b, years, as_of, folder, show, form=form)
