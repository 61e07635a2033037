"""How long a first reader waits for each question: in a process of its own, with an empty cache."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from suasion.questions import QUESTIONS, Question
from table import Table, number
from timing import reference

PAIR = ("RUS", "CHN")
ASKED: Mapping[str, tuple[object, ...]] = {
    "bargain": ("three_pipelines",),
    "closer_to": ("KAZ", *PAIR),
    "country": ("FRA",),
    "frontier": (("USA",), "RUS"),
    "panel": (("DEU", "JPN"),),
    "published": ("USA", "CHN"),
    "sensitivity": ("FRA",),
    "signal": ("russia_china_2014_2026",),
    "simulate": ("tariff 60 USA on CHN in goods",),
    "supplier": ("russia_5g",),
    "tariffs": ("USA",),
    "triangle": (*PAIR, "USA"),
    "welfare_exposure": ("DEU",),
    "why": ("embargo USA on RUS in energy",),
}
"""What is asked of others than two states or the first of them."""
BAR = 5.0
"""Seconds to the central numbers that no question should take on a quiet machine of two cores."""
LONGEST = 600.0
BEFORE = Path(__file__).with_name("waits_before.csv")
PROGRAM = """
import json, os, sys, time
from suasion.questions import QUESTIONS
name, states, options = json.loads(sys.argv[1])
states = [tuple(one) if isinstance(one, list) else one for one in states]
began = time.perf_counter()
QUESTIONS[name].ask(*states, **options)
print(json.dumps([time.perf_counter() - began, sum(os.times()[:4])]))
"""


def bench() -> Table:
    """Ask all questions: to the central numbers, with as few draws as they take, and whole, as they are asked."""
    unit = _unit()
    return table([row_of(question) for question in QUESTIONS.values()], f"{unit:.2g} s now")


def table(rows: Sequence[tuple[str, ...]], reference_took: str) -> Table:
    """Lay out the rows of :func:`row_of`.

    reference_took: what the product of two matrices of 2000 x 2000 on one thread took while they were timed.
    """
    times = [
        f"{part}, {kind}" for part in ("central", "whole") for kind in ("wall s", "processor s", "before")
    ]
    note = (
        "Each question at its defaults, in a process of its own with an empty cache, of Russia and China where two "
        "states are asked. Wall time counts from the question on; processor time, of all threads and processes, from "
        "the start of Python; before is that of earlier code, and empty where a question was timed once. The product "
        f"of two matrices of 2000 x 2000 on one thread took {reference_took}, and .3 s before; a quiet core .1 s: "
        "where it is much more the machine was at work for others, processor times are up to twice as long, and wall "
        "times and the last column say little. Central numbers are those with the fewest draws that the question "
        "takes; where it draws nothing by itself, or the whole was sooner there, they are the whole."
    )
    head = ("question", *times, f"central within {BAR:g} s")
    return Table("Waits", note, head, tuple(rows))


def _unit() -> float:
    job = reference()
    job()
    began = time.process_time()
    job()
    return time.process_time() - began


def states_of(question: Question) -> tuple[object, ...]:
    """What a question is asked of: its own, or as many of the pair as it requires."""
    required = sum(one.required for one in question.parameters)
    return ASKED.get(question.name, PAIR[:required])


def fewest(question: Question) -> int | None:
    """Draws for the central numbers; None where the question draws nothing by itself."""
    for one in question.parameters:
        if one.name == "draws" and one.default:
            return int(one.limits.least) if one.limits else 0
    return None


def before() -> dict[str, dict[str, float]]:
    """Processor seconds that each question took before: central numbers, and whole."""
    with BEFORE.open(encoding="utf-8", newline="") as file:
        return {
            row["question"]: {part: float(row[part]) for part in ("central", "whole")}
            for row in csv.DictReader(file)
        }


def row_of(question: Question) -> tuple[str, ...]:
    """Ask a question and lay out what it took."""
    first = {} if (few := fewest(question)) is None else {"draws": few}
    first |= question.central_first({})
    then = before().get(question.command, {})
    whole = waited(question, {})
    central = _sooner(waited(question, first), whole) if first else whole
    within = "" if isinstance(central, str) else "yes" if central[0] <= BAR else "no"
    return (
        question.command,
        *cells(central, then.get("central")),
        *cells(whole, then.get("whole")),
        within,
    )


def _sooner(
    central: tuple[float, float] | str, whole: tuple[float, float] | str
) -> tuple[float, float] | str:
    """Central numbers come with the whole answer at the latest: what ships is quicker than fewer draws."""
    if isinstance(central, str) or isinstance(whole, str):
        return central
    return min(central, whole)


def cells(found: tuple[float, float] | str, earlier: float | None) -> tuple[str, str, str]:
    """Return wall and processor seconds and those of before, as they are printed."""
    past = "" if earlier is None else number(earlier)
    return (found, "", past) if isinstance(found, str) else (number(found[0]), number(found[1]), past)


def waited(question: Question, options: Mapping[str, object]) -> tuple[float, float] | str:
    """Wall and processor seconds of a question, or why there are none."""
    asked = json.dumps([question.name, states_of(question), options])
    line = [sys.executable, "-W", "ignore", "-c", PROGRAM, asked]
    with tempfile.TemporaryDirectory() as folder:
        own = {**os.environ, "XDG_CACHE_HOME": folder, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        try:
            done = subprocess.run(line, capture_output=True, text=True, timeout=LONGEST, env=own)
        except subprocess.TimeoutExpired:
            return f"more than {LONGEST:.0f} s"
    if done.returncode:
        return f"no time: {(done.stderr.strip().splitlines() or ['no reason given'])[-1][:120]}"
    wall, worked = json.loads(done.stdout.strip().splitlines()[-1])
    return float(wall), float(worked)
