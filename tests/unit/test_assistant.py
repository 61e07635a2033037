"""Questions as tools of an assistant: asked through the official client, over the pipes of a real process."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import suasion as su
from suasion.assistant import (
    INSTRUCTIONS,
    LONGEST,
    PLAIN,
    RESOURCES,
    USUAL,
    ask,
    input_schema,
    told,
    tools,
)
from suasion.cli.assistant import Waiting
from suasion.errors import InputError, SuasionError
from suasion.questions import QUESTIONS, arms
from suasion.questions.question import Courses, Named, OwnElasticities, ScenarioText
from suasion.questions.scenarios.instruments import KINDS

CALLS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("exit_cost", {"a": "RUS", "b": "CHN", "horizon": "long"}),
    ("dyad", {"a": "Germany", "b": "China", "detail": "full"}),
    ("alliance", {"a": "RUS", "b": "CHN", "by": [2030]}),
    ("exit_cost", {"a": "RUS", "b": "RUS"}),
    ("exit_cost", {"a": "RUS", "b": "CHN", "horizn": "long"}),
    (
        "simulate",
        {
            "scenario": "what would Germany lose if China stopped exports of machinery",
            "options": {"draws": 4},
        },
    ),
    ("dyad", {"a": "Germany", "b": "China"}),
    ("ask", {"text": "Since when does Russia depend on China?"}),
)


@pytest.fixture(scope="module")
def talk() -> dict[str, Any]:
    """One conversation: greeting, tools, resources, and a few calls."""
    pytest.importorskip("mcp")
    import anyio
    from mcp import Client, StdioServerParameters

    here = StdioServerParameters(command=sys.executable, args=["-m", "suasion", "mcp"], env=dict(os.environ))

    async def conversation() -> dict[str, Any]:
        async with Client(here) as client:
            return {
                "instructions": client.instructions,
                "tools": (await client.list_tools()).tools,
                "resources": (await client.list_resources()).resources,
                "data": (await client.read_resource("suasion://data")).contents[0].text,
                "calls": [await client.call_tool(name, arguments) for name, arguments in CALLS],
            }

    return anyio.run(conversation)


def test_every_question_that_can_be_asked_from_afar_is_a_tool(talk: dict[str, Any]) -> None:
    names = {one.name for one in talk["tools"]}
    assert names == {"ask", "dyad", *(name for name, one in QUESTIONS.items() if one.from_afar)}
    schemas = {one.name: one.input_schema for one in talk["tools"]}
    assert schemas["exit_cost"] == json.loads(json.dumps(input_schema(QUESTIONS["exit_cost"])))
    for name, one in tools().items():
        known = (set(one.schema()["properties"]) - ({*one.first} - {"draws"})) | {"detail"}
        listed = schemas[name]["properties"]
        usual = ", ".join(USUAL) if "options" in listed else ""
        shared = listed.get("options", {}).get("description", usual).split(", ")
        assert {*listed, *filter(None, shared)} - {"options"} == known
        assert (
            "horizon" not in listed
            or listed["horizon"].get("description")
            or "what a horizon is: months" in INSTRUCTIONS
        )
    assert ", ".join(USUAL) in INSTRUCTIONS
    assert schemas["simulate"]["properties"]["scenario"]["anyOf"][1]["items"]["properties"]["do"][
        "enum"
    ] == list(KINDS)


def test_the_list_of_tools_and_short_answers_fit_a_context(talk: dict[str, Any]) -> None:
    listed = [one.model_dump(mode="json", by_alias=True, exclude_none=True) for one in talk["tools"]]
    assert len(json.dumps(listed, separators=(",", ":"))) <= 25_000
    for (_, arguments), result in zip(CALLS, talk["calls"], strict=True):
        if arguments.get("detail") != "full":
            assert len(result.content[0].text) <= LONGEST


def test_measures_of_a_closed_list_are_the_sentence(talk: dict[str, Any]) -> None:
    """The number of a question in words is that of the same measure as Python has it."""
    said = next(one for (name, _), one in zip(CALLS, talk["calls"], strict=True) if name == "simulate")
    measure = {"do": "export_ban", "by": ["China"], "on": ["Germany"], "in": ["machinery"]}
    again = ask("simulate", {"scenario": [measure], "options": {"draws": 4}})
    assert said.structured_content["tables"] == again["tables"]
    made = su.simulate(su.export_ban("CHN", "DEU", sectors="C28"), draws=4).frame
    loss = made.set_index("country").loc["DEU", "loss_percent"]
    rows = {row["country"]: row for row in again["tables"][0]["rows"]}
    assert rows["DEU"]["loss_percent"] == pytest.approx(loss, rel=1e-3)  # four digits are told
    with pytest.raises(InputError, match="A measure has no how"):
        ask("simulate", {"scenario": [{**measure, "how": "much"}]})
    with pytest.raises(InputError, match="detail is 'long'"):
        ask("dependence", {"a": "DEU", "b": "CHN", "detail": "long"})
    assert talk["instructions"] == INSTRUCTIONS


def test_the_catalogue_of_data_is_a_resource(talk: dict[str, Any]) -> None:
    assert [str(one.uri) for one in talk["resources"]] == [uri for uri, _ in RESOURCES]
    listed = json.loads(talk["data"])
    assert len(listed) > 10
    assert all(one["licence"] and one["citation"] for one in listed)


def answers(talk: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for (_, arguments), result in zip(CALLS, talk["calls"], strict=True):
        if not result.is_error and (
            arguments.get("detail") == "full" or "vintage" in result.structured_content
        ):
            plain = result.structured_content
            yield from plain.get("answers", [plain])


def test_no_number_comes_without_range_and_vintage(talk: dict[str, Any]) -> None:
    """Each column of numbers names its range or says that it has none; what made it stands beside."""
    seen = 0
    for answer in answers(talk):
        assert answer["vintage"]["version"]
        assert answer["vintage"]["command"].startswith("suasion ")
        for table in answer["tables"]:
            assert answer["sources"]
            for column in table["columns"]:
                ends = column.get("range")
                is_end = column["name"].endswith(("_low", "_high", "_least", "_most"))
                assert ends or is_end or column["unit"] in PLAIN, column
                seen += isinstance(ends, dict)
                for end in ends.values() if isinstance(ends, dict) else ():
                    assert all(end in row for row in table["rows"])
    assert seen >= 4


def test_a_loss_has_its_band_and_its_certificate(talk: dict[str, Any]) -> None:
    plain = talk["calls"][0].structured_content
    assert json.loads(talk["calls"][0].content[0].text) == plain
    row = plain["tables"][0]["rows"][0]
    assert row["loss_percent_low"] < row["loss_percent"] < row["loss_percent_high"]
    assert plain["certificate"]
    assert all(one["holds"] for one in plain["certificate"])


@pytest.mark.parametrize(("place", "name"), [(3, "RUS"), (4, "horizn")])
def test_a_wrong_call_is_an_error_of_one_line(talk: dict[str, Any], place: int, name: str) -> None:
    result = talk["calls"][place]
    text = result.content[0].text
    assert result.is_error
    assert name in text
    assert "\n" not in text


def test_what_is_absent_says_why() -> None:
    answer = told(arms("USA", "CHN"))
    assert answer["tables"] or answer["findings"]


PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "assistant.md"
SPOKEN = re.compile(r"(<!-- conversation -->\n```text\n)(.*?)(```)", re.DOTALL)


def text_of(talk: dict[str, Any]) -> str:
    """Calls and what came back, in short; the pair's, which grows with the questions, is left out."""
    lines = []
    for (name, arguments), result in zip(CALLS, talk["calls"], strict=True):
        if name == "dyad":
            continue
        lines.append(f"> {name} {json.dumps(arguments)}")
        if result.is_error:
            lines.append(f"  error: {result.content[0].text}")
            continue
        plain = result.structured_content
        lines += [f"  {plain['question']}", *(f"    {line}" for line in plain["findings"][:1])]
        lines += [f"    source: {line}" for line in plain["sources"]]
        lines.append(f"    made by: {plain['vintage']['command']}")
    return "\n".join(lines) + "\n"


