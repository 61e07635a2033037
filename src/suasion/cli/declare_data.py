"""Commands on data sets: what there is, where it comes from, fetching, adding, checking."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.base import Printed, data_app
from suasion.cli.console import Format

Name = Annotated[str, typer.Argument(help="A name that `data list` shows.", show_default=False)]
Store = Annotated[
    Path | None,
    typer.Option(
        help="Folder of your data; else the variable SUASION_DATA, else your data folder.", show_default=False
    ),
]


@data_app.command("list")
def data_list(store: Store = None, form: Printed = Format.table) -> None:
    """List the data sets, those inside the package and those to fetch or add, and which of them you have."""
    from suasion.cli.data import run_list

    run_list(store, form=form)


@data_app.command("info")
def data_info(name: Name, store: Store = None, form: Printed = Format.table) -> None:
    """Show source, licence, citation, file and state of one data set or embedded file."""
    from suasion.cli.data import run_info

    run_info(name, store, form=form)


@data_app.command("fetch")
def data_fetch(
    name: Name,
    year: Annotated[
        int | None, typer.Option(help="Year, for data sets with a file a year.", show_default=False)
    ] = None,
    store: Store = None,
    address: Annotated[
        str, typer.Option("--from", help="Another address than the catalogue's.", show_default=False)
    ] = "",
    timeout: Annotated[float, typer.Option(help="Seconds to wait for the next piece.", min=0.1)] = 60.0,
) -> None:
    """Fetch a data set from its address; if that fails, say how to get it by hand."""
    from suasion.cli.data import run_fetch

    run_fetch(name, year, store, address, timeout)


@data_app.command("add")
def data_add(
    name: Name,
    paths: Annotated[
        list[Path], typer.Argument(help="Files already downloaded, or their folder.", show_default=False)
    ],
    store: Store = None,
) -> None:
    """Check files with the data set's reader and copy them into your data."""
    from suasion.cli.data import run_add

    run_add(name, paths, store)


@data_app.command("verify")
def data_verify(store: Store = None, form: Printed = Format.table) -> None:
    """Check every file of your data, and the embedded ones, against their checksums."""
    from suasion.cli.data import run_verify

    run_verify(store, form=form)
