"""What was prepared for a world or a base stays with it: asked for again it is there, and it goes with its owner."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from suasion.store import Recent

Made = TypeVar("Made")


class _Shelf(Generic[Made]):
    """Results of one owner. Its lock is held while one is made: whoever asks meanwhile waits, and makes nothing."""

    def __init__(self, most: int) -> None:
        self.lock = threading.Lock()
        self.made: Recent[Hashable, Made] = Recent(most)


class Prepared(Generic[Made]):
    """The latest results of each owner.

    most: results kept for an owner; beyond that the one not asked for the longest goes.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._shelves: weakref.WeakKeyDictionary[object, _Shelf[Made]] = weakref.WeakKeyDictionary()

    def __len__(self) -> int:
        """Count the owners."""
        return len(self._shelves)

    def get(self, owner: object, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made for an owner and key, or make it: alone, so that it hangs on nothing asked before.

        owner: compared by identity, and not kept alive; nothing that is made may hold it.
        key: all that the result depends on besides the owner.
        make: makes it; must not ask for others of the same owner here.
        """
        with self._lock:
            shelf = self._shelves.setdefault(owner, _Shelf(self._most))
        with shelf.lock:
            found = shelf.made[key] if key in shelf.made else make()
            return shelf.made.put(key, found)
