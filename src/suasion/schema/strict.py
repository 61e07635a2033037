"""What all files of YAML are read into."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


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
