"""Fixtures shared by all tests: the repository root, the reference data, the embedded world, Chromium."""

from __future__ import annotations

import codecs
import gc
import os
import re
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from suasion.sources.unga_votes import RollCalls
    from suasion.statecraft.dyads.table import DyadYears
    from suasion.world import World

ROOT = Path(__file__).resolve().parent.parent
FIRST = (
    "test_pages.py",
    "test_web_browser.py",
    "test_site.py",
    "test_web_server.py",
    "test_answers.py",
    "test_server.py",
    "test_paths.py",
    "test_docs.py",
    "test_levers.py",
    "test_pact_forecasts.py",
    "test_web_slow_clients.py",
)
"""Files that take longest: each is run by one process."""
TOGETHER = ("test_pages.py", "test_site.py", "test_web_browser.py", "test_web_server.py")
"""Files that ask one server: in one process, where pages that one has made are there for the next."""
REFERENCE = "SUASION_TESTS_REFERENCE"
"""Where a run keeps the folder of SUASION_TEST_DATA, out of reach of whatever does not ask the fixture for it."""


def pytest_configure(config: pytest.Config) -> None:
    """Tests, and the programs that they start, have a store and a cache of their own, empty at first."""
    home = tempfile.mkdtemp(prefix="suasion-tests-")
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    os.environ |= {"XDG_DATA_HOME": f"{home}/data", "XDG_CACHE_HOME": f"{home}/cache"}
    os.environ.setdefault("SUASION_TESTS_KEPT", home)  # one folder for all processes of a run
    # Tests that do not ask for reference data run as in a clone that has nothing beside it.
    if folder := os.environ.pop("SUASION_TEST_DATA", ""):
        os.environ[REFERENCE] = folder
    settings.register_profile("suasion", max_examples=100 if os.environ.get("SUASION_EVIDENCE") else 12)
    settings.load_profile("suasion")
    # Worlds and syntax trees that fixtures keep are no garbage; looking through them again took a tenth of the time.
    gc.set_threshold(50_000, 20, 100)
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Processes fill the cores: threads of theirs would only wait for each other.
        os.environ.setdefault("OMP_NUM_THREADS", "1")
    if os.environ.get("SUASION_SCRAMBLE"):
        scramble_words()


def scramble_words() -> None:
    """Turn every word of the catalogue into another one: what still passes reads no English."""
    from suasion.answers.catalogue import catalogue

    kept = ("grammar.", "country.")  # grammar and names are looked up, not read
    words = cast(dict[str, str], catalogue())
    words |= {key: turned(text) for key, text in words.items() if not key.startswith(kept)}


def turned(text: str) -> str:
    """Letters outside of places as other letters."""
    parts = re.split(r"({[^}]*})", text)
    return "".join(part if part.startswith("{") else codecs.encode(part, "rot13") for part in parts)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what reads reference data; what takes long is evidence, which has a target of its own.

    Properties are tried on more examples there.
    """
    for item in items:
        if os.environ.get("SUASION_EVIDENCE") and hasattr(getattr(item, "obj", None), "hypothesis"):
            item.add_marker("evidence")
        given = getattr(getattr(item, "callspec", None), "params", {})
        if "reference_folder" in getattr(item, "fixturenames", ()) or any(
            getattr(one, "added", False) for one in given.values()
        ):
            item.add_marker("reference")
        if "unga_votes" in getattr(item, "fixturenames", ()):  # R's file of all votes takes a minute to read
            item.add_marker("evidence")
    items.sort(key=lambda item: item.path.name not in FIRST)  # of two processes none is left with a long file
    if not os.environ.get("SUASION_EVIDENCE"):
        later = [item for item in items if item.get_closest_marker("evidence")]
        config.hook.pytest_deselected(items=later)
        items[:] = [item for item in items if not item.get_closest_marker("evidence")]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each file goes to one process, whose fixtures it shares; by its name, for marks do not reach the controller."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "server" if Path(file).name in TOGETHER else file

    return ByFile(config, log)


@pytest.fixture(scope="session")
def root() -> Path:
    """Root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def reference_folder() -> Path | None:
    """Folder of reference data sets that are not shipped; None where none is named."""
    folder = os.environ.get(REFERENCE)
    if (
        folder and not Path(folder).is_dir()
    ):  # a variable that points nowhere is a mistake, not a reason to skip
        pytest.fail(f"SUASION_TEST_DATA is set to {folder}, which is not a folder")
    return Path(folder) if folder else None


@pytest.fixture(scope="session")
def reference_data(reference_folder: Path | None) -> Path:
    """Folder of reference data sets that are not shipped; the test skips where none is named."""
    if reference_folder is None:
        pytest.skip(
            "reference data absent: set SUASION_TEST_DATA to the folder that holds cp2015/, wiod13/, ..."
        )
    return reference_folder


@pytest.fixture
def reference_named(reference_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same folder, named in the environment for the time of one test: tools read it there."""
    monkeypatch.setenv("SUASION_TEST_DATA", str(reference_data))
    return reference_data


@pytest.fixture(scope="session")
def unga_votes(reference_data: Path, tmp_path_factory: pytest.TempPathFactory) -> RollCalls:
    """Roll calls of the whole record; all processes keep R's file, which takes a minute, in one place."""
    from suasion.sources.unga_votes import read_unga_votes

    kept = tmp_path_factory.getbasetemp()
    kept = kept.parent if "PYTEST_XDIST_WORKER" in os.environ else kept
    return read_unga_votes(reference_data, kept / "unga-votes")


@pytest.fixture(scope="session")
def all_dyads(reference_data: Path) -> DyadYears:
    """Pairs of states by year, 1816 to 2020; all processes of a run keep the table in one place."""
    from suasion.statecraft.dyads.table import dyad_years

    return dyad_years(reference_data, 1816, 2020, cache=Path(os.environ["SUASION_TESTS_KEPT"]))


@pytest.fixture(scope="session")
def world() -> World:
    """Return the embedded world: 2022, 80 economies x 50 industries."""
    from suasion.world import load_world

    return load_world("icio2022")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium; skips where there is none, but fails under CI, where it must be installed."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found:
        return found
    if os.environ.get("CI"):
        pytest.fail("Chromium is not installed; .ci/run should have installed Debian's package `chromium`")
    pytest.skip("Chromium absent: apt-get install chromium")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is there (CI with reference data), a test that skips is a test that did not run."""
    report = yield
    everything = os.environ.get("CI") and os.environ.get(REFERENCE)
    if everything and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} may not skip here: {report.longrepr}"
    return report
