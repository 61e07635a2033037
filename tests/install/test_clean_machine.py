"""The wheel holds what the package needs; and each way to install works from a machine that has nothing of ours.

The second needs a registry and minutes: `make installs` asks for it, and for every Python that is here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from functools import cache
from pathlib import Path

import pytest

from installs import clean
from suasion.questions import QUESTIONS
from waits import fewest, states_of

ROOT = Path(__file__).parents[2]
OLDEST, NEWEST = 11, 14
"""Minor versions of Python 3 that are supported."""
ASKED = ["dyad", "RUS", "CHN"]
QUICK = ["dyad", "ISL", "COK"]
"""Of two states of which one has no accounts anywhere: nothing is solved."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    line = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(line, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_answers_away_from_its_source(wheel: Path, tmp_path: Path) -> None:
    """Of the source alone: its dependencies are lent from here, so that no registry is asked."""
    kept = {one for one in (ROOT / "src").rglob("*") if one.is_file() and "__pycache__" not in one.parts}
    packed = {one for one in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in one}
    assert packed == {one.relative_to(ROOT / "src").as_posix() for one in kept}
    own = tmp_path / "own"
    venv.create(own)
    library = next(own.glob("lib/python3*/site-packages"))
    zipfile.ZipFile(wheel).extractall(library)
    for one in (ROOT / "src").rglob(
        "*.pyc"
    ):  # what is compiled here is taken for it, as the same source has the same time
        source = one.parents[1] / f"{one.name.partition('.')[0]}.py"
        beside = library / one.relative_to(ROOT / "src")
        if source.is_file():
            beside.parent.mkdir(exist_ok=True)
            shutil.copy2(one, beside)
            shutil.copystat(source, beside.parents[1] / source.name)
    lent = next(Path(one) for one in sys.path if one.endswith("site-packages"))
    (library / "lent.pth").write_text(f"import sys; sys.path.append({str(lent)!r})\n", encoding="utf-8")
    line = [str(own / "bin" / "python"), "-m", "suasion", *QUICK]
    _answers(line, tmp_path, {"PYTHONPATH": ""}, QUICK)
    where = subprocess.run(
        [line[0], "-c", "import suasion; print(suasion.__file__)"], check=True, capture_output=True, text=True
    ).stdout
    assert where.startswith(str(own))


@cache
def pythons() -> tuple[str, ...]:
    """One interpreter of each supported version that is here."""
    found = {}
    homes = [Path(one) for one in (*os.environ.get("PATH", "").split(os.pathsep), "/usr/bin")]
    homes += sorted((Path.home() / ".pyenv" / "versions").glob("*/bin"))
    for minor in range(OLDEST, NEWEST + 1):
        for home in homes:
            path = home / f"python3.{minor}"
            if (
                path.is_file()
                and not subprocess.run([path, "-c", "import venv"], capture_output=True).returncode
            ):
                found[minor] = str(path)
    return tuple(found.values())


def _answers(line: list[str], folder: Path, environment: dict[str, str], asked: list[str] = ASKED) -> None:
    done = subprocess.run(
        line, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert (
        f"suasion {' '.join(asked)}" in done.stdout.splitlines()[-1]
    )  # a dossier ends with what makes it again


if os.environ.get("SUASION_INSTALLS"):  # minutes, and a registry

    @pytest.mark.parametrize("python", pythons())
    @pytest.mark.parametrize("way", ["uvx", "pip", "wheel"])
    def test_every_way_to_install_answers_from_a_clean_machine(
        way: str, python: str, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        (tmp_path / "home").mkdir()
        own = clean(tmp_path)
        if way == "uvx":
            uvx = shutil.which("uvx", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
            assert uvx, "uv is absent"
            _answers([uvx, "--python", python, "--from", str(ROOT), "suasion", *ASKED], tmp_path, own)
            return
        subprocess.run([python, "-m", "venv", "own"], cwd=tmp_path, env=own, check=True)
        binaries = tmp_path / "own" / "bin"
        given = str(ROOT) if way == "pip" else str(request.getfixturevalue("wheel"))
        subprocess.run(
            [binaries / "python", "-m", "pip", "install", "-q", given], cwd=tmp_path, env=own, check=True
        )
        _answers([str(binaries / "suasion"), *ASKED], tmp_path, own)

    def test_a_plain_install_shows_and_writes_every_question(wheel: Path, tmp_path: Path) -> None:
        """Minutes, most of them in few questions; nothing but the wheel and its dependencies is there."""
        (tmp_path / "home").mkdir()
        own = clean(tmp_path)
        subprocess.run([sys.executable, "-m", "venv", "own"], cwd=tmp_path, env=own, check=True)
        python = tmp_path / "own" / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "-q", wheel], cwd=tmp_path, env=own, check=True)
        asked = {
            name: (states_of(one), {} if (draws := fewest(one)) is None else {"draws": draws})
            for name, one in QUESTIONS.items()
        }
        line = [python, Path(__file__).with_name("every_question.py")]
        done = subprocess.run(
            line, cwd=tmp_path, env=own, input=json.dumps(asked), capture_output=True, text=True, timeout=1200
        )
        assert done.returncode == 0, done.stderr[-2000:]
        assert len(done.stdout.splitlines()) == len(QUESTIONS)
