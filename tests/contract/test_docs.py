"""The documentation runs, is complete, and its generated pages are fresh."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import make_docs

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?suasion ([a-z][a-z -]*)", re.MULTILINE)
FENCE = re.compile(r"^```(?:bash|sh|console|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MODULES = sorted((ROOT / "src" / "suasion").rglob("*.py"))


def blocks(page: Path) -> list[str]:
    return BLOCK.findall(page.read_text("utf-8"))


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p)], ids=lambda p: str(p.relative_to(ROOT)))
def test_code_blocks_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page"}
    for number, block in enumerate(blocks(page), start=1):
        exec(compile(block, f"{page.name}, block {number}", "exec"), names)


@pytest.mark.parametrize(
    "path",
    [p for p in MODULES if ">>>" in p.read_text("utf-8")],
    ids=lambda p: str(p.relative_to(ROOT / "src")),
)
def test_docstring_examples_run(path):
    relative = path.relative_to(ROOT / "src").with_suffix("")
    name = ".".join(relative.parts).removesuffix(".__init__")
    outcome = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert outcome.failed == 0


@pytest.mark.parametrize("page", ["notation.md", "cli.md", "reference/index.md"])
def test_generated_page_is_fresh(page):
    make = {"notation.md": make_docs.notation, "cli.md": make_docs.cli}.get(page, make_docs.reference_index)
    assert (DOCS / page).read_text("utf-8") == make(), "run `make docs`"


@pytest.mark.parametrize("room", make_docs.ROOMS)
def test_reference_page_is_fresh(room):
    assert (DOCS / "reference" / f"{room}.md").read_text("utf-8") == make_docs.reference(room), (
        "run `make docs`"
    )


def test_every_command_has_help_and_a_place_in_the_docs():
    text = (DOCS / "cli.md").read_text("utf-8")
    commands = list(make_docs.commands(make_docs.root_command()))
    assert {"dyad", "simulate"} <= {path for path, _ in commands}
    for path, command in commands:
        assert f"\n## suasion {path}\n" in text
        assert command.help, f"{path} has no help"
        silent = [p.name for p in command.params if p.name != "help" and not getattr(p, "help", None)]
        assert not silent, f"{path}: no help for {silent}"


def test_commands_shown_in_the_docs_exist():
    known = {path.split()[0] for path, _ in make_docs.commands(make_docs.root_command())}
    unknown = []
    for page in PAGES:
        for fence in FENCE.findall(page.read_text("utf-8")):
            unknown += [(page.name, c) for c in COMMAND.findall(fence) if c.split()[0] not in known]
    assert not unknown


def nav_pages(node: object) -> set[str]:
    if isinstance(node, str):
        return {node}
    children = node.values() if isinstance(node, dict) else node
    return set().union(*(nav_pages(child) for child in children))


def test_navigation_lists_every_page():
    config = YAML(typ="safe").load((ROOT / "mkdocs.yml").read_text("utf-8"))
    assert config["strict"] is True
    pages = {str(p.relative_to(DOCS)) for p in DOCS.rglob("*.md")}
    assert nav_pages(config["nav"]) == pages


def test_every_public_name_is_in_the_reference():
    text = "".join((DOCS / "reference" / f"{room}.md").read_text("utf-8") for room in make_docs.ROOMS)
    missing = []
    for room in make_docs.ROOMS:
        names = make_docs.public_names(importlib.import_module(f"suasion.{room}"))
        missing += [f"{room}.{name}" for name in names if f"\n## {name}\n" not in text]
    assert not missing


def test_readme_starts_with_the_two_commands():
    top = (ROOT / "README.md").read_text("utf-8")[:2500]
    assert "make dossier" in top
    assert "make test" in top
    example = [line for line in blocks(ROOT / "README.md")[0].splitlines() if line.strip()]
    assert len(example) <= 5


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_to_files_lead_somewhere(name):
    links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / name).read_text("utf-8"))
    assert not [link for link in links if not (ROOT / link).exists()]
