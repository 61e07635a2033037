"""Sources parsed once, for all the tests that list what in them breaks a rule."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def tree_of(path: Path) -> ast.Module:
    """Its syntax tree: shared, so read and never changed."""
    return ast.parse(path.read_text("utf-8"))
