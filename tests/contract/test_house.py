"""What the repository promises about itself: licences, locks, versions, sizes, and nothing of a machine in it."""

from __future__ import annotations

import importlib.metadata as metadata
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import suasion

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = ["requirements.lock", "requirements-run.lock", "requirements-bootstrap.lock"]
PIN = re.compile(r"^([a-z0-9][a-z0-9-]*)==([^\n]*(?:\n    --hash[^\n]*)+)", re.MULTILINE)
#: Extras whose packages the web application and the command line use; the others are for tests, documentation, clusters.
RUNNING = ("sources", "models", "app")
MEGABYTE = 1_000_000

# SPDX parts and the words of older metadata. LGPL stays outside: pycountry is imported, not changed or linked in.
ALLOWED = {
    "0BSD",
    "APACHE-2.0",
    "BSD",
    "BSD-2-CLAUSE",
    "BSD-3-CLAUSE",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PSF-2.0",
    "ZLIB",
}
ALLOWED_BY_NAME = {"pycountry": "LGPL-2.1-only"}
MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"
"""Words of the MIT licence, where a package has its text alone."""


def closure(
    requirements: list[str], seen: dict[str, metadata.Distribution]
) -> dict[str, metadata.Distribution]:
    """Installed distributions that the requirements pull in, without extras."""
    for line in requirements:
        requirement = Requirement(line)
        name = requirement.name.lower()
        if name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        seen[name] = metadata.distribution(name)
        closure(list(seen[name].requires or []), seen)
    return seen


def licence_parts(distribution: metadata.Distribution) -> set[str]:
    """Licence names of a distribution, from its SPDX expression, else its classifiers, else its free text."""
    about = distribution.metadata
    expression = about.get("License-Expression")
    if not expression:
        classifiers = [c.split("::")[-1] for c in about.get_all("Classifier", []) if c.startswith("License")]
        expression = " AND ".join(classifiers) or str(about.get("License", "unknown"))[:60]
        expression = re.sub(r"\s*License|\s*\(.*?\)|Software", "", expression)
    return {part.strip(" ()").upper() for part in re.split(r"\bAND\b|\bOR\b|\bWITH\b", expression)}


def test_base_dependencies_have_permissive_licences():
    wrong = {}
    for name, distribution in closure(PROJECT["dependencies"], {}).items():
        if ALLOWED_BY_NAME.get(name) == distribution.metadata.get("License-Expression"):
            continue
        if name == "resvg-py" and MIT in " ".join((distribution.read_text("licenses/LICENSE") or "").split()):
            continue
        odd = licence_parts(distribution) - ALLOWED
        if odd:
            wrong[name] = odd
    assert not wrong


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"--(extra-)?index|--find-links|/", re.sub(r"#.*", "", text))
    assert len(PIN.findall(text)) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE))


def pins(lock: str) -> dict[str, str]:
    """What a lock file pins: name to version and hashes, wherever it is needed."""
    text = re.sub(r"( ;[^\n\\]*)? \\$", "", (ROOT / lock).read_text("utf-8"), flags=re.MULTILINE)
    return dict(PIN.findall(text))


def needed(extras: Iterable[str]) -> set[str]:
    """Packages that the project and some of its extras name."""
    listed = [*PROJECT["dependencies"], *(x for key in extras for x in PROJECT["optional-dependencies"][key])]
    names = {re.sub(r"[._]", "-", Requirement(line).name.lower()) for line in listed}
    return names - {"suasion"}


def test_locks_pin_every_dependency():
    assert needed(PROJECT["optional-dependencies"]) <= pins("requirements.lock").keys()
    assert needed(RUNNING) <= pins("requirements-run.lock").keys()


def test_what_runs_is_pinned_as_what_is_tested():
    """Every pin of the runtime's lock, and of what sets it up, stands so in the lock of everything."""
    whole = pins("requirements.lock")
    assert pins("requirements-run.lock").items() < whole.items()
    assert all(whole.get(name, pin) == pin for name, pin in pins("requirements-bootstrap.lock").items())


def test_an_installation_that_runs_holds_no_tool_of_development():
    tools = needed(["dev", "docs", "cluster"]) - needed(RUNNING)
    assert not tools & pins("requirements-run.lock").keys()
    image = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    assert "requirements-run.lock" in image
    assert "requirements.lock" not in image


