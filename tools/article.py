"""Read the page on the article's claims: sections, commands, tables, verdicts; make what is made of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "explanation"
PAGE, SUMMARY = FOLDER / "the-article-claims.md", FOLDER / "the-article.md"
SAYS = 50
"""Letters that the first sentences of a reason have at least."""
HEAD = "| | claim | verdict | what the numbers say | today |\n|---|---|---|---|---|\n"
SECTION = re.compile(r"^### (\d+)\. (.+)$", re.MULTILINE)
GROUP = re.compile(r"^## (.+)$", re.MULTILINE)
FENCE = re.compile(r"^```(python|py|bash)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (.+?) \| (.+?) \| (.*?) \| (.+?) \|$", re.MULTILINE)
STATED = re.compile(r"^\*\*Claim\.\*\* (.+?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
VERDICT = re.compile(
    r"^\*\*Verdict: (agree|partly|disagree|not measurable|not measured yet)(?: with public data)?\b.*?(?=\n\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
TODAY = re.compile(r"^\*\*Today: (.+?)\.\*\* (.+?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)
SHORT = re.compile(r"^\*\*In short\.\*\* (.+?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Claim:
    """A section of the page."""

    number: int
    title: str
    group: str
    text: str

    @property
    def rows(self) -> dict[str, tuple[str, str, str]]:
        """Label to what is printed, its unit and its source."""
        found = [r for r in ROW.findall(FENCE.sub("", self.text)) if r[0] not in ("what", "---")]
        rows = {label: (printed, unit, source) for label, printed, unit, source in found}
        assert len(rows) == len(found), f"claim {self.number} has a label twice"
        return rows

    @property
    def stated(self) -> str:
        """What the article says, in our words."""
        found = STATED.search(self.text)
        assert found, f"claim {self.number} is not stated"
        return found[1]

    @property
    def verdict(self) -> re.Match[str]:
        """The sentence of the verdict, group 1 its kind."""
        found = VERDICT.search(self.text)
        assert found, f"claim {self.number} has no verdict"
        return found

    @property
    def today(self) -> re.Match[str]:
        """What is so today, group 1 in a word or two, group 2 in sentences."""
        found = TODAY.search(self.text)
        assert found, f"claim {self.number} says nothing of today"
        return found

    @property
    def commands(self) -> list[str]:
        """Lines that a reader types."""
        return [
            line for kind, code in FENCE.findall(self.text) if kind == "bash" for line in code.splitlines()
        ]


def read_claims() -> list[Claim]:
    """All claims, in the order of the page."""
    text = PAGE.read_text("utf-8")
    heads = list(SECTION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    groups = [(found.start(), found[1]) for found in GROUP.finditer(text)]
    return [
        Claim(
            int(h[1]), h[2], [name for start, name in groups if start < h.start()][-1], text[h.start() : end]
        )
        for h, end in zip(heads, ends, strict=True)
    ]


def plain(text: str) -> str:
    """Markdown as words: no marks, no links, one line, printers' apostrophes."""
    text = (
        re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
        .replace("*", "")
        .replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")
    )
    return re.sub(
        r'"([^"]*)"',
        "\N{LEFT DOUBLE QUOTATION MARK}\\1\N{RIGHT DOUBLE QUOTATION MARK}",
        " ".join(text.split()),
    )


def table() -> str:
    """The claims as JSON, as the application ships them."""
    claims = read_claims()
    short = SHORT.search(SUMMARY.read_text("utf-8"))
    assert short, "the page has no paragraph in short"
    rows = [
        {
            "number": claim.number,
            "group": plain(claim.group),
            "title": plain(claim.title),
            "claim": plain(claim.stated),
            "commands": claim.commands,
            "measured": [
                [label, _number(printed), unit, source]
                for label, (printed, unit, source) in (
                    (plain(label), map(plain, cells)) for label, cells in claim.rows.items()
                )
            ],
            "verdict": claim.verdict[1],
            "reason": _capital(plain(claim.verdict[0]).removeprefix("Verdict: ")),
            "today": plain(claim.today[0]),
        }
        for claim in claims
    ]
    return json.dumps({"short": plain(short[1]), "claims": rows}, indent=1, ensure_ascii=False) + "\n"


def summary() -> str:
    """The page in short: what stands above its table, and a row a claim, made of the verdicts."""
    top, head, _ = SUMMARY.read_text("utf-8").partition(HEAD)
    assert head, "the page has no table of claims"
    return top + head + "".join(f"{_row(claim)}\n" for claim in read_claims())


def _row(claim: Claim) -> str:
    """Number with its section, claim, verdict, the first sentences of its reason, and today in its first sentence."""
    heading = f"{claim.number}. {claim.title}"
    place = re.sub(r"[^\w\- ]", "", heading.lower().replace(" ", "-"))  # as the parser of pages names it
    whole = " ".join(claim.verdict[0].split()).removeprefix(f"**Verdict: {claim.verdict[1]}")
    reason = whole.removeprefix(" with public data").lstrip("*., ").replace("](#", f"]({PAGE.name}#")
    first = re.match(rf".{{{SAYS},}}?\.(?= [A-Z]|$)", reason)
    reason = first[0] if first else reason
    today = " ".join(claim.today[2].split())
    today = (re.match(r".+?\.(?= [A-Z]|$)", today) or [today])[0]
    cells = (f"[{claim.number}]({PAGE.name}#{place})", claim.title, claim.verdict[1], _capital(reason))
    return f"| {' | '.join(cells)} | {_capital(claim.today[1])}. {today} |"


def _number(text: str) -> str:
    return re.sub(r"^-(?=\d)", "\N{MINUS SIGN}", text)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
