"""Sweeps: what a grid means, that no task is lost or solved twice, and that it does not matter who solves it."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from suasion.cli.app import CANNOT, OK, STOPPED, run
from suasion.coercion import exit_cost, leverage_matrix
from suasion.equilibrium import Embargo, Scenario, Tariff, draws
from suasion.equilibrium.scenario.file import write_scenario
from suasion.errors import DataError, GridError, InputError, MissingPackageError, OutputError, SweepError
from suasion.files import DRAFT
from suasion.solvers.threads import one_thread
from suasion.sweep import (
    COLUMNS,
    collect,
    make_plan,
    parse_grid,
    places,
    query,
    read_grid,
    run_sweep,
)
from suasion.sweep.chunk import solver_of
from suasion.sweep.grid import Action
from suasion.sweep.parts import ATTEMPTS
from suasion.sweep.plan import CHUNK, SMALLEST, SweepPlan, Tie, WorldSource, open_world
from suasion.sweep.run import FAILED, GIVE_UP, NAME, read_manifest, time_left
from suasion.worker import cluster, owner
from suasion.world.testing import random_world

#: Every solution is within 1e-9 of its equations; two routes to it may differ by a few times that.
SAME = 1e-8
GRID = """
name: small
pairs: all
sectors: [all, S1]
horizons: [short, long]
draws: 2
report: all
"""


@pytest.fixture(scope="module")
def small():
    return random_world(5, 3, seed=4)


@pytest.fixture(scope="module")
def serial(small, tmp_path_factory):
    """The grid solved in this process: 120 tasks in chunks of at most 25, none across horizons."""
    folder = tmp_path_factory.mktemp("serial") / "out"
    report = run_sweep(parse_grid(GRID), folder, world=small, workers=0, chunk=25)
    assert report.complete
    assert (report.tasks, report.chunks, report.solved) == (120, 6, 6)
    return folder


def sweep_again(small, folder, **options):
    return run_sweep(parse_grid(GRID), folder, world=small, **{"workers": 0, "chunk": 25, **options})


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


# What the numbers mean


def test_losses_are_those_of_leverage_and_exit_cost(small, serial):
    table = collect(serial)
    assert list(table.columns) == list(COLUMNS)
    assert (table.status == "solved").all()
    assert table.residual.max() <= 1e-9  # the tolerance that every solution has to meet
    for horizon in ("short", "long"):
        matrix = leverage_matrix(small, horizon)
        some = table[(table.horizon == horizon) & (table.draw == 0) & (table.sectors == "all")]
        for unit in ("percent", "usd"):
            wide = some.pivot_table(f"loss_{unit}", ["a", "b"], "country", observed=True)
            expected = getattr(matrix, f"loss_{unit}")
            scale = float(np.abs(expected).max())
            for (a, b), row in wide.iterrows():
                assert row[a] == pytest.approx(float(expected.sel(country=a, partner=b)), abs=SAME * scale)
                assert row[b] == pytest.approx(float(expected.sel(country=b, partner=a)), abs=SAME * scale)


def test_with_a_scenario_in_force_it_is_the_further_loss(small, tmp_path):
    force = Scenario("C3 leaves C1", [Embargo("C3", "C1", sectors="S2")])
    write_scenario(force, tmp_path / "force.yaml")
    text = "name: g\npairs: [[C1, C2]]\ngiven: [none, force.yaml]\ndraws: 2\nseed: 3\n"
    run_sweep(parse_grid(text, folder=tmp_path), tmp_path / "out", world=small, workers=0)
    table = collect(tmp_path / "out")
    cost = exit_cost(small, "C1", "C2", given=force, horizon="long")
    some = table[(table.given == "C3 leaves C1") & (table.draw == 0)].set_index("country")
    for row in cost.table.itertuples():
        assert some.loss_percent[row.country] == pytest.approx(row.loss_percent, abs=100 * SAME)
        assert some.loss_usd[row.country] == pytest.approx(row.loss_usd, rel=1e-6)
    assert set(table.given) == {"the world as it is", "C3 leaves C1"}
    assert table.groupby("given", observed=True).loss_percent.sum().nunique() == 2


def test_draws_do_not_depend_on_the_chunks(small, serial, tmp_path):
    """A draw is the same point of the sequence in whatever chunk its tasks lie."""
    sweep_again(small, tmp_path, chunk=7)
    left, right = collect(serial), collect(tmp_path)
    assert np.allclose(left.loss_percent, right.loss_percent, rtol=0, atol=100 * SAME)
    keys = [name for name in COLUMNS if name not in ("loss_percent", "loss_usd", "residual")]
    assert left[keys].astype(str).equals(right[keys].astype(str))
    plan = read_manifest(serial)
    ground = solver_of(plan.to_json())._prepared(0)
    assert np.array_equal(ground.drawn[1].sigma, draws(small, 2, "short", plan.seed)[1].sigma)


def test_sizes_directions_and_sides(small, tmp_path):
    text = """
