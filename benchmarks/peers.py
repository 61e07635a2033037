"""Peers from the package registry, each in a throwaway environment of its own and in its own process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ENVIRONMENTS = HERE.parent / "build" / "bench"


class Absent(Exception):
    """The peer could not be installed here."""


def python_of(package: str, *more: str) -> str:
    """Return the interpreter of an environment that holds a package, made on first use."""
    folder = ENVIRONMENTS / package
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if (folder / "ready").exists():
        return str(python)
    uv = shutil.which("uv", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if uv is None:
        raise Absent("not installed: uv is not there")
    for line in (
        [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(folder)],
        [uv, "pip", "install", "--quiet", "--python", str(python), package, *more],
    ):
        made = subprocess.run(line, capture_output=True, text=True, timeout=600)
        if made.returncode:
            words = made.stderr.strip().splitlines() or ["no reason given"]
            raise Absent(f"not installed: {words[-1].strip()[:120]}")
    (folder / "ready").touch()
    return str(python)


def ask(package: str, script: str, question: Any, timeout: float = 900.0) -> Any:
    """Run a script of this folder in the peer's environment: JSON in, JSON out."""
    line = [python_of(package), str(HERE / script)]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        line, input=json.dumps(question), capture_output=True, text=True, timeout=timeout, env=environment
    )
    if done.returncode:
        words = done.stderr.strip().splitlines() or ["no reason given"]
        raise RuntimeError(f"{script} failed: {words[-1][:160]}")
    return json.loads(done.stdout.strip().splitlines()[-1])
