"""Small functions, thin containers."""

from __future__ import annotations

import ast
import io
import tokenize
from functools import cache
from pathlib import Path

from trees import nodes

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(p for folder in ("src/suasion", "tools/fits") for p in (ROOT / folder).rglob("*.py"))
FUNCTION, USUAL_FUNCTION, CLASS, MODULE = 40, 25, 300, 400


def code_lines(source: str) -> set[int]:
    """Lines that hold a token other than a comment or a line end."""
    idle = {
        tokenize.COMMENT,
        tokenize.NL,
        tokenize.NEWLINE,
        tokenize.INDENT,
        tokenize.DEDENT,
        tokenize.ENDMARKER,
    }
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in idle:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return lines


def docstring_lines(path: Path) -> set[int]:
    """Lines of the docstrings of all functions and classes of a module."""
    lines: set[int] = set()
    for inner in nodes(path, ast.FunctionDef, ast.ClassDef):
        if ast.get_docstring(inner, clean=False) is not None:
            first = inner.body[0]
            lines |= set(range(first.lineno, (first.end_lineno or first.lineno) + 1))
    return lines


@cache
def function_sizes() -> list[tuple[int, str]]:
    sizes = []
    for path in MODULES:
        code = code_lines(path.read_text("utf-8")) - docstring_lines(path)
        for node in nodes(path, ast.FunctionDef, ast.AsyncFunctionDef):
            size = sum(line in code for line in range(node.lineno, (node.end_lineno or node.lineno) + 1))
            sizes.append((size, f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"))
    return sorted(sizes, reverse=True)


def test_no_function_is_long():
    long = [(size, name) for size, name in function_sizes() if size > FUNCTION]
    assert not long


def test_most_functions_are_short():
    sizes = function_sizes()
    above = [(size, name) for size, name in sizes if size > USUAL_FUNCTION]
    assert len(above) <= 0.05 * len(sizes), above


def test_no_class_is_long():
    long = []
    for path in MODULES:
        for node in nodes(path, ast.ClassDef):
            if (node.end_lineno or 0) - node.lineno + 1 > CLASS:
                long.append(f"{path.relative_to(ROOT)} {node.name}")
    assert not long


def test_no_module_is_long():
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert not {name: size for name, size in sizes.items() if size > MODULE}
