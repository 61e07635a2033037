"""A process of its own that draws panels while this one computes.

Drawing holds the interpreter, so that a thread would not do. Without a second process, or when it dies, everything
is drawn in this one.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache

from suasion.extras import need
from suasion.worker import OptionalWorker

TARGET = "suasion.dossier.studio:draw_others"
KEPT = 256
"""Pictures drawn ahead that are kept until they are asked for."""


class Studio(OptionalWorker):
    """The other process."""

    def __init__(self) -> None:
        super().__init__(TARGET, '{"mark": "point"}')

    def draw(self, spec: str) -> str | None:
        """Draw one specification (JSON) as SVG; ``None`` means: draw it here."""
        svg: str | None = self.ask(spec)
        return svg


def draw_others(first: str) -> Callable[[str, object], str]:
    """What the other process does; the first picture takes the longest, so it is drawn before it is asked for one."""
    draw_here(first)
    return lambda spec, _: draw_here(spec)


@cache
def studio() -> Studio:
    """Start the process; later calls return the same one."""
    return Studio()


def draw_here(spec: str) -> str:
    """Draw one specification (JSON) as SVG in this process."""
    svg: str = need("vl_convert").vegalite_to_svg(spec, allowed_base_urls=[])
    return svg


FIRST = 15
"""Pictures that the other process draws in the time that the first one takes in this."""


class Drawings:
    """Pictures of specifications (JSON text): drawn ahead in the other process, or when they are asked for.

    Several threads may ask at once; at worst a picture is drawn twice.
    """

    def __init__(self) -> None:
        self._made: dict[str, str] = {}
        self._waiting: deque[str] = deque()
        self._helper: threading.Thread | None = None

    def ahead(self, texts: Sequence[str]) -> None:
        """Let the other process draw these while the caller goes on."""
        if len(self._made) > KEPT:  # drawn ahead and never asked for
            self._made.clear()
        self._waiting.extend(text for text in texts if text not in self._made)
        if self._helper is None or not self._helper.is_alive():
            self._helper = threading.Thread(target=self._there, name="suasion-studio", daemon=True)
            self._helper.start()

    def _there(self) -> None:
        while (text := _take(self._waiting.popleft)) is not None:
            picture = studio().draw(text)
            if picture is None:
                return
            self._made[text] = picture

    def all(self, texts: Sequence[str]) -> list[str]:
        """Return the pictures, those still missing drawn by both processes together, where it pays to begin here."""
        self.ahead([text for text in texts if text not in self._waiting])
        while len(self._waiting) > (0 if "vl_convert" in sys.modules else FIRST):
            if (text := _take(self._waiting.pop)) is not None:
                self._made[text] = draw_here(text)
        if self._helper is not None:
            self._helper.join()
        self._waiting.clear()  # the other process has died: what is left is drawn here
        found = [self._made.get(text) or draw_here(text) for text in texts]
        for text in texts:
            self._made.pop(text, None)
        return found


@cache
def drawings() -> Drawings:
    """Return the drawings of this process."""
    return Drawings()


def _take(pop: Callable[[], str]) -> str | None:
    try:
        return pop()
    except IndexError:
        return None
