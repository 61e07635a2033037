"""Files of the package with one bit flipped: one line and exit 1, never another answer, and a check that names them."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Iterator

import pytest
from harness import ROOT, WORK, Box, Run, why_not

from suasion.files import published

COPY = f"{WORK}/copy"
#: With this variable every data file meets every command, as in `make evidence`.
WHOLE = bool(os.environ.get("SUASION_FAULTS"))
#: Commands, and one file that each reads.
READERS = {
    ("depend", "RUS", "--on", "CHN"): "snapshot/reconciled_flows.parquet",
    ("--world", "2022", "depend", "RUS", "--on", "CHN"): "snapshot/icio2022.npz",
    ("--world", "g20", "depend", "USA", "--on", "CHN"): "snapshot/icio2019.npz",
    ("alliance", "RUS", "CHN"): "statecraft/tables/pact_hazards.parquet",
    ("materials", "RUS", "CHN"): "snapshot/materials.parquet",
    ("replaceability", "CHN", "RUS"): "snapshot/materials.parquet",
    ("ladder", "RUS", "CHN"): "statecraft/tables/events.toml",
    ("triangle", "RUS", "CHN", "USA"): "statecraft/tables/ideal_points.parquet",
    ("bargain", "eurasian_gas"): "snapshot/networks/eurasian_gas.yaml",
    ("straits",): "coercion/straits/straits.toml",
    ("forecasts",): "outlook/scoreboard/forecasts.jsonl",
    ("dated-measures", "--name", "eu_oil_2022"): "sources/dated/eu_oil_2022.yaml",
    ("data", "list"): "sources/catalogue.toml",
    ("exit-cost", "RUS", "CHN", "--horizon", "long"): "snapshot/loss_intervals.parquet",
}
#: In the suite one of each ending; `test_generated.py` damages every file, and asks the one door by which all are read.
CHOSEN = (
    READERS if WHOLE else {file.rpartition(".")[2]: command for command, file in READERS.items()}.values()
)
CASES = [
    (command, file) for command in CHOSEN for file in (sorted(published()) if WHOLE else [READERS[command]])
]


@pytest.fixture(scope="module")
def package() -> Iterator[Box]:
    """A box with a package of its own."""
    if why_not():
        pytest.skip(f"cases of the fault bench need a private mount namespace: {why_not()}")
    with Box() as box:
        shutil.copytree(ROOT / "src" / "suasion", box.seen(COPY) / "suasion")
        yield box


def flip(box: Box, name: str) -> None:
    """Flip one bit in the middle of a file of the package, or flip it back."""
    path = box.seen(f"{COPY}/suasion/{name}")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


@pytest.fixture(scope="module")
def ran(package: Box) -> dict[tuple[tuple[str, ...], str], Run]:
    """What each command did with its file flipped; of all files also (with no file) with a whole package.

    In the suite all chosen files are flipped at once, each of which one of the commands reads.
    """
    found = {}
    by_file = itertools.groupby(sorted(CASES, key=lambda c: c[1]), key=lambda c: c[1])
    for cases in [list(some) for _, some in by_file] if WHOLE else [CASES]:
        files = {file for _, file in cases}
        for file in files:
            flip(package, file)
        runs = package.many([command for command, _ in cases], first=(), PYTHONPATH=COPY)
        for file in files:
            flip(package, file)
        found |= dict(zip(cases, runs, strict=True))
    commands = list(READERS) if WHOLE else []
    whole = package.many(commands, first=(), PYTHONPATH=COPY) if commands else []
    return found | {(c, ""): run for c, run in zip(commands, whole, strict=True)}


@pytest.mark.parametrize(("command", "file"), CASES, ids=lambda v: v if isinstance(v, str) else " ".join(v))
def test_a_flip_is_one_line_or_plays_no_part(package: Box, ran, command, file):
    run = ran[command, file]
    if run.code == 0 and file != READERS[command]:
        assert run.out == package.check(ran[command, ""], 0).out
        return
    package.check(run, 1)
    assert file in run.err
    assert "Install the package again" in run.err
    assert run.out == ""


def test_the_check_names_every_file_whatever_else_is_broken(package: Box):
    """All data files flipped at once, the list of data sets among them: a line of state for each, and exit 1."""
    package.check(package.run("data", "verify", PYTHONPATH=COPY), 0)
    for name in published():
        flip(package, name)
    run = package.check(package.run("data", "verify", "--format", "csv", PYTHONPATH=COPY), 1)
    assert run.out.splitlines()[1:] == [f"embedded,{name},changed" for name in published()]
    assert "Install the package again" in run.err
    for name in published():
        flip(package, name)
