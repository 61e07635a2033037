"""The dossier as a file: the suffix names the form. Paper is printed by Chromium, shut off from every network."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from suasion.answers.catalogue import say
from suasion.answers.render.zip import packed, workbook
from suasion.dossier import tables
from suasion.dossier.chapter import key_of
from suasion.dossier.context import DossierContext
from suasion.dossier.page import policy_of, render_html
from suasion.dossier.sheet import briefing, card
from suasion.dossier.tables import frames, long_frame
from suasion.dossier.text import absent, as_text, printed_tables
from suasion.errors import OutputError
from suasion.extras import need
from suasion.files import check_writable, is_file, write_bytes

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WAIT = 120.0
"""Seconds a browser may take to print the page."""
ALONE = (
    "--headless",
    "--disable-gpu",
    "--no-pdf-header-footer",
    "--no-first-run",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-breakpad",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",
    "--proxy-bypass-list=<-loopback>",
)
"""A browser that asks nobody for anything: every name is unknown, every address goes to a proxy that is not there."""
LOADS_NOTHING = "default-src 'none'"
"""Beginning of the policy of a page that may be printed: it keeps the browser from files, as the flags do from nets."""


def browser() -> str:
    """Return the path of a Chromium that can print.

    Raises OutputError if there is none.
    """
    asked = os.environ.get("SUASION_CHROMIUM")
    found = shutil.which(asked) if asked else next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise OutputError(
            "printing a PDF needs Chromium: install it (Debian: apt-get install chromium), name it in "
            "SUASION_CHROMIUM, or write .html and print that"
        )
    return found


def can_print() -> bool:
    """Whether there is a browser that prints."""
    try:
        return bool(browser())
    except OutputError:
        return False


def print_page(html: str) -> bytes:
    """Print a page on A4. What the browser writes beside it goes with the folder that it was printed in.

    html: a page of one file, with a policy that lets it load nothing.
    Returns: The PDF.
    Raises OutputError if the page may load something, there is no Chromium, or it does not print.
    """
    if not policy_of(html).startswith(LOADS_NOTHING):
        raise OutputError(f"this page has no policy that begins with {LOADS_NOTHING!r}, so it is not printed")
    command = [browser(), *ALONE]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--no-sandbox")  # Chromium refuses to run as root with it
    with tempfile.TemporaryDirectory(prefix="suasion-", ignore_cleanup_errors=True) as folder:
        page, printed = Path(folder, "page.html"), Path(folder, "page.pdf")
        page.write_text(html, encoding="utf-8")
        command += [f"--user-data-dir={folder}/profile", f"--print-to-pdf={printed}", page.as_uri()]
        try:
            done = subprocess.run(
                command,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=WAIT,
                env={**os.environ, "TMPDIR": folder},
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise OutputError(f"Chromium did not print the page: {error}; write .html instead") from error
        if not is_file(printed):
            last = done.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
            raise OutputError(f"Chromium did not print the page: {last[0]}; write .html instead")
        return printed.read_bytes()


def write(dossier: DossierContext, path: str | Path) -> Path:
    """Write a dossier in the form that the file's suffix names.

    path: ``.html`` page, ``.pdf`` the page printed by Chromium, ``.md`` Markdown, ``.json`` the context,
      ``.txt`` as in the terminal, ``.xlsx`` one sheet a table, ``.dta`` all tables as one for Stata, ``.zip``
      tables as CSV, charts as SVG, the context and a README.
    Raises OutputError if the suffix is none of these, the file cannot be written, or what it needs (Chromium,
      openpyxl) is missing.
    """
    target = Path(path)
    return write_bytes(check_form(target), FORMS[target.suffix.lower()](dossier))


def check_form(path: Path) -> Path:
    """Check suffix and folder before the work starts.

    Raises OutputError if the form is unknown or the file cannot be written, or what it needs is missing.
    """
    if path.suffix.lower() not in FORMS:
        raise OutputError(f"cannot write {path}: its suffix must be one of {', '.join(FORMS)}")
    if path.suffix.lower() == ".pdf":
        browser()
    if path.suffix.lower() == ".xlsx":
        need("openpyxl")
    return check_writable(path)


def as_json(dossier: DossierContext) -> str:
    """Return the context as JSON text."""
    return json.dumps(dossier.to_dict(), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_markdown(dossier: DossierContext) -> str:
    """Return findings, tables, cautions and provenance as Markdown."""
    lines = [f"# {dossier.question}", ""]
    for place, claim in enumerate(dossier.summary):
        lines += [claim.sentence() if place == 0 else f"- {claim.sentence()}", *([""] if place == 0 else [])]
    for table in printed_tables(dossier):
        lines += ["", f"## {table.caption}", "", *_markdown_table(table)]
    lines += ["", *(f"{title}: {reason}" for title, reason in absent(dossier).items())]
    for chapter in dossier.chapters:
        lines += ["", f"## {chapter.title}", "", *([chapter.reason] if chapter.reason else [])]
        lines += [f"- {claim.sentence()}" for claim in chapter.findings]
        for own in chapter.tables:
            printed = tables.answer_table(own, key_of(chapter.key, own), chapter.source)
            lines += ["", f"### {printed.caption}", "", *_markdown_table(printed)]
    lines += [
        "",
        f"## {say('export.cautions')}",
        "",
        *(f"- {caveat}" for caveat in dossier.caveats),
        "",
        _imprint(dossier),
        "",
    ]
    return "\n".join(lines)


def _markdown_table(table: tables.PrintedTable) -> list[str]:
    def row(cells: tuple[str, ...]) -> str:
        return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"

    lines = [row(table.columns), f"|{'---|' * len(table.columns)}", *(row(cells) for cells in table.rows)]
    return [*lines, "", table.note] if table.note else lines


def _imprint(dossier: DossierContext) -> str:
    made = dossier.provenance
    words = {"command": made.command, "run": made.run_id, "world": made.world_name}
    return say("export.imprint", version=made.package_version, **words)


def as_xlsx(dossier: DossierContext) -> bytes:
    """Return a workbook: a sheet that says what it is, and one for each table.

    Raises MissingPackageError if openpyxl is missing.
    """
    made = dossier.provenance
    about = {
        "question": dossier.question,
        "answer": dossier.summary[0].sentence() if dossier.summary else "",
        "command": made.command,
        "run": made.run_id,
        "world": made.world_name,
        "units": say("export.units"),
    }
    return workbook(about.items(), frames(dossier))


def as_stata(dossier: DossierContext) -> bytes:
    """Return all tables as one long table in Stata's format (version 118)."""
    out = io.BytesIO()
    long_frame(dossier).to_stata(
        out, write_index=False, version=118, convert_strl=["text"], data_label=dossier.question[:80]
    )
    return out.getvalue()


