"""Written questions, asked of the assistant through its official client, and what came back beside Python's own."""

from __future__ import annotations

import csv
import math
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from evidence import ROOT
from suasion.answers.render.lines import findings_of

if TYPE_CHECKING:
    from suasion.answers import Answer

BENCH = ROOT / "tests" / "unit" / "plain_questions.csv"
SAMPLED = ("how good are your forecasts", "Who supplies germanium to the US?")
"""Questions of which no answer solves anything."""
CLOSE = 1e-3
"""Relative: the assistant is told four significant digits, so that a number is off by half of the last at most."""
SPARE = ("text", "language", "question", "arguments", "address", "locator")
WHY = ("Not known, because", "Say ")
"""Beginnings of what is told where there is no answer: why, or what would have to be said."""
DRAWS = re.compile(r"--draws (\d+)")


def inputs() -> Sequence[Path]:
    """What turns a text into a call, and an answer into what is sent."""
    return [ROOT / "src" / "suasion" / name for name in ("assistant.py", "cli/assistant.py")]


def written() -> list[dict[str, str]]:
    """The questions with what each should be read as."""
    with BENCH.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def bench() -> pd.DataFrame:
    """Every question, asked of one server."""
    return asked([{key: one[key] for key in SPARE} for one in written()])


def sampled(committed: pd.DataFrame) -> pd.DataFrame:
    """Those that solve nothing, asked again."""
    kept = committed[committed["text"].isin(SAMPLED)].fillna("")
    return asked(kept[list(SPARE)].to_dict("records"))


def asked(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """Ask, and hold each sentence and each number of the table that come back against those of the question's function.

    Returns: A row a question: whether the first call was valid, the command that it came to, the letters of the
      answer, how many sentences and numbers it has, and how many of them differ.
    """
    import anyio
    from mcp import Client, StdioServerParameters

    here = StdioServerParameters(command=sys.executable, args=["-m", "suasion", "mcp"], env=dict(os.environ))

    async def conversation() -> list[Any]:
        async with Client(here) as client:
            return [await client.call_tool("ask", {"text": one["text"]}) for one in rows]

    made = []
    for one, came in zip(rows, anyio.run(conversation), strict=True):
        plain = {} if came.is_error else came.structured_content
        sentences, numbers = map(list, _compared(one, plain) if plain else ((), ()))
        made.append(
            {
                **one,
                "valid": not came.is_error,
                "outcome": _outcome(plain, came.content[0].text),
                "said": next(iter(plain.get("findings", ())), came.content[0].text)[:300],
                "command": plain.get("vintage", {}).get("command", ""),
                "letters": len(came.content[0].text),
                "sentences": len(sentences),
                "numbers": len(numbers),
                "wrong": sum(not same for same in (*sentences, *numbers)),
            }
        )
    return pd.DataFrame(made)


def _outcome(plain: Mapping[str, Any], text: str) -> str:
    """Whether what was told has a number, says why there is none, or neither."""
    if plain:
        said = " ".join(plain["findings"])
        return "number" if re.search(r"\d", said) or plain["tables"] else "not known"
    return "not known" if text.startswith(WHY) else "not understood"


def _compared(one: Mapping[str, Any], plain: Mapping[str, Any]) -> tuple[list[bool], Iterator[bool]]:
    """Whether each sentence and number that was sent is one of the function which the question should be read as."""
    found = DRAWS.search(plain["vintage"]["command"])
    about = one["text"] if one["question"] == "simulate" else one["arguments"]
    own = _direct(one["question"], about, int(found[1]) if found else 0)
    lines = {*findings_of(own), *(finding.sentence() for finding in own.findings)}
    return [line in lines for line in plain["findings"]], _numbers(own, plain)


def _numbers(own: Answer, plain: Mapping[str, Any]) -> Iterator[bool]:
    """Whether each number of a table is that of the same row of the answer itself."""
    frame = own.table().frame if own.tables else pd.DataFrame()
    for table in plain["tables"]:
        names = [column["name"] for column in table["columns"]]
        labels = [name for name in names if len(frame) and not pd.api.types.is_float_dtype(frame[name])]
        for row in table["rows"]:
            given = {name: "" if row[name] is None else str(row[name]) for name in labels}
            kept = frame[
                (frame[labels].astype(object).fillna("").astype(str) == pd.Series(given)).all(axis=1)
            ]
            for name, value in row.items():
                if isinstance(value, int | float):
                    yield any(math.isclose(value, float(x), rel_tol=CLOSE) for x in kept[name])


@cache
def _direct(name: str, about: str, draws: int) -> Answer:
    """The answer of the function itself, with the arguments that were written beside the question."""
    from suasion.questions import QUESTIONS

    drawn = {"draws": str(draws)} if draws else {}
    if name == "simulate":
        return QUESTIONS[name].ask(scenario=_measures()[about], **({"draws": draws} if draws else {}))
    return QUESTIONS[name].from_text(dict(part.split("=", 1) for part in about.split(";") if part) | drawn)


def _measures() -> dict[str, Any]:
    """Scenarios of the bench by their instruments, not by the reader of texts that is tried."""
    import suasion as su

    stop = su.export_ban("RUS", "DEU", sectors="gas")
    canada = su.tariff("USA", "CAN", "25%")
    return {
        "What would happen if Russia stopped selling gas to Germany?": stop,
        "Was passiert, wenn Russland kein Gas mehr liefert?": su.export_ban("RUS", "all", sectors="gas"),
        "Was passiert, wenn Russland Deutschland den Gashahn zudreht?": stop,
        "Deutschlands Abhängigkeit von Moskau: Was passiert, wenn Putin den Gashahn zudreht?": stop,
        "Wenn Russland die Zufuhr beendet: Wie gut ist Deutschland auf einen Gas-Stopp vorbereitet?": stop,
        "Is the US dependent on Chinese chips?": su.export_ban("CHN", "USA", sectors="chips"),
        "What would a 60 % tariff of the US on China do?": su.tariff("USA", "CHN", "60%"),
        "What would Canada lose from a 25 percent US tariff?": canada,
        "Was verlöre Kanada durch einen US-Zoll von 25 Prozent?": canada,
        "Was würde ein Exportstopp für Chips nach China die Niederlande kosten?": su.export_ban(
            "NLD", "CHN", sectors="chips"
        ),
        "China stops exports of machinery to Germany": su.export_ban("CHN", "DEU", sectors="machinery"),
        "25 % Zoll der USA auf chinesische Autos": su.tariff("USA", "CHN", "25%", sectors="cars"),
        "tariff of 60 %, who gains": su.tariff("USA", "CHN", "60%"),
        "Zoll von 60 % auf China, wer gewinnt?": su.tariff("USA", "CHN", "60%"),
        "a 25 % tariff of the US on Chinese cars, who loses?": su.tariff("USA", "CHN", "25%", sectors="cars"),
    }