name: tariffs
pairs: {from: [C1, C2], to: C3}
coalitions: [{name: West, members: [C1, C2]}]
targets: [C3, [C4, C5]]
instruments: [{type: tariff, rate: [0.1, 0.3]}, {type: trade_cost, factor: 1.2, direction: exports, name: delay}]
"""
    report = run_sweep(parse_grid(text), tmp_path, world=small, workers=0)
    table = collect(tmp_path)
    assert report.tasks == 4 * 3 == table.task.nunique()
    assert set(table.instrument) == {"tariff 0.1", "tariff 0.3", "delay 1.2"}
    assert list(table[table.task == 11].country) == ["C1", "C2", "C4", "C5"]
    assert (table.a[table.task == 11] == "West").all()
    assert (table.b[table.task == 11] == "C4 + C5").all()
    assert set(table["size"]) == {0.1, 0.3, 1.2}
    hit = table[(table.a == "C1") & (table.country == "C3")].set_index("instrument").loss_usd
    assert hit["tariff 0.3"] > hit["tariff 0.1"] > 0  # the target loses more from the higher tariff


def test_a_task_without_an_answer_has_its_reason(small, tmp_path):
    """A subsidy of half the price in force, and one more of nearly all of it: together more than the price."""
    text = "name: g\npairs: [[C1, C2]]\ninstruments: [{type: tariff, rate: [0.1, -0.9999999]}]\n"
    write_scenario(Scenario("low", [Tariff("C1", "C2", -0.5)]), tmp_path / "low.yaml")
    text += "given: [low.yaml]\n"
    report = run_sweep(parse_grid(text, folder=tmp_path), tmp_path / "out", world=small, workers=0)
    table = collect(tmp_path / "out").set_index("task")
    assert report.unsolved == 1
    assert set(table.status[0]) == {"solved"}
    assert set(table.status[1]) == {"no answer"}
    assert table.loss_percent[1].isna().all()
    assert table.reason[1].str.contains("-1").all()


# Numbers of tasks and chunks


def plan_of(sizes: tuple[int, ...], chunk: int) -> SweepPlan:
    years, rules, horizons, given_, draws_, ties, acts, sectors = sizes
    return SweepPlan(
        name="made up",
        version="0",
        worlds=tuple(WorldSource("none", None, 2000 + k, "") for k in range(years)),
        deficits=tuple(["balance", "world", "gdp"][:rules]),
        horizons=tuple(float(1 + k) for k in range(horizons)),
        given=(None, *({"name": str(k)} for k in range(given_ - 1))),
        draws=draws_ - 1,
        seed=0,
        ties=tuple(Tie(f"A{k}", "B", ("A",), ("B",)) for k in range(ties)),
        actions=tuple(Action(str(k), "embargo", None, ()) for k in range(acts)),
        sectors=(None, *((str(k),) for k in range(sectors - 1))),
        report=("sides",),
        chunk=chunk,
    )


@given(st.tuples(*[st.integers(1, 3)] * 8), st.integers(1, 50))
@settings(deadline=None)
def test_every_task_is_in_one_chunk_and_has_its_own_coordinates(sizes, chunk):
    plan = plan_of(sizes, chunk)
    assert plan.tasks == np.prod(sizes)
    seen = []
    for number in range(plan.chunks):
        span = plan.span(number)
        assert 1 <= len(span) <= chunk
        seen += [(task, plan.group_of(number), plan.place(task)) for task in span]
    assert [task for task, _, _ in seen] == list(range(plan.tasks))
    assert len({(group, place) for _, group, place in seen}) == plan.tasks
    assert len({plan.group(k) for k in range(plan.group_count)}) == plan.group_count
    assert SweepPlan.from_dict(json.loads(plan.to_json())) == plan
    assert SweepPlan.from_dict(json.loads(plan.to_json())).digest == plan.digest


def test_a_plan_of_88_million_tasks_is_small():
    plan = plan_of((1, 1, 1, 1, 1, 3160, 1, 1), CHUNK)
    plan = replace(plan, draws=999, worlds=tuple(WorldSource("x", None, 1995 + k, "") for k in range(28)))
    assert plan.tasks == 88_480_000
    assert len(plan.to_json()) < 300_000
    assert plan.span(plan.chunks - 1).stop == plan.tasks


def test_all_pairs_of_the_embedded_world(world):
    plan = make_plan(parse_grid("name: a\npairs: all\n"), world)
    assert plan.tasks == 3160
    assert plan.chunk == 198  # a sixteenth
    assert make_plan(parse_grid("name: a\npairs: ordered\n"), world).tasks == 6320
    assert make_plan(parse_grid("name: a\npairs: G7\n"), world).tasks == 21
    assert make_plan(parse_grid("name: a\npairs: [[Russia, EU]]\n"), world).chunk == SMALLEST


# What a grid file must not hold


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: a\npairz: all", r"line 2: key `pairz` is unknown; allowed: name.*Did you mean pairs\?"),
        ("pairs: all", "key `name` is missing; give a text"),
        ("name: a", "line 1: there are no pairs; give the key `pairs`, or"),
        ("name: a\ncoalitions: [{name: W, members: [USA]}]", "line 2: coalitions and targets go together"),
        ("name: a\npairs: al", r"line 2: key `pairs` is 'al'; allowed: `all`.*Did you mean all\?"),
        ("name: a\npairs: 3", "line 2: key `pairs` is 3; allowed"),
        ("name: a\npairs:\n  - [A, B]\n  - [A]", "line 4: a pair is a list; it must be two sides"),
        ("name: a\npairs: {from: A}", "line 2: a mapping of pairs has the keys from and to"),
        ("name: a\npairs: all\nhorizons: [shrt]", r"line 3: key `horizons` is the text 'shrt'.*mean short\?"),
        (
            "name: a\npairs: all\nhorizons: 0.5",
            "line 3: key `horizons` is 0.5; allowed: months, short, long, or years",
        ),
        ("name: a\npairs: all\ndraws: 5000", "line 3: key `draws` is 5000; allowed: .* to 4096"),
        ("name: a\npairs: all\ndeficits: [world, none]", "line 3: key `deficits` is the text 'none'"),
        (
            "name: a\npairs: all\ninstruments:\n  - embargo\n  - embrgo",
            r"line 5: key `type` is .*mean embargo\?",
        ),
        (
            "name: a\npairs: ordered\ninstruments: {type: tariff}",
            "tariff: key `rate` is missing; give a number",
        ),
        (
            "name: a\npairs: ordered\ninstruments: {type: tariff, rate: -2}",
            "tariff: rate is -2.0; it must be",
        ),
        (
            "name: a\npairs: ordered\ninstruments: {type: embargo, rate: 2}",
            "line 3: embargo: it has no `rate`",
        ),
        (
            "name: a\npairs: all\ninstruments: {type: tariff, rate: 0.1}",
            "tariff has a direction, but `pairs: all`",
        ),
        ("name: a\npairs: all\ninstruments: [embargo, embargo]", "line 3: embargo is there twice; give one"),
        ("name: a\npairs: all\nyears: [2022, 2022]", "line 3: 2022 stands twice in `years`"),
        ("name: a\npairs: all\ngiven: nowhere.yaml", "line 3: There is no scenario file nowhere.yaml"),
        ("name: a\ntargets: A\ncoalitions: [{name: W, members: A}, {name: W, members: B}]", "'W' is there"),
        ("name: a\npairs: all\nworld: {nam: x}", r"line 3: key `nam` is unknown; .*Did you mean name\?"),
    ],
)
def test_errors_of_a_grid_file_name_the_line(text, message):
    with pytest.raises(GridError, match=message):
        parse_grid(text, "grid.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: a\npairs: [[C1, C9]]", "line 2: .*C9"),
        ("name: a\npairs: [[C1, C2], [C1, C2]]", "line 2: the pair C1 - C2 is there twice"),
        ("name: a\npairs:\n- [C1, C2]\n- [[C1, C2], C2]", "line 4: C2 stands on both sides of C1"),
        ("name: a\npairs: all\nsectors: [all, S9]", "line 3: .*'S9' is not among the 3 sectors"),
        ("name: a\npairs: {from: C1, to: C1}", "line 2: these pairs come to nothing"),
        ("name: a\npairs: all\nreport: [C1, C8]", "line 3: .*C8"),
    ],
)
def test_labels_are_checked_before_anything_is_solved(small, tmp_path, text, message):
    with pytest.raises(GridError, match=message):
        run_sweep(parse_grid(text), tmp_path / "out", world=small)
    assert not (tmp_path / "out").exists()


def test_worlds_and_years_are_checked(small, tmp_path):
    text = "name: a\npairs: all\nworld: {name: file, path: w.npz}\nyears: [1999]"
    with pytest.raises(GridError, match=r"line 4: There is no file .*w\.npz"):
        make_plan(parse_grid(text, folder=tmp_path))
    small.save(tmp_path / "w.npz")
    with pytest.raises(GridError, match="is of 2000, not 1999"):
        make_plan(parse_grid(text, folder=tmp_path))
    plan = make_plan(parse_grid(text.replace("1999", "2000"), folder=tmp_path))
    random_world(5, 3, seed=5).save(tmp_path / "w.npz")
    with pytest.raises(GridError, match="Use the same data everywhere"):
        open_world(plan.worlds[0])
    with pytest.raises(GridError, match="line 3: There is no world 'icio2023'"):
        make_plan(parse_grid("name: a\npairs: all\nworld: icio2023"))


def test_wrong_numbers_of_workers_and_chunks(small, tmp_path):
    with pytest.raises(InputError, match="workers is -1"):
        sweep_again(small, tmp_path / "x", workers=-1)
    with pytest.raises(GridError, match="chunk is 0"):
        make_plan(parse_grid(GRID), small, chunk=0)
    with pytest.raises(InputError, match="both given"):
        sweep_again(small, tmp_path / "x", workers=1, cluster="tcp://127.0.0.1:1")


# Stopping, resuming, damage


def test_interrupted_and_resumed_it_is_the_same(small, serial, tmp_path):
    told = []

    def stop_after_two(done, total, what):
        told.append(what)
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep_again(small, tmp_path, progress=stop_after_two)
    assert told[0] == "0 of 6 chunks, time left unknown"
    assert len(files(tmp_path)) == 2
    with pytest.raises(SweepError, match="4 of 6 chunks are not there yet"):
        collect(tmp_path)
    assert collect(tmp_path, partial=True).task.nunique() == 50
    with pytest.raises(SweepError, match="holds a sweep already"):
        sweep_again(small, tmp_path)
    report = sweep_again(small, tmp_path, resume=True)
    assert (report.kept, report.solved) == (2, 4)
    assert files(tmp_path) == files(serial)
    again = sweep_again(small, tmp_path, resume=True, chunk=None)  # the chunks are those of the manifest
    assert (again.kept, again.solved, again.complete) == (6, 0, True)


def test_a_part_cut_short_or_of_another_sweep_is_made_anew(small, serial, tmp_path):
    sweep_again(small, tmp_path)
    names = sorted(tmp_path.rglob("*.parquet"))
    names[1].write_bytes(names[1].read_bytes()[:-100])
    names[3].write_bytes(names[4].read_bytes())  # a whole part, but in another's place
    names[5].write_bytes(b"")
    (names[0].parent / "part-99999999.parquet").write_bytes(names[0].read_bytes())
    with pytest.raises(SweepError, match="is damaged or foreign"):
        collect(tmp_path)
    report = sweep_again(small, tmp_path, resume=True)
    assert (report.kept, report.solved, len(report.damaged)) == (3, 3, 4)
    assert files(tmp_path) == files(serial)


def test_flipped_bytes_are_found_when_reading(small, tmp_path):
    sweep_again(small, tmp_path)
    path = sorted(tmp_path.rglob("*.parquet"))[2]
    data = bytearray(path.read_bytes())
    data[200:203] = b"???"
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"part-00000002.parquet is damaged"):
        collect(tmp_path)


@pytest.mark.parametrize("every", [211, pytest.param(3, marks=pytest.mark.evidence)])
def test_a_flipped_bit_is_an_error_in_words_or_changes_nothing(serial, tmp_path, every):
    """Anywhere in a part, its own notes included, one bit at a time."""
    shutil.copytree(serial, tmp_path, dirs_exist_ok=True)
    whole = collect(serial)
    path = sorted(tmp_path.rglob("*.parquet"))[2]
    right = path.read_bytes()
    for place in range(0, len(right), every):
        path.write_bytes(right[:place] + bytes([right[place] ^ (1 << place % 8)]) + right[place + 1 :])
        try:
            found = collect(tmp_path)
        except (DataError, SweepError):
            found = whole
        assert found.equals(whole), place
        try:
            query(tmp_path, "select sum(loss_percent), max(reason) from sweep")
        except (DataError, SweepError):
            continue


def test_a_full_disk_stops_cleanly(small, serial, tmp_path, monkeypatch):
    real, count = os.fsync, []

    def full(handle):
        count.append(handle)
        if len(count) == 9:  # world, manifest and two parts fit, each with its folder
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match=r"No space left on device; free space"):
        sweep_again(small, tmp_path)
    assert len(files(tmp_path)) == 2
    assert not list(tmp_path.rglob(f"{DRAFT}*"))
    report = sweep_again(small, tmp_path, resume=True)
    assert (report.kept, report.solved) == (2, 4)
    assert files(tmp_path) == files(serial)


def test_only_the_same_sweep_is_resumed(small, serial, tmp_path):
    sweep_again(small, tmp_path)
    other = parse_grid(GRID.replace("draws: 2", "draws: 3").replace("[all, S1]", "[all, S2]"))
    with pytest.raises(SweepError, match=r"differ in draws \(2, now 3\); sectors \([^(]*S1, now [^(]*S2"):
        run_sweep(other, tmp_path, world=small, workers=0, resume=True)
    with pytest.raises(SweepError, match="differ in worlds"):
        sweep_again(random_world(5, 3, seed=5), tmp_path, resume=True)
    with pytest.raises(SweepError, match=r"differ in chunk \(25, now 9\)"):
        sweep_again(small, tmp_path, resume=True, chunk=9)
    path = tmp_path / NAME
    text = path.read_text("utf-8")
    for wrong, message in [
        (text.replace('"seed": 1', '"seed": 2'), "was changed by hand"),
        (text.replace('"format": 1', '"format": 7'), "has the format 7; this version reads 1"),
        (text[:-200], r"manifest.json is damaged"),
    ]:
        path.write_text(wrong, "utf-8")
        with pytest.raises(SweepError, match=message):
            sweep_again(small, tmp_path, resume=True)
    path.unlink()
    with pytest.raises(SweepError, match="has parts but no manifest"):
        sweep_again(small, tmp_path, resume=True)
    with pytest.raises(SweepError, match="holds no sweep"):
        collect(tmp_path)


def test_another_version_does_not_add_to_it(serial):
    plan = replace(read_manifest(serial), version="0.0.1")
    with pytest.raises(SweepError, match=r"planned by version 0\.0\.1; this worker has"):
        solver_of(plan.to_json())


# Workers


def test_a_killed_worker_loses_nothing(small, serial, tmp_path, monkeypatch):
    """Two local processes, both killed at different times: the files are those of the serial run, byte for byte."""
    started = []

    def start(*args):
        started.append(owner.Worker(*args))
        return started[-1]

    killed = []

    def kill(done, total, what):
        while len(killed) < 2 and len(started) > len(killed) and done:
            killed.append(started[len(killed)].process)
            killed[-1].send_signal(signal.SIGKILL)

    monkeypatch.setattr(places, "Worker", start)
    report = sweep_again(small, tmp_path, workers=2, progress=kill)
    assert len(killed) == 2
    assert len(started) > 2
    assert report.complete
    assert report.failed == ()
    assert files(tmp_path) == files(serial)
    assert all(one.process.poll() is not None for one in started)  # none is left behind


@pytest.mark.evidence  # starts three processes; a killed worker is above, a chunk that fails below
def test_a_chunk_that_kills_its_workers_is_given_up(small, serial, tmp_path, monkeypatch):
    poison = (
        "import os; import suasion.sweep.chunk as c; real = c.solve_document\n"
        "c.solve_document = lambda d, n: (print('out of memory', flush=True), os.kill(os.getpid(), 9)) "
        "if n == 2 else real(d, n)\n"
    )
    head, tail = owner._START.split("from suasion", 1)
    monkeypatch.setattr(places, "ATTEMPTS", 2)  # each costs the start of a process
    monkeypatch.setattr(owner, "_START", f"{head}\n{poison}from suasion{tail}")
    report = sweep_again(small, tmp_path, workers=1)
    assert not report.complete
    (one,) = report.failed
    assert (one.chunk, one.first_task, one.last_task, one.attempts) == (2, 50, 59, 2)
    assert one.reason == "the worker was killed by signal 9: out of memory"
    assert report.solved == 5
    assert json.loads((tmp_path / FAILED).read_text())[0]["chunk"] == 2
    mended = sweep_again(small, tmp_path, resume=True)
    assert mended.complete
    assert not (tmp_path / FAILED).exists()
    assert files(tmp_path) == files(serial)


def test_errors_of_a_chunk_are_reported_and_the_others_kept(small, tmp_path, monkeypatch):
    real = places.solve_document

    def wrong(document, chunk):
        if chunk == 1:
            raise MemoryError("no room")
        return real(document, chunk)

    monkeypatch.setattr(places, "solve_document", wrong)
    report = sweep_again(small, tmp_path)
    assert [(one.chunk, one.reason) for one in report.failed] == [(1, "MemoryError: no room")]
    assert report.solved == 5


def test_it_stops_where_everything_fails(small, tmp_path, monkeypatch):
    monkeypatch.setattr(places, "solve_document", lambda *_: 1 / 0)
    with pytest.raises(SweepError, match=rf"{GIVE_UP} chunks failed .* ZeroDivisionError: division by zero"):
        sweep_again(small, tmp_path, chunk=5)
    assert len(json.loads((tmp_path / FAILED).read_text())) == GIVE_UP


def test_linear_algebra_has_one_thread():
    from threadpoolctl import threadpool_info

    with one_thread():
        found = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    assert found, "NumPy brings one library at least"
    assert set(found) == {1}


# A cluster


@pytest.mark.parametrize("address", ["foo", "tcp://", "http://127.0.0.1:80", "inproc://x"])
def test_an_address_that_is_none_is_refused_at_once(small, tmp_path, address):
    with pytest.raises(SweepError, match=rf"No Dask scheduler answers at {address}: .* `dask scheduler`"):
        sweep_again(small, tmp_path / "out", workers=None, cluster=address)
    assert not (tmp_path / "out").exists()


def test_a_cluster_that_is_not_there(small, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster, "_ANSWER", 0.2)
    with pytest.raises(SweepError, match=r"No Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        sweep_again(small, tmp_path / "out", workers=None, cluster="tcp://127.0.0.1:9")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPackageError, match=r"pip install 'suasion\[cluster\]'"):
        sweep_again(small, tmp_path / "out", workers=None, cluster="tcp://127.0.0.1:9")
    assert not (tmp_path / "out").exists()


class Made:
    """A future of the false client below."""

    def __init__(self, answer):
        self.answer = answer

    def add_done_callback(self, call):
        call(self)

    def result(self):
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def release(self):
        pass


class KilledWorker(Exception):
    pass


class FalseClient:
    """Fails chunks 1 and 2 for good, the first of them at once, and chunk 3 the first time."""

    status = "running"

    def __init__(self, threads):
        self.threads, self.sent = threads, []

    def nthreads(self):
        return self.threads

    def submit(self, solve, chunk, **options):
        self.sent.append(chunk)
        if chunk == 1:
            return Made(KilledWorker("took three workers with it"))
        if chunk == 2 or (chunk == 3 and self.sent.count(3) == 1):
            return Made(ValueError("wrong"))
        return Made(b"part")

    def cancel(self, futures, force):
        self.cancelled = len(futures)


def test_a_cluster_tries_again_a_bounded_number_of_times():
    client = FalseClient({"a": 1})
    relay = cluster.Relay(client, str, range(8), ATTEMPTS, patience=9)
    found = {one.chunk: one for one in map(places._result, relay.outcomes())}
    assert sorted(found) == list(range(8))
    assert found[1].data is None
    assert found[1].reason == "KilledWorker: took three workers with it"
    assert (found[2].data, found[2].reason, found[2].attempts) == (None, "ValueError: wrong", ATTEMPTS)
    assert (found[3].data, found[3].attempts) == (b"part", 2)
    assert (client.sent.count(1), client.sent.count(2), client.sent.count(3)) == (1, ATTEMPTS, 2)
    assert all(found[k].data == b"part" for k in (0, 4, 5, 6, 7))


def test_a_cluster_without_workers_is_not_waited_for_without_end(monkeypatch):
    monkeypatch.setattr(cluster, "_POLL", 0.02)
    monkeypatch.setattr(Made, "add_done_callback", lambda *_: None)  # nobody solves
    client = FalseClient({})
    with pytest.raises(SweepError, match=r"no worker for 0 seconds.*--resume"):
        list(cluster.Relay(client, str, range(8), ATTEMPTS, patience=0.01).outcomes())
    assert client.cancelled == 2


def test_a_cluster_whose_scheduler_is_gone_is_said_to_be_gone():
    """A client that has closed itself fails in several ways; whichever it is, the sweep says the same."""

    class Closed(FalseClient):
        status = "closed"

        def nthreads(self):
            raise RuntimeError("ConnectionPool is closed")

    with pytest.raises(SweepError, match=r"scheduler is gone\. What is done is kept.*--resume"):
        list(cluster.Relay(Closed({}), str, range(8), ATTEMPTS, patience=9).outcomes())


# Reading, and the command


def test_query_and_columns(serial):
    found = query(
        serial, "select horizon, count(*) as n, max(task) as last from sweep group by all order by last"
    )
    assert found.to_dict("list") == {"horizon": ["short", "long"], "n": [300, 300], "last": [59, 119]}
    assert list(collect(serial, columns=["task", "loss_percent"]).columns) == ["task", "loss_percent"]
    with pytest.raises(InputError, match="There is no column 'loss'"):
        collect(serial, columns=["loss"])
    with pytest.raises(InputError, match="The query is not valid"):
        query(serial, "select nothing from sweep")


def test_nothing_solved_yet(small, tmp_path):
    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep_again(small, tmp_path, progress=stop)
    assert collect(tmp_path, partial=True).empty
    with pytest.raises(SweepError, match="has no finished chunk yet"):
        query(tmp_path, "from sweep", partial=True)


@pytest.fixture
def grid_file(small, tmp_path):
    small.save(tmp_path / "w.npz")
    path = tmp_path / "grid.yaml"
    path.write_text("name: g\nworld: {name: file, path: w.npz}\npairs: all\n", "utf-8")
    return path


def test_the_command(grid_file, tmp_path, capsys):
    words = ["sweep", str(grid_file), "--out", str(tmp_path / "o"), "--workers", "0", "--format", "csv"]
    assert run(words) == OK
    out, err = capsys.readouterr()
    assert out.splitlines()[0] == "tasks,chunks,kept,solved,failed,no answer,seconds"
    assert out.splitlines()[1].startswith("10,1,0,1,0,0,")
    assert "10 of 10 tasks, 1 of 1 chunks, 0 s left" in err
    assert run(words) == CANNOT
    assert "holds a sweep already" in capsys.readouterr().err
    assert run([*words, "--resume"]) == OK
    assert capsys.readouterr().out.splitlines()[1].startswith("10,1,1,0,0,0,")
    assert isinstance(collect(tmp_path / "o"), pd.DataFrame)
    assert read_grid(grid_file).name == "g"


def test_the_command_tells_what_failed_and_when_it_was_stopped(grid_file, tmp_path, capsys, monkeypatch):
    words = ["sweep", str(grid_file), "--out", str(tmp_path / "o"), "--workers", "0", "--chunk", "4"]
    real = places.solve_document
    monkeypatch.setattr(places, "solve_document", lambda d, n: 1 / 0 if n == 1 else real(d, n))
    assert run(words) == CANNOT
    err = capsys.readouterr().err
    assert "chunk 1 (tasks 4 to 7) failed 1 times: ZeroDivisionError: division by zero" in err
    assert "1 chunks failed; --resume tries them again" in err

    def interrupted(document, chunk):
        raise KeyboardInterrupt

    monkeypatch.setattr(places, "solve_document", interrupted)
    assert run([*words, "--resume"]) == STOPPED
    assert "Go on with the same command and --resume" in capsys.readouterr().err
    path = next((tmp_path / "o").rglob("part-00000000.parquet"))
    path.write_bytes(b"short")
    monkeypatch.setattr(places, "solve_document", real)
    assert run([*words, "--resume"]) == OK
    assert "part-00000000.parquet was damaged or foreign" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written(small, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(OutputError, match="file is no folder"):
        sweep_again(small, tmp_path / "file" / "out")
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(OutputError, match="round is a link that leads nowhere"):
        sweep_again(small, tmp_path / "round")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["file", "round"]


def test_beside_files_of_others_only_where_that_is_said(grid_file, tmp_path, capsys):
    words = ["sweep", str(grid_file), "--out", str(tmp_path), "--workers", "0"]
    assert run(words) == CANNOT
    assert "holds other files (grid.yaml)" in capsys.readouterr().err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["grid.yaml", "w.npz"]
    assert run([*words, "--into"]) == OK
    assert run([*words, "--resume"]) == OK
    assert (tmp_path / "grid.yaml").exists()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, "time left unknown"),
        (30, "30 s left"),
        (600, "10 min left"),
        (7200, "2.0 h left"),
        (864_000, "10.0 days left"),
    ],
)
def test_time_left(seconds, words):
    assert time_left(seconds) == words
