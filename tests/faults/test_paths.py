"""Paths that may not be read, are too long, or lead to no file; disks that are full; ends that are closed."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness import HOME, TEMP, WORK, Box, Run, why_not

LONG = f"{WORK}/{'n' * 300}"
SCENARIO = """\
name: a cut
instruments:
  - type: embargo
    senders: [USA]
    targets: [CHN]
"""
#: Commands that read a path, where {} stands for it; one a kind of reader.
READERS = (
    ("simulate", "{}"),
    ("sweep", "{}", "--out", "o"),
    ("bargain", "{}"),
    ("signal", "{}"),
    ("supplier", "{}"),
    ("levers", "--on", "RUS,CHN", "--audience", "USA", "--file", "{}"),
    ("outlook", "RUS", "CHN", "--scenario", "{}"),
    ("--world", "{}", "depend", "RUS", "--on", "CHN"),
    ("nowcast", "{}", "--year", "2023", "--out", "w.npz"),
    ("compare", "{}", "{}"),
    ("sensitivity", "RUS", "--given", "{}"),
    ("leverage", "--pairs", "RUS:CHN", "--given", "{}"),
    ("drivers", "RUS", "CHN", "--scenario", "{}"),
    ("hindcast", "RUS", "--on", "CHN", "--path", "{}"),
    ("data", "add", "voeten-unvotes", "{}"),
    ("data", "add", "baci", "{}"),
    ("data", "list", "--store", "{}"),
    ("replace", "CHN", "--from", "RUS", "--production", "{}"),
    ("replace", "CHN", "--from", "RUS", "--store", "{}"),
)
#: Commands that write a file, where {} stands for it.
WRITERS = (
    ("dyad", "RUS", "CHN", "--html", "{}.html"),
    ("dyad", "RUS", "CHN", "--json", "{}.json"),
    ("dyad", "RUS", "CHN", "--out", "{}.xlsx"),
    ("leverage", "--pairs", "RUS:CHN", "--chart", "{}.svg"),
    ("bargain", "eurasian_gas", "--chart", "{}.svg"),
    ("outlook", "RUS", "CHN", "--chart", "{}.svg"),
    ("sensitivity", "RUS", "--chart", "{}.svg"),
    ("sensitivity", "RUS", "--out", "{}.csv"),
    ("screen", "DEU", "--chart", "{}.svg"),
    ("nowcast", "totals.csv", "--year", "2023", "--out", "{}.npz"),
)
#: In the suite each command meets one fault; with this variable all of them, as in `make evidence`.
WHOLE = bool(os.environ.get("SUASION_FAULTS"))


def crossed(commands, faults):
    """Each command with one of the faults, so that all faults occur; with all of them where the whole is asked."""
    every = [(c, f) for c in commands for f in faults]
    chosen = every if WHOLE else [(c, faults[n % len(faults)]) for n, c in enumerate(commands)]
    return [pytest.param(c, f, id=f"{' '.join(c[:3])}-{f}") for c, f in chosen]


def filled(command: tuple[str, ...], path: str) -> list[str]:
    return [word.replace("{}", path) for word in command]


UNREAD = crossed(READERS, ("secret.yaml", "closed/s.yaml", f"{LONG}.yaml", "data.csv"))
UNWRITTEN = crossed(WRITERS, (LONG, "locked/f", "nowhere/f", "fixed", "device", "small/f"))
LINKED = [("bargain", "eurasian_gas", "--chart", name) for name in ("link.svg", "new.svg")]
REFUSED = {
    ("nowcast", "one.csv", "--year", "99999", "--out", "w.npz"): "in the future",
    ("outlook", "RUS", "CHN", "--to", "99999"): "Cited rates cover",
}
#: Its answer is that of the same scenario through a pipe.
FROM_FILE = ("simulate", "s.yaml", "--format", "csv")


def furnished(box: Box) -> None:
    """What readers may not read, what writers may not write, and what a link leads to."""
    for name in ("s.yaml", "secret.yaml", "closed/s.yaml"):
        box.write(f"{WORK}/{name}", SCENARIO)
    box.seen(f"{WORK}/secret.yaml").chmod(0)
    box.seen(f"{WORK}/closed").chmod(0)
    box.seen(f"{WORK}/locked").mkdir()
    box.seen(f"{WORK}/locked").chmod(0o555)
    box.disk(f"{WORK}/small", "8k")
    box.write(f"{WORK}/small/filler", b"x" * 8192)
    box.write(f"{WORK}/totals.csv", "exporter,importer,value\nRUS,CHN,100000\n")
    box.write(f"{WORK}/one.csv", "exporter,importer,value\nRUS,CHN,1\n")
    for ending in {word.partition("{}")[2] for command in WRITERS for word in command if "{}" in word}:
        box.write(f"{WORK}/fixed{ending}", "as it was")
        box.seen(f"{WORK}/fixed{ending}").chmod(0o444)
        box.seen(f"{WORK}/device{ending}").symlink_to("/dev/full")
    box.write(f"{HOME}/Documents/chart.svg", "old")
    box.seen(f"{HOME}/Documents/chart.svg").chmod(0o600)
    box.seen(f"{WORK}/link.svg").symlink_to(f"{HOME}/Documents/chart.svg")


@pytest.fixture(scope="module")
def ran() -> Iterator[tuple[Box, dict[tuple[str, ...], Run]]]:
    """All readers and writers in one place, without the rights of root, in forks of one process."""
    if why_not():
        pytest.skip(f"cases of the fault bench need a private mount namespace: {why_not()}")
    with Box() as box:
        furnished(box)
        asked = [tuple(filled(*case.values)) for case in (*UNREAD, *UNWRITTEN)]
        asked += [*LINKED, *REFUSED, FROM_FILE]
        yield box, dict(zip(asked, box.many(asked, rights=False, seconds=900), strict=True))


@pytest.mark.parametrize(("command", "path"), UNREAD)
def test_paths_that_cannot_be_read(ran: tuple[Box, dict[tuple[str, ...], Run]], command, path):
    """No right to read the file, none to enter its folder, a name that is too long, and a file of another kind."""
    box, found = ran
    box.check(found[tuple(filled(command, path))], 1, 2)


@pytest.mark.parametrize(("command", "path"), UNWRITTEN)
def test_files_that_cannot_be_written(ran: tuple[Box, dict[tuple[str, ...], Run]], command, path):
    """A name that is too long, a folder without rights, none at all, a read-only file, a device, a full disk."""
    box, found = ran
    box.check(found[tuple(filled(command, path))], 3)
    for kept in box.seen(WORK).glob("fixed*"):
        assert kept.read_text() == "as it was"


def test_a_link_is_followed_and_the_mask_kept(ran: tuple[Box, dict[tuple[str, ...], Run]]):
    """What a link leads to is replaced, with the rights that it had; a new file has what the mask leaves."""
    box, found = ran
    for command in LINKED:
        box.check(found[command], 0)
    assert box.seen(f"{WORK}/link.svg").is_symlink()
    linked = box.seen(f"{HOME}/Documents/chart.svg")
    assert "<svg" in linked.read_text()
    assert (linked.stat().st_mode & 0o777, box.seen(f"{WORK}/new.svg").stat().st_mode & 0o777) == (
        0o600,
        0o644,
    )


@pytest.mark.parametrize("command", REFUSED, ids=lambda one: one[0])
def test_what_is_seen_at_once_to_be_wrong_is_refused(ran: tuple[Box, dict[tuple[str, ...], Run]], command):
    box, found = ran
    assert REFUSED[command] in box.check(found[command], 1).err


def test_scenarios_come_through_pipes(box: Box, ran: tuple[Box, dict[tuple[str, ...], Run]]):
    """From standard input by its name, which is a pipe here; an answer as from the file."""
    from_file = box.check(ran[1][FROM_FILE], 0)
    from_pipe = box.check(box.run("simulate", "/dev/stdin", "--format", "csv", text=SCENARIO), 0)
    assert from_pipe.out == from_file.out
    assert from_pipe.out.count("\n") > 80
    box.check(box.run("simulate", "/dev/stdin", text="x" * 300_000), 1)


SELDOM = pytest.mark.evidence
"""For cases whose kind another case has: each costs seconds."""


@pytest.mark.parametrize(
    "home", ["unreadable", *(pytest.param(one, marks=SELDOM) for one in ("unset", "missing", "with spaces"))]
)
def test_homes(box: Box, home):
    """A dossier's parts are had whatever the home is like: what is kept there is kept for speed alone."""
    place = {"missing": "/nowhere", "with spaces": f"{HOME}/a b", "unset": ""}.get(home, HOME)
    if home == "with spaces":
        box.seen(place).mkdir()
    if home == "unreadable":
        box.seen(HOME).chmod(0)
    box.check(box.run("leverage", "--pairs", "RUS:CHN", rights=False, HOME=place), 0)
    # Whether data were added cannot be said where the home may not be entered: an error, not "none".
    box.check(box.run("data", "list", rights=False, HOME=place), 1 if home == "unreadable" else 0)


