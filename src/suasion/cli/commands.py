"""What the commands on dossiers do: call the library and print; imported when a command runs, so that help is quick."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from suasion.answers import render
from suasion.answers.render.data import as_csv
from suasion.answers.render.text import table_text
from suasion.cli.console import Format, check_stdout, print_rows, progress, say, tell
from suasion.cli.worlds import chosen_world
from suasion.dossier import Dossier, dossier
from suasion.dossier.compare import compare, read_context
from suasion.dossier.export import as_json, check_form, check_sheet, form_of, write
from suasion.dossier.text import as_front
from suasion.files import check_writable, write_bytes, write_text
from suasion.types import DeficitRule


def run_dyad(
    a: str,
    b: str,
    audience: str,
    *,
    bands: bool,
    full: bool,
    html: Path | None,
    json_path: Path | None,
    out: Sequence[Path],
    sheets: Mapping[str, Path | None],
    form: Format,
    deficits: DeficitRule,
    state: Mapping[str, Any],
    aside: Callable[..., Any],
) -> None:
    """Gather the dossier, write the files asked for, and print it.

    Raises OutputError if a file cannot be written; found before the work starts.
    """
    for path in (html, json_path):
        if path is not None:
            check_writable(path)
    for path in out:
        check_form(path)
    drawn = {name: check_sheet(name, path) for name, path in sheets.items() if path is not None}
    check_stdout()
    with progress("Dossier") as step:
        ask = partial(dossier, a, b, parties(audience), chosen_world(), bands=bands, full=full)
        made = ask(deficits=deficits, progress=step, aside=aside, **state)
        if html is not None:
            step(0, 1, "charts")
            made.to_html(str(html))
        for place, path in enumerate(out):
            step(place, len(out), path.name)
            write(made, path)
        for name, path in drawn.items():
            write_bytes(path, form_of(name)(made))
    if json_path is not None:
        write_text(json_path, as_json(made))
    print_dossier(made, form)
    for path in (html, json_path, *out, *drawn.values()):
        if path is not None:
            tell(f"wrote {path}")


def parties(audience: str) -> tuple[str, ...]:
    """Split a comma-separated audience; ``none`` or nothing is an empty one."""
    if audience.strip().lower() in ("", "none"):
        return ()
    return tuple(part.strip() for part in audience.split(",") if part.strip())


def print_dossier(made: Dossier, form: Format) -> None:
    """Print the dossier: its seven screens, the conclusions as CSV, or the whole context as JSON."""
    if form is Format.json:
        say(as_json(made))
    elif form is Format.csv:
        rows = [(claim.topic, claim.verb, claim.sentence(), claim.source) for claim in made.summary]
        print_rows(("kind", "verb", "sentence", "source"), rows, form)
    else:
        say(as_front(made))


def run_compare(first: Path, second: Path, *, html: Path | None, form: Format) -> None:
    """Print two dossiers side by side, and write the page asked for."""
    if html is not None:
        check_writable(html)
    contexts = (read_context(first), read_context(second))
    compared = compare(*contexts, names=(first.stem, second.stem))
    if compared.absent:
        tell(compared.absent.sentence())
    if form is Format.json:
        say(render.as_json(compared))
    for table in compared.tables if form is not Format.json else ():
        say(as_csv(table) if form is Format.csv else table_text(table))
    if html is not None:
        from suasion.dossier.compare import write_compare_page

        write_compare_page(compared, contexts, html)
        tell(f"wrote {html}")
