"""Wars between states that go on: what treaties promise is not kept, and what trade was is no guide."""

from __future__ import annotations

BELLIGERENTS, WAR_SINCE = {"RUS", "UKR"}, 2022
"""A pair at war, and since when."""