@pytest.mark.parametrize("place", ["cache", pytest.param("temporary", marks=SELDOM), "output"])
def test_small_disks(box: Box, place):
    """A megabyte for the cache or temporary files, less for the output: an answer, or one line that says why not."""
    folders = {"cache": f"{HOME}/.cache/suasion", "temporary": f"{TEMP}/small", "output": f"{WORK}/out"}
    box.disk(folders[place], "32k" if place == "output" else "1m")
    temp = f"{TEMP}/small" if place == "temporary" else ""
    box.write(f"{WORK}/out/old.json", "old")
    codes = (0, 3) if place == "output" else (0,)
    for _ in range(2 if WHOLE else 1):
        box.check(box.run("leverage", "--pairs", "RUS:CHN", "--chart", "out/l.svg", TMPDIR=temp), *codes)
    if place == "output":
        made = box.check(box.run("materials", "RUS", "CHN", "--out", "out/old.json"), 3)
        assert "old.json" in made.err
        assert box.seen(f"{WORK}/out/old.json").read_text() == "old"


@pytest.mark.parametrize(
    "end", [">/dev/full", "2>&-", *(pytest.param(one, marks=SELDOM) for one in (">&-", "<&-"))]
)
def test_ends_that_are_closed_or_full(box: Box, end):
    made = box.run("data", "list", shell=end)
    box.check(made, 3 if end == ">&-" or "full" in end else 0)


