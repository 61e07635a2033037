"""Packages that only some of the program needs: asked for in one way, and missed in one sentence.

The extras of ``pyproject.toml`` hold them; without any, every question is answered, drawn and written.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from suasion.errors import MissingPackageError

EXTRAS = {
    "distributed": "cluster",
    "fastapi": "app",
    "httpx": "sources",
    "mcp": "mcp",
    "openpyxl": "app",
    "rdata": "sources",
    "sklearn": "models",
    "prometheus_client": "app",
    "uvicorn": "app",
    "xlrd": "sources",
}
"""Package, as it is imported, and the extra that brings it."""


def is_installed(package: str) -> bool:
    """Whether an optional package is installed."""
    return find_spec(package) is not None


def need(module: str) -> Any:
    """Import a module of an optional package.

    module: such as ``sklearn.ensemble``; its package is one of :data:`EXTRAS`.
    Raises MissingPackageError: It is not installed.
    """
    package = module.partition(".")[0]
    if not is_installed(package):
        what = f"'suasion[{EXTRAS[package]}]'" if package in EXTRAS else package
        raise MissingPackageError(
            f"This needs the package {package}, which is not installed: pip install {what}."
        )
    return import_module(module)
