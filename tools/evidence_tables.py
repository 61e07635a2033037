"""The tables that `make evidence` computes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evidence import ROOT, Evidence, sha256

if TYPE_CHECKING:
    from suasion.equilibrium import Economy

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
SAMPLED_PAIRS = ("CHN-RUS", "ISL-STP", "MEX-USA")
HORIZONS = ("short", "long")


def snapshot_files() -> Sequence[Path]:
    """Embedded data files; the manifest holds only hashes of them."""
    kept = (p for p in SNAPSHOT.iterdir() if p.is_file() and p.suffix not in {".py", ".md"})
    return sorted(p for p in kept if p.name != "manifest.json")


def exit_costs(pairs: Iterable[str] | None = None) -> pd.DataFrame:
    """Losses of both sides for each pair and horizon, the pair named in alphabetical order of its codes."""
    import suasion as su
    from suasion.coercion.outcomes import base_accounts
    from suasion.equilibrium.economy import economy_on
    from suasion.equilibrium.horizon import resolve

    world = su.load_world()
    base = base_accounts(world, "balance")
    names = list(pairs) if pairs is not None else [f"{a}-{b}" for a, b in combinations(world.countries, 2)]
    rows = []
    for horizon in HORIZONS:
        economy = economy_on(base, resolve(world, horizon), "balance")
        for done, name in enumerate(names):
            rows += _losses(economy, name, horizon)
            if done % 100 == 99:
                print(f"{horizon}: {done + 1} of {len(names)} pairs", file=sys.stderr)
    return pd.DataFrame(rows)


def _losses(economy: Economy, name: str, horizon: str) -> list[dict[str, object]]:
    """One row for each side; a cut without equilibrium has no loss but a reason."""
    from suasion.equilibrium.economy import log_welfare, respond
    from suasion.equilibrium.types import Shock
    from suasion.errors import ConvergenceError, ShockError

    base, sides = economy.accounts, name.split("-")
    index = [base.countries.index(code) for code in sides]
    cut = np.zeros((len(base.countries), len(base.countries), len(base.sectors)), dtype=bool)
    cut[index, index[::-1]] = True
    reason, change = "", np.full(len(base.countries), np.nan)
    try:
        change = np.expm1(log_welfare(respond(economy, Shock(cut=cut))[0]))
    except (ShockError, ConvergenceError) as error:
        reason = str(error)
    return [
        {
            "pair": name,
            "country": code,
            "horizon": horizon,
            "loss_percent": -100.0 * change[n],
            "loss_usd": -change[n] * base.income[n],
            "reason": reason,
        }
        for code, n in zip(sides, index, strict=True)
    ]


def sampled_exit_costs(committed: pd.DataFrame) -> pd.DataFrame:
    """Recompute the worked example, the pair with the least trade, and one of the closest."""
    return exit_costs(sorted(set(SAMPLED_PAIRS) & set(committed["pair"])))


def snapshot_rebuild() -> pd.DataFrame:
    """Build the snapshot anew in another folder and compare its files with the committed ones."""
    from snapshot import assemble

    with tempfile.TemporaryDirectory() as folder:
        assemble.build_all(ROOT / "build" / "packages", Path(folder))
        rebuilt = {path.name: sha256(path) for path in Path(folder).iterdir() if path.is_file()}
    table = file_hashes()
    verdicts = {True: "same bytes", False: "other bytes"}
    found = [
        verdicts[rebuilt[name] == digest] if name in rebuilt else "not built: a typed table or a licence"
        for name, digest in zip(table["file"], table["sha256"], strict=True)
    ]
    return table.assign(rebuilt=found)


def file_hashes(committed: pd.DataFrame | None = None) -> pd.DataFrame:
    """Size and hash of every embedded file; needs no build."""
    files = snapshot_files()
    return pd.DataFrame(
        {
            "file": [p.name for p in files],
            "bytes": [p.stat().st_size for p in files],
            "sha256": [sha256(p) for p in files],
        }
    )


TABLES = (
    Evidence(
        name="exit_costs",
        about="What both sides of each of the 3,160 pairs lose when their tie is cut, by horizon: per cent of own "
        "real expenditure and million USD at base prices (negative is a gain).",
        keys=("pair", "country", "horizon"),
        compute=exit_costs,
        sample=sampled_exit_costs,
        inputs=snapshot_files,
        tolerance=1e-4,
        reason="markets clear to 1e-11, and the smallest losses are of the order of 1e-8 of expenditure: four digits",
    ),
    Evidence(
        name="snapshot_rebuild",
        about="Whether building the embedded data anew from the pinned packages gives the committed bytes.",
        keys=("file",),
        compute=snapshot_rebuild,
        sample=file_hashes,
        inputs=snapshot_files,
        tolerance=0.0,
        reason="bytes are equal or not",
    ),
)
