"""Files of YAML whose keys and types are those of a model, and what every door refuses in rows that are given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Generic, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from suasion.errors import DuplicateLabelError, MissingValueError, SuasionError, of_check
from suasion.nearest import did_you_mean
from suasion.schema import yaml_lines
from suasion.schema.yaml_lines import Fault, KeyPath, in_words
from suasion.types import Advice

if TYPE_CHECKING:
    import pandas as pd


class Strict(BaseModel):
    """No key that is not known, no value bent into another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    written: ClassVar[str] = "a mapping of its keys"
    """What stands for it in a file, in words."""


def one_or_many(value: Any) -> Any:
    """A list where one text stands for a list of it alone."""
    return [value] if isinstance(value, str) else value


def _once(names: list[str]) -> list[str]:
    """Names without what stands around them; a blank one fits the schema, and is refused as what it says."""
    found = list(dict.fromkeys(map(str.strip, names)))
    if "" in found:
        raise ValueError("a name is blank; leave it out")
    return found


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Names = Annotated[
    list[Annotated[str, Field(min_length=1)]],
    BeforeValidator(one_or_many),
    Field(min_length=1, strict=False),
    AfterValidator(_once),
]
"""A name, or a list of names: in the order given, each once."""


Model = TypeVar("Model", bound=Strict)
T = TypeVar("T")
Lines = Mapping[KeyPath, int]
"""Line of every key and item of a file, by its path."""
Places = Mapping[KeyPath, Any]
"""Line, or place in words where there are no lines."""
MAX_BYTES = 200_000
"""Largest size of most files."""


@dataclass(frozen=True, slots=True)
class TypedFile(Generic[Model]):
    """One kind of file.

    noun: what it is, for messages.
    model: type. Keys and types.
    failure: error to raise.
    faults: what is wrong with a model whose keys and types are right.
    allowed: what may stand at each key, in words; ``tag.key`` where a key means another thing in one kind of item.
    hint: what was probably meant, of a key of ``allowed`` and the value that stands there.
    shipped: folder of those that come with Suasion, each under its name.
    most: largest size, bytes.
    """

    noun: str
    model: type[Model]
    failure: type[SuasionError]
    faults: Callable[[Model], Iterable[Fault]] = lambda model: ()
    allowed: Mapping[str, Advice] = field(default_factory=dict)
    hint: Callable[[str, Any], Advice] = lambda key, value: ""
    shipped: Path | None = None
    most: int = MAX_BYTES

    def read(self, path: str | Path) -> tuple[Model, Lines]:
        """Read a file, or one that ships by its name, and check it; with the line of every key.

        path: YAML in UTF-8, or a name.
        Raises SuasionError: Of the kind's class. The file is absent, too large or not valid; each problem on a line
          of its own, with file and line.
        """
        data, lines = self.raw(path)
        return self.check(data, str(Path(path)), lines), lines

    def raw(self, path: str | Path) -> tuple[Any, Lines]:
        """Plain data of a file, unchecked, with the line of every key; errors of files as for :meth:`read`."""
        text = yaml_lines.read_text(path, self.noun, self.most, self.failure, self.shipped)
        return yaml_lines.parse(text, str(Path(path)), self.noun, self.most, self.failure)

    def parse(self, text: str, source: str) -> tuple[Model, Lines]:
        """Check the text of a file; ``source`` is its name, for messages. Errors as for :meth:`read`."""
        data, lines = yaml_lines.parse(text, source, self.noun, self.most, self.failure)
        return self.check(data, source, lines), lines

    def check(self, data: Any, source: str, lines: Places | None = None) -> Model:
        """Check plain data; errors as for :meth:`read`, with the path where there are no lines."""
        try:
            made = self.model.model_validate(data)
        except ValidationError as error:
            places: Places = lines or dict(_places(data))
            wrong = [self._wrong(dict(item), places) for item in error.errors(include_url=False)]
            raise self.failure(yaml_lines.report(wrong, places, source)) from error
        if found := list(self.faults(made)):
            raise self.failure(yaml_lines.report(found, lines or dict(_places(data)), source))
        return made

    def _wrong(self, item: Mapping[str, Any], lines: Places) -> Fault:
        """Fault of a key that is unknown, missing or of the wrong type, of an error of the model's check."""
        path, kind, value = item["loc"], item["type"], item["input"]
        if kind == "value_error" and isinstance(value, Mapping):  # keys that do not fit together
            return _place(path, lines), f"{item['ctx']['error']}."
        if kind.startswith("union_tag"):
            path, value = (*path, item["ctx"]["discriminator"].strip("'")), item["ctx"].get("tag")
            kind = kind if value else "missing"
        around, tag = _model_at(self.model, path)
        key = next((step for step in reversed(path) if isinstance(step, str) and step != "[key]"), "")
        qualified = key if f"{tag}.{key}" not in self.allowed else f"{tag}.{key}"
        allowed = self.allowed.get(qualified)
        if kind == "extra_forbidden":
            known = [one.alias or name for name, one in around.model_fields.items()]
            what = f"is unknown{tag and f' in {tag}'}; allowed: {', '.join(known)}.{did_you_mean(key, known)}"
        elif kind == "missing":
            what = f"is missing{tag and f' from {tag}'}{f'; give {allowed}' if allowed else ''}."
        elif allowed:
            what = f"is {in_words(value)}; allowed: {allowed}.{self.hint(qualified, value)}"
        elif kind == "model_type":
            what = f"is {in_words(value)}; give {_model_at(self.model, (*path, ''))[0].written}."
        else:
            said = of_check(item["msg"])
            what = f"is {in_words(value)}; {said[0].lower()}{said[1:]}."
        return _place(path, lines), f"key `{key}` {what}"


