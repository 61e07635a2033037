"""``suasion serve``: the web application."""

from __future__ import annotations

from pathlib import Path

from suasion.cli.console import tell
from suasion.web import Settings, serve
from suasion.web.settings import default_cache


def run_serve(host: str, port: int, workers: int, cache: Path | None, allow_hosts: list[str]) -> None:
    """Serve until told to stop.

    Raises
    ------
    InputError
        The extra ``web`` is not installed, a number is out of range, or the port is taken.
    """
    settings = Settings(host, port, workers, cache or default_cache(), tuple(allow_hosts))

    def announce(address: str) -> None:
        tell(f"Suasion on {address} with {workers} workers; results in {settings.cache}. Stop with Ctrl-C.")

    serve(settings, announce)
