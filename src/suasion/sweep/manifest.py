"""The manifest: what a folder's sweep is, written before its first result and checked before any other is added."""

from __future__ import annotations

import json
import platform
import tomllib
from collections.abc import Mapping
from importlib import metadata, resources
from pathlib import Path
from typing import Any

from suasion.errors import SweepError
from suasion.files import write_bytes
from suasion.sweep.plan import FORMAT, SweepPlan

NAME = "manifest.json"
COLUMNS: dict[str, str] = tomllib.loads(
    resources.files("suasion").joinpath("sweep", "columns.toml").read_text(encoding="utf-8")
)
"""Columns of the data set, with their meaning."""


def manifest_of(plan: SweepPlan) -> dict[str, Any]:
    """Return the content of a plan's manifest."""
    return {
        "format": FORMAT,
        "hash": plan.digest,
        "tasks": plan.tasks,
        "chunks": plan.chunks,
        "columns": COLUMNS,
        "written_by": {
            "suasion": plan.version,
            "python": platform.python_version(),
            "numpy": metadata.version("numpy"),
            "machine": platform.machine(),
        },
        "plan": plan.to_dict(),
    }


def write_manifest(folder: Path, plan: SweepPlan) -> None:
    """Write the manifest of a new sweep.

    Raises OutputError: It cannot be written.
    """
    text = json.dumps(manifest_of(plan), indent=1, ensure_ascii=False, allow_nan=False)
    write_bytes(folder / NAME, (text + "\n").encode(), durable=True)


def read_manifest(folder: Path) -> SweepPlan:
    """Return the plan of the sweep in a folder.

    Raises SweepError: There is no manifest, or it is damaged or of another format.
    """
    path = folder / NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise SweepError(f"{path} has the format {data['format']!r}; this version reads {FORMAT}.")
        plan = SweepPlan.from_dict(data["plan"])
        whole = plan.digest == data["hash"]
    except FileNotFoundError as error:
        raise SweepError(f"{folder} holds no sweep: there is no {NAME}. Check the folder.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SweepError(f"{path} is damaged ({error}). Start the sweep again in another folder.") from error
    if not whole:
        raise SweepError(f"{path} was changed by hand: its hash does not fit. Start again in another folder.")
    return plan


def check_same(folder: Path, kept: SweepPlan, wanted: SweepPlan) -> None:
    """Refuse to add results of one sweep to those of another.

    kept: of the manifest.
    wanted: of the grid at hand.
    Raises SweepError: They differ; the message says in what.
    """
    if kept.digest == wanted.digest:
        return
    before, now = kept.without_paths().to_dict(), wanted.without_paths().to_dict()
    differ = [
        f"{key} ({_short(before[key])}, now {_short(now[key])})" for key in now if before[key] != now[key]
    ]
    raise SweepError(
        f"{folder} holds another sweep: they differ in {'; '.join(differ)}. Give the grid, the version and the data "
        "of that sweep to go on with it, or another folder."
    )


def _short(value: Any) -> str:
    if isinstance(value, (list, tuple)) and len(value) > 3:
        return f"{len(value)} values"
    if isinstance(value, Mapping):
        return f"{len(value)} keys"
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(_short, value)) or "none"
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