def git(*command: str) -> str:
    """What git says of this checkout; skips where there is none, or no git."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("no git here, or not a git checkout")
    return subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True, check=False).stdout


def tracked_files() -> list[Path]:
    """Files under version control, or to be: nothing that .gitignore names."""
    names = git("ls-files", "-z", "--cached", "--others", "--exclude-standard")
    paths = [ROOT / name for name in names.split("\0") if name]
    return sorted(p for p in paths if p.is_file())


# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = rb"py" + rb"pi\.org|python" + rb"hosted\.|registry\.npm" + rb"js|deb\.deb" + rb"ian\."
FOLDERS = rb"(?<![\w.])/(?:work|tmp|root|home|opt)/[\w.]"
WORDS = rb"(?i)\bissue #?\d|\b(?:hel" + rb"per|ag" + rb"ent)s?\b|\bses" + rb"sions?\b|\blanguage mo" + rb"del"
# A fixture's scope, and the meetings of an assembly.
MEANT = rb"scope=\"ses" + rb"sion\"|(?:assembly|UN|country)[ -]ses" + rb"sions?"


@pytest.mark.parametrize(
    ("what", "pattern"),
    [("registry", REGISTRIES), ("machine path", FOLDERS), ("word about its making", WORDS)],
    ids=["registries", "paths", "words"],
)
def test_files_speak_of_the_project_alone(what, pattern):
    found = []
    for path in tracked_files():
        data = path.read_bytes()
        if what != "machine path" and b"\0" in data[:8000]:
            continue  # words in compressed bytes mean nothing
        data = re.sub(MEANT, b"", data)
        found += [
            f"{path.relative_to(ROOT)}: {hit.decode(errors='replace')}" for hit in re.findall(pattern, data)
        ]
    assert not found, f"{what} in tracked files"


def test_no_large_or_private_file_is_tracked():
    for path in tracked_files():
        assert path.stat().st_size < 20 * MEGABYTE, path
        assert path.suffix not in {".rda", ".RData", ".dta", ".pem", ".key"}, path


def test_snapshot_is_small():
    folder = ROOT / "src" / "suasion" / "snapshot"
    total = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    assert 0 < total <= 40 * MEGABYTE
    assert (folder / "PROVENANCE.md").exists()


def test_every_snapshot_file_has_its_provenance():
    folder = ROOT / "src" / "suasion" / "snapshot"
    text = (folder / "PROVENANCE.md").read_text("utf-8")
    data = [
        p.name
        for p in folder.rglob("*")
        if p.suffix in {".parquet", ".npz", ".csv", ".json", ".bin", ".toml"}
    ]
    assert not [name for name in data if name not in text]


def test_versions_agree():
    assert PROJECT["version"] == suasion.__version__
    assert f"\nversion: {suasion.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.search(
        rf"^## {re.escape(suasion.__version__)}\b", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
    )


def test_licence_is_apache():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "Suasion authors" in text


def test_make_lists_the_documented_targets():
    text = (ROOT / "Makefile").read_text("utf-8")
    for target in [
        "dossier",
        "test",
        "bench",
        "evidence",
        "lint",
        "docs",
        "serve",
        "lock",
        "snapshot",
        "clean",
        "help",
    ]:
        assert re.search(rf"^{target}:.*## ", text, re.MULTILINE), target


def test_package_data_ships():
    """The wheel is made of the package folder as it is, data included."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert config["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["src/suasion"]
    data = (ROOT / "src" / "suasion" / "snapshot").glob("*.*")
    assert git("check-ignore", *map(str, data)) == "", "the build leaves out what .gitignore names"


def test_each_file_of_tests_goes_to_one_process(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    """Whatever is set up for a file is set up once; files that ask one server go together."""
    loadscope = pytest.importorskip("xdist.scheduler.loadscope", reason="pytest-xdist absent")
    monkeypatch.setattr(loadscope, "parse_tx_spec_config", lambda config: ["popen", "popen"])
    chosen = request.config.hook.pytest_xdist_make_scheduler(config=request.config, log=None)
    names = (
        "unit/test_a.py::test_x[1]",
        "unit/test_a.py::T::test_y",
        "unit/test_site.py::t",
        "browser/test_pages.py::t",
    )
    assert [chosen._split_scope(f"tests/{one}") for one in names] == [
        "tests/unit/test_a.py",
        "tests/unit/test_a.py",
        "server",
        "server",
    ]
