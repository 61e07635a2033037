"""Questions as tools of an assistant, over the Model Context Protocol: no number leaves without range and vintage.

Every question that can be asked from afar is a tool; its arguments are those of :meth:`Question.schema`, told in few
words. What comes back has the sentences, the main table in short with the range of each of its numbers, the
certificate, the sources, the cautions, and what made it; ``detail="full"`` has all tables. The list of data sets and
the whole description of each question are resources.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from suasion.answers.answer import Answer
from suasion.answers.render.lines import findings_of, head_of, notes_of, sources_of, title_of
from suasion.answers.render.text import NO_SIZES, as_printed
from suasion.answers.table import Column, Table
from suasion.errors import InputError, SuasionError
from suasion.extras import need
from suasion.questions import QUESTIONS, Question
from suasion.questions.kinds import SHARED
from suasion.questions.scenarios.address import LONG, SEPARATOR
from suasion.questions.scenarios.instruments import MEASURES
from suasion.sources.catalogue import DataSet, catalogue

if TYPE_CHECKING:
    from mcp.server import Server

JSON = "application/json"
ROWS = 40
"""Rows of a table that are sent in full detail; the rest is told by number."""
SHORT_ROWS, LONGEST = 12, 6_000
"""Rows of the one table of a short answer, and letters of the answer as JSON: what does not fit is told by number."""
DIGITS = 4
"""Significant digits of a number in a short answer."""
DETAIL = {"enum": ["short", "full"]}
OPTIONS = "options"
USUAL = ("deficits", "draws", "seed", "given", "elasticities", "factors")
"""Options of nearly every question that solves the model: where a tool has them all, the instructions name them."""
HINT, CLAUSES = 24, (18, 34)
"""Letters of what an argument is, in the list of tools, and least and most of whole clauses; the resource of questions
has all."""
DRAWS, FEW = 32, 8
"""Draws for a band where a question has none without being asked for them; fewer where each costs as much as it."""
DEAR = ("country", "critical_levels", "joint_threats", "leverage", "tariff_war", "why")
"""Questions of which each draw costs as much as the question."""
ONCE = ("months, short or long", "months, short, long")
"""What a horizon is in many questions, in few words: the instructions say it once."""
INSTRUCTIONS = (
    "Dependence and leverage between states. States and groups (EU, G7, ASEAN) by code or name; a scenario in plain "
    "words. Where a tool does not say what a horizon is: months, short (one year) or long (ten years). "
    f"Where a tool does not say what its options are, they are {', '.join(USUAL)}. "
    "Quote a number with its range, its year and its source, and name the cautions. "
    "Where a column says that a number is a point value of a model, give its size and direction and not its digits."
)
DYAD: Mapping[str, Any] = {
    "name": "dyad",
    "description": "Two states: dependence, cost of a break, pacts, arms, energy.",
    "input_schema": {
        "type": "object",
        "properties": {**{one: {"type": "string"} for one in "ab"}, "detail": DETAIL},
        "required": ["a", "b"],
    },
}
ASK: Mapping[str, Any] = {
    "name": "ask",
    "description": "A question in English or German.",
    "input_schema": {
        "type": "object",
        "properties": {"text": {"type": "string"}},
        "required": ["text"],
    },
}
RESOURCES = (
    ("suasion://data", "Data sets: what they are, where they come from, their licences"),
    ("suasion://questions", "Questions: what each says, with its arguments"),
)
PLAIN = (*NO_SIZES, "count")
"""Units that need no range: names, dates and counts."""


def tools() -> dict[str, Question]:
    """Return the questions that can be asked from afar, by name."""
    return {name: one for name, one in QUESTIONS.items() if one.from_afar}


def ask(name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Ask a question and return what may be told.

    name: Of the tool.
    arguments: By name, as its schema has them.
    Returns: Plain values: see :func:`told`.
    Raises InputError if there is no such tool or argument, or a value does not fit; the message says what
      does.
    """
    known = tools()
    given = {key: value for key, value in arguments.items() if key not in ("detail", OPTIONS)}
    given |= arguments.get(OPTIONS) or {}
    detail = arguments.get("detail", "short")
    if detail not in DETAIL["enum"]:
        raise InputError(f"detail is {detail!r}; give {' or '.join(DETAIL['enum'])}.")
    if name == "dyad":
        answers = _dyad(**{key: _text(value) for key, value in given.items()})
        return {"answers": [told(one) for one in answers]} if detail == "full" else _in_lines(answers)
    if name == ASK["name"]:
        from suasion.queries import best

        first = best(str(given.get("text", "")))
        name, given = first.question, dict(first.arguments)
    if name not in known:
        raise InputError(f"There is no tool {name!r}; there are ask, dyad, {', '.join(known)}.")
    answer = _with_range(known[name], {key: _text(value) for key, value in given.items()})
    return told(answer) if detail == "full" else in_short(answer)


