"""The program removes no folder but its own: one made in the same function, or one whose marker proves it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from trees import tree_of

SRC = Path(__file__).resolve().parents[2] / "src" / "suasion"
REMOVERS = {"rmtree", "removedirs"}
"""Calls that remove a folder with what is in it; ``rmdir`` removes an empty one and so no bytes."""
MAKERS = {"mkdtemp"}
PROOF = ("temporary.py", "remove_folder")
"""The one function that removes a folder that others made, after it has read its marker."""
MODULES = sorted(SRC.rglob("*.py"))


def name_of(call: ast.expr) -> str:
    """Last part of what is called."""
    return call.attr if isinstance(call, ast.Attribute) else call.id if isinstance(call, ast.Name) else ""


def made_here(function: ast.AST) -> set[str]:
    """Names that a function binds once, to a folder that it has just made."""
    bound: dict[str, list[bool]] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign):
            makes = any(isinstance(n, ast.Call) and name_of(n.func) in MAKERS for n in ast.walk(node.value))
            for target in node.targets:
                for name in (n.id for n in ast.walk(target) if isinstance(n, ast.Name)):
                    bound.setdefault(name, []).append(makes)
    return {name for name, makes in bound.items() if all(makes)}


def removals(tree: ast.AST, module: str) -> list[str]:
    """Calls that remove a folder of which nothing proves that it is the program's own."""
    found: list[str] = []
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = {
        id(n): f for f in functions for n in ast.walk(f)
    }  # the innermost function is the last to be written
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and REMOVERS & {
            alias.name for alias in node.names if alias.asname
        }:
            found.append(f"{module}:{node.lineno}: a remover under another name")
        if not (isinstance(node, ast.Call) and name_of(node.func) in REMOVERS):
            continue
        function = inside.get(id(node))
        if function is not None and (module, function.name) == PROOF:
            continue
        made = made_here(function) if function is not None else set()
        if not (node.args and isinstance(node.args[0], ast.Name) and node.args[0].id in made):
            found.append(f"{module}:{node.lineno}: {ast.unparse(node)}")
    return found


def test_no_folder_is_removed_without_proof():
    named = [path for path in MODULES if any(name in path.read_text("utf-8") for name in REMOVERS)]
    assert named
    assert [one for path in named for one in removals(tree_of(path), str(path.relative_to(SRC)))] == []


@pytest.mark.parametrize(
    ("body", "allowed"),
    [
        ("shutil.rmtree(tempfile.gettempdir(), ignore_errors=True)", False),
        ("shutil.rmtree(folder)", False),
        ("work = folder\n    shutil.rmtree(work)", False),
        ("work = tempfile.mkdtemp()\n    work = folder\n    shutil.rmtree(work)", False),
        ("work = tempfile.mkdtemp()\n    shutil.rmtree(Path(work).parent)", False),
        ("work = Path(tempfile.mkdtemp())\n    shutil.rmtree(work)", True),
        ("remove_folder(folder)", True),
    ],
)
def test_the_rule_tells_them_apart(body, allowed):
    """The first is what a worker did to the whole temporary folder of its system."""
    assert (removals(ast.parse(f"def f(folder):\n    {body}\n"), "x.py") == []) is allowed
