"""Pages that come from the code when the documentation is built: commands, notation, a page a room, llms.txt."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main
from sphinx.application import Sphinx
from typer.cli import get_docs_for_click

#: Rooms in the order in which an answer is made.
ROOMS = (
    *(
        "public",
        "questions",
        "queries",
        "world",
        "sources",
        "measures",
        "equilibrium",
        "coercion",
        "games",
        "products",
        "statecraft",
    ),
    *(
        "outlook",
        "sweep",
        "answers",
        "dossier",
        "pages",
        "web",
        "scores",
        "solvers",
        "worker",
        "schema",
        "errors",
    ),
)
OWNERS = {
    "world": ("The world", "Asked for by `world[name]`."),
    "result": ("Results of a simulation", "Attributes of what `simulate` returns."),
    "dependence": ("Dependence", "Measures of `dependence` and its relatives."),
    "exit_cost": ("Exit costs", "Columns of the tables that `exit_cost` returns."),
    "critical_level": ("Critical levels", "Columns of the tables that `critical_levels` returns."),
    "power": ("Power", "Columns of the table that `power` returns."),
}


def root_command() -> Any:
    """Return the root of the command tree."""
    from suasion.cli.app import app

    return typer.main.get_command(app)


def commands(command: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Walk the commands below a group: path such as ``data list``, and the command."""
    for name, sub in sorted(command.commands.items()):
        if hasattr(sub, "commands"):
            yield from commands(sub, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", sub


def cli() -> str:
    """Every command with its usage, arguments and options."""
    command = root_command()
    context = command.context_class(command, info_name="suasion")
    text = get_docs_for_click(obj=command, ctx=context, name="suasion", title="Command line")
    lead = "Tables go to standard output, messages and progress to standard error."
    return text.replace("# Command line\n", f"# Command line\n\n{lead}\n", 1)


def notation() -> str:
    """Tables of the schema's rows."""
    from suasion.schema import OWNERS as owners
    from suasion.schema import variables

    parts = [
        "# Notation and units",
        "Every labelled variable, with the order of its axes, its unit and its sign. The same rows give "
        "labelled arrays their attributes and charts their axis titles; `suasion.describe(name)` prints one.",
        "Symbols: `n` importer or user country, `i` exporter, `s` good, `k` industry, `f` factor. In results, "
        "a letter with a prime is the new level; one without is new over base where it stands for a price "
        "(`P`, `PC`, `w`), a quantity (`Q`) or welfare (`W`), else the base level.",
    ]
    for owner in owners:
        title, lead = OWNERS[owner]
        rows = [
            f"| `{v.name}` | {', '.join(v.dims) or 'scalar'} | {v.unit} | {_cell(v.sign)} | "
            f"{'`' + _cell(v.symbol) + '`' if v.symbol else ''} | {_cell(v.meaning)} | {_cell(v.source)} |"
            for v in variables(owner)
        ]
        head = "| name | axes | unit | sign | symbol | meaning | source |\n|---|---|---|---|---|---|---|"
        parts += [f"## {title}", lead, "\n".join([head, *rows])]
    return "\n\n".join(parts) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def public(name: str) -> list[str]:
    """Names that a room offers: those of its ``__all__``, or all that its door imports under their own name."""
    module = importlib.import_module(f"suasion.{name}")
    if hasattr(module, "__all__"):
        return list(module.__all__)
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    doors = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    found = [one.name for node in doors for one in node.names if one.asname == one.name]
    whole = [node.module for node in doors if node.names[0].name == "*"]
    return sorted([*found, *(one for room in whole for one in importlib.import_module(str(room)).__all__)])


def room(name: str) -> str:
    """Page of one room, which Sphinx fills from its docstrings."""
    names, module = public(name), importlib.import_module(f"suasion.{name}")
    # What a door loads on first use stands in the module only then, and there Sphinx looks for it.
    vars(module).update({one: getattr(module, one) for one in names})
    members = ", ".join(names)
    directive = f".. automodule:: suasion.{name}\n   :members: {members}\n   :show-inheritance:"
    return f"# suasion.{name}\n\n```{{eval-rst}}\n{directive}\n```\n"


def pages() -> dict[str, str]:
    """Generated pages: path below the documentation's folder, and text."""
    return {
        "reference/cli.md": cli(),
        "reference/notation.md": notation(),
        **{f"reference/{name}.md": room(name) for name in ROOMS},
    }


def write(app: Sphinx) -> None:
    """Write what changed, so that a second build reads only that."""
    for path, text in pages().items():
        target = Path(app.srcdir) / path
        if not target.exists() or target.read_text("utf-8") != text:
            target.write_text(text, "utf-8")


def index_for_models(app: Sphinx, failed: Exception | None) -> None:
    """Write llms.txt: title and address of each page."""
    if failed:
        return
    titles = sorted((name, node.astext()) for name, node in app.env.titles.items())
    lines = [f"- [{title}]({name}.html)" for name, title in titles]
    lead = "# Suasion\n\n> Economic dependence, leverage, coercion and alignment between states.\n"
    (Path(app.outdir) / "llms.txt").write_text("\n".join([lead, *lines]) + "\n", "utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Connect to the build."""
    app.connect("builder-inited", write)
    app.connect("build-finished", index_for_models)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
