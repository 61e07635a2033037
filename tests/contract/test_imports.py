"""Imports go one way, and `import suasion` costs nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from trees import tree_of

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "suasion"

EVERYBODY = {
    "database",
    "errors",
    "nearest",
    "extras",
    "files",
    "schema",
    "quotient",
    "instruments",
    "remarks",
    "temporary",
    "types",
    "worker",
    "store",
    "wars",
}
ARROWS = {
    "errors": set(),
    "nearest": set(),
    "database": {"extras"},
    "extras": {"errors"},
    "files": {"errors"},
    "schema": {"errors", "files"},
    "solvers": {"errors"},
    "quotient": set(),
    "instruments": set(),
    "remarks": {"instruments"},
    "store": {"errors", "files"},
    "temporary": set(),
    "types": set(),
    "worker": set(),
    "wars": set(),
    "snapshot": set(),
    "sources": {"snapshot"},
    "world": {"sources", "solvers"},
    "measures": {"world", "sources", "solvers"},
    "equilibrium": {"world", "sources", "solvers"},
    "coercion": {"equilibrium", "measures", "world", "sources", "solvers"},
    "games": {"solvers"},
    "scores": set(),
    "statecraft": {"scores", "sources", "solvers"},
    "products": {"measures", "world", "sources", "solvers"},
    "outlook": {"scores", "coercion", "equilibrium", "measures", "world", "sources", "solvers"},
    "answers": {"sources"},
    "queries": {"answers", "questions", "sources", "world"},
    "questions": {
        "answers",
        "outlook",
        "products",
        "statecraft",
        "games",
        "coercion",
        "equilibrium",
        "measures",
        "world",
        "sources",
    },
    "pages": {"answers", "questions"},
    "dossier": {
        "pages",
        "queries",
        "answers",
        "questions",
        "outlook",
        "products",
        "statecraft",
        "games",
        "coercion",
        "equilibrium",
        "measures",
        "world",
        "sources",
        "solvers",
    },
    "__main__": {"cli"},
    "assistant": {"answers", "queries", "questions", "sources"},
    "public": {
        "queries",
        "answers",
        "questions",
        "dossier",
        "products",
        "coercion",
        "equilibrium",
        "measures",
        "world",
        "sources",
    },
    "sweep": {"solvers", "coercion", "equilibrium", "measures", "world", "sources"},
    "cli": {
        "queries",
        "assistant",
        "public",
        "answers",
        "questions",
        "sweep",
        "web",
        "scores",
        "outlook",
        "dossier",
        "games",
        "statecraft",
        "products",
        "coercion",
        "equilibrium",
        "measures",
        "world",
        "sources",
    },
    "web": {
        "pages",
        "queries",
        "answers",
        "questions",
        "sweep",
        "dossier",
        "games",
        "statecraft",
        "products",
        "coercion",
        "equilibrium",
        "measures",
        "world",
        "sources",
        "solvers",
    },
}
MODULES = sorted(p for p in SRC.rglob("*.py") if p.parent != SRC or p.name != "__init__.py")


def room_of(path: Path) -> str:
    first = path.relative_to(SRC).parts[0]
    return first.removesuffix(".py")


def rooms_imported(tree: ast.AST) -> set[tuple[str, int]]:
    found = set()
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "suasion":
            names = [f"suasion.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        found |= {(name.split(".")[1], node.lineno) for name in names if name.startswith("suasion.")}
    return found


def test_every_room_has_its_arrows():
    rooms = {room_of(path) for path in MODULES}
    assert rooms == set(ARROWS), f"draw the arrows of {rooms ^ set(ARROWS)} in {Path(__file__).name}"


def test_imports_follow_the_arrows():
    wrong = []
    for path in MODULES:
        room = room_of(path)
        allowed = {room} if room == "errors" else ARROWS[room] | EVERYBODY | {room, "__version__"}
        wrong += [
            f"{path.relative_to(SRC)}:{line} imports {to}"
            for to, line in sorted(rooms_imported(tree_of(path)))
            if to not in allowed
        ]
    assert not wrong


def test_rooms_are_imported_by_name_from_them():
    """`import suasion.dossier as d` would bind the function of that name, not the room."""
    wrong = []
    for path in MODULES:
        tree = tree_of(path)
        plain = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
        wrong += [f"{path.relative_to(SRC)} imports {name}" for name in plain if name.startswith("suasion")]
    assert not wrong


ROOMS = sorted(p for p in SRC.rglob("*") if p.is_dir() and list(p.glob("*.py")))


def test_every_room_says_its_purpose():
    """A paragraph at the door of a room, a sentence at that of a room inside it."""
    without = []
    for room in ROOMS:
        door = room / "__init__.py"
        doc = ast.get_docstring(tree_of(door)) if door.exists() else None
        if not doc or len(doc) < (80 if room.parent == SRC else 40):
            without.append(str(room.relative_to(SRC)))
    assert not without, f"no paragraph of purpose at the door of {without}"


LARGEST_CIRCLE = 6
"""Files that may need each other, directly or round a corner: more cannot be read one after the other."""


def test_no_circle_of_imports_is_large():
    """Imports inside functions and for types count: who reads a file follows them too."""
    paths = {".".join(path.relative_to(SRC.parent).with_suffix("").parts): path for path in MODULES}
    found = {name.removesuffix(".__init__"): imported_names(tree_of(path)) for name, path in paths.items()}
    handed_on = {f"{name}.{own}": module for name in found for module, own in found[name]}
    needs = {
        name: {place_of(module, own, found, handed_on) for module, own in found[name]} & set(found)
        for name in found
    }
    reach = {name: reached(name, needs) for name in needs}
    circles = {frozenset(two for two in reach[one] if one in reach[two]) for one in reach}
    large = [sorted(one) for one in circles if len(one) > LARGEST_CIRCLE]
    assert not large


def imported_names(tree: ast.AST) -> set[tuple[str, str]]:
    """Modules and what is imported from them."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]
    return {(str(node.module), alias.name) for node in nodes for alias in node.names}


