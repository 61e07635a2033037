"""The web application: parse, ask the other rooms, render. It holds no arithmetic.

One process answers requests from a cache of finished pages; worker processes hold the warm model and make what
is not there yet, with limits on time and memory. Every page is a typed context, rendered by a template and given
as JSON under the same name. Needs the extra ``web``; nothing here is imported before the server starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from suasion.web.settings import Settings

if TYPE_CHECKING:
    from fastapi import FastAPI

__all__ = ["Settings", "create_app", "serve"]


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application; its workers start with it and stop with it.

    Parameters
    ----------
    settings : limits and places

    Raises
    ------
    InputError
        The extra ``web`` is not installed.
    """
    app: FastAPI = _room("app").create_app(settings or Settings())
    return app


def serve(settings: Settings, announce: Callable[[str], None] = lambda address: None) -> None:
    """Serve until told to stop; running work is finished, waiting jobs are kept for the next start.

    Parameters
    ----------
    settings : limits and places
    announce : called with the address as soon as connections are taken

    Raises
    ------
    InputError
        The extra ``web`` is not installed, or the port is taken.
    """
    _room("server").serve(settings, announce)


def _room(name: str) -> Any:
    from importlib import import_module

    from suasion.extras import need

    need("fastapi")
    need("uvicorn")
    return import_module(f"suasion.web.{name}")
