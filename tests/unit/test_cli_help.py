"""The help: every command under a heading, with two examples that parse; usage errors in one line; the demo."""

from __future__ import annotations

import shlex

import pytest
import typer

from suasion.cli.app import GROUPS, app, examples_of, run

COMMANDS = typer.main.get_command(app)
NAMES = sorted(COMMANDS.commands)


def test_every_command_stands_under_a_heading_and_no_heading_names_another() -> None:
    listed = [name for names in GROUPS.values() for name in names]
    assert len(listed) == len(set(listed))
    assert set(listed) <= set(NAMES)
    assert all(one.rich_help_panel in GROUPS for one in COMMANDS.commands.values())
    headings = [one.rich_help_panel for one in app.registered_commands]
    assert list(dict.fromkeys(headings)) == [name for name in GROUPS if name in headings]


@pytest.mark.parametrize("name", NAMES)
def test_two_examples_parse(name: str) -> None:
    """The parser takes each as written; nothing is run."""
    examples = examples_of(name)
    assert len(examples) == 2
    assert f"suasion {examples[0]}" in (COMMANDS.commands[name].epilog or "")
    for line in examples:
        words = shlex.split(line)
        if words[0] == "--world":
            words = words[2:]
        command, rest = COMMANDS.commands[words[0]], words[1:]
        while hasattr(command, "commands"):
            command, rest = command.commands[rest[0]], rest[1:]
        with command.make_context(words[0], rest):
            pass


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["exit-cost", "RUS"], "suasion exit-cost RUS CHN"),
        (["exit-cost", "RUS", "CHN", "--horizn", "long"], "--horizon"),
        (["exit-cost", "RUS", "CHN", "--draws", "many"], "'--draws'"),
        (["exit-cost", "RUS", "CHN", "--draws", "-1"], "'--draws'"),
        (["exitcost", "RUS", "CHN"], "exit-cost"),
        (["triangle", "RUS", "CHN"], "suasion triangle USA RUS CHN"),
        (["replace"], "suasion replace CHN RUS"),
        (["simulate"], "suasion simulate scenario.yaml"),
        (["simulate", "scenario.yaml", "--embargo", "USA:CHN"], "suasion simulate scenario.yaml"),
    ],
)
def test_a_usage_error_is_one_line(
    arguments: list[str], shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert shown in err
    assert "--help" in err


def test_the_demo_gives_four_answers_with_their_commands(capsys) -> None:
    assert run(["demo"]) == 0
    shown = capsys.readouterr().out
    commands = [line.strip() for line in shown.splitlines() if line.startswith("  suasion ")]
    assert len(commands) == 4
    for line in commands:
        words = shlex.split(line)[1:]
        with COMMANDS.commands[words[0]].make_context(words[0], words[1:]):
            pass
