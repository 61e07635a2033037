"""What the central course leaves for the draws to start from."""

from __future__ import annotations

from suasion.equilibrium.solve import Solved
from suasion.types import FloatArray


class Guide:
    """Where solutions of earlier draws lay, for later ones to start from; answers do not depend on it.

    The first of all is the central course, which comes before the draws.
    """

    def __init__(self) -> None:
        self._kept: dict[tuple[object, ...], FloatArray] = {}
        self._examples: dict[tuple[object, ...], Solved] = {}

    def start(self, *key: object) -> FloatArray | None:
        """Return what was kept under a key."""
        return self._kept.get(key)

    def keep(self, value: FloatArray, *key: object) -> None:
        """Keep the first value of a key."""
        self._kept.setdefault(key, value)

    def example(self, *key: object) -> Solved | None:
        """Return the equilibrium kept under a key."""
        return self._examples.get(key)

    def keep_example(self, solved: Solved, *key: object) -> None:
        """Keep the first equilibrium of a key."""
        self._examples.setdefault(key, solved)
