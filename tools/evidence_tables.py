"""The tables that `make evidence` computes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from evidence import ROOT, Evidence, sha256

SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
PAIRS = (
    ("RUS", "CHN"),
    ("USA", "CHN"),
    ("AUS", "CHN"),
    ("DEU", "RUS"),
    ("MEX", "USA"),
    ("KOR", "CHN"),
    ("JPN", "CHN"),
    ("KAZ", "RUS"),
    ("BLR", "RUS"),
    ("UKR", "RUS"),
    ("ISL", "STP"),
)
SAMPLED_PAIRS = (("RUS", "CHN"), ("ISL", "STP"))


def snapshot_files() -> Sequence[Path]:
    """Embedded data files; the manifest holds only hashes of them."""
    kept = (p for p in SNAPSHOT.iterdir() if p.is_file() and p.suffix not in {".py", ".md"})
    return sorted(p for p in kept if p.name != "manifest.json")


def exit_costs(pairs: Iterable[tuple[str, str]] = PAIRS) -> pd.DataFrame:
    """Losses of both sides for each pair and horizon, without bands."""
    import suasion as su

    world = su.load_world()
    rows = []
    for a, b in pairs:
        table = su.exit_cost(world, a, b, horizon="both").table
        rows.append(table[["country", "horizon", "loss_percent", "loss_usd"]].assign(pair=f"{a}-{b}"))
    return pd.concat(rows, ignore_index=True)[["pair", "country", "horizon", "loss_percent", "loss_usd"]]


def sampled_exit_costs(committed: pd.DataFrame) -> pd.DataFrame:
    """Recompute two pairs: the worked example, and the pair with the smallest trade."""
    wanted = {f"{a}-{b}" for a, b in SAMPLED_PAIRS} & set(committed["pair"])
    return exit_costs(tuple(pair.split("-")) for pair in sorted(wanted))  # type: ignore[misc]


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
        about="What both sides of a pair lose when their tie is cut, by horizon: per cent of own real "
        "expenditure and million USD.",
        keys=("pair", "country", "horizon"),
        compute=exit_costs,
        sample=sampled_exit_costs,
        inputs=snapshot_files,
        tolerance=1e-6,
        reason="markets clear to 1e-9 of their size, and a loss is a small difference of large numbers",
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
