"""Turn numpy-style docstrings into Markdown."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

_ITEMS = {"Parameters", "Attributes", "Returns", "Yields", "Raises", "Warns", "Other Parameters"}


@dataclass(frozen=True, slots=True)
class Section:
    """A headed part of a docstring; the lead before the first heading has an empty title."""

    title: str
    lines: tuple[str, ...]


def sections(doc: str) -> Iterator[Section]:
    """Split a docstring at its underlined headings."""
    title, body = "", []
    lines = inspect.cleandoc(doc).splitlines()
    skip = False
    for line, below in zip_longest(lines, lines[1:], fillvalue=""):
        if skip:
            skip = False
        elif below and set(below) == {"-"} and len(below) == len(line.strip()):
            yield Section(title, tuple(body))
            title, body, skip = line.strip(), [], True
        else:
            body.append(line)
    yield Section(title, tuple(body))


def to_markdown(doc: str) -> str:
    """Markdown of a docstring: paragraphs, then a list for each section of named items."""
    parts = []
    for section in sections(doc):
        text = _items(section.lines) if section.title in _ITEMS else _plain(section.lines)
        if section.title:
            parts.append(f"**{section.title}**")
        if text:
            parts.append(text)
    return "\n\n".join(parts)


def _items(lines: tuple[str, ...]) -> str:
    """Item lines start in the first column; what is indented below describes the item."""
    items: list[list[str]] = []
    for line in lines:
        if line.strip() and not line.startswith(" "):
            items.append([line.strip()])
        elif line.strip() and items:
            items[-1].append(_inline(line.strip()))
    return "\n".join("- " + _item(head, " ".join(rest)) for head, *rest in items)


def _item(head: str, rest: str) -> str:
    """Name and type with a sentence below, or name and a description that begins on the same line."""
    name, colon, kind = head.partition(" : ")
    if not colon:
        return f"`{head.rstrip(':')}`" + (f": {rest}" if rest else "")
    if rest and not (rest[0].islower() or rest[0] == "("):
        return f"`{name}` ({_inline(kind)}): {rest}"
    return f"`{name}`: {_inline(kind)} {rest}".strip()


def _plain(lines: tuple[str, ...]) -> str:
    """Paragraphs, with indented blocks and examples at the prompt kept as code."""
    out: list[str] = []
    code = False
    for line in lines:
        is_code = line.startswith((">>>", "...", "    ")) or (code and bool(line.strip()))
        if is_code and not code:
            out += ["", "```pycon" if line.startswith(">>>") else "```text"]
        if code and not is_code:
            out.append("```")
        code = is_code
        out.append(line.removeprefix("    ") if code else _inline(line))
    if code:
        out.append("```")
    return "\n".join(out).strip()


def _inline(text: str) -> str:
    """Roles and doubled backticks become code spans; a bare asterisk or bracket stays what it is."""
    text = re.sub(r":[a-z]+:`~?([^`]+)`", r"`\1`", text)
    return re.sub(r"``([^`]+)``", r"`\1`", text)
