"""Run the notebooks of the documentation in a kernel and keep their output.

``python tools/run_notebooks.py [NAME ...]`` writes them anew; with ``--check`` nothing is written, and what is shown
must be what a run gives, to two digits of each number. ``--kernel NAME`` runs them in another environment, whose
Python has a kernel of that name: a plain install, or the newest pandas.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "tutorials"
NUMBER = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?")
CELL_FILE = re.compile(r"\S*ipykernel_\d+\S*?\.py:\d+:")
SECONDS = 300


def notebooks() -> list[Path]:
    """All notebooks of the documentation."""
    return sorted(FOLDER.glob("*.ipynb"))


def run(path: Path, kernel: str = "") -> nbformat.NotebookNode:
    """Return a notebook with the output of a new run, in an empty folder, by the kernel of a name or its own.

    Raises
    ------
    CellExecutionError
        A cell fails.
    """
    book = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        named = {"kernel_name": kernel} if kernel else {}
        NotebookClient(book, timeout=SECONDS, resources={"metadata": {"path": folder}}, **named).execute()
    for cell in book.cells:
        cell.metadata = {}
        for output in cell.get("outputs", []):
            if output.output_type == "stream":
                output.text = CELL_FILE.sub("cell:", output.text)
            else:
                output.metadata = {}
    return book


def shown(book: nbformat.NotebookNode) -> Iterator[str]:
    """Text of every output, numbers to two digits: the last ones differ between builds of BLAS."""
    for cell in book.cells:
        for output in cell.get("outputs", []):
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            words = re.sub(r"0x[0-9a-f]+", "", " ".join(text.split()))
            yield NUMBER.sub(lambda number: f"{float(number[0]):.2g}", words)


def stale(path: Path, kernel: str = "") -> bool:
    """Whether a notebook shows something else than a run gives."""
    return list(shown(nbformat.read(path, as_version=4))) != list(shown(run(path, kernel)))


def main(argv: list[str] | None = None) -> int:
    """Run them all, or those named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if one shows something else"
    )
    parser.add_argument(
        "--kernel", default="", help="name of the kernel that runs them; the notebook's own without"
    )
    given = parser.parse_args(argv)
    chosen = [path for path in notebooks() if not given.names or path.stem in given.names]
    if given.check:
        old = [path.name for path in chosen if stale(path, given.kernel)]
        print("Stale; run tools/run_notebooks.py: " + ", ".join(old) if old else "fresh", file=sys.stderr)
        return bool(old)
    for path in chosen:
        nbformat.write(run(path, given.kernel), path)
        print(path.name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