def place_of(module: str, own: str, modules: object, handed_on: dict[str, str]) -> str:
    """The module that a name stands in: what a room hands on stands in another."""
    whole = f"{module}.{own}"
    return whole if whole in modules else handed_on.get(whole, module)


def reached(name: str, needs: dict[str, set[str]]) -> set[str]:
    """Modules that one needs, directly or through others."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = needs[waiting.pop()] - found
        found |= new
        waiting += new
    return found


KEPT = ("sources", "cli", "questions")
"""Rooms with one module for each thing that has a name of its own."""


def test_no_room_is_crowded():
    """More than thirty modules side by side are told apart by prefixes: make rooms inside.

    A data set has one each, and so has a question: their names are what they are asked by.
    """
    counts = {str(room.relative_to(SRC)): len(list(room.glob("*.py"))) for room in ROOMS}
    crowded = {room: n for room, n in counts.items() if n > 30 and room not in KEPT}
    assert not crowded


def test_importing_the_package_loads_only_the_standard_library():
    code = (
        "import sys; before = set(sys.modules); import suasion; "
        "print(*sorted({m.split('.')[0] for m in set(sys.modules) - before} "
        "- set(sys.stdlib_module_names) - {'suasion'})); "
        "print(*sorted(m for m in sys.modules if m.startswith('suasion.')))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    foreign, rooms = run.stdout.split("\n")[:2]
    assert foreign == ""
    assert rooms == ""


@pytest.mark.parametrize("room", ["cli", "web"])
def test_thin_rooms_hold_no_arithmetic(room):
    """Parsing, calling and rendering need no products, powers or numpy."""
    wrong = []
    for path in sorted((SRC / room).glob("*.py")):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.BinOp) and isinstance(
                node.op, ast.Mult | ast.Sub | ast.Pow | ast.MatMult
            ):
                wrong.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.Import) and any(
                a.name in ("numpy", "scipy", "xarray") for a in node.names
            ):
                wrong.append(f"{path.name}:{node.lineno}")
    assert not wrong