def _with_range(question: Question, arguments: Mapping[str, str]) -> Answer:
    """Ask, and once more with draws where they would bring a range that is lacking."""
    answer = question.from_text(arguments)
    takes = any(one.name == "draws" and one.default == 0 for one in question.parameters)
    if not takes or not answer.tables or any(answer.table().band(one.name) for one in answer.table().columns):
        return answer
    return question.from_text({**arguments, "draws": str(FEW if question.name in DEAR else DRAWS)})


def _text(value: Any) -> str:
    """An argument as text: measures as the address of their scenario, lists with commas."""
    measures = [value] if isinstance(value, Mapping) else value if isinstance(value, list) else []
    if measures and all(isinstance(one, Mapping) for one in measures):
        known = ("do", "by", "on", "in", "size", "since", "until")
        if others := {str(key) for one in measures for key in one} - set(known):
            raise InputError(f"A measure has no {', '.join(sorted(others))}; it has {', '.join(known)}.")
        rows = [(key, _sides(one.get(key, ""))) for one in measures for key in known]
        return urlencode([*rows, ("years", f"{LONG:g}")], safe=SEPARATOR)
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _sides(value: Any) -> str:
    return SEPARATOR.join(map(str, value)) if isinstance(value, list) else str(value)


def input_schema(question: Question) -> dict[str, Any]:
    """Return the schema of a tool: names, types and limits, and in few words what they are.

    Options that mean the same in all questions stand in one object, which names them where they are not the usual ones;
    the resource of questions says what each is. What stops at the central numbers is left out: a tool has the whole.
    """
    whole = question.schema()
    shared = [name for name in whole["properties"] if name in SHARED]
    own = [name for name in whole["properties"] if name not in (*SHARED, *question.first)]
    made = {name: _property(whole["properties"][name]) for name in own}
    if question.name == "simulate":
        made["scenario"] = dict(MEASURES)
    if shared:
        named = {} if set(shared) == set(USUAL) else {"description": ", ".join(shared)}
        made[OPTIONS] = {"type": "object"} | named
    required = {"required": whole["required"]} if whole["required"] else {}
    return {"type": "object", "properties": made | {"detail": DETAIL}, **required}


def _kind(kind: str | list[str]) -> str:
    """A type without null: what is not given is not sent."""
    return kind if isinstance(kind, str) else next(one for one in kind if one != "null")


def _property(one: Mapping[str, Any]) -> dict[str, Any]:
    if one.get("format") == "scenario":
        return {"description": "as of simulate"}
    kept = {key: value for key, value in one.items() if key in ("enum", "minimum", "maximum")}
    kept |= {"type": _kind(one["type"])}
    hint = "" if one.get("format") in ("state", "side") else one["description"].split(". ")[0].rstrip(".")
    said = _cut(hint)
    return kept | ({"description": said} if said and said not in ONCE else {})


def _cut(hint: str) -> str:
    """The clauses that fit, or the words of the first, without what stands in brackets or is of commas in lists."""
    plain = re.sub(r" ?\([^)]*\)?|, with commas( between)?", "", hint)
    if len(plain) <= HINT:
        return plain
    clauses = re.match(rf".{{{CLAUSES[0]},{CLAUSES[1]}}}(?=[,;:] |$)", plain)
    return clauses[0] if clauses else plain[:HINT].rsplit(" ", 1)[0]


