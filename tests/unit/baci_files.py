"""Small files in the layout of CEPII's BACI, for tests."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

HEAD = "t,i,j,k,v,q"
ROWS = {
    2021: ("2021,36,156,270112,100.5,1000", "2021,36,392,270112,50,500", "2021,643,156,010121,7.25,NA"),
    2022: ("2022,36,156,270112,1.5,10", "2022,36,392,270112,150,900", "2022,643,276,271121,20,"),
    2023: ("2023,36,392,270112,160,950", "2023,643,156,271121,30,300", "2023,842,276,010121,1,2"),
}
COUNTRIES = (
    "country_code,country_name,country_iso2,country_iso3",
    "36,Australia,AU,AUS",
    "156,China,CN,CHN",
    "276,Germany,DE,DEU",
    "392,Japan,JP,JPN",
    "643,Russian Federation,RU,RUS",
    "842,USA,US,USA",
)
PRODUCTS = (
    "code,description",
    "010121,Horses",
    '270112,"Coal: bituminous, not agglomerated"',
    "271121,Natural gas",
    "9999AA,Not specified",
)


def trade_name(year: int, revision: str = "HS92", release: str = "202401b") -> str:
    """Name of a trade file."""
    return f"BACI_{revision}_Y{year}_V{release}.csv"


def members(
    rows: Mapping[int, Sequence[str]], revision: str = "HS92", release: str = "202401b"
) -> dict[str, str]:
    """Texts of a release by name."""
    made = {trade_name(y, revision, release): "\n".join((HEAD, *lines)) + "\n" for y, lines in rows.items()}
    made[f"country_codes_V{release}.csv"] = "\n".join(COUNTRIES) + "\n"
    made[f"product_codes_{revision}_V{release}.csv"] = "\n".join(PRODUCTS) + "\n"
    return made


def baci_zip(
    folder: Path, rows: Mapping[int, Sequence[str]] = ROWS, revision: str = "HS92", release: str = "202401b"
) -> Path:
    """Write a zip as CEPII offers it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"BACI_{revision}_V{release}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members(rows, revision, release).items():
            archive.writestr(name, text)
    return path
