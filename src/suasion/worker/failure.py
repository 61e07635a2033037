"""An error that a request met in another process, as its owner hears of it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from pathlib import Path

from suasion.errors import SuasionError


@dataclass(frozen=True, slots=True)
class Failure:
    """An error that a request met.

    Attributes
    ----------
    kind, message : name of the error and its words on one line
    place : kind and place, without anything that the request said
    disk : whether it is one of the system, such as a full disk; its words may name a folder
    ours : whether it is one that the package raises on purpose
    """

    kind: str
    message: str
    place: str
    disk: bool
    ours: bool

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}".rstrip(": ")


def failure_of(error: Exception) -> Failure:
    """What the owner is told of an error."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    kind = type(error).__name__
    place = f"{kind} in {Path(frame.filename).name}, line {frame.lineno}"
    message = " ".join(str(error).split())
    return Failure(kind, message, place, isinstance(error, OSError), isinstance(error, SuasionError))


def in_words(error: BaseException) -> str:
    """Kind and message of an error on one line."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")