def test_the_conversation_in_the_documentation_is_one(talk: dict[str, Any]) -> None:
    text = PAGE.read_text("utf-8")
    if os.environ.get("SUASION_WRITE"):
        PAGE.write_text(SPOKEN.sub(lambda found: found[1] + text_of(talk) + found[3], text), "utf-8")
        return
    assert SPOKEN.search(text)[2] == text_of(talk)


def test_no_such_tool() -> None:
    assert "exit_cost" in tools()
    with pytest.raises(InputError, match="There is no tool 'loss'"):
        ask("loss", {})


def test_what_was_asked_before_the_end_is_answered() -> None:
    """The server hears of the end of its input once every request has its answer; one that is taken back has none."""
    pytest.importorskip("mcp")
    import anyio

    seen: list[str] = []

    async def conversation() -> None:
        (ask_in, read), (on, heard), (out, told_out), (write, sent) = (
            anyio.create_memory_object_stream[Any](9) for _ in range(4)
        )
        waiting = Waiting()
        messages = [
            {"id": 1, "method": "tools/call"},
            {"id": 2, "method": "tools/call"},
            {"method": "notifications/cancelled", "params": {"requestId": 2}},
        ]
        for one in messages:
            await ask_in.send(SimpleNamespace(message=SimpleNamespace(**one)))
        await ask_in.send(ValueError("no JSON"))
        await ask_in.aclose()
        async with anyio.create_task_group() as group:
            group.start_soon(waiting.taken, read, on)
            group.start_soon(waiting.given, told_out, write)
            for _ in range(4):
                await heard.receive()
            with anyio.move_on_after(0.05):
                await heard.receive()
                seen.append("an end before the answer")
            await out.send(SimpleNamespace(message=SimpleNamespace(id=1, result="done")))
            seen.append((await sent.receive()).message.result)
            with pytest.raises(anyio.EndOfStream):
                await heard.receive()
            await out.aclose()
        for stream in (read, heard, told_out, sent, write):
            await stream.aclose()

    anyio.run(conversation)
    assert seen == ["done"]


