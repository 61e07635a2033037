"""Queues, limits and the cache: nothing waits for ever, nothing is half written, nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from tests import web_fake_worker

pytest.importorskip("fastapi", reason="the extra `app` is absent")

from suasion.errors import InputError, OutputError
from suasion.store import Recent
from suasion.web import Settings, cache, jobs, pool, queues, worker_thread
from suasion.web.jobs import Busy, Failed, Job, JobState
from suasion.web.metrics import Metrics
from suasion.web.queues import FairQueues, QueueName, queues_of

KEY = "a" * 64


@pytest.fixture
def kept(tmp_path):
    return cache.ResultCache(tmp_path / "cache", most_bytes=1_000_000)


@pytest.fixture
def make(monkeypatch, kept):
    """A pool of workers without a model, with settings of its own."""
    monkeypatch.setattr(worker_thread, "TARGET", f"{web_fake_worker.__name__}:make_parts")

    def build(**given) -> pool.Pool:
        usual = {"workers": 1, "cache": kept.folder, "quick_seconds": 20.0, "grace_seconds": 3.0}
        return pool.Pool(Settings(**{**usual, **given}), kept, {})

    return build


def within(work):
    """Run a coroutine function of a started pool, and stop the pool."""

    async def whole(made):
        made.start()
        try:
            await asyncio.wait_for(made.ready.wait(), 30)
            return await work(made)
        finally:
            await made.stop()

    return lambda made: asyncio.run(whole(made))


def test_a_job_is_done_once_for_all_who_ask(make):
    async def work(made):
        one = made.submit("sleep", {"steps": 4})
        two = made.submit("sleep", {"steps": 4})
        assert one is two
        assert await made.result(one) == {"json": b"{}"}
        assert (one.state, one.total) == (JobState.done, 4)

    within(work)(make())


def test_a_full_queue_says_come_back(make):
    async def work(made):
        asked = [made.submit("sleep", {"steps": 5, "k": 0})]
        while asked[0].state is JobState.waiting:
            await asyncio.sleep(0.02)
        asked += [made.submit("sleep", {"steps": 5, "k": k}) for k in (1, 2)]  # one runs, two wait
        with pytest.raises(Busy) as busy:
            made.submit("sleep", {"steps": 5, "k": 3})
        assert busy.value.seconds > 0
        for job in asked:
            await made.result(job)

    within(work)(make(queue=2))


def test_quick_questions_do_not_wait_behind_dossiers(make):
    """With several workers one is kept for what is quick, however many dossiers wait."""

    async def work(made):
        dossiers = [made.submit("dossier", {"steps": 400, "k": k}) for k in range(3)]
        assert await made.result(made.submit("sleep", {"steps": 1})) == {"json": b"{}"}
        assert all(job.state is not JobState.done for job in dossiers)
        for job in dossiers:
            made.cancel(job)

    within(work)(make(workers=2))


def test_lanes_hand_out_in_order_and_hand_back_at_the_end():
    made = FairQueues()
    waiting = {queue: Job("k", queue, {}, queue, limit=1.0) for queue in QueueName}
    for queue in (QueueName.heavy, QueueName.quick, QueueName.long):
        made.put(waiting[queue])
    assert made.take((QueueName.quick, QueueName.heavy)) is waiting[QueueName.quick]
    assert made.take((QueueName.quick, QueueName.heavy)) is waiting[QueueName.heavy]
    assert [made.waiting(queue) for queue in QueueName] == [0, 0, 0, 1, 0]
    assert made.close() == (waiting[QueueName.long],)
    assert made.take((QueueName.long,)) is None


def asked(client: str, key: str = "k", queue: QueueName = QueueName.quick) -> Job:
    return Job(key, "sleep", {}, queue, limit=1.0, client=client)


def test_who_has_used_the_least_comes_next():
    made = FairQueues()
    made.charge("greedy", 30.0)
    made.charge("modest", 1.0)
    jobs = [asked("greedy"), asked("greedy"), asked("modest"), asked("new")]
    for job in jobs:
        made.put(job)
    taken = [made.take((QueueName.quick,)) for _ in jobs]
    assert [job.client for job in taken] == ["new", "modest", "greedy", "greedy"]


def test_a_question_counts_for_the_least_greedy_of_its_askers():
    made = FairQueues()
    made.charge("greedy", 30.0)
    job = asked("greedy")
    made.put(job)
    made.join(job, "new", QueueName.quick)
    assert job.client == "new"


def test_one_seat_is_spared_from_who_uses_more_than_all_others():
    made = FairQueues()
    made.charge("greedy", 30.0)
    assert not made.usage.greedy("greedy"), "alone it may have all workers"
    made.charge("modest", 2.0)
    assert made.usage.greedy("greedy")
    made.put(asked("greedy"))
    made.put(asked("modest"))
    assert made.take((QueueName.quick,), spare=True).client == "modest"
    assert made.waiting(QueueName.quick) == 1


def test_use_is_forgotten_after_two_windows(monkeypatch):
    used = queues.Usage()
    used.charge("a", 5.0)
    used.charge("", 5.0)
    assert (used.of("a"), used.of("")) == (5.0, 0.0)
    now = time.monotonic()
    monkeypatch.setattr(queues.time, "monotonic", lambda: now + queues.WINDOW_SECONDS + 1)
    assert used.of("a") == 5.0
    monkeypatch.setattr(queues.time, "monotonic", lambda: now + 3 * queues.WINDOW_SECONDS)
    assert used.of("a") == 0.0


def test_a_full_lane_makes_room_for_who_has_less_in_it():
    made = FairQueues()
    jobs = [asked("greedy", str(k)) for k in range(3)]
    for job in jobs:
        made.put(job)
    assert made.evict(QueueName.quick, "greedy") is None
    assert made.evict(QueueName.quick, "new") is jobs[2]
    made.put(asked("new"))
    assert made.evict(QueueName.quick, "new") is None, "two of each would be no fairer"


def test_who_asks_in_vain_is_told_when_to_come_back(make):
    """The flood of one fills the queue; another client gets in, and the flood's newest question is sent away."""

    async def work(made):
        queues.current_client.set("flood")
        flood = [made.submit("sleep", {"steps": 20, "k": 0})]
        while flood[0].state is JobState.waiting:
            await asyncio.sleep(0.02)
        # Too long to have ended when the other's answer is looked at, however slow this machine is.
        flood += [made.submit("sleep", {"steps": 200, "k": k}) for k in (1, 2)]
        made.charge(flood[0], 1.0)  # a sleeper uses no processor, and would count as if it had not worked
        queues.current_client.set("other")
        other = made.submit("sleep", {"steps": 1})
        with pytest.raises(Busy):
            await made.result(flood[2])
        assert await made.result(other) == {"json": b"{}"}
        assert flood[1].state is not JobState.done
        queues.current_client.set("flood")
        made.cancel(flood[1])

    within(work)(make(queue=2))


