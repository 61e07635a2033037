"""Everything behind one scenario as an archive: numbers, what the columns mean, sources with terms, the scenario."""

from __future__ import annotations

import csv
import io
import json
import zipfile

from suasion import __version__
from suasion.dossier.context import plain_data
from suasion.dossier.explore.answer import csv_text
from suasion.dossier.explore.rows import FlowRow, ScenarioAnswer
from suasion.world import World

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of every file in an archive, so that one answer gives the same bytes again."""
COLUMNS = {
    "welfare.csv": {
        "country": "code of the economy",
        "name": "its name",
        "role": "coalition, target or other",
        "run": "short, dial or long",
        "years": "horizon, years after the measures",
        "welfare_percent": "change in welfare, per cent of own real expenditure; below zero is a loss",
        "low_percent": "lower end of the 90 % band over draws of the elasticities; empty where none was asked",
        "high_percent": "upper end of that band",
        "welfare_musd": "the same change, million USD a year at base prices",
    },
    "panels.csv": {
        "panel": "which list",
        "code": "partner or industry; empty for the side's own goods",
        "name": "its name",
        "before": "million USD at base prices; empty for industries",
        "after": "million USD at base prices; empty for industries",
        "change": "million USD for trade, per cent for prices and industries",
    },
}


def archive(found: ScenarioAnswer, world: World) -> bytes:
    """Return a ZIP file with README, tables, metadata, the answer as JSON and the scenario file.

    Parameters
    ----------
    found : ScenarioAnswer
        The context of the page.
    world : World
        Whose data they are.
    """
    files = {
        "README.txt": _readme(found, world),
        "welfare.csv": csv_text(found),
        "panels.csv": _panels_csv(found),
        "metadata.json": json.dumps(_metadata(found, world), indent=1, ensure_ascii=False) + "\n",
        "answer.json": json.dumps(plain_data(found, "page"), indent=1, ensure_ascii=False, allow_nan=False),
        "scenario.yaml": found.yaml,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(zipfile.ZipInfo(name, EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _panels_csv(found: ScenarioAnswer) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS["panels.csv"])
    for panel in found.panels:
        for row in panel.rows:
            flows = (repr(row.before), repr(row.after)) if isinstance(row, FlowRow) else ("", "")
            writer.writerow((panel.key, row.code, row.name, *flows, repr(row.change)))
    return out.getvalue()


def _metadata(found: ScenarioAnswer, world: World) -> dict[str, object]:
    made = world.provenance
    return {
        "run": found.run_id,
        "suasion": __version__,
        "question": found.question,
        "scenario": found.address,
        "horizon shown": found.shown,
        "world": {"data set": made.dataset, "year": world.year, "checksum": world.checksum},
        "columns": COLUMNS,
    }


def _readme(found: ScenarioAnswer, world: World) -> str:
    made = world.provenance
    lines = [
        found.question,
        "",
        found.sentence,
        *([found.verdict] if found.verdict else []),
        "",
        "What was asked",
        *(f"- {words}" for words in (*found.measures, *found.assumptions)),
        "",
        "How to read it",
        *(f"- {words}" for words in found.notes),
        "",
        "Source and terms",
        f"- Data: {made.citation} ({made.dataset}, {world.year}). Terms: {made.licence}.",
        *(f"- Done to it: {step}" for step in made.transformations),
        f"- Own calculation: Suasion {__version__}, run {found.run_id}.",
        "",
        "Solve it again: suasion simulate scenario.yaml",
        "",
    ]
    return "\n".join(lines)
