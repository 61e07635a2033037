"""Every question: check the files it writes, read the arguments, ask, print the answer; what Ctrl-C does meanwhile."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import typer

from suasion.answers.answer import Answer
from suasion.answers.render import FORMS, as_json
from suasion.answers.render.data import as_csv
from suasion.answers.render.lines import after_table, findings_of, title_of
from suasion.answers.render.text import UNASKED_ROWS, table_of
from suasion.cli.base import ASKED_BY
from suasion.cli.console import CANNOT, OK, STOPPED, Format, check_stdout, progress, say, tell
from suasion.cli.worlds import chosen_world
from suasion.errors import InputError
from suasion.extras import need
from suasion.files import check_writable
from suasion.questions import Question
from suasion.questions.question import LISTS
from suasion.questions.text import read

FOLDER = "folder"
"""Argument of questions that keep what is solved, to go on after a stop."""


def run_question(question: Question, given: dict[str, Any]) -> int:
    """Ask, and print one table or the whole answer to stdout, and its sentences to stderr.

    Raises InputError if an argument cannot be read.
    """
    show, chart, out, form = (given.pop(name) for name in ("show", "chart", "out", "form"))
    names = {one.name for one in question.parameters}
    for start, needed in ASKED_BY.items():
        if show.startswith(start):
            given |= {name: given[name] or value for name, value in needed.items()}
    if out is not None and not out.suffix and FOLDER in names:
        given[FOLDER], out = out, None
    if out is not None:
        check_form(out)
    if chart is not None:
        check_picture(chart)
    check_stdout()
    asked = {
        one.name: _value(one.kind, given[one.name], one.help)
        for one in question.parameters
        if one.name in given
    }
    stoppable = stopped_in_words(given[FOLDER]) if FOLDER in names else nullcontext()
    with stoppable:
        if form is Format.table and sys.stdout.isatty() and (first := question.central_first(asked)):
            _print_central(_answered(question, {**asked, **first}), show)
        answer = _answered(question, asked)
    if chart is not None and not answer.absent:
        from suasion.answers.picture import picture_bytes
        from suasion.files import write_bytes

        write_bytes(chart, picture_bytes(answer.table(show), chart.suffix))
        tell(f"wrote {chart}")
    if out is not None:
        answer.write(out, show)
        tell(f"wrote {out}")
    if not answer.absent:
        answer.table(show)  # a name that is none stands alone, without findings
        tell(title_of(answer))
    _tell_findings(answer)
    print_answer(answer, show, form)
    _tell_rest(answer)
    return CANNOT if answer.absent else OK


def _answered(question: Question, asked: dict[str, Any]) -> Answer:
    """Ask with the world and the progress of the terminal, where the question takes them."""
    names = {one.name for one in question.parameters}
    with progress(question.name) as step:
        filled: dict[str, Callable[[], Any]] = {"world": chosen_world, "progress": lambda: step}
        return question.ask(**asked, **{name: fill() for name, fill in filled.items() if name in names})


def _print_central(answer: Answer, show: str) -> None:
    """Print central numbers while their ranges are computed; what has no answer is told once, by the whole one."""
    if answer.absent:
        return
    answer.table(show)
    tell(title_of(answer))
    say(table_of(answer, show, most=0 if show else UNASKED_ROWS))
    tell("These are the central numbers; the whole answer, with its ranges and checks, follows.")


def run_plain(text: str, form: Format) -> int:
    """Answer a question in plain words by its likeliest reading, and name the others.

    Raises InputError if it is not understood.
    """
    from suasion.queries import best, readings
    from suasion.questions import QUESTIONS

    first = best(text)
    tell(first.command)
    code = run_question(
        QUESTIONS[first.question], {**first.arguments, "show": "", "chart": None, "out": None, "form": form}
    )
    others = [one.command for one in readings(text)[1:]]
    for one in others:
        tell(f"or: {one}")
    return code


def print_answer(answer: Answer, show: str, form: Format) -> None:
    """Write the data to stdout: JSON has the whole answer, the other forms one table.

    show: Key of the table; the main one where empty.
    """
    if form is Format.json:
        say(as_json(answer))
    elif not answer.absent:
        table, most = answer.table(show), 0 if show else UNASKED_ROWS
        say(as_csv(answer.whole(show)) if form is Format.csv else table_of(answer, show, most=most))
        if form is Format.table and 0 < most < len(answer.whole(show).printed()):
            tell(f"--show {table.whole or table.key} prints all rows, --out FILE writes the whole answer.")


def _tell_findings(answer: Answer) -> None:
    """Write its findings, why there is none as an error, cautions as warnings: before a table that may be long."""
    cautions = {one.sentence() for one in answer.findings if one.caution}
    for line in dict.fromkeys(findings_of(answer)):
        mark = "suasion: " if answer.absent else "warning: " if line in cautions else ""
        tell(f"{mark}{line}")


def _tell_rest(answer: Answer) -> None:
    """Write notes of its tables, sources, and how well the equations hold."""
    for line in after_table(answer):
        tell(line)
    if answer.checks:
        worst = max(answer.checks, key=lambda one: one.residual)
        count = len(answer.checks)
        tell(f"largest residual {worst.residual:.0e}, limit {worst.limit:.0e} (equilibria checked: {count})")


def check_form(path: Path) -> None:
    """Make sure that an answer can be written to a file, before the work.

    Raises InputError if its ending names no form.
    Raises OutputError if it cannot be written, or what it needs is missing.
    """
    if path.suffix.removeprefix(".") not in FORMS:
        raise InputError(
            f"{path} has the ending {path.suffix!r}; an answer is written as {', '.join(FORMS)}."
        )
    if path.suffix == ".xlsx":
        need("openpyxl")
    check_writable(path)


def _value(kind: Any, given: Any, about: str) -> Any:
    """A value of the question's type; lists come as text."""
    if kind not in LISTS:
        return given
    text = given if isinstance(given, str) else ",".join(given or ())
    try:
        return read(kind, text)
    except ValueError:
        raise InputError(f"{given!r} cannot be read: {about}") from None


def check_picture(path: Path, endings: Sequence[str] = (".svg", ".png")) -> None:
    """Make sure that a picture can be written.

    path: the file.
    endings: those that it can have.
    Raises InputError if it has another ending.
    Raises OutputError if it cannot be written.
    """
    if path.suffix not in endings:
        raise InputError(
            f"{path} ends in {path.suffix or 'nothing'}; give a file that ends in {' or '.join(endings)}."
        )
    check_writable(path)


@contextmanager
def stopped_in_words(folder: Path | None) -> Iterator[None]:
    """Say on Ctrl-C what is kept and how to go on, and end with exit code 130; at once when it is pressed again."""
    told = (
        f"stopped; finished blocks of draws are in {folder}. Go on with the same command: it takes what is there."
        if folder is not None
        else "stopped; nothing is kept. With --folder FOLDER finished blocks of draws stay, and the same command goes "
        "on."
    )

    def again(*_: object) -> None:
        tell(told)
        os._exit(STOPPED)  # threads at work would be waited for

    def pressed(*_: object) -> None:
        signal.signal(signal.SIGINT, again)
        tell("stopping after the blocks at work; press again to stop at once, without them")
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, pressed)
    try:
        yield
    except KeyboardInterrupt:
        tell(told)
        raise typer.Exit(STOPPED) from None
    finally:
        signal.signal(signal.SIGINT, before)
