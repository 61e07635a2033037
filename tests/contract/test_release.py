"""A release is made without being published: its files are whole, and each has its checksum."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest

import release
import suasion

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documentation of one page: building all of it is another test's."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "index.html").write_text("<h1>Suasion</h1>", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Path:
    out = tmp_path_factory.mktemp("release")
    assert release.main(["--tag", f"v{suasion.__version__}", "--site", str(site), "--out", str(out)]) == 0
    return out


def test_every_file_has_its_checksum(made: Path) -> None:
    lines = (made / release.SUMS).read_text("utf-8").splitlines()
    sums = {name: value for value, name in (line.split("  ") for line in lines)}
    assert set(sums) == {one.name for one in made.iterdir()} - {release.SUMS}
    for name, value in sums.items():
        assert hashlib.sha256((made / name).read_bytes()).hexdigest() == value
    number = suasion.__version__
    assert set(sums) == {
        "NOTES.md",
        f"suasion-{number}-py3-none-any.whl",
        f"suasion-{number}-docs.zip",
        f"suasion-{number}-data.zip",
    }


def test_the_wheel_and_the_data_are_those_of_the_package(made: Path) -> None:
    number = suasion.__version__
    wheel = zipfile.ZipFile(made / f"suasion-{number}-py3-none-any.whl")
    assert "suasion/instruments.toml" in wheel.namelist()
    data = zipfile.ZipFile(made / f"suasion-{number}-data.zip")
    assert set(data.namelist()) == {"loss_intervals.csv", "PROVENANCE.md", "CITATION.cff"}
    table = pd.read_csv(io.BytesIO(data.read("loss_intervals.csv")))
    shipped = pd.read_parquet(release.SNAPSHOT / "loss_intervals.parquet")
    assert list(table) == list(shipped)
    assert len(table) == len(shipped)
    assert (made / "NOTES.md").read_text("utf-8") == release.notes(number)


def test_a_release_that_is_not_one_is_refused(made: Path, site: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"The tag is v9\.9\.9 and the package has version"):
        release.make(tmp_path / "a", site, "v9.9.9")
    with pytest.raises(SystemExit, match="holds no documentation: run make docs"):
        release.make(tmp_path / "a", tmp_path)
    with pytest.raises(SystemExit, match="is not empty: remove it first"):
        release.make(made, site)
    with pytest.raises(SystemExit, match=r"says nothing of 9\.9\.9"):
        release.notes("9.9.9")


def test_the_workflow_runs_what_the_test_runs() -> None:
    flow = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"run: \.ci/run\n.*run: make release TAG=", flow, re.DOTALL)
    assert "$(PY) tools/release.py $(if $(TAG),--tag $(TAG))" in makefile