def test_what_is_made_ahead_gives_way_and_is_taken_over_by_who_asks_for_it(make, kept):
    """A reader's long job does not wait for the server's own, which nobody writes down."""

    async def work(made):
        ahead = made.submit("sleep", {"steps": 200}, queue=QueueName.ahead)
        while ahead.state is JobState.waiting:
            await asyncio.sleep(0.02)
        queues.current_client.set("reader")
        assert kept.kept_jobs() == []
        assert await made.result(made.submit("sleep", {"steps": 1}, queue=QueueName.long)) == {"json": b"{}"}
        assert ahead.state in (JobState.waiting, JobState.running)
        assert ahead.queue is QueueName.ahead
        assert made.submit("sleep", {"steps": 200}) is ahead
        assert (ahead.queue, ahead.client) == (QueueName.quick, "reader")
        made.cancel(ahead)

    within(work)(make())


def test_a_slow_question_moves_into_a_queue_of_its_own(make):
    async def work(made):
        job = made.submit("slow", {"steps": 2})
        with pytest.raises(jobs.Deferred):
            await made.result(job)
        assert job.queue is QueueName.slow
        assert await made.result(job, slow=True) == {"json": b"{}"}

    within(work)(make())


def test_a_slow_question_gives_way_to_others_and_its_worker_stays_warm(make, monkeypatch):
    monkeypatch.setattr(worker_thread, "SLICE_SECONDS", 0.3)
    monkeypatch.setattr(worker_thread, "cpu_seconds", lambda pid: 0.0)  # one that sleeps works by the clock

    async def work(made):
        queues.current_client.set("slow")
        slow = made.submit("sleep", {"steps": 60})
        await made.result(made.submit("pid", {}, queue=QueueName.long))
        before = made._workers[0].worker.process.pid
        queues.current_client.set("other")
        assert await made.result(made.submit("sleep", {"steps": 1})) == {"json": b"{}"}
        assert slow.queue is QueueName.slow
        assert made._workers[0].worker.process.pid == before
        queues.current_client.set("slow")
        made.cancel(slow)

    within(work)(make())


