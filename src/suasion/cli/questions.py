"""Every question: read the arguments, ask, print the answer."""

from __future__ import annotations

import json
from typing import Any

from suasion.answers.render import as_csv, lines_of, table_text
from suasion.cli.console import CANNOT, OK, Format, say, tell
from suasion.errors import InputError
from suasion.questions import Question
from suasion.questions.question import read


def run_question(question: Question, given: dict[str, Any]) -> int:
    """Ask, and print one table or the whole answer to stdout, and its sentences to stderr.

    Raises
    ------
    InputError
        If an argument cannot be read.
    """
    show, chart, form = (given.pop(name) for name in ("show", "chart", "form"))
    answer = question.ask(
        **{one.name: _value(one.kind, given[one.name], one.help) for one in question.parameters}
    )
    if chart is not None:
        from suasion.answers.picture import write_picture

        write_picture(answer.table(show), chart)
        tell(f"wrote {chart}")
    if form is Format.json:
        say(json.dumps(answer.to_dict(), indent=1, allow_nan=False, ensure_ascii=False))
    elif not answer.absent:
        table = answer.table(show)
        say(as_csv(table) if form is Format.csv else table_text(table))
    for line in lines_of(answer):
        tell(line)
    return CANNOT if answer.absent else OK


def _value(kind: Any, given: Any, about: str) -> Any:
    """A value of the question's type; lists come as text."""
    if kind != tuple[int, ...]:
        return given
    try:
        return read(kind, given)
    except ValueError:
        raise InputError(f"{given!r} cannot be read: {about}") from None