def as_zip(dossier: DossierContext) -> bytes:
    """Return tables as CSV, charts as SVG, the context and a README in one archive."""
    from suasion.answers.picture.paper import with_fonts
    from suasion.dossier.figures import figures

    run = dossier.provenance.run_id
    return archive(dossier, {one.key: with_fonts(one.poster(run)) for one in figures(dossier)})


def archive(dossier: DossierContext, pictures: Mapping[str, str]) -> bytes:
    """Return the archive of a dossier whose charts are drawn.

    pictures: Charts as SVG, by their keys.
    """
    parts = {"README.txt": _readme(dossier), "dossier.json": as_json(dossier)}
    for name, frame in frames(dossier).items():
        parts[f"tables/{name}.csv"] = frame.to_csv(index=False, lineterminator="\n")
    return packed(parts | {f"charts/{key}.svg": picture for key, picture in pictures.items()})


def _readme(dossier: DossierContext) -> str:
    lines = [
        dossier.question,
        "",
        *(claim.sentence() for claim in dossier.summary),
        "",
        say("export.cautions"),
        "",
    ]
    lines += [*dossier.caveats, "", say("export.sources"), ""]
    for row in dossier.sources:
        words = {"name": row.name, "producer": row.producer, "version": row.version, "licence": row.licence}
        lines.append(say("export.source_row", **words).replace(", :", ":"))
    lines += ["", say("export.charts"), say("export.units").capitalize() + "."]
    return "\n".join([*lines, "", _imprint(dossier), ""])


def check_sheet(name: str, path: Path) -> Path:
    """Check suffix and folder of a briefing or card before the work starts.

    name: Key of :data:`SHEETS`.
    Raises OutputError if the suffix is another one or the file cannot be written.
    """
    suffix, _ = SHEETS[name]
    if path.suffix.lower() != suffix:
        raise OutputError(f"cannot write {path}: the suffix of a {name} must be {suffix}")
    return check_writable(path)


def _text(make: Callable[[DossierContext], str]) -> Callable[[DossierContext], bytes]:
    return lambda dossier: make(dossier).encode("utf-8")


FORMS: dict[str, Callable[[DossierContext], bytes]] = {
    ".html": _text(render_html),
    ".pdf": lambda dossier: print_page(render_html(dossier)),
    ".md": _text(as_markdown),
    ".json": _text(as_json),
    ".txt": _text(as_text),
    ".xlsx": as_xlsx,
    ".dta": as_stata,
    ".zip": as_zip,
}
"""Suffix to the function that makes the bytes."""
SHEETS: dict[str, tuple[str, Callable[[DossierContext], bytes]]] = {
    "briefing": (".pdf", briefing),
    "card": (".png", card),
}
"""Drawn on one sheet: name to suffix and to the function that makes the bytes."""


def form_of(name: str) -> Callable[[DossierContext], bytes]:
    """Return what makes a form, by its ending without the dot, or a sheet, by its name."""
    return SHEETS[name][1] if name in SHEETS else FORMS[f".{name}"]
