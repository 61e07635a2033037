"""The frame of the benchmarks: what is timed, and how it is reported."""

from __future__ import annotations

import re

import pytest

from timing import Case, Timing, command, measure, report


def test_a_warm_case_runs_once_more_than_it_is_timed():
    calls = []
    timing = measure(Case("count", lambda: lambda: calls.append(1), repeats=3))
    assert len(calls) == 4
    assert 0 <= timing.median <= timing.slowest


def test_a_cold_case_is_only_timed():
    calls = []
    measure(Case("count", lambda: lambda: calls.append(1), repeats=2, cold=True))
    assert len(calls) == 2


def test_a_failing_process_stops_the_run():
    import subprocess

    with pytest.raises(subprocess.CalledProcessError, match="non-zero exit status 3"):
        measure(Case("fails", command("-c", "raise SystemExit(3)"), repeats=1, cold=True))


def test_report_divides_by_the_first_case():
    timings = [
        Timing(Case("unit", lambda: None), 0.5, 0.6),
        Timing(Case("job", lambda: None, bar=9.0), 2.0, 2.5),
    ]
    row = re.findall(r"\| job \|.*", report(timings))[1]
    assert row == "| job | 2 | 2.5 | 4 | 9 |"