def in_short(answer: Answer, few: int = FEW) -> dict[str, Any]:
    """Return what an assistant quotes of an answer, in at most :data:`LONGEST` letters.

    few: Findings, beside all cautions.
    Returns: As :func:`told`, with the largest rows of the main table alone; ``left_out`` has the other tables by name
      with their rows, and how many rows, findings and caveats there are beside these.
    """
    whole = told(answer)
    lines = [one.sentence() for one in answer.few(few)] if answer.tables else whole["findings"]
    main = answer.table() if answer.tables else None
    rows, caveats = SHORT_ROWS, whole["caveats"]
    while True:
        table = [_in_few_words(main, rows, bool(answer.checks))] if main else []
        made = {
            **whole,
            "findings": lines,
            "tables": table,
            "certificate": sorted(whole["certificate"], key=lambda one: -float(one["residual"]))[:1],
            "caveats": caveats,
            "left_out": _left_out(answer, whole, rows, lines, caveats),
        }
        size = len(json.dumps(made, ensure_ascii=False))
        if size <= LONGEST or (rows == 0 and len(lines) + len(caveats) <= 1):
            return made
        if rows > 1:
            rows -= 1
        elif len(caveats) > 1:
            caveats = caveats[:-1]
        elif len(lines) > 1:
            lines = lines[:-1]
        else:
            rows, caveats = 0, []


def _in_lines(answers: Sequence[Answer]) -> dict[str, Any]:
    """What each answer found first, and the commands and the sources behind them; without those that found nothing."""
    known = [one for one in answers if one.tables]
    lines = [
        {"finding": findings_of(one)[0], "command": one.run.command if one.run else ""}
        for one in known
        if one.findings
    ]
    sources = dict.fromkeys(line for one in known for line in sources_of(one))
    nothing = [one.question for one in answers if one not in known]
    return {"answers": lines, "sources": list(sources), "no_data": nothing}


def _left_out(
    answer: Answer, whole: Mapping[str, Any], rows: int, lines: list[str], caveats: list[str]
) -> dict[str, Any]:
    """What a short answer does not have."""
    most = len(answer.whole().rows) if answer.tables else 0
    counts = {"rows": most - rows, "findings": len(whole["findings"]) - len(lines)}
    counts["caveats"] = len(whole["caveats"]) - len(caveats)
    others = {table.key: len(table.rows) for table in answer.tables[1:]}
    return {
        **{key: count for key, count in counts.items() if count > 0},
        **({"tables": others} if others else {}),
    }


def _in_few_words(table: Table, rows: int, modelled: bool) -> dict[str, Any]:
    """The rows of a table that would be printed, of the columns for people and their ranges."""
    few = as_printed(table, max(rows, 1))
    names = [one.name for one in table.shown]
    ends = [end for name in names for end in table.band(name) or table.bounds(name) or ()]
    kept = [one for one in table.columns if one.name in (*names, *ends)]
    records = few.records[:rows]
    return {
        "key": table.key,
        "title": table.title(),
        "columns": [_column(one, table, modelled) for one in kept if one.name not in ends],
        "rows": [{one.name: _rounded(row[one.name]) for one in kept} for row in records],
    }


def _rounded(value: Any) -> Any:
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


@lru_cache(maxsize=4)
def _dyad(a: str = "", b: str = "") -> tuple[Answer, ...]:
    """Answers on a pair, those that take no minute; kept, since who got them in short may want them in full."""
    quick = [one for name, one in tools().items() if not one.slow or name == "exit_cost"]
    asked = [(one, one.about(a, b)) for one in quick]
    return tuple(one.ask(**about) for one, about in asked if about is not None)