def test_written_questions_are_valid_at_the_first_call_short_and_right() -> None:
    """Those of the bench of plain questions, as the committed table has them: 95 in 100 have an answer of at most 6 kB."""
    with (PAGE.parents[1] / "evidence" / "assistant_questions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) >= 100
    assert sum(row["valid"] == "True" for row in rows) >= 0.95 * len(rows)
    assert max(int(row["letters"]) for row in rows) <= LONGEST
    answered = [row for row in rows if row["valid"] == "True"]
    assert {row["wrong"] for row in answered} == {"0"}
    assert min(int(row["sentences"]) for row in answered) >= 1
    assert sum(int(row["numbers"]) for row in answered) >= 30 * len(answered)


def test_a_request_that_still_runs_when_the_input_ends_is_answered_and_the_assistant_ends() -> None:
    """As a user's program that writes all its requests and closes."""
    pytest.importorskip("mcp")
    hello = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    rows = [
        {"id": 1, "method": "initialize", "params": hello},
        {"method": "notifications/initialized"},
        {
            "id": 2,
            "method": "tools/call",
            "params": {"name": "arms", "arguments": {"a": "RUS", "b": "CHN"}},
        },
    ]
    text = "".join(json.dumps({"jsonrpc": "2.0", **row}) + "\n" for row in rows)
    command = [sys.executable, "-m", "suasion", "mcp"]
    run = subprocess.run(command, input=text, capture_output=True, text=True, check=True, timeout=120)
    last = json.loads(run.stdout.splitlines()[-1])
    assert last["id"] == 2
    assert not last["result"]["isError"]


WATCHED: list[str] = []
OPENED: list[str] = []


def _noted(event: str, arguments: tuple[Any, ...]) -> None:
    """Note what is opened or listed below the watched folder."""
    if WATCHED and event in ("open", "os.listdir", "os.scandir") and WATCHED[0] in str(arguments[0]):
        OPENED.append(str(arguments[0]))


def test_no_tool_opens_a_file_that_a_request_names(tmp_path: Path) -> None:
    """Whatever the argument: a scenario, elasticities, a file of judgements, a course, or a text that is none of them."""
    bait = tmp_path / "bait.yaml"
    bait.write_text("name: b\ninstruments: [{type: tariff, senders: [USA], targets: [CHN], rate: 0.1}]\n")
    sys.addaudithook(_noted)
    WATCHED.append(str(tmp_path))
    tried = 0
    try:
        for name, one in tools().items():
            needed = {"a": "USA", "b": "CHN", "c": "RUS"}
            usual = {key: needed.get(key, "USA") for key in one.schema()["required"]}
            for parameter in one.parameters:
                # States and choices are looked up in lists; what follows are texts that other doors take for files.
                if parameter.kind not in (ScenarioText, OwnElasticities, Named, Courses):
                    continue
                for given in (str(bait), f"file://{bait}"):
                    with suppress(SuasionError):
                        ask(name, {**usual, parameter.name: given})
                    tried += 1
    finally:
        WATCHED.clear()
    assert tried > 50
    assert OPENED == []
