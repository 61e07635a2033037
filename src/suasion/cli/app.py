"""The commands, and the one place where errors become exit codes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from suasion.cli.console import Format, fail, say
from suasion.errors import OutputError, SuasionError

OK, CANNOT, USAGE, UNWRITABLE = 0, 1, 2, 3

app = typer.Typer(
    name="suasion",
    help="Who depends on whom, who can pressure whom, and what would change it.",
    epilog="Exit codes: 0 done, 1 no answer (the message says why), 2 wrong usage, 3 a file cannot be written.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
data_app = typer.Typer(
    help="Embedded data sets: what they are and where they come from.", no_args_is_help=True
)
app.add_typer(data_app, name="data")

State = Annotated[str, typer.Argument(help="A state: ISO code or English name.", show_default=False)]
Output = Annotated[Path | None, typer.Option(help="Write it to this file.", show_default=False)]
Printed = Annotated[Format, typer.Option("--format", help="What goes to stdout.")]
Deficits = Annotated[str, typer.Option(help="Deficit rule: balance, world, gdp or eliminate.")]


def main() -> None:
    """Run the command line; every error of Suasion becomes one clean line and an exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    Parameters
    ----------
    arguments : list of str
        As on the command line, without the program's name.
    """
    try:
        result = app(arguments, prog_name="suasion", standalone_mode=False)
    except OutputError as error:
        return fail(error, UNWRITABLE)
    except SuasionError as error:
        return fail(error, CANNOT)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return CANNOT
    except Exception as error:
        code = usage_code(error)
        if code is None:
            raise
        return code
    return result if isinstance(result, int) else OK


def usage_code(error: Exception) -> int | None:
    """Print a usage error of the parser and return its exit code; None for any other error."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if show is None or not isinstance(code, int):
        return None
    show()
    return USAGE if code == USAGE else code


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Measure and simulate dependence and leverage between states."""
    if version:
        from suasion import __version__

        say(__version__)
        raise typer.Exit(OK)


@app.command()
def dyad(
    a: State,
    b: State,
    audience: Annotated[
        str, typer.Option(help="Third parties, comma-separated; `none` for none.")
    ] = "USA,EU",
    bands: Annotated[
        bool, typer.Option("--bands", help="Add 90 % bands over elasticity draws (slower).")
    ] = False,
    html: Output = None,
    json: Output = None,
    form: Printed = Format.table,
    deficits: Deficits = "balance",
) -> None:
    """Write the dossier on two states: who depends on whom, and what a break would cost."""
    from suasion.cli.commands import run_dyad

    run_dyad(a, b, audience, bands=bands, html=html, json_path=json, form=form, deficits=deficits)


@app.command()
def simulate(
    file: Annotated[Path, typer.Argument(help="Scenario file (YAML).", show_default=False)],
    horizon: Annotated[str, typer.Option(help="`short`, `long` or years since the shock.")] = "long",
    deficits: Deficits = "balance",
    form: Printed = Format.table,
    html: Output = None,
) -> None:
    """Simulate a scenario file: what it does to every economy."""
    from suasion.cli.commands import run_simulate

    run_simulate(file, horizon, deficits, form=form, html=html)


@app.command()
def depend(
    a: State,
    on: Annotated[str, typer.Option("--on", help="The state it may depend on.", show_default=False)],
    form: Printed = Format.table,
) -> None:
    """Show how dependent one state is on another: shares, materials, published totals."""
    from suasion.cli.commands import run_depend

    run_depend(a, on, form=form)


@data_app.command("list")
def data_list(form: Printed = Format.table) -> None:
    """List the embedded files with their sources."""
    from suasion.cli.commands import run_data_list

    run_data_list(form=form)


@data_app.command("info")
def data_info(
    name: Annotated[str, typer.Argument(help="A name that `data list` shows.", show_default=False)],
) -> None:
    """Show source, licence, transformation and caveat of one embedded file."""
    from suasion.cli.commands import run_data_info

    run_data_info(name)
