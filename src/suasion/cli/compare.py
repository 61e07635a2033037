"""What `suasion compare` does."""

from __future__ import annotations

from pathlib import Path

from suasion.answers.render import as_json
from suasion.answers.render.csv import as_csv
from suasion.answers.render.text import table_text
from suasion.cli.console import Format, say, tell
from suasion.dossier.compare import compare, read_context
from suasion.files import check_writable


def run_compare(first: Path, second: Path, *, html: Path | None, form: Format) -> None:
    """Print two dossiers side by side, and write the page asked for."""
    if html is not None:
        check_writable(html)
    contexts = (read_context(first), read_context(second))
    compared = compare(*contexts, names=(first.stem, second.stem))
    if compared.absent:
        tell(compared.absent.sentence())
    if form is Format.json:
        say(as_json(compared))
    for table in compared.tables if form is not Format.json else ():
        say(as_csv(table) if form is Format.csv else table_text(table))
    if html is not None:
        from suasion.dossier.compare_page import write_compare_page

        write_compare_page(compared, contexts, html)
        tell(f"wrote {html}")