def told(answer: Answer) -> dict[str, Any]:
    """Return an answer as an assistant may tell it.

    Returns: ``question``, ``findings``, ``tables``, and what no number goes without: ``vintage``,
      ``certificate``, ``sources`` and ``caveats``.
    """
    shown = [table for table in answer.tables if not table.detail]
    run = answer.run
    made = {"version": run.version, "command": run.command, "world": run.world, "id": run.id} if run else {}
    return {
        "question": title_of(answer),
        "findings": findings_of(answer),
        "tables": [_table(table, bool(answer.checks)) for table in shown],
        "vintage": {
            **made,
            "data": [{"dataset": one.dataset, "year": one.year} for one in answer.sources if one.dataset],
        },
        "certificate": [
            {"name": one.name, "residual": one.residual, "limit": one.limit, "holds": one.holds}
            for one in answer.checks
        ],
        "sources": sources_of(answer),
        "caveats": list(dict.fromkeys(line for table in shown for line in notes_of(table))),
    }


def _table(table: Table, modelled: bool) -> dict[str, Any]:
    """A table with the range of each of its numbers."""
    names = [one.name for one in table.columns]
    left_out = len(table.rows) - ROWS
    return {
        "key": table.key,
        "title": table.title(),
        "columns": [_column(one, table, modelled) for one in table.columns],
        "rows": [dict(zip(names, row, strict=True)) for row in table.rows[:ROWS]],
        **({"rows_left_out": left_out} if left_out > 0 else {}),
    }


def _column(one: Column, table: Table, modelled: bool) -> dict[str, Any]:
    """Name, unit and where the range of its numbers is; a number without one says so."""
    plain = {"name": one.name, "unit": one.unit, "head": head_of(one)}
    ends = table.band(one.name) or table.bounds(one.name)
    if one.unit in PLAIN or one.name.endswith(("_low", "_high", "_least", "_most")):
        return plain
    if ends:
        return {**plain, "range": {"low": ends[0], "high": ends[1]}}
    return {
        **plain,
        "range": "point value of a model: its size, not its digits" if modelled else "as published",
    }


def server() -> Server[Any]:
    """Return the server: tools of all questions, the pair's dossier in short, and the catalogue of data as resources.

    Raises MissingPackageError if the package ``mcp`` is missing.
    """
    need("mcp")
    import mcp_types as types
    from mcp.server import Server

    from suasion import __version__

    async def list_tools(_: Any, __: Any) -> Any:
        listed = [
            types.Tool(name=name, description=one.summary, input_schema=input_schema(one))
            for name, one in tools().items()
        ]
        return types.ListToolsResult(tools=[types.Tool(**ASK), types.Tool(**DYAD), *listed])

    async def call_tool(_: Any, asked: Any) -> Any:
        from anyio import to_thread

        try:
            found = await to_thread.run_sync(partial(ask, asked.name, asked.arguments or {}))
        except (SuasionError, TypeError) as error:
            line = " ".join(str(error).split())
            return types.CallToolResult(content=[types.TextContent(type="text", text=line)], is_error=True)
        text = json.dumps(found, ensure_ascii=False, allow_nan=False)
        return types.CallToolResult(
            content=[types.TextContent(type="text", text=text)], structured_content=json.loads(text)
        )

    async def list_resources(_: Any, __: Any) -> Any:
        return types.ListResourcesResult(
            resources=[types.Resource(uri=uri, name=name, mime_type=JSON) for uri, name in RESOURCES]
        )

    async def read_resource(_: Any, asked: Any) -> Any:
        text = json.dumps(resource(str(asked.uri)), ensure_ascii=False)
        kept = types.TextResourceContents(uri=asked.uri, text=text, mime_type=JSON)
        return types.ReadResourceResult(contents=[kept])

    return Server(
        "suasion",
        version=__version__,
        instructions=INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read_resource,
    )


def resource(uri: str) -> Any:
    """Return a resource as plain values.

    uri: One of :data:`RESOURCES`.
    Raises InputError if there is none of that name.
    """
    if uri == "suasion://data":
        return [_described(one) for one in catalogue().values()]
    if uri == "suasion://questions":
        return {name: one.schema() for name, one in tools().items()}
    raise InputError(f"There is no resource {uri!r}; there are {', '.join(one for one, _ in RESOURCES)}.")


def _described(one: DataSet) -> dict[str, Any]:
    """A data set: name, what it covers, years, page, citation, licence and when it was read."""
    names = ("name", "title", "covers", "years", "page", "citation", "licence", "verified")
    return {name: getattr(one, name) for name in names}
