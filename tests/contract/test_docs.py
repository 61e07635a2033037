"""The documentation runs, is complete, and its generated pages are fresh."""

from __future__ import annotations

import ast
import doctest
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pandas as pd
import pytest
from generated import ROOMS, cli, commands, root_command

import suasion
from suasion.questions import QUESTIONS
from suasion.questions.scenarios.address import parse_query
from suasion.questions.text import arguments

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
BUILT = {"cli", "notation", *ROOMS}  # pages of the reference that a build writes
WRITTEN = [p for p in sorted(DOCS.rglob("*.md")) if not (p.parent.name == "reference" and p.stem in BUILT)]
PAGES = [ROOT / "README.md", *WRITTEN]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:\$ )?(?:\.venv/bin/)?suasion ([a-z][a-z -]*)", re.MULTILINE)
FENCE = re.compile(r"^```(?:bash|sh|console|shell)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MODULES = sorted((ROOT / "src" / "suasion").rglob("*.py"))


def blocks(page: Path) -> list[str]:
    return BLOCK.findall(page.read_text("utf-8"))


# Those of the page on the article run in its own tests.
RUN_HERE = [page for page in PAGES if page.stem != "the-article-claims" and blocks(page)]
LONG = (
    "coercion", "dossier", "elasticities", "frontier", "gallery", "games", "hindcasts", "measures", "model", "other-tools",
    "outlook", "products", "short-run", "tariffs",
)  # fmt: skip
"""Pages whose blocks take more than a second: evidence. That they call what there is, as it is called, is seen by types."""


def leaves(value) -> list[float]:
    """All numbers in what an expression gives: a number, a mapping, a list, an array, a row or frame."""
    if isinstance(value, Mapping):
        return [x for one in value.values() for x in leaves(one)]
    if isinstance(value, list | tuple):
        return [x for one in value for x in leaves(one)]
    if is_dataclass(value):
        return leaves([getattr(value, f.name) for f in fields(value)])
    if isinstance(value, pd.DataFrame):
        return leaves([value[column] for column in value.select_dtypes("number")])
    array = np.asarray(value)
    return array.astype(float).ravel().tolist() if array.dtype.kind in "fiu" else []


def hold_comment(value, comment: str) -> None:
    """Each decimal number of the comment behind an expression is in its value, to the digits that the page prints."""
    for said in re.findall(r"[-−]?\d*\.\d+", comment):
        digits = len(said.split(".")[1])
        found = [f"{x:.{digits}f}" for x in leaves(value)]
        assert f"{float(said.replace('−', '-')):.{digits}f}" in found, f"says {comment!r}, is {found[:20]}"


def with_comments_held(block: str, name: str):
    """The block, in which expressions that stand for their value meet the number in the comment behind them."""
    tree, lines = ast.parse(block), block.splitlines()
    for node in tree.body:
        comment = lines[node.end_lineno - 1].partition("  # ")[2]
        if isinstance(node, ast.Expr) and re.search(r"\d*\.\d", comment):
            call = ast.Call(ast.Name("hold_comment", ast.Load()), [node.value, ast.Constant(comment)], [])
            node.value = ast.copy_location(call, node.value)
    return compile(ast.fix_missing_locations(tree), name, "exec")


@pytest.mark.parametrize(
    "page",
    [pytest.param(p, marks=[pytest.mark.evidence] if p.stem in LONG else []) for p in RUN_HERE],
    ids=lambda p: str(p.relative_to(ROOT)),
)
def test_code_blocks_run_and_give_what_stands_behind_them(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "page", "hold_comment": hold_comment}
    for number, block in enumerate(blocks(page), start=1):
        exec(with_comments_held(block, f"{page.name}, block {number}"), names)


def test_a_comment_that_its_value_contradicts_is_found():
    held = with_comments_held("{'a': 0.284}['a']  # a share: 0.28", "page")
    exec(held, {"hold_comment": hold_comment})
    wrong = with_comments_held("{'a': 0.285}['a']  # a share: 0.26", "page")
    with pytest.raises(AssertionError, match="says"):
        exec(wrong, {"hold_comment": hold_comment})


def code_of(page: Path) -> str:
    """All Python of a page or notebook, in order."""
    if page.suffix == ".md":
        return "\n".join(blocks(page))
    cells = json.loads(page.read_text("utf-8"))["cells"]
    return "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "code") + "\n"


def code_below(folder: Path) -> list[Path]:
    """All of it as modules of a package `pages`, of which pyproject.toml says what they may leave out."""
    package = folder / "pages"
    package.mkdir()
    (package / "__init__.py").touch()
    files = []
    for page in (*PAGES, *sorted((DOCS / "tutorials").glob("*.ipynb"))):
        if code := code_of(page):
            name = re.sub(r"\W", "_", str(page.relative_to(ROOT)))
            files.append(package / f"{name}.py")
            files[-1].write_text(code, "utf-8")
    assert len(files) > 50
    return files


def test_code_of_readme_pages_and_notebooks_has_no_error_of_types(tmp_path):
    """One run of mypy on all of it; what `make types` knows of the package is kept from there."""
    files = code_below(tmp_path)
    run = subprocess.run(
        [sys.executable, "-m", "mypy", *map(str, files)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.evidence
def test_pyright_finds_none_either(tmp_path):
    """Its engine of JavaScript is in a wheel of the lock: nothing is fetched."""
    code_below(tmp_path)
    (tmp_path / "pyrightconfig.json").write_text('{"typeCheckingMode": "standard"}', "utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "basedpyright", "--pythonpath", sys.executable, "--level", "error", "."],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 errors" in run.stdout


DEAR = ("frontier", "gather", "hindcast", "levers", "outlook", "panel", "tariff_war", "verdict")
"""Modules whose examples take more than a second, and whose questions are asked elsewhere: evidence."""


def with_examples():
    for path in MODULES:
        if ">>>" in path.read_text("utf-8"):
            name = path.parent.name if path.stem == "__init__" else path.stem
            marks = [pytest.mark.evidence] if name in DEAR else []
            yield pytest.param(path, marks=marks, id=str(path.relative_to(ROOT / "src")))


@pytest.mark.parametrize("path", list(with_examples()))
def test_docstring_examples_run(path, tmp_path, monkeypatch):
    """All in one process, which loads the usual world once."""
    monkeypatch.chdir(tmp_path)
    relative = path.relative_to(ROOT / "src").with_suffix("")
    module = importlib.import_module(".".join(relative.parts).removesuffix(".__init__"))
    how = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.testmod(module, optionflags=how, extraglobs={"su": suasion}).failed == 0


def test_public_names_show_how_they_are_used():
    shown = [name for name in suasion.__all__ if ">>>" in (getattr(suasion, name).__doc__ or "")]
    assert len(shown) >= 80
    assert set(QUESTIONS) <= set(shown)


def test_every_command_has_help_and_a_place_in_the_docs():
    text = cli()
    tree = list(commands(root_command()))
    assert {"dyad", "simulate"} <= {path for path, _ in tree}
    for path, command in tree:
        assert re.search(rf"^#+ `suasion {path}`$", text, re.MULTILINE), path
        assert command.help, f"{path} has no help"
        silent = [p.name for p in command.params if p.name != "help" and not getattr(p, "help", None)]
        assert not silent, f"{path}: no help for {silent}"


def test_commands_shown_in_the_docs_exist():
    known = {path.split()[0] for path, _ in commands(root_command())}
    unknown = []
    for page in PAGES:
        for fence in FENCE.findall(page.read_text("utf-8")):
            unknown += [(page.name, c) for c in COMMAND.findall(fence) if c.split()[0] not in known]
    assert not unknown


def test_every_room_is_in_the_reference():
    rooms = {p.name for p in (ROOT / "src" / "suasion").iterdir() if (p / "__init__.py").exists()}
    assert rooms - {"cli", "snapshot"} <= set(ROOMS)
    listed = (DOCS / "reference" / "index.md").read_text("utf-8").splitlines()
    assert not [room for room in ROOMS if room not in listed]


@pytest.mark.parametrize("kind", ["tutorials", "how-to", "explanation", "reference"])
def test_each_part_says_what_kind_of_page_it_has(kind):
    assert re.search(r"^\*\S.*\*", (DOCS / kind / "index.md").read_text("utf-8"), re.MULTILINE)


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


def test_each_example_of_the_gallery_leads_to_its_question_in_the_web_application():
    examples = re.split(r"\n(?=\d+\. )", (DOCS / "how-to" / "gallery.md").read_text("utf-8"))[1:]
    links = [re.findall(r"\]\(http://127\.0\.0\.1:8000(/[^)]+)\)", one) for one in examples]
    assert [len(found) for found in links] == [1] * 25
    for address in (urlsplit(found[0]) for found in links):
        pairs = parse_qsl(address.query)
        if address.path == "/scenario":
            assert parse_query(pairs).measures
        elif address.path == "/compare":
            assert all(parse_query(parse_qsl(one)).measures for _, one in pairs)
        else:
            name = re.fullmatch(r"/api/answers/(\w+)\.\w+", address.path)[1]
            assert QUESTIONS[name].from_afar
            arguments(QUESTIONS[name], dict(pairs))  # refuses what it does not take