def repeats(values: Sequence[T]) -> Iterator[tuple[int, T]]:
    """Place and value of what stands in a list for the second time and more."""
    return ((place, one) for place, one in enumerate(values) if one in values[:place])


def _places(data: Any, here: KeyPath = ()) -> Iterator[tuple[KeyPath, str]]:
    """Every path of plain data, in words; items are counted from one."""
    yield here, ".".join(str(step + 1 if isinstance(step, int) else step) for step in here) or "at its top"
    items = (
        data.items()
        if isinstance(data, Mapping)
        else enumerate(data)
        if isinstance(data, list | tuple)
        else ()
    )
    for step, one in items:
        yield from _places(one, (*here, step))


def _place(path: KeyPath, lines: Places) -> KeyPath:
    """Path in the file: of the steps that a model's check names, those that the file has; a year is a text there."""
    here: KeyPath = ()
    for step in path:
        here = next((one for one in ((*here, step), (*here, str(step))) if one in lines), here)
    return here


def _model_at(model: type[Strict], path: KeyPath) -> tuple[type[Strict], str]:
    """Model of the mapping that holds the last step of a path, and its tag where a tag chose among several."""
    choices, tag = [model], ""
    for step in path[:-1]:
        if len(choices) > 1 and isinstance(step, str):
            choices = [one for one in choices if step in get_args(one.model_fields["type"].annotation)]
            tag = step
        else:
            held = {one.alias or name: one.annotation for name, one in choices[0].model_fields.items()}
            choices = _models_in(held.get(str(step))) or choices
    return choices[0], tag


def _models_in(annotation: Any) -> list[type[Strict]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]  # type: ignore[list-item]
    return [one for part in get_args(annotation) for one in _models_in(part)]


def whole(table: pd.DataFrame, columns: Sequence[str], noun: str) -> pd.DataFrame:
    """Return a table that has all its columns, without gaps in them.

    noun: what its rows are, for the message.
    Raises MissingValueError: A column is lacking, or a value.
    """
    absent = [name for name in columns if name not in table]
    if absent or table[list(columns)].isna().to_numpy().any():
        lacking = ", ".join(absent) or "values"
        raise MissingValueError(f"{noun} need columns {', '.join(columns)} without gaps; lacking: {lacking}.")
    return table


def unique_rows(table: pd.DataFrame, keys: Sequence[str], what: str) -> pd.DataFrame:
    """Return the table if no combination of ``keys`` occurs twice.

    Raises DuplicateLabelError: With the first rows that do.
    """
    twice = table[table.duplicated(list(keys), keep=False)]
    if len(twice):
        rows = [", ".join(f"{k} {v}" for k, v in row.items()) for row in twice[list(keys)].to_dict("records")]
        shown = "; ".join(dict.fromkeys(rows[:8]))
        raise DuplicateLabelError(
            f"{what}: {len(twice)} rows share their {', '.join(keys)}: {shown}. Keep one row of each."
        )
    return table
