"""``suasion serve`` and ``suasion edition``: the web application, and its pages as files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

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


def run_edition(pairs: str, out: Path, *, holders: str, audience: str, **options: Any) -> int:
    """Write the pages of pairs into a folder, and tell what it cost; 1 where some could not be made.

    Raises InputError: A pair or name is not known, or the folder holds something else.
    Raises OutputError: A file cannot be written.
    """
    from suasion.coercion.leverage.intervals import listed_states
    from suasion.web.edition import parse_pairs, write_edition

    world = chosen_world()
    chosen = parse_pairs(pairs, world)
    others = listed_states(world) if holders.strip() == "all" else parties(holders)
    given: dict[str, Any] = {name: parties(options.pop(name)) for name in ("languages", "also")}
    day = dt.date.today().isoformat()
    with progress("Edition") as step:
        done = write_edition(
            chosen,
            out,
            world,
            day=day,
            audience=parties(audience),
            holders=others,
            progress=step,
            **given,
            **options,
        )
    tell(
        f"wrote {out / 'index.html'}: {done.pairs} pair{'s' if done.pairs > 1 else ''}, {done.files:,} files, "
        f"{done.size / 1e6:,.1f} MB; {done.made} parts made in {done.seconds:,.0f} s, {done.kept} kept"
    )
    for unit, reason in done.failed.items():
        tell(f"not made: {unit}: {reason}")
    return 1 if done.failed else 0
