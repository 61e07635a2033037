"""Paths of users are looked at, and files replaced, in one place: suasion/files.py."""

from __future__ import annotations

import ast
from pathlib import Path

from trees import nodes

SRC = Path(__file__).resolve().parents[2] / "src" / "suasion"
#: Methods of `pathlib` that raise where a folder may not be entered, or a name is too long.
PROBES = {"is_file", "is_dir", "exists", "is_symlink"}
#: Modules that look inside the package, where every path is their own.
OWN = {"files.py", "answers/catalogue.py"}
#: Modules that read words and layout of the package, which have no checksum: data go through `files.shipped`.
WORDS = {"errors.py", "dossier/page.py", "web/render.py"}


def calls(names: set[str]) -> list[str]:
    found = []
    for path in sorted(SRC.rglob("*.py")):
        place = path.relative_to(SRC).as_posix()
        if place in OWN:
            continue
        for node in nodes(path, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in names:
                owner = node.func.value
                if not (isinstance(owner, ast.Name) and owner.id == "files"):
                    found.append(f"{place}:{node.lineno} {node.func.attr}")
    return found


def test_one_place_asks_whether_a_file_is_there():
    assert not calls(PROBES)


def test_one_place_writes_atomically():
    assert not calls({"mkstemp", "NamedTemporaryFile", "mktemp"})


def test_one_place_opens_the_data_of_the_package():
    """It holds them to their checksums; a path made by `resources.files` or `__file__` is read nowhere else."""
    found = set()
    for path in sorted(SRC.rglob("*.py")):
        for node in nodes(path, ast.Attribute):
            if node.attr in {"read_text", "read_bytes", "open"}:
                inner = {getattr(n, "attr", getattr(n, "id", "")) for n in ast.walk(node)}
                found |= {path.relative_to(SRC).as_posix()} if inner & {"files", "__file__"} else set()
    assert found <= WORDS | {"files.py"}
