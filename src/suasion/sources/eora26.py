"""Eora26: 189 countries, 26 sectors, one table a year, basic prices.

A folder or archive a year with ``Eora26_YYYY_bp_T.txt`` (sales for production), ``Eora26_YYYY_bp_FD.txt`` (final use)
and the labels ``labels_T.txt`` and ``labels_FD.txt``, all tab-separated without headings; the labels may lie in
``indices.zip`` beside them. The first column of labels is the country's name, the second its code, the fourth the
sector.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from suasion.errors import SourceFileError
from suasion.files import checksum_of, exists, is_file, is_folder
from suasion.sources.world_table import WorldTable, check_year, pooled
from suasion.types import FloatArray

YEARS = range(1990, 2023)
DATASET = "Eora26"
THOUSAND = 1e-3
"""Million USD in the table's unit: assumption, thousand USD. Some readers of the table take it for a million."""

_CODES = {"SUD": "SDN", "SDS": "SSD"}


def read_eora26(path: str | Path, year: int | None = None, unit: float = THOUSAND) -> WorldTable:
    """Read one year of the tables.

    path: the year's zip archive, or a folder with it or with its files.
    year: 1990 to 2022.
    unit: million USD in one unit of the file; 0.001 where it is a thousand USD.
    Returns: Without the row and column ``ROW``, which hold the statistical discrepancy; ``steps`` says how
      much that was, and how much of negative sales was set to zero. Output is the sum of the rows, for the
      file has none.
    Raises InputError if the year is not in the data set.
    Raises SourceFileError if a file is absent, or its size does not fit the labels.
    """
    wanted = check_year(year, YEARS, DATASET)
    place = Path(path)
    names = {k: f"Eora26_{wanted}_bp_{k}.txt" for k in ("T", "FD")}
    names |= {f"labels_{k}": f"labels_{k}.txt" for k in ("T", "FD")}
    texts, checksum = _texts(place, names, wanted)
    frames = {
        k: pd.read_csv(io.BytesIO(v), sep="\t", header=None, keep_default_na=False) for k, v in texts.items()
    }
    sellers = _labels(frames["labels_T"], (1, 3))
    buyers = [c for c, _ in _labels(frames["labels_FD"], (1, 3))]
    inter, final = (frames[k].dropna(axis=1, how="all").to_numpy(dtype=np.float64) for k in ("T", "FD"))
    if inter.shape != (len(sellers), len(sellers)) or final.shape != (len(sellers), len(buyers)):
        raise SourceFileError(
            f"{place}: T is {inter.shape} and FD {final.shape}, the labels have {len(sellers)} rows and {len(buyers)} "
            "columns. Take all files from one release."
        )
    return _table(inter * unit, final * unit, (sellers, buyers), wanted, checksum)


def _table(
    inter: FloatArray,
    final: FloatArray,
    labels: tuple[Sequence[tuple[str, str]], Sequence[str]],
    year: int,
    checksum: str,
) -> WorldTable:
    sellers, buyers = labels
    countries = tuple(dict.fromkeys(c for c, _ in sellers if c != "ROW"))
    sectors = tuple(dict.fromkeys(k for c, k in sellers if c != "ROW"))
    place = {(c, k): i * len(sectors) + j for i, c in enumerate(countries) for j, k in enumerate(sectors)}
    rows = [place.get(pair, -1) for pair in sellers]
    columns = [countries.index(c) if c in countries else -1 for c in buyers]
    size = len(place)
    kept, sold = pooled(inter, rows, rows, (size, size)), pooled(final, rows, columns, (size, len(countries)))
    lost = float(inter.sum() + final.sum() - kept.sum() - sold.sum())
    negative = float(kept[kept < 0].sum())
    steps = [f"statistical discrepancy left out: rows and columns ROW, {lost:.6g} million USD net"]
    if negative < 0:
        steps.append(f"negative sales for production set to zero: {-negative:.6g} million USD")
    return WorldTable(
        DATASET, year, countries, sectors, np.maximum(kept, 0.0), sold, None, checksum, {}, tuple(steps)
    )


def _labels(frame: pd.DataFrame, columns: tuple[int, int]) -> list[tuple[str, str]]:
    if frame.shape[1] <= max(columns):
        raise SourceFileError(
            f"Labels have {frame.shape[1]} columns, Eora26 has at least {max(columns) + 1}."
        )
    country, sector = (frame[c].astype(str).str.strip() for c in columns)
    return [(_CODES.get(c, c), s) for c, s in zip(country, sector, strict=True)]


def _texts(place: Path, names: dict[str, str], year: int) -> tuple[dict[str, bytes], str]:
    """Content of the four files, from a folder, an archive, or archives in a folder."""
    if not exists(place):
        raise SourceFileError(f"There is no {place}. Give the archive or folder of Eora26 for {year}.")
    folder = place if is_folder(place) else place.parent
    archives = (
        [place] if is_file(place) else [p for p in sorted(folder.rglob("*.zip")) if _fits(p.name, year)]
    )
    archives += [p for p in (folder / "indices.zip",) if is_file(p)]
    found: dict[str, bytes] = {}
    for key, name in names.items():
        plain = next((p for p in sorted(folder.rglob(name))), None) if is_folder(place) else None
        content = plain.read_bytes() if plain is not None else _member(archives, name)
        if content is None:
            raise SourceFileError(
                f"{place} holds no {name}. Get the year's archive, and indices.zip, from worldmrio.com."
            )
        found[key] = content
    return found, checksum_of(archives[0]) if archives else ""


def _member(archives: Sequence[Path], name: str) -> bytes | None:
    for archive in archives:
        try:
            with zipfile.ZipFile(archive) as opened:
                hit = next((m for m in opened.namelist() if Path(m).name == name), None)
                if hit is not None:
                    return opened.read(hit)
        except zipfile.BadZipFile as error:
            raise SourceFileError(f"{archive} is no zip archive, or damaged. Download it again.") from error
    return None


def _fits(name: str, year: int) -> bool:
    return bool(re.search(rf"(?<!\d){year}(?!\d)", name)) and "pp" not in name.lower()
