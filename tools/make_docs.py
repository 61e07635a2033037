"""Write the files that are made of the code or of a page.

These are the dossier's JSON Schema, the claims of docs/explanation/the-article-claims.md as the application and the
page in short show them, and the checksums of the embedded data. The reference is made when the documentation is built.
With ``--check`` nothing is written, and a stale file fails.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import article
from suasion.files import CHECKSUMS
from suasion.sources import embedded

ROOT = Path(__file__).resolve().parent.parent


def pages() -> dict[str, str]:
    """All generated files: path below the root, and text."""
    return {
        "docs/reference/dossier.schema.json": dossier_schema(),
        "docs/explanation/the-article.md": article.summary(),
        "src/suasion/dossier/site/article.json": article.table(),
    }


def checksums() -> Iterator[tuple[str, str]]:
    """The list of checksums, made when the files before it are written."""
    yield f"src/suasion/{CHECKSUMS}", embedded.checksum_lines()


def dossier_schema() -> str:
    """Return the JSON Schema of a dossier's context."""
    from dossier_schema import json_schema

    return json.dumps(json_schema(), indent=1) + "\n"


def main(argv: list[str] | None = None) -> int:
    """Write the pages, or compare them with what is on disk."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is stale")
    check = parser.parse_args(argv).check
    stale = []
    if not check:  # what is read below is held to its checksum
        (ROOT / "src" / "suasion" / CHECKSUMS).write_text(embedded.checksum_lines(), encoding="ascii")
    for path, text in itertools.chain(pages().items(), checksums()):
        target = ROOT / path
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        stale.append(path)
        if not check:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    if stale and check:
        print("Stale; run `make docs`: " + ", ".join(stale), file=sys.stderr)
        return 1
    for path in stale:
        print(path)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
