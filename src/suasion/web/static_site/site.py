"""Write a site of files: solve what is not there yet, then lay every page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from suasion import __version__
from suasion.answers.catalogue import spoken
from suasion.coercion.leverage.intervals import listed_states
from suasion.dossier import dossier
from suasion.dossier.context import SCHEMA
from suasion.dossier.export import as_json
from suasion.dossier.site.pages import HOLDERS
from suasion.errors import InputError
from suasion.files import is_file, make_folder, read_bytes, write_bytes, write_json, write_text
from suasion.questions.posed import code_or_group
from suasion.questions.scenarios.address import digest
from suasion.sources import is_group, resolve_country
from suasion.types import Progress
from suasion.web.static_site.pages import Pair, Site, stem
from suasion.world import World

RECORD = "site.json"
"""What an earlier call has made here: pairs, each with the hash of what was asked, and files."""


def parse_pairs(text: str) -> tuple[Pair, ...]:
    """Return the pairs of a list, each once, whichever state is first.

    text: ``RUS-CHN,USA-CHN``.
    Raises InputError: A part is no pair of two states.
    """
    found: dict[frozenset[str], Pair] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        names = part.split("-")
        if len(names) != 2:
            raise InputError(
                f"{part!r} is no pair: --pairs takes two codes with a hyphen, as in RUS-CHN,USA-CHN."
            )
        a, b = map(resolve_country, names)
        if a == b:
            raise InputError(f"{part!r} names one state twice; --pairs takes two, as in RUS-CHN.")
        found.setdefault(frozenset((a, b)), (a, b))
    if not found:
        raise InputError("--pairs names no pair; write two codes with a hyphen, as in RUS-CHN,USA-CHN.")
    return tuple(found.values())


def write_site(
    pairs: Sequence[Pair],
    out: Path,
    world: World,
    *,
    audience: Iterable[str] = (),
    bands: bool = False,
    holders: Iterable[str] = (),
    progress: Progress,
) -> int:
    """Write the site, and return how many dossiers were there already.

    A dossier that an earlier call wrote here for the same world, version and options is kept; what that call
    wrote and this one does not is removed.

    pairs: Codes, from :func:`parse_pairs`.
    out: Its folder: absent, empty, or with an earlier site.
    audience: States and groups whose markets are the other outlet.
    bands: Whether the dossiers have bands.
    holders: States and groups with a page on who would lose without them, beside the usual ones and those of the pairs.
    progress: Told what is made.
    Raises InputError: A name is not known, or the folder holds something else.
    Raises OutputError: A file cannot be written.
    """
    tokens = tuple(dict.fromkeys(code_or_group(one) for one in audience))
    known = set(listed_states(world))
    wanted = chain(HOLDERS, chain.from_iterable(pairs), map(code_or_group, holders))
    holding = tuple(dict.fromkeys(one for one in wanted if one in known or is_group(one)))
    site = Site(world, pairs, holding, tokens, bands)
    record = _record(make_folder(out))
    asked = digest([__version__, spoken(), SCHEMA, world.checksum, tokens, bands])
    made = [pair for pair in pairs if not _is_kept(out, pair, record, asked)]
    for done, pair in enumerate(made):
        progress(done, len(made), "-".join(pair))
        text = as_json(dossier(*pair, tokens, world, bands=bands))
        make_folder(out / "dossier")
        write_text(out / f"{stem(*pair)}.json", text)
        record["pairs"]["-".join(pair)] = asked
        write_json(out / RECORD, record)
    files = {RECORD, *(f"{stem(*pair)}.json" for pair in pairs)}
    parts = list(site.parts(lambda pair: read_bytes(out / f"{stem(*pair)}.json")))
    for done, (what, make) in enumerate(parts):
        progress(done, len(parts), what)
        for name, content in make().items():
            make_folder((out / name).parent)
            write_bytes(out / name, content)
            files.add(name)
    for name in set(record["files"]) - files:
        (out / name).unlink(missing_ok=True)
    here = {"-".join(pair): asked for pair in pairs}
    write_json(out / RECORD, {"pairs": here, "files": sorted(files)})
    return len(pairs) - len(made)


def _record(out: Path) -> dict[str, Any]:
    """What is noted in a folder, checked: names of files below it, and nothing else."""
    if not is_file(out / RECORD):
        if any(out.iterdir()):
            raise InputError(
                f"{out} holds other things; --out takes a folder that is new, empty, or an earlier site."
            )
        return {"pairs": {}, "files": []}
    try:
        found = json.loads(read_bytes(out / RECORD))
        whole = {"pairs": dict(found["pairs"]), "files": [str(one) for one in found["files"]]}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{out / RECORD} is not what a site writes; take an empty folder.") from error
    whole["files"] = [
        one for one in whole["files"] if ".." not in Path(one).parts and not Path(one).is_absolute()
    ]
    return whole


def _is_kept(out: Path, pair: Pair, record: dict[str, Any], asked: str) -> bool:
    return record["pairs"].get("-".join(pair)) == asked and is_file(out / f"{stem(*pair)}.json")
