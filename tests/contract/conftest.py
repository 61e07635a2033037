"""What tests of the sources share."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from trees import tree_of


@pytest.fixture(autouse=True, scope="module")
def _trees_are_kept_aside() -> Iterator[None]:
    """Millions of nodes that stay are no garbage: no later collection in the process looks through them again."""
    yield
    if tree_of.cache_info().currsize:
        gc.freeze()
