"""What pages of the site share: links, and what a template gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SCHEMA = 1
"""Version of the contexts that have a JSON twin."""



@dataclass(frozen=True, slots=True)
class TwinContext:
    """What a page with a JSON twin begins with.

    question, sentence: Its title, and the answer.
    """

    question: str
    sentence: str


Shown = dict[str, Any]
"""What a template gets: names to texts, drawings, links and rows of the answers."""
