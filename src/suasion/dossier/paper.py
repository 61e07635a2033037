"""A page on paper: Chromium prints it as PDF, shut off from every network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from suasion.dossier.page import policy_of
from suasion.errors import OutputError
from suasion.files import is_file

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
