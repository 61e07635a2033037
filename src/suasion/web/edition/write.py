"""Write an edition: make what is not there yet, wherever there are hands, and note what is whole."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from suasion.answers.catalogue import LANGUAGE
from suasion.errors import InputError, SuasionError, SweepError
from suasion.files import is_file, make_folder, read_bytes, write_bytes
from suasion.questions.scenarios.address import digest
from suasion.solvers.threads import ONE_THREAD
from suasion.types import Progress
from suasion.web.edition import search
from suasion.web.edition.files import stem
from suasion.web.edition.plan import Pair, Plan, make_plan
from suasion.web.edition.record import Noted, Record
from suasion.web.edition.told import feed, sitemap
from suasion.web.edition.units import PAIR, UnitMade, Units
from suasion.worker import Done, Run, Worker, in_words, work_through
from suasion.worker.cluster import work_on_cluster
from suasion.world import World, load_world

TARGET = "suasion.web.edition.write:worker"
ATTEMPTS = 2
Request = tuple[str, Mapping[str, bytes]]
"""Name of a unit, and the JSON of its pair by language where it is solved."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a call wrote.

    pairs, made, kept: Pairs of the edition; units made now, and those that were there.
    files, size: Of the whole edition; bytes.
    seconds: By the clock.
    failed: Units that could not be made, and why; they are tried again by the next call.
    """

    pairs: int
    made: int
    kept: int
    files: int
    size: int
    seconds: float
    failed: Mapping[str, str]


def write_edition(
    pairs: Sequence[Pair],
    out: Path,
    world: World,
    *,
    day: str,
    audience: Iterable[str] = (),
    bands: bool = False,
    holders: Iterable[str] = (),
    languages: Iterable[str] = (),
    also: Iterable[str] = (),
    address: str = "",
    workers: int = 0,
    cluster: str = "",
    progress: Progress,
) -> Written:
    """Write the edition, and return what was made.

    What an earlier call wrote here for the same world, version and options is kept, also of one that was killed; what
    that call wrote and this one does not is removed. Files do not depend on who makes them.

    pairs: Codes, from :func:`suasion.web.edition.parse_pairs`.
    out: Its folder: absent, empty, or with an earlier edition.
    day: ISO date, which the feed has.
    audience: States and groups whose markets are the other outlet.
    bands: Whether the dossiers have bands.
    holders: States and groups with a page on who would lose without them, beside the usual ones and those of the pairs.
    languages: Beside the one that this process speaks, which stands without a name.
    also: What a pair has on request: ``svg``, ``html``, ``pdf``.
    address: Where it will lie: without it there is no sitemap, and cards and the feed have relative addresses.
    workers: Processes; 0 for this one alone.
    cluster: Address of a Dask scheduler, whose workers then make it.
    progress: Told what is made.
    Raises InputError: A name is not known, the folder holds something else, or another world is to be made elsewhere.
    Raises SweepError: The cluster is gone.
    Raises OutputError: A file cannot be written.
    """
    begun = time.monotonic()
    plan = make_plan(
        pairs, world, day, audience=audience, bands=bands, holders=holders, spoken=languages, also=also, address=address
    )  # fmt: skip
    if plan.year is None and (workers or cluster):
        raise InputError(
            "Only the embedded world is found by other processes: make an edition of this one with --workers 0."
        )
    units, record = Units(plan, world), Record(make_folder(out))
    names = list(units.names())
    made, failed = _make(plan, units, record, progress, partial(_places, workers=workers, cluster=cluster))
    whole = {unit for unit in names if unit in record.units}
    others = _together(out, plan, record, whole)
    record.close(whole, others)
    files = {name for unit in whole for name in record.units[unit].files} | others
    size = sum((out / name).stat().st_size for name in files)
    kept = len(names) - made - len(failed)
    return Written(len(pairs), made, kept, len(files), size, time.monotonic() - begun, failed)


def _make(
    plan: Plan, units: Units, record: Record, progress: Progress, places: Callable[..., Iterator[Done]]
) -> tuple[int, dict[str, str]]:
    """Make what is not there, and note it; how many units, and of those that failed why."""
    laid = digest(units.look)
    todo = [unit for unit in units.names() if not record.kept(unit, laid)]
    failed: dict[str, str] = {}
    requests = ((unit, _solved(record, unit, plan)) for unit in todo)
    for count, done in enumerate(places(plan, units, requests)):
        progress(count, len(todo), done.request[0])
        if done.error is None:
            _keep(record, done.result, plan, laid)
        else:
            failed[done.request[0]] = in_words(done.error)
    return len(todo) - len(failed), failed


def _places(
    plan: Plan, units: Units, requests: Iterator[Request], workers: int, cluster: str
) -> Iterator[Done]:
    """Make units here, in processes, or on a cluster."""
    if cluster:
        yield from work_on_cluster(
            partial(make, plan.to_json()), requests, cluster, ATTEMPTS, go_on="ask again"
        )
    elif workers:
        yield from work_through(
            partial(Worker, TARGET, plan.to_json(), ONE_THREAD), requests, workers, ATTEMPTS
        )
    else:
        for place, request in enumerate(requests):
            try:
                yield Done(place, request, units.make(*request), None, 1)
            except SuasionError as error:  # one pair's trouble must not cost the others
                yield Done(place, request, None, error, 1)


@lru_cache(maxsize=1)
def _units(document: str) -> Units:
    plan = Plan.from_json(document)
    world = load_world(year=plan.year)
    if plan.languages[0] != LANGUAGE or world.checksum != plan.checksum:
        raise SweepError(
            "This worker speaks another language or has another world than who asks: start it with the same version of "
            "Suasion and the same SUASION_LANGUAGE."
        )
    return Units(plan, world)


def make(document: str, request: Request) -> UnitMade:
    """Make a unit of a plan, on a cluster's worker.

    document: The plan as JSON.
    """
    return _units(document).make(*request)


def worker(document: str) -> Run:
    """What a process does."""
    return lambda request, tell: make(document, request)


def _solved(record: Record, unit: str, plan: Plan) -> dict[str, bytes]:
    """JSON of a pair by language, where it is solved for the same world, version and options."""
    noted = record.units.get(unit)
    if not unit.startswith(f"{PAIR}:") or noted is None or noted.solved != plan.solved:
        return {}
    paths = {one: record.folder / path for one, path in _texts(unit, plan).items()}
    return {one: read_bytes(path) for one, path in paths.items()} if all(map(is_file, paths.values())) else {}


def _texts(unit: str, plan: Plan) -> dict[str, str]:
    a, b = unit.partition(":")[2].split("-")
    usual = plan.languages[0]
    return {one: f"{'' if one == usual else f'{one}/'}{stem(a, b)}.json" for one in plan.languages}


def _keep(record: Record, made: UnitMade, plan: Plan, laid: str) -> None:
    """Write the files of a unit, then note it; what readers see otherwise than before is noted too."""
    for name, content in made.files.items():
        make_folder((record.folder / name).parent)
        write_bytes(record.folder / name, content)
    before = record.units.get(made.unit)
    moved: dict[str, str] = {}
    if before is not None:
        changed = {one: text for one, text in before.first.items() if made.first.get(one, text) != text}
        moved = {**changed, "day": plan.day} if changed else dict(before.moved)
    for name in set(before.files if before else ()) - set(made.files):
        (record.folder / name).unlink(missing_ok=True)
    record.add(
        Noted(made.unit, plan.solved, laid, tuple(sorted(made.files)), made.entries, made.first, moved)
    )


def _together(out: Path, plan: Plan, record: Record, whole: set[str]) -> set[str]:
    """Write what is made of all units: search, feed and sitemap; return their paths."""
    noted: dict[str, Any] = {unit: record.units[unit] for unit in sorted(whole)}
    files: dict[str, bytes] = {}
    for language in plan.languages:
        start = "" if language == plan.languages[0] else f"{language}/"
        told = {unit: one.entries[language] for unit, one in noted.items() if language in one.entries}
        files |= dict(search.shards(told, start, plan.states))
        files[f"{start}feed.xml"] = feed(plan, language, start, noted)
    files |= sitemap(plan, [name for one in noted.values() for name in one.files])
    for name, content in files.items():
        make_folder((out / name).parent)
        write_bytes(out / name, content)
    return set(files)