def test_an_error_of_the_question_is_remembered(make):
    async def work(made):
        failed = made.submit("wrong", {})
        with pytest.raises(Failed):
            await made.result(failed)
        assert failed.kind == "InputError"
        assert made.submit("wrong", {}) is failed

    within(work)(make())


@pytest.fixture
def by_the_clock(monkeypatch):
    """A worker that sleeps counts as one that works."""
    monkeypatch.setattr(worker_thread, "cpu_seconds", lambda pid: 0.0)


@pytest.mark.usefixtures("by_the_clock")
def test_a_limit_is_told_once_to_who_waited_and_kept_for_nobody(make):
    """A page that comes back by itself must not begin anew what has just failed; any other asks anew."""

    async def work(made):
        queues.current_client.set("one")
        late = made.submit("sleep", {"steps": 100}, queue=QueueName.long)
        queues.current_client.set("two")
        made.submit("sleep", {"steps": 100}, queue=QueueName.long)
        with pytest.raises(Failed, match=r"longer than the 0\.2 seconds"), made.waited_for(late):
            await made.result(late)
        assert late.kind == "TimeLimit"
        queues.current_client.set("one")
        assert made.submit("sleep", {"steps": 100}, queue=QueueName.long) is late, (
            "it was told elsewhere only"
        )
        again = made.submit("sleep", {"steps": 100}, queue=QueueName.long)
        assert again is not late
        made.cancel(again)

    within(work)(make(long_seconds=0.2))


def test_work_that_gets_too_little_of_the_processor_says_nothing_of_the_question(make):
    """What sleeps does not work: it is ended by the clock, as on a machine that has too much to do, and asked anew."""

    async def work(made):
        job = made.submit("sleep", {"steps": 100})
        with pytest.raises(Failed, match="too much to do"):
            await made.result(job)
        assert job.kind == "Overload"
        again = made.submit("sleep", {"steps": 100})
        assert again is not job
        made.cancel(again)

    within(work)(make(quick_seconds=0.2))


def unasked_since(job: Job, seconds: float) -> Job:
    """A job that nobody has asked for for some time."""
    job.asked = time.monotonic() - seconds
    return job


def test_what_nobody_waits_for_comes_last_goes_first_and_is_forgotten():
    made = FairQueues()
    left = unasked_since(asked("attacker", "left", QueueName.long), 20.0)
    longer = unasked_since(asked("another", "longer", QueueName.long), 30.0)
    read = unasked_since(asked("reader", "read", QueueName.long), 90.0)
    read.readers = 1  # a request waits for it
    new = asked("new", "new", QueueName.long)
    for job in (left, longer, read, new):
        made.put(job)
    made.charge("new", 50.0)
    assert made.evict(QueueName.long, "new") is longer
    assert made.contested((QueueName.long,), left)
    assert not made.contested((QueueName.quick,), left)
    assert [made.take((QueueName.long,)) for _ in range(3)] == [read, new, left]
    made.put(unasked_since(left, 61.0))
    made.put(read)
    made.put(unasked_since(asked("", "made ahead", QueueName.ahead), 600.0))
    assert made.forgotten() == [left]
    assert [made.waiting(queue) for queue in (QueueName.long, QueueName.ahead)] == [1, 1]


