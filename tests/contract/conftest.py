"""What tests of the sources share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from trees import tree_of


@pytest.fixture(autouse=True, scope="module")
def _trees_are_let_go() -> Iterator[None]:
    """Millions of nodes kept would slow every later collection of garbage in the same process."""
    yield
    tree_of.cache_clear()