@pytest.mark.parametrize("kib", [pytest.param(250_000, marks=SELDOM), 450_000])
def test_too_little_memory_is_one_line(box: Box, kib):
    """Too little for one library to be mapped, and for another."""
    limited = ["sh", "-c", f'ulimit -v {kib}; exec "$0" "$@"', str(Path(sys.executable).with_name("suasion"))]
    made = box.check(box.run("exit-cost", "RUS", "CHN", program=limited), 1)
    assert "not enough memory" in made.err


@pytest.mark.parametrize(
    "by",
    [
        signal.SIGINT,
        signal.SIGKILL,
        *(pytest.param(n, marks=SELDOM) for n in (signal.SIGTERM, signal.SIGHUP)),
    ],
)
def test_signals_while_a_file_is_made(box: Box, by):
    """Whatever ends the program, the old file is whole, and the next run writes the new one."""
    box.write(f"{WORK}/d.json", "old")
    made = box.interrupted("dyad", "RUS", "CHN", "--json", "d.json", by=by, when=after(2.0))
    assert made.code == (-by if by == signal.SIGKILL else 128 + by)
    box.check(made)
    assert box.seen(f"{WORK}/d.json").read_text() == "old"


def after(seconds: float):
    """A condition that holds when so many seconds are over."""
    began = time.monotonic()
    return lambda: time.monotonic() - began > seconds


def test_a_damaged_cache_changes_no_answer(box: Box):
    """Two processes that make the same cache at the same time give the same answer, and leave it whole.

    Then files of it that were cut, flipped, emptied, swapped among each other, or deleted: the same numbers.
    """
    command = ("leverage", "--pairs", "RUS:CHN,USA:CHN", "--format", "csv")
    both = [box.start(*command) for _ in range(2)]
    outs = [process.communicate(timeout=120)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert outs[0] == outs[1]
    kept = sorted(box.seen(f"{HOME}/.cache/suasion").rglob("*.parquet"))
    assert len(kept) == 2
    first, second = (path.read_bytes() for path in kept)
    middle = len(first) // 2
    flipped = first[:middle] + bytes([first[middle] ^ 1]) + first[middle + 1 :]
    harms = ((first[:middle], flipped), (b"", None), (second, first))
    for one, two in harms if WHOLE else harms[:1]:
        for path, content in zip(kept, (one, two), strict=True):
            path.unlink() if content is None else path.write_bytes(content)
        assert box.check(box.run(*command), 0).out == outs[0]
        assert [path.read_bytes() for path in kept] == [first, second]  # made again