def test_a_running_job_that_nobody_waits_for_makes_way_and_its_asker_may_come_back(make):
    """Fifty who ask and leave, then a reader: his job runs at once, theirs are dropped; nothing is kept of that."""

    async def work(made):
        left = []
        for number in range(50):
            queues.current_client.set(f"attacker {number}")
            with contextlib.suppress(Busy):
                left.append(made.submit("sleep", {"steps": 400, "k": number}, queue=QueueName.long))
        assert 12 < len(left) <= 12 + pool.NEWCOMERS + 1, "one of them may run already"
        while left[0].state is JobState.waiting:
            await asyncio.sleep(0.02)
        for job in left:
            unasked_since(job, 20.0)
        queues.current_client.set("reader")
        assert await made.result(made.submit("sleep", {"steps": 1}, queue=QueueName.long)) == {"json": b"{}"}
        for job in left:
            unasked_since(job, 61.0)
        made.forget()
        going_on = [job for job in left if job.state is not JobState.failed]
        assert len(going_on) <= 1, "the one that the worker has taken up, since nobody else waits"
        kinds = {job.kind for job in left if job.state is JobState.failed}
        assert "Forgotten" in kinds
        assert kinds <= {"Forgotten", "Busy"}, "the one that ran makes way where its worker had begun"
        assert made.waiting(QueueName.long) == 0
        queues.current_client.set("attacker 3")
        again = made.submit("sleep", {"steps": 400, "k": 3}, queue=QueueName.long)
        assert again is not left[3]
        made.cancel(again)
        for job in left:
            job.askers = {"attacker 3"}
            made.cancel(job)

    within(work)(make())


def test_a_long_job_makes_way_for_another_reader_after_its_budget(make, monkeypatch):
    monkeypatch.setattr(worker_thread, "cpu_seconds", lambda pid: 0.0)
    monkeypatch.setitem(pool.BUDGETS, QueueName.long, 0.3)

    async def work(made):
        queues.current_client.set("one")
        first = made.submit("sleep", {"steps": 400}, queue=QueueName.long)
        while first.state is JobState.waiting:
            await asyncio.sleep(0.02)
        queues.current_client.set("two")
        assert await made.result(made.submit("sleep", {"steps": 1}, queue=QueueName.long)) == {"json": b"{}"}
        assert first.state in (JobState.waiting, JobState.running)
        assert first.budget == 0.6
        queues.current_client.set("one")
        made.cancel(first)

    within(work)(make())


def test_only_who_asked_cancels_and_for_himself_alone(make):
    async def work(made):
        queues.current_client.set("one")
        job = made.submit("sleep", {"steps": 200}, queue=QueueName.long)
        queues.current_client.set("stranger")
        with pytest.raises(Failed, match="Only who asked"):
            made.cancel(job)
        assert made.seen(job.key) is job
        assert "stranger" not in job.askers
        queues.current_client.set("two")
        assert made.submit("sleep", {"steps": 200}, queue=QueueName.long) is job
        made.cancel(job)
        assert job.state not in jobs.ENDED, "the other still waits"
        queues.current_client.set("one")
        made.cancel(job)
        assert job.state is JobState.cancelled

    within(work)(make())


@pytest.mark.parametrize(
    ("workers", "expected"),
    [
        (1, [{"quick", "heavy"}, {"slow", "long", "ahead"}]),
        (3, [{"quick"}, {"quick", "heavy"}, {"quick", "heavy"}, {"slow", "long", "ahead"}]),
    ],
)
def test_which_seat_does_what(workers, expected):
    assert [set(map(str, queues_of(place, workers))) for place in range(workers + 1)] == expected


