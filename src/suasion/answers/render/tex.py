"""A table as LaTeX, for a paper: rules of booktabs, cells as printed, cautions and sources as notes below."""

from __future__ import annotations

from collections.abc import Sequence

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.answers.numbers import MINUS
from suasion.answers.render.lines import notes_of, table_title
from suasion.answers.table import Table


def as_tex(table: Table, sources: Sequence[str] = (), language: Language = DEFAULT_LANGUAGE) -> str:
    """Return a floating table.

    sources: lines that say where the numbers come from.
    """
    import pandas as pd

    heads = table.heads(language)
    frame = pd.DataFrame([list(row) for row in table.printed(language)], columns=heads)
    styled = frame.style.format(escape="latex").format_index(escape="latex", axis=1).hide(axis="index")
    caption, label = escaped(table_title(table, language)), f"tab:{table.key}"
    text: str = styled.to_latex(
        hrules=True, caption=caption, label=label, position="htbp", position_float="centering"
    )
    notes = " ".join(map(escaped, [*notes_of(table, language), *sources]))
    below = f"\\par\\smallskip\\footnotesize {notes}\n" if notes else ""
    return text.replace(MINUS, "$-$").replace("\\end{table}", f"{below}\\end{{table}}")


def escaped(text: str) -> str:
    """A text with what LaTeX takes as a command made plain."""
    plain = text.replace("\\", "\\textbackslash ")
    return "".join(f"\\{letter}" if letter in "&%$#_{}" else letter for letter in plain)
