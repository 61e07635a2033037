"""``suasion serve`` and ``suasion site``: the web application, and its pages as files."""

from __future__ import annotations

from pathlib import Path

from suasion.cli.commands import parties
from suasion.cli.console import progress, tell
from suasion.cli.worlds import chosen_world
from suasion.web import Settings, serve
from suasion.web.settings import default_cache


def run_serve(
    host: str, port: int, workers: int, cache: Path | None, allow_hosts: list[str], *, ahead: bool
) -> None:
    """Serve until told to stop.

    Raises InputError: The extra ``web`` is not installed, a number is out of range, or the port is taken.
    """
    settings = Settings(host, port, workers, cache or default_cache(), tuple(allow_hosts), ahead=ahead)

    def announce(address: str) -> None:
        tell(f"Suasion on {address} with {workers} workers; results in {settings.cache}. Stop with Ctrl-C.")

    serve(settings, announce)


def run_site(pairs: str, out: Path, audience: str, bands: bool, holders: str) -> None:
    """Write the pages of pairs into a folder.

    Raises InputError: A pair or name is not known, or the folder holds something else.
    Raises OutputError: A file cannot be written.
    """
    from suasion.coercion.leverage.intervals import listed_states
    from suasion.web.static_site import parse_pairs, write_site

    chosen, world = parse_pairs(pairs), chosen_world()
    others = listed_states(world) if holders.strip() == "all" else parties(holders)
    with progress("Site") as step:
        kept = write_site(
            chosen, out, world, audience=parties(audience), bands=bands, holders=others, progress=step
        )
    told = f" ({kept} of them kept)" if kept else ""
    tell(f"wrote {out / 'index.html'}: {len(chosen)} dossier{'s' if len(chosen) > 1 else ''}{told}")