@pytest.mark.usefixtures("by_the_clock")
def test_late_work_is_ended_and_the_next_is_done(make):
    async def work(made):
        with pytest.raises(Failed, match=r"longer than the 0\.2 seconds") as late:
            await made.result(made.submit("sleep", {"steps": 100}))
        assert late.value.kind == "TimeLimit"
        assert await made.result(made.submit("sleep", {"steps": 1})) == {"json": b"{}"}

    within(work)(make(quick_seconds=0.2))


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="the system does not say what a process holds"
)
def test_fat_work_is_ended(make):
    async def work(made):
        with pytest.raises(Failed, match="more memory") as fat:
            await made.result(made.submit("grow", {"megabytes": 300}))
        assert fat.value.kind == "MemoryLimit"

    within(work)(make(memory_kb=200_000))


def test_what_earlier_work_left_is_not_charged_to_the_next(make):
    async def work(made):
        for megabytes in (300, 200):  # each has room by itself
            await made.result(made.submit("grow", {"megabytes": megabytes, "seconds": 0.3}))

    within(work)(make(memory_kb=400_000))


def test_a_dead_worker_is_replaced_and_noted(make, caplog):
    async def work(made):
        with pytest.raises(Failed, match="ended before") as dead:
            await made.result(made.submit("die", {}))
        assert dead.value.kind == "Fault"
        assert [record.fields for record in caplog.records if record.message == "fault"] == [
            {"task": "die", "where": "A worker ended before its work was done."}
        ]
        assert await made.result(made.submit("sleep", {"steps": 1})) == {"json": b"{}"}

    within(work)(make())


def test_a_worker_that_is_ended_takes_its_programs_and_files_along(make):
    async def work(made):
        job = made.submit("start", {})
        while not job.what:
            await asyncio.sleep(0.02)
        assert Path(job.what).is_dir()
        assert Path(job.what).parent.name.startswith("suasion-worker-")
        assert alive(job.done)
        made.cancel(job)
        assert await made.result(made.submit("sleep", {"steps": 1})) == {"json": b"{}"}
        assert not Path(job.what).parent.exists()
        assert not alive(job.done)

    within(work)(make())


def alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and not yet collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_job_that_is_done_is_joined_before_its_result_is_kept(make):
    async def work(made):
        job = made.submit("sleep", {"steps": 1}, queue=QueueName.long)
        await made.result(job)
        assert made.submit("sleep", {"steps": 1}, queue=QueueName.long) is job

    within(work)(make())


def test_an_error_of_the_question_is_passed_on(make):
    async def work(made):
        with pytest.raises(Failed, match="That is wrong") as wrong:
            await made.result(made.submit("wrong", {}))
        assert wrong.value.kind == "InputError"

    within(work)(make())


def test_a_long_job_tells_its_progress_and_can_be_cancelled(make, kept):
    async def work(made):
        job = made.submit("sleep", {"steps": 200}, queue=QueueName.long)
        assert len(kept.kept_jobs()) == 1
        end = time.monotonic() + 20
        while job.done < 2 and time.monotonic() < end:
            await asyncio.sleep(0.02)
        assert job.total == 200
        made.cancel(job)
        with pytest.raises(Failed, match="cancelled"):
            await made.result(job)
        assert kept.kept_jobs() == []
        again = made.submit("sleep", {"steps": 1}, queue=QueueName.long)
        assert await made.result(again) == {"json": b"{}"}

    within(work)(make())


def test_stopping_finishes_what_runs_and_keeps_what_waits(make, kept):
    async def work(made):
        running = made.submit("sleep", {"steps": 10}, queue=QueueName.long)
        waiting = made.submit("sleep", {"steps": 11}, queue=QueueName.long)
        while running.state is JobState.waiting:
            await asyncio.sleep(0.02)
        await made.stop()
        assert running.state is JobState.done
        assert (waiting.state, waiting.kind) == (JobState.failed, "Stopped")
        assert [arguments for _, arguments in kept.kept_jobs()] == [{"steps": 11}]
        with pytest.raises(Busy):
            made.submit("sleep", {"steps": 1})

    within(work)(make())


