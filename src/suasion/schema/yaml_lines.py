"""Typed YAML files whose every error names the file and the line: plain data, and where each key stands.

Loading is safe: plain data only, no tags, anchors or aliases, and limits on size and depth. What the keys mean
is the business of the room that reads the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, CollectionEndEvent, CollectionStartEvent, ScalarEvent
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode
from ruamel.yaml.parser import Parser

from suasion.errors import SuasionError
from suasion.files import exists, hold, is_file, is_folder, unreadable

KeyPath = tuple[str | int, ...]
T = TypeVar("T")
Fault = tuple[KeyPath, str]
"""Where something is wrong, and what."""
_DEPTH = 10
SHOWN = 5
"""Problems of a file that are told at once."""
KINDS = {
    "evidence": ("ledger", "signal"),
    "vendors": ("supplier file", "supplier"),
    "producers": ("network file", "bargain"),
    "levers": ("file of levers", "levers --file"),
    "costs": ("file of paths", "outlook --scenario"),
    "pairs": ("grid file", "sweep"),
    "targets": ("grid file", "sweep"),
    "instruments": ("scenario file", "simulate"),
    "zeta": ("file of elasticities", "simulate --elasticities"),
    "sigma": ("file of elasticities", "simulate --elasticities"),
}
"""A key that tells one kind of file, what such a file is, and what reads it; the first that is found decides."""


def read_text(
    path: str | Path, noun: str, limit: int, failure: type[SuasionError], shipped: Path | None = None
) -> str:
    """Text of a file in UTF-8.

    noun: what the file is, such as "scenario file", for messages.
    limit: largest size, bytes.
    failure: type of error to raise.
    shipped: folder of the package's own files; a bare name that is no file here stands for one of them.
    Raises SuasionError: Of the class given, when the file is absent, too large or not UTF-8.
    """
    file = Path(path)
    own = {} if shipped is None else {one.stem: one for one in sorted(shipped.glob("*.yaml"))}
    if not exists(file):
        file = own.get(str(file), file)
    if is_folder(file):
        raise failure(f"{file} is a folder; give a {noun} in it.")
    if not is_file(file):
        near = sorted(p.name for p in file.parent.glob("*.y*ml"))[:5] if is_folder(file.parent) else []
        there = f" In its folder: {', '.join(near)}." if near else ""
        known = f" Shipped under a name: {', '.join(own)}." if own else ""
        raise failure(f"There is no {noun} {file}.{there}{known} Check the path.")
    try:
        with file.open("rb") as stream:  # a pipe has no size: it is read to the limit and no further
            content = stream.read(limit + 1)
        if len(content) > limit:
            raise failure(f"{file} is larger than {limit:,} bytes; a {noun} has at most so many.")
        hold(file, content)
        return content.decode("utf-8")
    except OSError as error:
        raise unreadable(file, error) from error
    except UnicodeDecodeError as error:
        raise failure(f"{file} cannot be read as UTF-8 text: {error}.") from error


def parse(
    text: str, source: str, noun: str, limit: int, failure: type[SuasionError], first: str = "name"
) -> tuple[Any, dict[KeyPath, int]]:
    """Plain data of a YAML text, and the line of every key and item by its path.

    source: file name, for messages.
    noun, limit, failure: As for :func:`read_text`.
    first: A key that such a file begins with, for messages.
    Raises SuasionError: Of the class given, with file and line, when the text is too long, no valid YAML, not
      a mapping, of another kind, or has tags, anchors or aliases.
    """
    if len(text.encode()) > limit:
        raise failure(f"{source} is longer than the {limit:,} bytes that a {noun} may have.")
    try:
        reader = YAML(typ="safe", pure=True)
        reader.Parser = _PlainParser
        root = reader.compose(text)
        data = None if root is None else reader.constructor.construct_document(root)
    except failure:
        raise
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark is not None else ""
        what = "" if isinstance(error, _NotPlain) else "this is not valid YAML: "
        raise failure(f"{source}{line}: {what}{_first_line(error.problem)}.") from error
    except (YAMLError, ValueError) as error:
        raise failure(f"{source}: this is not valid YAML: {_first_line(str(error))}.") from error
    if not isinstance(data, Mapping):
        raise failure(
            f"{source}: a {noun} is a mapping that begins with `{first}:`; this is {in_words(data)}."
        )
    kind, command = next((KINDS[key] for key in KINDS if key in data), (noun, ""))
    if kind != noun:
        raise failure(f"{source} is a {kind}, which `suasion {command}` reads; give a {noun}.")
    return data, dict(_lines(cast(Node, root), ()))


def line_of(path: KeyPath, lines: Mapping[KeyPath, T]) -> T:
    """Line of a key, or of the nearest one around it that the file has."""
    return next(lines[path[:size]] for size in range(len(path), -1, -1) if path[:size] in lines)


def report(faults: Iterable[Fault], lines: Mapping[KeyPath, Any], source: str) -> str:
    """One line a problem, in the order of the file, the first :data:`SHOWN` of them."""
    found = sorted({(line_of(path, lines), text) for path, text in faults})
    shown = [
        f"{source}, {place if isinstance(place, str) else f'line {place}'}: {text}"
        for place, text in found[:SHOWN]
    ]
    more = [f"... and {len(found) - SHOWN} more."] if len(found) > SHOWN else []
    return "\n".join([*shown, *more])


def in_words(value: Any) -> str:
    """Value as a user would call it, short."""
    if value is None:
        return "empty"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list):
        return "an empty list" if not value else "a list"
    if isinstance(value, bool):
        return f"the truth value {str(value).lower()}"
    text = repr(value)
    short = text if len(text) <= 40 else f"{text[:37]}..."
    return f"the text {short}" if isinstance(value, str) else short


class _NotPlain(MarkedYAMLError):
    """What a file may not have, and where."""


class _PlainParser(Parser):
    """Refuses tags, anchors and aliases (they build objects or grow without bound) and deep nesting as they come."""

    depth = 0

    def get_event(self) -> Any:
        """Next event."""
        event = super().get_event()
        if isinstance(event, (AliasEvent, ScalarEvent, CollectionStartEvent)) and (
            event.anchor is not None or getattr(event, "tag", None) is not None
        ):
            problem = "tags, anchors and aliases (! & *) are not allowed; write it out"
            raise _NotPlain(problem=problem, problem_mark=event.start_mark)
        self.depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if self.depth > _DEPTH:
            problem = f"lists and mappings are nested more than {_DEPTH} deep"
            raise _NotPlain(problem=problem, problem_mark=event.start_mark)
        return event


def _lines(node: Node | None, path: KeyPath) -> Iterator[tuple[KeyPath, int]]:
    """Line of every key and item of a tree, by its path."""
    if not path and node is not None:
        yield path, node.start_mark.line + 1
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line + 1
            yield from _lines(value, (*path, key.value))
    elif isinstance(node, SequenceNode):
        for index, item in enumerate(node.value):
            yield (*path, index), item.start_mark.line + 1
            yield from _lines(item, (*path, index))


def _first_line(text: Any) -> str:
    return str(text).strip().split("\n", 1)[0].rstrip(".")
