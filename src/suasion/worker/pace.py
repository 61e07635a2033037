"""How fast steps are done, and how long those that are left will take."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(slots=True)
class Pace:
    """Steps that are counted together; others, counted anew, have a pace of their own.

    done, total: steps done, of how many.
    begun, before: when their counting began (monotonic), and how many were done then.
    """

    done: int = 0
    total: int = 0
    begun: float = 0.0
    before: int = 0

    def report(self, done: int, total: int) -> None:
        """Note how far it is."""
        if total != self.total or done < self.done:
            self.begun, self.before = time.monotonic(), done
        self.done, self.total = done, total

    @property
    def left(self) -> int | None:
        """Seconds left; None where no step has shown yet how long one takes."""
        if self.done <= self.before:
            return None
        return round((time.monotonic() - self.begun) * (self.total - self.done) / (self.done - self.before))