def test_a_result_comes_back_as_it_was(kept):
    parts = {"json": b"{}", "html": b"\x1f\x8b\0\n\n", "empty": b""}
    kept.put(KEY, parts)
    assert cache.ResultCache(kept.folder).get(KEY) == parts
    assert kept.get("b" * 64) is None


@pytest.mark.parametrize("harm", ["cut", "flip", "empty", "other"])
def test_a_broken_file_counts_as_absent_and_goes(kept, harm):
    kept.put(KEY, {"json": b"x" * 1000})
    path = kept.path(KEY)
    content = path.read_bytes()
    broken = {"cut": content[:-10], "flip": content[:-1] + b"y", "empty": b"", "other": b"{}"}[harm]
    path.write_bytes(broken)
    assert cache.ResultCache(kept.folder).get(KEY) is None
    assert not path.exists()


def test_a_file_under_another_name_is_no_answer(kept):
    """A restored backup, or a careless script, may give each file the name of another."""
    other = "b" * 64
    kept.put(KEY, {"json": b"of a"})
    kept.put(other, {"json": b"of b"})
    content = kept.path(KEY).read_bytes()
    kept.path(KEY).write_bytes(kept.path(other).read_bytes())
    kept.path(other).write_bytes(content)
    fresh = cache.ResultCache(kept.folder)
    assert fresh.get(KEY) is None
    assert fresh.get(other) is None


def test_a_result_in_use_is_written_again_when_its_file_is_gone(kept, monkeypatch):
    monkeypatch.setattr(cache, "TOUCH_SECONDS", 0.0)
    kept.put(KEY, {"json": b"{}"})
    kept.path(KEY).unlink()
    assert kept.get(KEY) == {"json": b"{}"}
    assert cache.ResultCache(kept.folder).get(KEY) == {"json": b"{}"}


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "/x"])
def test_no_key_becomes_a_path(kept, key):
    with pytest.raises(ValueError, match="SHA-256"):
        kept.path(key)


def test_old_results_go_when_there_are_too_many(kept):
    for k in range(8):
        kept.put(f"{k:064x}", {"json": bytes([k]) * 300_000})
        os.utime(kept.path(f"{k:064x}"), (k, k))
    assert kept.trim() == 5
    assert kept.path(f"{7:064x}").exists()
    assert not kept.path(f"{0:064x}").exists()


def test_the_least_recently_used_goes_first_and_never_what_all_share(kept):
    """Written first, but read a moment ago: it stays. What is pinned stays however old it is."""
    keys = [f"{k:064x}" for k in range(8)]
    for k, key in enumerate(keys):
        kept.put(key, {"json": bytes([k]) * 300_000})
        os.utime(kept.path(key), (k, k))
    fresh = cache.ResultCache(kept.folder, most_bytes=1_000_000)
    fresh.pinned.add(keys[1])
    assert fresh.get(keys[0]) is not None
    assert fresh.trim() == 5
    assert [key for key in keys if fresh.path(key).exists()] == [keys[0], keys[1], keys[7]]


def test_memory_holds_what_is_pinned():
    """The oldest that is not pinned goes; the latest stays even where it alone is more than may be kept."""
    memory = Recent(1000, len, {"pinned"})
    memory.put("pinned", b"x" * 600)
    for key in "abcd":
        memory.put(key, b"y" * 600)
    assert [key for key in ("pinned", *"abcd") if key in memory] == ["pinned", "d"]
    memory.put("d", b"y" * 400)
    memory.put("e", b"")
    assert "d" in memory


def test_an_error_of_a_task_is_none_of_the_pipe(make):
    """The worker answers and lives on; only a question's own error is told in its words."""
    kinds = {"full": "Disk", "end": "Fault", "value": "Fault", "memory": "MemoryError", "wrong": "InputError"}

    async def work(made):
        await made.result(made.submit("sleep", {"steps": 1}))
        before = made._workers[0].worker.process.pid
        for task, kind in kinds.items():
            with pytest.raises(Failed) as failed:
                await made.result(made.submit(task, {}))
            assert failed.value.kind == kind
            sent = str(web_fake_worker.ERRORS[task])
            assert kind == "InputError" or not sent or sent not in str(failed.value)
        assert made._workers[0].worker.process.pid == before

    within(work)(make())


