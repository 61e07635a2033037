"""A table as LaTeX, for a paper: rules of booktabs, cells as printed, cautions and sources as notes below."""

from __future__ import annotations

from collections.abc import Sequence

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.render.lines import notes_of
from suasion.answers.render.paper import Grid, grid_latex
from suasion.answers.table import Table


def as_tex(table: Table, sources: Sequence[str] = (), language: Language = DEFAULT_LANGUAGE) -> str:
    """Return a floating table.

    sources: lines that say where the numbers come from.
    """
    title, below = table.title(language), [*notes_of(table, language), *sources]
    return grid_latex(Grid.printed(table, language), title, f"tab:{table.key}", below)
