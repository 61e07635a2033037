"""Divide the surplus of the shipped networks over the ranges of their numbers, and keep the result beside them.

``python tools/divide_networks.py`` writes src/suasion/snapshot/networks/NAME.ranges.json; the dossier reads it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from typing import Any

from suasion.games import SupplyNetwork, compare, network_lock_in, outlets, read_network, sweep

FOLDER = Path(__file__).resolve().parent.parent / "src" / "suasion" / "snapshot" / "networks"
KEPT = {"eurasian_gas": ("open", "today", "today with option", "closed")}
"""Networks, and the cases of each."""
DRAWS, SEED, DIGITS = 100, 1, 6


def divide(name: str, cases: Sequence[str], draws: int = DRAWS, seed: int = SEED) -> dict[str, Any]:
    """Return what is kept of a network: gains with their spread, and capacity locked to one buyer."""
    file = read_network(name)
    networks = {case: file.network(case) for case in cases}
    spread = sweep(file, cases, draws=draws, seed=seed).summary("gain")
    table = compare(networks).merge(
        spread[["case", "player", "low", "high"]], on=["case", "player"], how="left"
    )
    columns = ["case", "player", "name", "gain", "low", "high", "share_percent"]
    return {
        "title": file.name,
        "network": hashlib.sha256((FOLDER / f"{name}.yaml").read_bytes()).hexdigest(),
        "draws": draws,
        "seed": seed,
        "players": list(networks[cases[0]].players),
        "gains": [
            {
                key: value if isinstance(value, str) else float(f"{value:.{DIGITS}g}")
                for key, value in row.items()
            }
            for row in table[columns].to_dict("records")
        ],
        "locked": [row for case, network in networks.items() for row in _locked(case, network)],
    }


def _locked(case: str, network: SupplyNetwork) -> list[dict[str, Any]]:
    sellers = dict.fromkeys(outlets(network)["player"])
    found = [
        {"case": case, "seller": a, "buyer": b, "share": network_lock_in(network, a, b)}
        for a, b in product(sellers, network.players)
        if a != b
    ]
    return [{**row, "share": round(row["share"], DIGITS)} for row in found if row["share"] > 0]


def main() -> int:
    """Write the files."""
    for name, cases in KEPT.items():
        text = json.dumps(divide(name, cases), indent=1)
        (FOLDER / f"{name}.ranges.json").write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
