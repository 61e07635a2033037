"""Ask every question that stdin names, and make of each answer all that an installation without extras promises.

stdin: a JSON object, question to its states and options. Nothing of the tests is imported: this runs where the package
is installed alone. A line a question: its seconds, or on stderr why it failed; ends with 1 where any did.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import warnings
from pathlib import Path

import suasion as su

FORMS = ("json", "csv", "html", "svg", "md", "txt")
SMALLEST = 20
"""Bytes below which a file holds no answer."""


def shown(answer: object) -> None:
    """Show an answer as a notebook does, and as a terminal does."""
    try:
        from IPython.core.formatters import DisplayFormatter
    except ImportError:
        page = answer._repr_html_()  # type: ignore[attr-defined]
    else:
        page = DisplayFormatter().format(answer)[0]["text/html"]
    assert "<" in page
    assert len(str(answer).splitlines()) > 1


def tried(name: str, states: list[object], options: dict[str, object], folder: Path) -> None:
    """Ask one question and write its answer in every form; errors are raised."""
    given = [tuple(one) if isinstance(one, list) else one for one in states]
    answer = getattr(su, name)(*given, **options)
    shown(answer)
    for form in FORMS:
        if form == "svg" and not any(table.picture for table in answer.tables):
            continue
        path = answer.write(folder / f"{name}.{form}")
        assert path.stat().st_size > SMALLEST, path


def walk() -> int:
    """Try all; how many failed."""
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, (states, options) in json.load(sys.stdin).items():
            began = time.perf_counter()
            try:
                tried(name, states, options, Path(folder))
            except Exception as error:
                failures += 1
                sys.stderr.write(f"{name}: {type(error).__name__}: {error}\n")
            else:
                sys.stdout.write(f"{name}: {time.perf_counter() - began:.1f} s\n")
            sys.stdout.flush()
    return failures


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(min(walk(), 1))
