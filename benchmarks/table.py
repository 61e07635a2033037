"""What a benchmark yields: a table with a note, or the reason why there is none."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Title, a sentence or two, column heads and rows of text."""

    title: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """Section of the page."""
        lines = ["| " + " | ".join(row) + " |" for row in (self.head, *self.rows)]
        lines.insert(1, "|" + "---|" * len(self.head))
        return "\n".join([f"## {self.title}", "", self.note, "", *lines, ""])

    def to_json(self) -> str:
        """Text that :meth:`from_json` reads back."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Table:
        """Table from JSON."""
        data = json.loads(text)
        return cls(
            data["title"], data["note"], tuple(data["head"]), tuple(tuple(row) for row in data["rows"])
        )


def failed(title: str, reason: str) -> Table:
    """Return a table that says why there is none."""
    return Table(title, "This benchmark gave no number.", ("reason",), ((reason,),))


def number(value: float) -> str:
    """Three digits, without an exponent where that can be read."""
    text = f"{value:.3g}"
    return f"{value:,.0f}" if "e+" in text else text


def seconds(job: Callable[[], object], repeats: int = 3, warm: bool = True) -> float:
    """Median wall time of a job, after one run to warm up."""
    if warm:
        job()
    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        job()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def exponent(sizes: Sequence[float], times: Sequence[float]) -> float:
    """Slope of log time over log size by least squares: doubling the size multiplies the time by 2 to this power."""
    import numpy as np

    return float(np.polyfit(np.log(sizes), np.log(times), 1)[0])
