"""Record what the models and the dossiers say on a pinned world, and compare two states of the code by it.

``python tools/record.py`` compares what this code finds with the committed recording, tests/recorded, and with
``--record`` writes there what moved. Two states of the code on one machine: ``--write FOLDER`` with the one, to the
last digit, then ``--against FOLDER --rtol 0`` with the other. World and elasticities are pinned too, so that a
better default does not move the recording. :mod:`record_files` has the form of the files.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

import record_files as files

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "recorded"
WORLD, ELASTICITIES, NESTS, FIRST_YEAR = (
    FOLDER / name for name in ("world.npz", "elasticities.csv", "nests.json", "first_year.json")
)
KEPT = [
    "USA",
    "CHN",
    "RUS",
    "DEU",
    "FRA",
    "GBR",
    "ITA",
    "JPN",
    "KOR",
    "IND",
    "BRA",
    "TUR",
    "SAU",
    "VNM",
    "POL",
    "UKR",
    "AUS",
    "CAN",
    "MEX",
    "CHE",
    "NOR",
    "NZL",
    "SGP",
    "TWN",
]
"""Economies of the pinned world; all others are one."""
PAIRS = [
    "RUS-CHN",
    "USA-CHN",
    "DEU-RUS",
    "JPN-KOR",
    "FRA-DEU",
    "TUR-RUS",
    "IND-CHN",
    "BRA-USA",
    "MEX-USA",
    "CAN-USA",
    "AUS-CHN",
    "VNM-CHN",
    "POL-UKR",
    "UKR-RUS",
    "SAU-USA",
    "GBR-ITA",
    "KOR-CHN",
    "BRA-VNM",
    "PRK-CHN",
    "IND-RUS",
]
"""Twenty pairs: the usual ones, two at war, one outside the table, neighbours with most trade, and with little."""
SAMPLE = ("RUS-CHN", "PRK-CHN")
"""Dossiers and answers that every test run makes again."""
FULL = "RUS-CHN"
"""The pair whose slow chapters are recorded too."""
RTOL = 1e-9
"""Between machines: linear algebra of another processor moves the twelfth digit; solves end at residuals below 1e-9."""
ATOL = 1e-11
"""For numbers that are zero but for rounding: shares and residuals below it are one."""

Numbers = dict[str, list[Any]]


def make_world() -> None:
    """Write the pinned world and elasticities from those that ship today; done once."""
    import dataclasses
    from importlib import resources

    from suasion.equilibrium.elasticities import schedule
    from suasion.world import load_world
    from suasion.world.aggregate import select
    from suasion.world.forms import save

    FOLDER.mkdir(parents=True, exist_ok=True)
    save(select(load_world("icio2022"), KEPT, None), WORLD, use=False)
    WORLD.write_bytes(_squeezed(WORLD))
    snapshot = resources.files("suasion.snapshot")
    ELASTICITIES.write_bytes(snapshot.joinpath("elasticities.csv").read_bytes())
    nests = {name: dataclasses.asdict(nest) for name, nest in schedule.NESTS.items()}
    NESTS.write_text(json.dumps(nests, indent=1) + "\n", encoding="utf-8")
    first = {name: dataclasses.asdict(getattr(schedule, name)) for name in ("SWITCHING", "MU", "ROY")}
    first["EXCHANGE_GOODS"] = list(schedule.EXCHANGE_GOODS)
    FIRST_YEAR.write_text(json.dumps(first, indent=1) + "\n", encoding="utf-8")


def _squeezed(path: Path) -> bytes:
    """The same archive, compressed: worlds are stored plainly for speed."""
    import io
    import zipfile

    out = io.BytesIO()
    with (
        zipfile.ZipFile(path) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), old.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


@contextmanager
def pinned() -> Iterator[Any]:
    """The pinned world, with the pinned elasticities as the default of all models meanwhile."""
    from suasion.equilibrium.elasticities import horizon, schedule, sigma
    from suasion.sources.elasticities import parse_elasticities
    from suasion.world.forms import load

    rows = parse_elasticities(ELASTICITIES.read_text("utf-8"))
    nests = json.loads(NESTS.read_text("utf-8"))
    fixed = {
        name: schedule.Nest(**{k: tuple(v) if isinstance(v, list) else v for k, v in nest.items()})
        for name, nest in nests.items()
    }
    first = json.loads(FIRST_YEAR.read_text("utf-8"))
    assumed = {name: schedule.Assumed(**first[name]) for name in ("SWITCHING", "MU", "ROY")}
    kept = {name: getattr(horizon, name) for name in assumed}
    before = sigma.elasticity_table, dict(schedule.NESTS), sigma.EXCHANGE_GOODS
    sigma.elasticity_table = lambda: rows  # type: ignore[assignment]
    sigma.EXCHANGE_GOODS = tuple(first["EXCHANGE_GOODS"])
    schedule.NESTS.update(fixed)
    for name, value in assumed.items():
        setattr(horizon, name, value)
    try:
        yield load(WORLD)
    finally:
        sigma.elasticity_table = before[0]
        schedule.NESTS.update(before[1])
        sigma.EXCHANGE_GOODS = before[2]
        for name, value in kept.items():
            setattr(horizon, name, value)


def numbers_of(value: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Numbers, switches and codes of plain values by their place; words for people are no record."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from numbers_of(item, f"{place}/{key}")
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from numbers_of(item, f"{place}/{number}")
    elif isinstance(value, bool | int | float) or value is None:
        yield place, value


def columns_of(frame: pd.DataFrame) -> Numbers:
    """A frame as columns of plain values; one that is not a number is recorded as text."""
    plain = frame.reset_index() if frame.index.names != [None] else frame
    return {str(name): [_cell(item) for item in column.tolist()] for name, column in plain.items()}


def _cell(item: Any) -> Any:
    if isinstance(item, float):
        return item if math.isfinite(item) else repr(item)
    return item if isinstance(item, int | str) or item is None else str(item)


def frames(world: Any) -> dict[str, Callable[[], pd.DataFrame]]:
    """Every recorded frame by name, still to be computed."""
    from record_frames import FRAMES

    return {name: (lambda make=make: make(world)) for name, make in FRAMES.items()}


def frame(world: Any, name: str) -> Numbers:
    """One frame, computed."""
    return columns_of(frames(world)[name]())


FRAMED = ("drivers", "outlook", "verdict")
"""Questions that take minutes, of which the model's frame is recorded, and the one that is made of recorded answers."""