def test_killed_while_writing_leaves_whole_files_only(tmp_path):
    code = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from suasion.web.cache import ResultCache
        kept, k = ResultCache(Path(sys.argv[1])), 0
        print("writing", flush=True)
        while True:
            kept.put(f"{k % 7:064x}", {"json": bytes([k % 251]) * 2_000_000})
            k += 1
        """
    )
    child = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE)
    with child:
        assert child.stdout.readline() == b"writing\n"
        time.sleep(0.3)
        child.send_signal(signal.SIGKILL)
    fresh = cache.ResultCache(tmp_path)
    written = [path.stem for path in (tmp_path / "results").rglob("*.bin")]
    assert written
    for key in written:
        parts = fresh.get(key)
        assert parts is not None, "a torn file"
        assert len(set(parts["json"])) == 1
        assert len(parts["json"]) == 2_000_000


def test_a_draft_that_a_crash_left_goes_after_an_hour(kept):
    old, young = (kept.folder / "results" / f".suasion-{name}" for name in ("old", "young"))
    for draft in (old, young):
        draft.write_bytes(b"half")
    os.utime(old, (0, 0))
    kept.trim()
    assert not old.exists()
    assert young.exists()


def test_nobody_cancels_what_all_wait_for(make):
    made = make()
    with pytest.raises(Failed, match="All readers wait"):
        made.cancel(Job(KEY, "measures", {}, QueueName.long, limit=1.0))


def test_an_unreadable_job_is_forgotten(kept):
    (kept.folder / "jobs" / "x.json").write_text("{", encoding="utf-8")
    kept.keep_job(KEY, "grid", {})
    assert kept.kept_jobs() == [("grid", {})]
    kept.forget_job(KEY)
    assert kept.kept_jobs() == []


def test_a_cache_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be made"):
        cache.ResultCache(tmp_path / "file" / "x")


@pytest.mark.parametrize(
    ("given", "words"), [({"port": 70000}, "port is 70000"), ({"workers": 0}, "workers is 0")]
)
def test_settings_out_of_range_are_refused(given, words):
    with pytest.raises(InputError, match=words):
        Settings(**given)


def test_names_it_answers_under():
    assert "10.0.0.1" in Settings(host="10.0.0.1").hosts
    assert "0.0.0.0" not in Settings(host="0.0.0.0").hosts
    assert "data.example.org" in Settings(allow_hosts=("Data.Example.org",)).hosts


def test_counters_are_in_the_format_of_prometheus():
    counted = Metrics()
    counted.note("GET", "/", 200, 0.003)
    counted.note("GET", "/", 200, 0.3)
    text = counted.text({"ready": 1}).decode()
    assert 'suasion_requests_total{method="GET",route="/",status="200"} 2.0' in text
    assert 'suasion_request_seconds_bucket{le="0.005"} 1.0' in text
    assert 'suasion_request_seconds_bucket{le="0.5"} 2.0' in text
    assert 'suasion_request_seconds_bucket{le="+Inf"} 2.0' in text
    assert text.endswith("suasion_ready 1.0\n")


def test_the_time_left_is_that_of_the_steps_that_are_counted_now(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("suasion.worker.many.time.monotonic", lambda: now[0])
    job = Job(KEY, "sleep", {}, QueueName.long, 60.0, state=JobState.running)
    assert job.left is None
    job.report(0, 4, "world")
    now[0] += 2.0
    job.report(1, 4, "world")
    assert job.left == 6
    job.report(0, 10, "draws")
    assert job.left is None, "other steps have another pace"
    now[0] += 1.0
    job.report(5, 10, "draws")
    assert job.left == 1
