"""The tables of the dossier as text prints them: short, for a terminal of 80 columns and for Markdown."""

from __future__ import annotations

from suasion.answers.render.lines import title_of
from suasion.dossier import tables
from suasion.dossier.bridge import answered_tables
from suasion.dossier.context import Dossier


def printed_tables(dossier: Dossier) -> list[tables.Table]:
    """Return the tables of the dossier as printed, long ones shortened; chapters not included."""
    answered = (
        tables.chapter_table(one.only(one.terminal), one.most) for one in answered_tables(dossier) if one.most
    )
    return [table for table in (*answered, tables.certificate_table(dossier)) if table]


def absent(dossier: Dossier) -> dict[str, str]:
    """Return why tables are absent, by the question that they would answer."""
    return {title_of(one): one.absent.sentence() for one in dossier.answers.values() if one.absent}
