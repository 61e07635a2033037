"""What `suasion compare` does."""

from __future__ import annotations

from pathlib import Path

from suasion.cli.console import Format, print_rows, tell
from suasion.dossier.compare import compare, read_context
from suasion.files import check_writable


def run_compare(first: Path, second: Path, *, html: Path | None, form: Format) -> None:
    """Print two dossiers side by side, and write the page asked for."""
    if html is not None:
        check_writable(html)
    contexts = (read_context(first), read_context(second))
    chapter = compare(*contexts, names=(first.stem, second.stem))
    if chapter.reason:
        tell(chapter.reason)
    for table in chapter.tables:
        heads = [column.title if form is Format.table else column.name for column in table.columns]
        print_rows(heads, table.printed() if form is Format.table else table.rows, form, table.title)
    if html is not None:
        from suasion.dossier.compare_page import write_compare_page

        write_compare_page(chapter, contexts, html)
        tell(f"wrote {html}")
