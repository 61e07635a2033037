"""The command that starts the web application."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import app


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
) -> None:
    """Serve the web application: dossiers, scenarios, leverage, raw materials, and the API."""
    from suasion.cli.serve import run_serve

    run_serve(host, port, workers, cache, allow_host or [])


@app.command()
def site(
    pairs: Annotated[str, typer.Option(help="Pairs with a dossier: RUS-CHN,USA-CHN.", show_default=False)],
    out: Annotated[
        Path, typer.Option(help="Folder: new, empty, or with an earlier site.", show_default=False)
    ],
    audience: Annotated[
        str, typer.Option(help="Third parties of the dossiers, comma-separated; `none` for none.")
    ] = "USA,EU",
    bands: Annotated[bool, typer.Option("--bands", help="Dossiers with 90 % bands (slower).")] = False,
    holders: Annotated[
        str, typer.Option(help="Further states and groups with a page of leverage, comma-separated; `all`.")
    ] = "",
) -> None:
    """Write dossiers, pages of their states, and who has leverage, as files that need no server of ours."""
    from suasion.cli.serve import run_site

    run_site(pairs, out, audience, bands, holders)


@app.command()
def mcp() -> None:
    """Answer an assistant over the Model Context Protocol, on standard input and output: every question is a tool."""
    from suasion.assistant import serve as answer

    answer()


@app.command()
def demo() -> int:
    """Show in ten seconds what there is: a dependence, a break, a pact, a share to come, with the commands that ask."""
    from suasion.cli.demo import run_demo

    return run_demo()
