"""Command on all pairs of states at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Deficits, Printed, app
from suasion.cli.console import Format


@app.command()
def leverage(
    pairs: Annotated[
        str, typer.Option(help="`all`, or a list such as `RUS:CHN,USA+EU:CHN`: who acts : on whom.")
    ] = "all",
    coalition: Annotated[
        list[str] | None,
        typer.Option(help="A further side, `NAME=USA+EU+JPN`. Repeatable.", show_default=False),
    ] = None,
    instrument: Annotated[
        str, typer.Option(help="`embargo`, `export_ban`, `import_ban` or `tariff`.")
    ] = "embargo",
    rate: Annotated[float, typer.Option(help="Added by a tariff; 0.1 is ten percentage points.")] = 0.1,
    horizon: Annotated[
        str, typer.Option(help="`months`, `short` (first year), `long`, `both`, or years since the act.")
    ] = "long",
    deficits: Deficits = "balance",
    given: Annotated[
        Path | None, typer.Option(help="Scenario file (YAML) already in force.", show_default=False)
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write all pairs to this .csv or .parquet file.", show_default=False)
    ] = None,
    chart: Annotated[
        Path | None,
        typer.Option(help="Draw the heat map to this .svg, .png or .html file.", show_default=False),
    ] = None,
    extremes: Annotated[
        bool, typer.Option("--extremes", help="Print each state's most dangerous and most harmless partner.")
    ] = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Compute anew, keep nothing.")] = False,
    count: Annotated[int, typer.Option(min=1, help="How many pairs to print.")] = 20,
    form: Printed = Format.table,
) -> None:
    """Show what every state loses when cut off from every other one: all pairs at once."""
    from suasion.cli.leverage import Asked, run_leverage

    asked = Asked(
        pairs, tuple(coalition or ()), instrument, rate, horizon, deficits, given, cache=not no_cache
    )
    run_leverage(asked, out, chart, extremes=extremes, count=count, form=form)
