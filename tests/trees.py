"""Sources parsed and walked once in a process, for all the tests that list what in them breaks a rule."""

from __future__ import annotations

import ast
from collections import deque
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

Kind = TypeVar("Kind", bound=ast.AST)


@cache
def tree_of(path: Path) -> ast.Module:
    """Its syntax tree: shared, so read and never changed."""
    return ast.parse(path.read_text("utf-8"))


@cache
def nodes_of(path: Path) -> dict[type[ast.AST], list[ast.AST]]:
    """The nodes of its tree by their kind, each kind in the order of ``ast.walk``."""
    found: dict[type[ast.AST], list[ast.AST]] = {}
    waiting = deque([tree_of(path)])
    while waiting:
        node = waiting.popleft()
        found.setdefault(type(node), []).append(node)
        waiting.extend(ast.iter_child_nodes(node))
    return found


def nodes(path: Path, *kinds: type[Kind]) -> list[Kind]:
    """Its nodes of some kinds, kind after kind."""
    return [cast(Kind, node) for kind in kinds for node in nodes_of(path).get(kind, ())]
