"""The fault bench: the real command line and server, in conditions that users meet."""

from __future__ import annotations

from collections.abc import Iterator

import harness
import pytest

_WHY_NOT = harness.why_not()


@pytest.fixture
def box() -> Iterator[harness.Box]:
    """A private namespace for one case; skipped, saying so, where none can be made."""
    if _WHY_NOT:
        pytest.skip(f"cases of the fault bench need a private mount namespace: {_WHY_NOT}")
    with harness.Box() as made:
        yield made
