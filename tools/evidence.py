"""Compute the committed tables of docs/evidence, with the hashes of what they rest on.

``python tools/evidence.py`` computes every registered table in full and writes docs/evidence/NAME.csv, the
manifest and the index page. The tests recompute a few rows of each table (``sample``) and compare.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeGuard

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "evidence"
MANIFEST = FOLDER / "manifest.json"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One table.

    Attributes
    ----------
    name : str
        Name of the CSV file, without its ending.
    about : str
        What the table shows, in a sentence or two.
    keys : tuple of str
        Columns that name a row.
    compute : callable
        Returns the whole table.
    sample : callable
        Takes the committed table and returns some of its rows recomputed, in seconds.
    inputs : callable
        Returns the files that the table rests on.
    tolerance : float
        Relative tolerance of numbers when compared.
    reason : str
        Why the tolerance is what it is.
    added : bool
        Whether even the sampled rows need reference data that are not in the repository.
    """

    name: str
    about: str
    keys: tuple[str, ...]
    compute: Callable[[], pd.DataFrame]
    sample: Callable[[pd.DataFrame], pd.DataFrame]
    inputs: Callable[[], Sequence[Path]]
    tolerance: float
    reason: str
    added: bool = False

    @property
    def path(self) -> Path:
        """The committed table."""
        return FOLDER / f"{self.name}.csv"

    @property
    def part(self) -> str:
        """Part of ``make evidence`` that computes it: the module that does, without what all their names begin with."""
        return self.compute.__module__.removeprefix("evidence_")


def sha256(path: Path) -> str:
    """Hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def content_hash(path: Path) -> str:
    """Hash of an input; of code, of its statements: where a module lies and how it is described is no evidence."""
    return code_hash(path.read_text("utf-8")) if path.suffix == ".py" else sha256(path)


def code_hash(text: str) -> str:
    """Hash of a module's lines without its imports and docstrings."""
    kept = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if _says_nothing(node):
            kept[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    return hashlib.sha256("\n".join(line for line in kept if line.strip()).encode()).hexdigest()


def _says_nothing(node: ast.AST) -> TypeGuard[ast.stmt]:
    is_text = (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
    return is_text or isinstance(node, ast.Import | ast.ImportFrom)


def hashes(evidence: Evidence) -> dict[str, str]:
    """Hashes of the files that a table rests on, by path below the repository."""
    return {str(path.relative_to(ROOT)): content_hash(path) for path in sorted(evidence.inputs())}


def read(evidence: Evidence) -> pd.DataFrame:
    """Read the committed table; text stays text."""
    return pd.read_csv(evidence.path, dtype=dict.fromkeys(evidence.keys, str), keep_default_na=True)


def read_manifest() -> dict[str, dict[str, dict[str, str]]]:
    """Hashes of the inputs, and of the table itself, as written with the tables."""
    content: dict[str, dict[str, dict[str, str]]] = (
        json.loads(MANIFEST.read_text("utf-8")) if MANIFEST.exists() else {}
    )
    return content


def mismatches(evidence: Evidence, committed: pd.DataFrame, fresh: pd.DataFrame) -> list[str]:
    """Cells of recomputed rows that differ from the committed ones; empty when all agree."""
    keys = list(evidence.keys)
    old = committed.set_index(keys)
    found = []
    for key, row in fresh.set_index(keys).iterrows():
        if key not in old.index:
            found.append(f"{evidence.name} {key}: no such row")
            continue
        for column, value in row.items():
            if not _equal(old.loc[key, column], value, evidence.tolerance):
                found.append(f"{evidence.name} {key} {column}: committed {old.loc[key, column]}, now {value}")
    return found


def _equal(old: object, new: object, tolerance: float) -> bool:
    if isinstance(new, str):  # an empty text is read back as a missing cell
        return new == ("" if old != old else str(old))
    if isinstance(old, float) or isinstance(new, float):
        a, b = float(str(old)), float(str(new))
        return (a != a and b != b) or abs(a - b) <= tolerance * max(abs(a), abs(b), 1e-12)
    return str(old) == str(new)


def write(evidence: Evidence) -> None:
    """Compute a table, write it, and record the hashes."""
    table = evidence.compute()
    FOLDER.mkdir(parents=True, exist_ok=True)
    table.to_csv(evidence.path, index=False, float_format="%.9g", lineterminator="\n")
    manifest = read_manifest()
    manifest[evidence.name] = {
        "inputs": hashes(evidence),
        "table": {evidence.path.name: sha256(evidence.path)},
    }
    MANIFEST.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def index_page(tables: Sequence[Evidence]) -> str:
    """Markdown page that lists the tables."""
    rows = [
        f"| [{e.name}]({e.path.name}) | {e.about} | {e.tolerance:g}: {e.reason} |"
        for e in sorted(tables, key=lambda e: e.name)
    ]
    lead = (
        "Tables that take too long to compute in every test run. `make evidence` computes them; "
        "[manifest.json](manifest.json) has the hashes of what they rest on; every test run recomputes some "
        "rows of each table and compares."
    )
    head = "| table | what it shows | tolerance |\n|---|---|---|"
    note = "<!-- Written by tools/evidence.py. -->"
    return "\n\n".join([note, "# Evidence", lead, "\n".join([head, *rows])]) + "\n"


def main(argv: Sequence[str] | None = None) -> int:
    """Compute and write the tables."""
    sys.path.append(str(ROOT / "tests"))  # the solver in levels, which shares nothing with the package
    from evidence_tables import TABLES

    parser = argparse.ArgumentParser(description="Compute the committed tables of docs/evidence.")
    parser.add_argument("names", nargs="*", help="tables to compute; all without names")
    parser.add_argument(
        "--part", action="append", default=[], help="compute the tables of a part of `make evidence`"
    )
    given = parser.parse_args(argv)
    names = {*given.names, *(e.name for e in TABLES if e.part in given.part)}
    unknown = sorted({*names} - {e.name for e in TABLES}) + sorted({*given.part} - {e.part for e in TABLES})
    if unknown:
        known = sorted({e.name for e in TABLES} | {f"--part {e.part}" for e in TABLES})
        parser.error(f"no table or part {', '.join(unknown)}; known: {', '.join(known)}")
    for evidence in TABLES:
        if not names or evidence.name in names:
            print(f"{evidence.name} ...", file=sys.stderr)
            write(evidence)
    (FOLDER / "index.md").write_text(index_page(TABLES), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
