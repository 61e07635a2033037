"""The page of two dossiers compared."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from suasion import __version__
from suasion.answers.answer import Answer
from suasion.dossier.chapter import Chapter
from suasion.dossier.compare import Plain
from suasion.dossier.figures import chapter_figures
from suasion.dossier.page import render_page
from suasion.dossier.tables import answer_table
from suasion.files import write_text


def write_compare_page(compared: Answer, contexts: tuple[Plain, Plain], path: str | Path) -> Path:
    """Write the comparison as one self-contained HTML file (atomically).

    compared: as :func:`suasion.dossier.compare.compare` returns it.
    contexts: pair of mapping. The two dossiers.
    path: the file.
    Raises OutputError if the file cannot be written.
    """
    chapter = Chapter("compare", compared)
    figures = chapter_figures(chapter)
    made = [context["provenance"] for context in contexts]
    run_id = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()
    html = render_page(
        "compare.html.j2",
        title=chapter.title,
        version=__version__,
        run_id=run_id,
        stem="compare",
        chapter=chapter,
        figures=figures,
        tables=[answer_table(table, table.key, "") for table in chapter.tables if not table.picture],
    )
    return write_text(path, html)
