"""Which form of heading stands on each screen of fronts, by pair, and on how many fronts each form stands."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from evidence import ROOT

FIRST = (
    "RUS-CHN", "USA-CHN", "DEU-CHN", "TWN-CHN", "MEX-USA", "KAZ-RUS", "UKR-RUS", "AUS-CHN", "VNM-CHN", "DEU-FRA",
    "JPN-KOR", "IND-CHN", "TUR-RUS", "BRA-CHN", "CAN-USA", "SAU-USA", "POL-DEU", "RUS-IRN", "HUN-RUS", "GBR-DEU",
)  # fmt: skip
"""Great powers, neighbours, who trades little, who is at war and whose economy is estimated: the bounds were chosen
on these."""
SECOND = (
    "FRA-USA", "TUR-DEU", "CHL-CHN", "ZAF-CHN", "PAK-CHN", "EGY-RUS", "SGP-MYS", "NLD-DEU", "IRL-USA", "THA-JPN",
    "NGA-CHN", "ARG-BRA", "NOR-GBR", "ISR-USA", "DEU-RUS", "KAZ-CHN", "JPN-CHN", "IND-RUS", "ARM-RUS", "MNG-CHN",
)  # fmt: skip
"""Others, on which no bound was chosen; four forms were added after reading them."""
SETS = {"first": FIRST, "second": SECOND}
SAMPLED = "GBR-DEU"
SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
LOSSES = ("loss_intervals.parquet", "losses_by_year.parquet", "state_losses.parquet")
RULES = ROOT / "src" / "suasion" / "questions" / "verdict"


def front_headings() -> pd.DataFrame:
    """One row a pair and screen: the form of its heading, and on how many fronts of the set that form stands."""
    rows = [row for name, pairs in SETS.items() for pair in pairs for row in _forms(name, pair)]
    return counted(pd.DataFrame(rows))


def sampled_front(committed: pd.DataFrame) -> pd.DataFrame:
    """The front of one pair, made again."""
    fresh = pd.DataFrame(list(_forms("first", SAMPLED)))
    others = committed[committed["pair"] != SAMPLED].drop(columns="fronts_count")
    whole = counted(pd.concat([others, fresh], ignore_index=True))
    return whole[whole["pair"] == SAMPLED]


def counted(forms: pd.DataFrame) -> pd.DataFrame:
    """Add how many fronts of a set have the form."""
    held = forms.groupby(["pair_set", "screen", "heading_form"])["pair"].transform("size")
    return forms.assign(fronts_count=held)


def front_files() -> Sequence[Path]:
    """What the table rests on: the rules, and the losses that ship."""
    return [*sorted(RULES.rglob("*.py")), *(SNAPSHOT / name for name in LOSSES)]


def _forms(name: str, pair: str) -> list[dict[str, str]]:
    import suasion as su

    print(pair, file=sys.stderr, flush=True)
    seven = su.verdict(*pair.split("-")).result
    form = {one.key: one.heading.key.removeprefix(f"verdict.{one.key}.").rpartition(".")[2] for one in seven}
    return [
        {"pair_set": name, "pair": pair, "screen": screen, "heading_form": one}
        for screen, one in form.items()
    ]
