"""Run the command line, and the one place where errors become exit codes."""

from __future__ import annotations

import errno
from importlib import import_module
from importlib.resources import files
from typing import Annotated

import typer

from suasion.cli.base import app, by_place
from suasion.cli.console import CANNOT, OK, STOPPED, UNWRITABLE, USAGE, fail, say, tell, warnings_told
from suasion.cli.groups import examples_of, order
from suasion.cli.worlds import choose, unused
from suasion.errors import OutputError, SuasionError, of_check
from suasion.files import FULL

# Every module `declare_*.py` of this room declares its commands on the application when it is imported.
for _file in sorted(entry.name for entry in files("suasion.cli").iterdir()):
    if _file.startswith("declare_") and _file.endswith(".py"):
        import_module(f"suasion.cli.{_file.removesuffix('.py')}")
order(app)


UNMAPPED = ("failed to map segment", "returned NULL without setting an exception")
"""What the system's linker says of a library for which there is no memory, and Python of an extension without any."""


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code.

    arguments: As on the command line, without the program's name.
    """
    try:
        with warnings_told():
            result = app(by_place(arguments), prog_name="suasion", standalone_mode=False)
    except OutputError as error:
        return fail(error, UNWRITABLE)
    except SuasionError as error:
        return fail(error, CANNOT)
    except typer.Exit as stop:
        return stop.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return STOPPED
    except OSError as error:
        return fail_of_system(error)
    except Exception as error:
        if isinstance(error, MemoryError) or any(one in str(error) for one in UNMAPPED):
            return fail(MemoryError("There is not enough memory for this. Ask for less at once."), CANNOT)
        code = usage_code(error)
        if code is None:
            raise
        return code
    if unused():
        tell(f"note: --world {unused()} plays no part in this command.")
    return result if isinstance(result, int) else OK


def fail_of_system(error: OSError) -> int:
    """Report an error of disk, path or network that no reader put into words, and return its exit code."""
    where = f"{error.filename}: " if error.filename else ""
    full = error.errno in FULL or error.errno == errno.EROFS
    advice = (
        "Free space, or choose another folder" if full else "Check that it is there and that you may use it"
    )
    said = OSError(f"{where}{error.strerror or error or type(error).__name__}. {advice}.")
    return fail(said, UNWRITABLE if full else CANNOT)


def usage_code(error: Exception) -> int | None:
    """Print a usage error of the parser as one line and return its exit code; None for any other error."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if show is None or not isinstance(code, int):
        return None
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError" or context is None:
        show()
    else:
        said = " ".join(of_check(error.format_message()).split())  # type: ignore[attr-defined]
        said += given_to(error, said)
        said = why_lacking(str(context.info_name), str(getattr(error, "option_name", ""))) or said
        examples = examples_of(str(context.info_name))
        example = f" For example: suasion {examples[0]}" if examples else ""
        tell(
            f"suasion: {said}{'' if said.endswith(('.', '?')) else '.'}{example} ({context.command_path} --help)"
        )
    return USAGE if code == USAGE else code


def why_lacking(command: str, option: str) -> str:
    """Why a question has not an option that others have; "" where there is no such reason."""
    from suasion.questions import QUESTIONS

    lacks = QUESTIONS[name].lacks if (name := command.replace("-", "_")) in QUESTIONS else None
    why = (lacks or {}).get(option.strip("-").replace("-", "_"), "")
    return why and f"{command} has no option {option}: {why}."


def given_to(error: Exception, said: str) -> str:
    """The value that an option did not take, which the parser keeps in the cause of its error; "" if it is said."""
    errors = getattr(error.__cause__, "errors", None)
    value = repr(errors()[0]["input"]) if errors else ""
    return f", not {value:.80}" if value and value not in said else ""


_World = Annotated[
    str,
    typer.Option(
        "--world",
        envvar="SUASION_WORLD",
        help="World to work on: the YEAR of an embedded one (2011 to 2024), DATASET:YEAR such as "
        "wiod13:2011, or a file that `nowcast` wrote; without it the latest with totals of all pairs.",
        show_default=False,
    ),
]

_Tariffs = Annotated[
    str,
    typer.Option(
        "--tariffs",
        help="Tariffs of that world: applied, the usual of embedded years, or zero, as the tables have them.",
        show_default=False,
    ),
]

_Day = Annotated[
    str,
    typer.Option(
        "--day",
        help="In place of a world: the one in force on this day, as 2026-07-22, with its tariffs.",
        show_default=False,
    ),
]


@app.callback(invoke_without_command=True)
def root(
    world: _World = "",
    tariffs: _Tariffs = "",
    day: _Day = "",
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Measure and simulate dependence and leverage between states."""
    choose(world, tariffs, day)
    if version:
        from suasion import __version__

        say(__version__)
        raise typer.Exit(OK)
