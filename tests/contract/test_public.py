"""The public face: names resolve, are typed as they resolve, and say what they take, give and raise."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from generated import public

import suasion
from trees import nodes

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "suasion"
ROOMS = [
    "coercion",
    "dossier",
    "equilibrium",
    "errors",
    "games",
    "measures",
    "outlook",
    "products",
    "public",
    "schema",
    "scores",
    "solvers",
    "statecraft",
    "sources",
    "sweep",
    "web",
    "world",
]
NAMES = [name for name in suasion.__all__ if not name.startswith("__")]


def room_names() -> list[tuple[str, str]]:
    return [(room, name) for room in ROOMS for name in public(room)]


def test_public_names_resolve():
    assert not [name for name in NAMES if getattr(suasion, name, None) is None or name not in dir(suasion)]


def test_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"Did you mean simulate\?"):
        _ = suasion.simulation


def declared(tree: ast.Module) -> set[str]:
    """Functions that a module declares for type checkers alone."""
    lines = [line for one in tree.body if isinstance(one, ast.If) for line in one.body]
    return {one.name for one in lines if isinstance(one, ast.FunctionDef)}


def test_type_checkers_see_the_same_names():
    """The lazy table and the imports for type checkers name the same things in the same modules."""
    typed, functions = {}, set()
    tree = ast.parse((SRC / "__init__.py").read_text("utf-8"))
    for node in ast.walk(next(one for one in tree.body if isinstance(one, ast.If))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("suasion"):
            for alias in node.names:
                if alias.name == "*":
                    room = importlib.import_module(node.module)
                    functions |= set(getattr(room, "QUESTIONS", ())) & set(room.__all__)
                    functions |= declared(ast.parse(Path(room.__file__).read_text("utf-8")))
                elif not (alias.asname or "").startswith("_"):
                    other = f":{alias.name}" if alias.asname not in (None, alias.name) else ""
                    room = ".".join((node.module or "").split(".")[:2])
                    typed[alias.asname or alias.name] = f"{room}{other}"
    functions |= declared(tree)
    typed["errors"] = "suasion.errors:"  # a module, not a name in one
    public = importlib.import_module("suasion.public")
    places = {**public.FROM_PYTHON, **public.OF_MODELS}
    assert all(typed[name].split(":")[0] in place for name, place in places.items())
    assert {name: place for name, place in typed.items() if name not in places} == suasion._PUBLIC
    assert functions | set(places) == set(public.names())


def test_a_room_does_not_hide_the_function_of_its_name():
    code = "import suasion.dossier, suasion; assert callable(suasion.dossier)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("room", [r for r in ROOMS if r != "errors"])
def test_room_lists_its_names(room):
    module = importlib.import_module(f"suasion.{room}")
    names = public(room)
    assert names, "the room's __init__.py lists what it offers"
    assert [name for name in names if not hasattr(module, name)] == []


def parameters(function) -> list[str]:
    names = inspect.signature(function).parameters
    return [name for name in names if name not in ("self", "cls") and not name.startswith("_")]


def raises_on_purpose(function) -> bool:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return any(isinstance(node, ast.Raise) and node.exc is not None for node in ast.walk(tree))


def complaints(name: str, function) -> list[str]:
    """What a docstring lacks; a method needs no sections, one argument no words of its own."""
    doc = inspect.getdoc(function) or ""
    if not doc:
        return [f"{name}: no docstring"]
    if len(parameters(function)) < 2:
        return []
    found = []
    lacking = [p for p in parameters(function) if not re.search(rf"\b{re.escape(p)}\b", doc)]
    if lacking:
        found.append(f"{name}: parameters not described: {', '.join(lacking)}")
    if "." in name:
        return found
    if "Parameters\n" not in doc:
        found.append(f"{name}: no section Parameters")
    returns = inspect.signature(function).return_annotation
    gives = returns not in (None, "None", "NoReturn", inspect.Signature.empty)
    if gives and not re.search(r"^(Returns|Yields)\n", doc, re.MULTILINE):
        found.append(f"{name}: no section Returns")
    if raises_on_purpose(function) and not re.search(r"^Raises\n", doc, re.MULTILINE):
        found.append(f"{name}: raises, but has no section Raises")
    return found


def class_complaints(name: str, kind: type) -> list[str]:
    """What the docstrings of a class and of its public methods lack."""
    found = [] if inspect.getdoc(kind) else [f"{name}: no docstring"]
    for method, member in vars(kind).items():
        target = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if method.startswith("_") or getattr(target, "__module__", None) != kind.__module__:
            continue
        if inspect.isfunction(target):
            found += complaints(f"{name}.{method}", target)
        elif isinstance(target, property) and not inspect.getdoc(target):
            found.append(f"{name}.{method}: no docstring")
    return found


def test_public_docstrings_are_complete():
    found = []
    for room, name in room_names():
        value = getattr(importlib.import_module(f"suasion.{room}"), name)
        if inspect.isclass(value):
            found += class_complaints(name, value)
        elif inspect.isfunction(value):
            found += complaints(name, value)
    assert not found


def test_every_error_carries_advice():
    errors = importlib.import_module("suasion.errors")
    classes = [c for c in vars(errors).values() if inspect.isclass(c) and issubclass(c, Exception)]
    assert all(issubclass(c, errors.SuasionError | errors.SuasionWarning) for c in classes)
    assert not [c.__name__ for c in classes if len(inspect.getdoc(c) or "") < 40]


def match_tests() -> tuple[set[str], list[str]]:
    """Errors that some test expects with `match=`, and expectations of our errors without it."""
    expected, bare = set(), []
    own = {c for c in vars(importlib.import_module("suasion.errors")) if c.endswith("Error")}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in nodes(path, ast.Call):
            if getattr(node.func, "attr", "") != "raises" or not node.args:
                continue
            kinds = {n.id for n in ast.walk(node.args[0]) if isinstance(n, ast.Name)}
            kinds |= {n.attr for n in ast.walk(node.args[0]) if isinstance(n, ast.Attribute)}
            if any(k.arg == "match" for k in node.keywords):
                expected |= kinds
            elif kinds & own:
                bare.append(f"{path.name}:{node.lineno}")
    return expected, bare


def test_every_error_raised_has_a_test_of_its_message():
    raised = set()
    for path in SRC.rglob("*.py"):
        for node in nodes(path, ast.Raise):
            if isinstance(node.exc, ast.Call):
                raised.add(getattr(node.exc.func, "id", getattr(node.exc.func, "attr", "")))
    own = {name for name in vars(importlib.import_module("suasion.errors")) if name.endswith("Error")}
    expected, bare = match_tests()
    assert not sorted((raised & own) - expected)
    assert not bare, "give `match=`"


def test_nothing_prints_or_swallows():
    wrong = []
    for path in SRC.rglob("*.py"):
        for node in nodes(path, ast.ExceptHandler, ast.Call):
            if isinstance(node, ast.ExceptHandler) and node.type is None:
                wrong.append(f"{path.name}:{node.lineno} bare except")
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
                wrong.append(f"{path.name}:{node.lineno} print")
    assert not wrong
