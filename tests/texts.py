"""Which string literals of a module are sentences that a model should not hold.

A literal of four words or more is one, except

* a docstring;
* what is raised: inside ``raise``, the arguments of an error or of a function that raises (``expect``, ``known``, ``raise_...``), a local
  name that the same function raises, and what is typed as a part of such a message (``Advice``, ``Allowed``, ``Fault``). Errors stay
  English, and no code reads them;
* a member of an enum, or of a literal type: that is a key, whatever its value;
* a source, or what is assumed instead (``Citation``, ``Fill``), and a step of a provenance (``Provenance``, ``then``, ``Step``): both stand beside their numbers as they are, in
  every language;
* a program in another language: SQL, a regular expression.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

WORD = re.compile(r"[A-Za-z]{2,}")
SQL = re.compile(r"\b(SELECT|FROM|WHERE|GROUP BY|AS|SMALLINT|VALUES|VIEW|FILTER)\b|starts_with\(|t\.[a-z]+ ")
RAISED, KEPT, ENUMS = (
    {"Advice", "Allowed", "Fault"},
    {"Citation", "Fill", "Provenance", "Step"},
    {"StrEnum", "Enum"},
)
RAISING = ("expect", "known", "raise", "refuse")
PATTERNS = {"compile", "split", "sub", "match", "search"}


def sentences(tree: ast.Module) -> list[ast.Constant]:
    """Literals of four words that no exception covers."""
    raised = {id(one) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) for one in _told(node)}
    return [
        node
        for node, above in _literals(tree, ())
        if len(WORD.findall(str(node.value))) >= 4
        and " " in str(node.value).strip()
        and not SQL.search(str(node.value))
        and not any(id(one) in raised or _covers(one) for one in above)
    ]


def _literals(
    node: ast.AST, above: tuple[ast.AST, ...]
) -> Iterator[tuple[ast.Constant, tuple[ast.AST, ...]]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Constant) and isinstance(child.value, str):
            if not isinstance(node, ast.Expr):
                yield child, (*above, node)
        else:
            yield from _literals(child, (*above, node))


def _told(function: ast.FunctionDef) -> list[ast.Assign]:
    """Assignments to names that the function itself raises, at once or through another such name."""
    given = [
        one
        for one in ast.walk(function)
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name)
    ]
    names = {_name(one) for node in ast.walk(function) if _raises(node) for one in ast.walk(node)}
    for _ in given:
        names |= {_name(x) for one in given if _name(one.targets[0]) in names for x in ast.walk(one.value)}
    return [one for one in given if _name(one.targets[0]) in names]


def _raises(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise):
        return True
    name = _name(node.func).lstrip("_") if isinstance(node, ast.Call) else ""
    return name.endswith("Error") or name.startswith(RAISING)


def _covers(node: ast.AST) -> bool:
    if _raises(node):
        return True
    if isinstance(node, ast.Call):
        return _name(node.func) in {"then", *KEPT, *PATTERNS}
    if isinstance(node, ast.FunctionDef):
        return bool(_names(node.returns) & (RAISED | KEPT))
    if isinstance(node, ast.AnnAssign):
        return bool(_names(node.annotation) & (RAISED | KEPT | {"Literal"}))
    return isinstance(node, ast.ClassDef) and bool(ENUMS & {_name(base) for base in node.bases})


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _names(node: ast.AST | None) -> set[str]:
    return set() if node is None else {_name(one) for one in ast.walk(node)}
