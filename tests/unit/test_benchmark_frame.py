"""The frame of the benchmarks: what is timed, and how it is reported."""

from __future__ import annotations

import re

import pytest

from run import main
from suasion.questions import QUESTIONS
from table import Table, exponent, failed, number
from timing import Case, Timing, attempt, command, measure, report
from waits import ASKED, before, cells, fewest, states_of, waited


def test_a_warm_case_runs_once_more_than_it_is_timed():
    calls = []
    timing = measure(Case("count", lambda: lambda: calls.append(1), repeats=3))
    assert len(calls) == 4
    assert 0 <= timing.median <= timing.slowest


def test_a_cold_case_is_only_timed():
    calls = []
    measure(Case("count", lambda: lambda: calls.append(1), repeats=2, cold=True))
    assert len(calls) == 2


def test_a_failing_process_says_how():
    wrong = "import sys; print('no luck', file=sys.stderr); raise SystemExit(3)"
    with pytest.raises(RuntimeError, match="exit code 3: no luck"):
        measure(Case("fails", command("-c", wrong), repeats=1, cold=True))


def test_a_failing_case_is_a_row():
    missing = attempt(Case("fails", lambda: lambda: 1 / 0, bar=2.0))
    unit = Timing(Case("unit", lambda: None), 0.5, 0.6)
    row = "| fails | no time: ZeroDivisionError: division by zero | | | 2 | |"
    assert row in report([unit, missing]).splitlines()


def test_a_fresh_command_has_an_empty_cache_of_its_own(tmp_path):
    said = tmp_path / "said"
    code = f"import os; p = os.environ['XDG_CACHE_HOME']; open({str(said)!r}, 'a').write(p + str(os.listdir(p)) + ' ')"
    job = command("-c", code, fresh=True)()
    job()
    job()
    first, second = said.read_text().split()
    assert first.endswith("[]")
    assert first != second


def test_report_divides_by_the_first_case():
    timings = [
        Timing(Case("unit", lambda: None), 0.5, 0.6),
        Timing(Case("job", lambda: None, bar=9.0), 2.0, 2.5),
    ]
    row = re.findall(r"\| job \|.*", report(timings))[1]
    assert row == "| job | 2 | 2.5 | 4 | 9 | yes |"


def test_every_question_is_waited_for_and_asked_of_what_it_requires():
    for question in QUESTIONS.values():
        assert len(states_of(question)) == sum(one.required for one in question.parameters), question.name
    assert {QUESTIONS[name].name for name in ASKED} == set(ASKED)
    assert (fewest(QUESTIONS["exit_cost"]), fewest(QUESTIONS["drivers"])) == (None, 2)
    assert {question.command for question in QUESTIONS.values()} >= set(before())
    assert cells((2.0, 3.0), before()["frontier"]["whole"]) == ("2", "3", "40.8")


def test_a_wait_is_measured_or_said():
    wall, worked = waited(QUESTIONS["published_totals"], {})
    assert wall > 0.0
    assert worked > 0.0
    assert "no time: TypeError" in waited(QUESTIONS["published_totals"], {"nothing": 1})


def test_tables_survive_the_way_between_processes():
    table = Table("A", "Note.", ("x", "y"), (("1", "2"),))
    assert Table.from_json(table.to_json()) == table
    assert table.markdown().splitlines()[4:] == ["| x | y |", "|---|---|", "| 1 | 2 |"]
    assert "no reason at all" in failed("A", "no reason at all").markdown()


def test_numbers_and_exponents():
    assert [number(x) for x in (0.01234, 2.5, 123456.0)] == ["0.0123", "2.5", "123,456"]
    assert exponent((1, 2, 4), (3.0, 12.0, 48.0)) == pytest.approx(2.0)


def test_an_unknown_benchmark_is_an_error(capsys):
    with pytest.raises(SystemExit):
        main(["--only", "no such thing"])
    assert "Benchmarks are jobs, numpy" in capsys.readouterr().err


def test_the_plain_fixed_point_has_the_same_answer():
    """Both solve the same equations to 1e-10; what is left is the plain one's small powers."""
    from fixed_point import fixed_point
    from suasion.equilibrium import Embargo, Scenario, compile_scenario, resolve, respond
    from suasion.equilibrium.economy import log_welfare, prepare
    from suasion.world.testing import random_world

    world = random_world(5, 4, seed=2)
    economy = prepare(world, resolve(world, "long"))
    shock = compile_scenario(world, Scenario("cut", [Embargo("C1", "C2")]))
    plain, _ = fixed_point(economy.accounts, economy.parameters, shock.cut)
    assert abs(plain - log_welfare(respond(economy, shock)[0])).max() < 1e-6
