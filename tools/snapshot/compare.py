"""Compare a fresh build with the committed files: bytes first, then numbers to 1e-9."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

TOLERANCE = 1e-9


def report(committed: Path, fresh: Path) -> int:
    """Print one line a file; returns 0 when all files hold the same numbers, 1 otherwise."""
    status = 0
    for path in sorted(fresh.iterdir()):
        other = committed / path.name
        verdict = "missing" if not other.exists() else difference(other, path)
        status = status if verdict in ("same bytes", "same numbers") else 1
        print(f"{path.name}: {verdict}")
    return status


def difference(first: Path, second: Path) -> str:
    """Say ``same bytes``, ``same numbers`` (to 1e-9 of the largest entry), or what differs."""
    if first.read_bytes() == second.read_bytes():
        return "same bytes"
    if first.suffix == ".npz":
        return arrays_differ(first, second)
    if first.suffix == ".parquet":
        left, right = pd.read_parquet(first), pd.read_parquet(second)
        try:
            pd.testing.assert_frame_equal(left, right, rtol=TOLERANCE, atol=0.0)
        except AssertionError as reason:
            return f"differs: {str(reason).splitlines()[0]}"
        return "same numbers"
    return "differs"


def unpacked(array: np.ndarray, name: str) -> np.ndarray:
    """Content of a compressed byte plane; other arrays as they are."""
    if name not in ("low", "high"):
        return array
    with pa.CompressedInputStream(pa.BufferReader(array.tobytes()), "zstd") as stream:
        return np.frombuffer(stream.read(), np.uint8)


def arrays_differ(first: Path, second: Path) -> str:
    """Verdict on two npz files."""
    with np.load(first, allow_pickle=False) as left, np.load(second, allow_pickle=False) as right:
        if left.files != right.files:
            return f"differs: arrays {left.files} and {right.files}"
        for name in left.files:
            a, b = unpacked(left[name], name), unpacked(right[name], name)
            if a.dtype.kind in "iuf" and a.shape == b.shape:
                scale = max(float(np.abs(a).max(initial=0.0)), 1.0)
                same = bool(np.abs(a.astype(float) - b.astype(float)).max(initial=0.0) <= TOLERANCE * scale)
            else:
                same = bool(np.array_equal(a, b))
            if not same:
                return f"differs: array {name}"
    return "same numbers"
