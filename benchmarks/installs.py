"""What an installation weighs and how long it takes: fresh environments, nothing cached, a home of their own.

Sizes are what files hold, not what a disk gives them. Without a registry that can be reached there is no number.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

from table import Table, failed, number

ROOT = Path(__file__).resolve().parents[1]
TITLE = "Installations"
EXTRAS = {"suasion": "", "suasion[app]": "[app]", "suasion[all]": "[all]"}
BEFORE = {"suasion": "770", "suasion[app]": "", "suasion[all]": "", "make dossier": "1,400"}
"""Megabytes before the three sizes were told apart."""
BAR = {"suasion": ("620", "60")}
"""Megabytes and seconds that the smallest may take."""
SHOWN = 10.0
"""Megabytes from which a package has a row of its own."""


def bench() -> Table:
    """Install three times with uv, and once as `make dossier` does, and weigh what came."""
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        return failed(TITLE, "uv is absent: pip install uv")
    taken: dict[str, float] = {}
    weights: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, extra in EXTRAS.items():
            place = Path(folder, name)
            line = [uv, "pip", "install", "--quiet", "--python", str(place / "own"), f"{ROOT}{extra}"]
            taken[name] = _timed(place, [uv, "venv", "--quiet", "--python", sys.executable, "own"], line)
            weights[name] = weigh(place / "own")
        place = Path(folder, "make")
        given = [f"PYTHON={sys.executable}", f"VENV={place / 'own'}"]
        taken["make dossier"] = _timed(place, ["make", "-s", "-C", str(ROOT), "dossier", *given])
        weights["make dossier"] = weigh(place / "own")
    return _table(taken, weights)


def clean(place: Path) -> dict[str, str]:
    """Environment of a machine that has nothing of ours: its own home, its own caches."""
    kept = {name: text for name, text in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    own = {
        "HOME": str(place / "home"),
        "XDG_CACHE_HOME": str(place / "cache"),
        "UV_CACHE_DIR": str(place / "uv"),
    }
    return {
        **kept,
        **own,
        "PIP_CACHE_DIR": str(place / "pip"),
        "PYTHONNOUSERSITE": "1",
        "UV_PYTHON_DOWNLOADS": "never",
    }


def _timed(place: Path, *lines: list[str]) -> float:
    (place / "home").mkdir(parents=True)
    start = time.perf_counter()
    for line in lines:
        subprocess.run(line, cwd=place, env=clean(place), check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def weigh(environment: Path) -> dict[str, float]:
    """Megabytes by package, and of all files."""
    (library,) = environment.glob("lib/python3*/site-packages")
    found = {one.name: _megabytes_of(one) for one in distributions(path=[str(library)])}
    return {**found, "": sum(file.lstat().st_size for file in environment.rglob("*") if file.is_file()) / 1e6}


def _megabytes_of(one: Distribution) -> float:
    files = (Path(str(file.locate())) for file in one.files or ())
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6


def _table(taken: Mapping[str, float], weights: Mapping[str, Mapping[str, float]]) -> Table:
    heads = tuple(taken)
    heavy = {name for one in weights.values() for name, size in one.items() if name and size >= SHOWN}
    order = sorted(heavy, key=lambda name: -max(one.get(name, 0.0) for one in weights.values()))
    rest = (
        "all others",
        *(_mb(sum(s for n, s in weights[head].items() if n and n not in heavy)) for head in heads),
    )
    rows = [
        ("whole environment, MB", *(_mb(weights[head][""]) for head in heads)),
        ("before, MB", *(BEFORE[head] for head in heads)),
        ("seconds, nothing cached", *(number(taken[head]) for head in heads)),
        ("bar: MB, seconds", *(", ".join(BAR.get(head, ())) for head in heads)),
        *((name, *(_mb(weights[head].get(name)) for head in heads)) for name in order),
        rest,
    ]  # fmt: skip
    note = (
        "A fresh environment with a home and caches of its own, filled by uv; `make dossier` also writes its page, "
        "and compiles what it installs. Megabytes are millions of bytes that files hold, by package from "
        f"{SHOWN:.0f} on; the whole has compiled files and links that no package lists. Times are those of this "
        "machine and its line."
    )
    return Table(TITLE, note, ("", *heads), tuple(rows))


def _mb(size: float | None) -> str:
    return "" if size is None else number(size)
