"""Evidence on forecasts of sanctions: rolling origins, a year ahead and as many years ahead as the frozen ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from evidence import ROOT


def sources() -> Sequence[Path]:
    """Code of the fit; the data are not in the repository."""
    tools = (ROOT / "tools" / name for name in ("fit_sanctions.py", "fits/sanctions.py", "fits/logit.py"))
    return [*tools, ROOT / "src" / "suasion" / "statecraft" / "sanctions.py"]


def evaluation() -> pd.DataFrame:
    """Scores by scheme and sender, from the user's data."""
    from fit_sanctions import scored

    return _rows(scored())


def shipped_scores(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Scores that ship with the chances."""
    from suasion.statecraft.sanctions import sanction_model

    return _rows(sanction_model()["scores"])


def _rows(scores: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    rows = [
        {"scheme": scheme, "sender": sender, **values}
        for scheme, parts in scores.items()
        for sender, values in parts.items()
    ]
    return pd.DataFrame(rows)
