"""Where the command line writes: data to stdout, everything else to stderr."""

from __future__ import annotations

import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from shutil import get_terminal_size
from textwrap import fill
from typing import Any
from unicodedata import combining, normalize

import rich.box
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from suasion.errors import OutputError, SuasionWarning

Tell = Callable[[int, int, str], None]

#: Exit codes: done; no answer; wrong usage; a file that cannot be written; stopped by Ctrl-C.
OK, CANNOT, USAGE, UNWRITABLE, STOPPED = 0, 1, 2, 3, 130

#: What a terminal without Unicode sees in place of typographic characters.
_PLAIN = str.maketrans("\u2500\u2212\u2013\u2014\u2019\u201c\u201d\u00d7", '----\'""x')


class Format(StrEnum):
    """What a command prints."""

    table = "table"
    csv = "csv"
    json = "json"


def say(text: str) -> None:
    """Write a line of data to stdout; a reader that went away is no error.

    Raises OutputError: Standard output is closed, or its disk is full.
    """
    if sys.stdout is None:
        raise OutputError("Standard output is closed.")
    line = text if text.endswith("\n") else f"{text}\n"
    try:
        sys.stdout.write(readable(line, sys.stdout.encoding))
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go()
    except (OSError, ValueError) as error:  # full, or closed on the way
        _let_go()
        raise OutputError(f"Standard output cannot be written: {error}.") from error


def check_stdout() -> None:
    """Make sure that something can be written to stdout, before the work whose result it shall hold.

    Raises OutputError: Standard output is closed, or its disk is full.
    """
    if sys.stdout is None:
        raise OutputError("Standard output is closed.")
    try:
        where = sys.stdout.fileno()
        os.write(where, b"")  # a full device says so even of nothing
    except io.UnsupportedOperation:
        return  # in memory
    except OSError as error:
        _let_go()
        raise OutputError(f"Standard output cannot be written: {error}.") from error


def readable(text: str, encoding: str | None) -> str:
    """Text as a terminal of that encoding can show it: quotes and letters become plain, what is left question marks."""
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        bare = "".join(one for one in normalize("NFKD", text.translate(_PLAIN)) if not combining(one))
        return bare.encode(encoding or "ascii", "replace").decode(encoding or "ascii")
    return text


def _let_go() -> None:
    """Point stdout nowhere, so that nothing is flushed into it at the end."""
    if not sys.stdout.closed:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(text: str) -> None:
    """Write a message to stderr, where there is one; a terminal has its words whole, later lines set in."""
    if sys.stderr is not None:
        if sys.stderr.isatty():
            text = fill(text, get_terminal_size().columns, subsequent_indent="  ", break_long_words=False)
        sys.stderr.write(readable(f"{text}\n", sys.stderr.encoding))


def clean_line(error: BaseException) -> str:
    """Message of an error on one line, without trailing space."""
    return " ".join(str(error).split()) or type(error).__name__


def fail(error: BaseException, code: int) -> int:
    """Write an error as one line to stderr and return its exit code."""
    tell(f"suasion: {clean_line(error)}")
    return code


@contextmanager
def warnings_told() -> Iterator[None]:
    """Show each warning of the package as one line on stderr, once, however often it is issued."""
    told: set[str] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("always", SuasionWarning)
        others = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *place: Any, **more: Any) -> None:
            if not issubclass(category, SuasionWarning):
                others(message, category, *place, **more)
                return
            line = " ".join(str(message).split())
            if line not in told:
                tell(f"warning: {line}")
            told.add(line)

        warnings.showwarning = show
        yield


@contextmanager
def progress(title: str) -> Iterator[Tell]:
    """Show progress and the time left on stderr while something long runs; silent where stderr is no terminal."""
    console = Console(file=sys.stderr)
    times = TimeElapsedColumn(), TimeRemainingColumn()
    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), *times
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title, total=None)

        def step(done: int, total: int, what: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{title}: {what}")

        yield step


def print_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]], form: Format, title: str = "") -> None:
    """Print rows to stdout as a table, as CSV or as JSON (a list of objects; missing cells are null)."""
    if form is Format.json:
        say(json.dumps([dict(zip(columns, row, strict=True)) for row in rows], indent=1, allow_nan=False))
    elif form is Format.csv:
        say(as_csv(columns, rows))
    else:
        say(as_table(columns, rows, title))


def as_csv(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as CSV; missing cells are empty."""
    import csv

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return out.getvalue()


def as_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str = "") -> str:
    """Rows as a plain table of at most the terminal's width, in which words stay whole where there is room."""
    out, width = io.StringIO(), _width()
    table = Table(
        box=rich.box.SIMPLE_HEAD,
        title=title or None,
        title_justify="left",
        pad_edge=False,
        collapse_padding=True,
    )
    names = [column.replace("_", " ") for column in columns]
    cells = [["no data" if cell is None else str(cell) for cell in row] for row in rows]
    longest = [
        max((len(word) for text in (name, *texts) for word in text.split()), default=1)
        for name, *texts in zip(names, *cells, strict=True)
    ]
    fits = sum(word + _GAP for word in longest) <= width
    for name, least in zip(names, longest, strict=True):
        table.add_column(name, overflow="fold", min_width=least if fits else None)
    for row in cells:
        table.add_row(*map(Text, row))
    Console(file=out, width=width, color_system=None).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines())


#: Columns of the narrowest table, and blanks between two of its columns.
_NARROWEST, _GAP = 40, 3


def _width() -> int:
    said = os.environ.get("COLUMNS", "")
    if said.isdigit():
        return max(int(said), _NARROWEST)
    is_terminal = sys.stdout is not None and sys.stdout.isatty()
    return min(Console().width, 120) if is_terminal else 80