def dossier(world: Any, pair: str, *, full: bool = False) -> dict[str, Any]:
    """Numbers of one dossier as its JSON has them, by place; provenance and certificates are left out.

    Chapters and tables are answers, which are recorded by themselves.
    """
    import suasion

    made = suasion.dossier(*pair.split("-"), world=world, full=full).to_dict()
    for name in ("provenance", "certificates", "sources", "schema", "chapters", "summary"):
        made.pop(name)
    for answer in (*made["answers"].values(), *made["front"].values()):
        answer.pop("tables")
    return dict(numbers_of(made))


def answers(world: Any, pair: str, every: int = 1) -> dict[str, Any]:
    """Every table of every question on a pair, by question, table and column; of so many questions one."""
    from suasion.questions import QUESTIONS

    made = {}
    for name, question in list(QUESTIONS.items())[::every]:
        given = {"world": world} if "world" in {one.name for one in question.parameters} else {}
        about = question.about(*pair.split("-"))
        if not about or name in FRAMED:  # what asks of no pair is the same in every dossier
            continue
        answer = question.ask(**about, **given)
        made[name] = {table.key: columns_of(table.frame) for table in answer.tables}
    return made


def record() -> dict[str, Any]:
    """Everything."""
    with pinned() as world:
        made: dict[str, Any] = {"frames": {}, "dossiers": {}, "answers": {}}
        for name in frames(world):
            print(name, file=sys.stderr)
            made["frames"][name] = frame(world, name)
        for pair in PAIRS:
            print(pair, file=sys.stderr)
            made["dossiers"][pair] = dossier(world, pair)
            made["answers"][pair] = answers(world, pair)
        made["dossiers"][f"{FULL} full"] = dossier(world, FULL, full=True)
    return made


def settled(old: Any, new: Any) -> Any:
    """The new values, where they moved: what is equal but for rounding stays as it was recorded."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {key: settled(old.get(key), value) for key, value in new.items()}
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return [settled(one, two) for one, two in zip(old, new, strict=True)]
    return old if type(old) is type(new) and _same(old, new, RTOL) else new


def differences(old: Any, new: Any, rtol: float = 0.0, place: str = "") -> Iterator[str]:
    """Where two recordings differ; with no tolerance numbers are equal to the last digit.

    What only the new one has is no difference: a capability that is added adds places.
    """
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key not in new:
                yield f"{place}/{key}: gone"
            else:
                yield from differences(value, new[key], rtol, f"{place}/{key}")
    elif isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield f"{place}: {len(old)} values before, {len(new)} now"
        for number, (one, two) in enumerate(zip(old, new, strict=False)):
            yield from differences(one, two, rtol, f"{place}/{number}")
    elif not _same(old, new, rtol):
        yield f"{place}: {old!r} before, {new!r} now"


def _same(old: Any, new: Any, rtol: float) -> bool:
    if isinstance(old, float) and isinstance(new, int | float) and rtol:
        return math.isclose(old, new, rel_tol=rtol, abs_tol=ATOL)
    return bool(old == new)


def main(argv: Sequence[str] | None = None) -> int:
    """Record, compare, or both; the exit code is 1 where numbers moved."""
    parser = argparse.ArgumentParser(description="Record models and dossiers, and compare with a recording.")
    parser.add_argument("--world", action="store_true", help="pin today's world and elasticities anew, first")
    parser.add_argument("--record", action="store_true", help="write what moved into the committed recording")
    parser.add_argument("--write", type=Path, help="write all of it to this folder, to the last digit")
    parser.add_argument(
        "--against", type=Path, default=FOLDER, help="compare with the recording of this folder"
    )
    parser.add_argument("--rtol", type=float, default=RTOL, help="relative tolerance; 0 is to the last digit")
    asked = parser.parse_args(argv)
    if asked.world:
        make_world()
    made = json.loads(json.dumps(record()))
    if asked.write:
        files.write(made, asked.write, None)
        return 0
    old = files.read(asked.against)
    found = list(differences(old, made, asked.rtol))
    print(*(found[:200] or ["no number moved"]), sep="\n")
    if asked.record:
        files.write(settled(files.read(FOLDER), made), FOLDER)
        return 0
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
