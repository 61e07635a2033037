"""Without the optional packages the model, its data, tables, text and pages work; what needs one says which."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy
import pytest

import suasion
from suasion.errors import MissingPackageError
from suasion.extras import EXTRAS, is_installed, need

ROOT = Path(__file__).parents[2]
ONLY_HERE = {"dask", "statsmodels"}
"""Packages of tests, or brought by an optional one."""

_BARE = """
import sys
import suasion as su
from suasion.cli.app import run
made = su.dossier("ISL", "COK")
made.to_html("page.html")
print(len(made.to_text()) > 5_000, run(["trade-history", "RUS", "CHN", "--chart", "a.png"]))
cost = su.exit_cost("ISL", "DEU")
open("cost.html", "w").write(cost._repr_html_())
for ending in ("svg", "png", "json", "csv", "md"):
    cost.write(f"cost.{ending}")
for asked in (
    ["replace", "DEU", "--from", "CHN"], ["serve"], ["bargain", "eurasian_gas"], ["data", "fetch", "atop"],
    ["dyad", "RUS", "CHN", "--out", "a.xlsx"],
):
    print(run(asked))
"""


def test_the_base_install_answers_and_says_what_the_rest_needs(tmp_path: Path) -> None:
    packages, bare = Path(numpy.__file__).parents[1], tmp_path / "packages"
    bare.mkdir()
    absent = {*EXTRAS, *ONLY_HERE}
    for one in packages.iterdir():
        name = one.name.partition(".")[0].lstrip("_").partition("-")[0]
        if name not in absent and one.suffix != ".pth":
            (bare / one.name).symlink_to(one)
    source = Path(suasion.__file__).parents[1]
    run = subprocess.run(
        [sys.executable, "-S", "-W", "ignore", "-c", _BARE],
        env={**os.environ, "PYTHONPATH": f"{bare}{os.pathsep}{source}", "HOME": str(tmp_path)},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    answered = [line for line in run.stdout.splitlines() if line in ("True 0", "0", "1")]
    assert answered == ["True 0", "0", "1", "0", "1", "1"], run.stdout
    assert (tmp_path / "page.html").stat().st_size > 100_000
    # A notebook shows the answer with its pictures, and they are written, with nothing installed beside the package.
    page, drawn = (tmp_path / "cost.html").read_text("utf-8"), (tmp_path / "cost.svg").read_text("utf-8")
    assert page.count("<figure>") == page.count("data:image/svg+xml") == 2
    assert '<rect x="-12" y="-12"' in drawn  # paper of its own: never transparent
    assert drawn.count("prefers-color-scheme:dark") == 1
    assert re.search(r'aria-label="[^"]{40,}"', drawn)
    assert all((tmp_path / f"cost.{one}").stat().st_size > 500 for one in ("png", "json", "csv", "md"))
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    for package in ("fastapi", "httpx", "openpyxl"):
        assert f"needs the package {package}, which is not installed: pip install 'suasion[" in run.stderr


def test_each_optional_package_stands_in_its_extra() -> None:
    names = {
        "prometheus_client": "prometheus-client",
        "sklearn": "scikit-learn",
    }
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for package, extra in EXTRAS.items():
        assert any(one.startswith(f"{names.get(package, package)}>=") for one in extras[extra]), package


def test_a_package_that_is_absent_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EXTRAS, "atlantis", "app")
    assert not is_installed("atlantis")
    with pytest.raises(MissingPackageError, match=r"package atlantis.*suasion\[app\]"):
        need("atlantis.palaces")
