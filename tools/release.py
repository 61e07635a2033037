"""Make the files of a release: wheel, documentation, data table, notes and checksums. Nothing is published.

``python tools/release.py --tag v0.2.0 --site build/site --out build/release``; ``make release`` builds the
documentation first. The data table is what each of all pairs loses, with its ranges: the file that ships, as CSV,
beside the sentences on where its data are from.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parent.parent
SNAPSHOT = ROOT / "src" / "suasion" / "snapshot"
TABLE = "loss_intervals"
SUMS = "SHA256SUMS"
DAY = (1980, 1, 1, 0, 0, 0)
"""Of every file in an archive: the same content is the same archive."""


def version() -> str:
    """Version of the package, as its project says."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["version"])


def notes(number: str) -> str:
    """What the changelog says of a version.

    Raises SystemExit: It says nothing.
    """
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    found = re.search(rf"^## {re.escape(number)}\b.*?\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if found is None or not found[1].strip():
        raise SystemExit(f"CHANGELOG.md says nothing of {number}: cut its section first.")
    from suasion.outlook.scoreboard.frozen import desk

    return f"{found[1].strip()}\n\nFrozen forecasts: the hash of the last line is {desk().head}.\n"


def make(out: Path, site: Path, tag: str = "") -> dict[str, str]:
    """Make the files of a release.

    out: Folder; it is empty or does not exist.
    site: Documentation as it was built.
    tag: Of the version, as v0.2.0; whatever version there is where empty.
    Returns: Checksums by file.
    Raises SystemExit: The tag is of another version, the folder holds something, or a part is missing.
    """
    number = version()
    if tag and tag != f"v{number}":
        raise SystemExit(f"The tag is {tag} and the package has version {number}.")
    if not (site / "index.html").is_file():
        raise SystemExit(f"{site} holds no documentation: run make docs.")
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise SystemExit(f"{out} is not empty: remove it first.")
    (out / "NOTES.md").write_text(notes(number), encoding="utf-8")
    line = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out.resolve())]
    subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    _pack(out / f"suasion-{number}-docs.zip", {str(one.relative_to(site)): one for one in site.rglob("*")})
    losses = out / f"{TABLE}.csv"
    pd.read_parquet(SNAPSHOT / f"{TABLE}.parquet").to_csv(losses, index=False, lineterminator="\n")
    _pack(
        out / f"suasion-{number}-data.zip",
        {
            losses.name: losses,
            "PROVENANCE.md": SNAPSHOT / "PROVENANCE.md",
            "CITATION.cff": ROOT / "CITATION.cff",
        },
    )
    losses.unlink()
    sums = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(out.iterdir())}
    (out / SUMS).write_text("".join(f"{value}  {name}\n" for name, value in sums.items()), encoding="utf-8")
    return sums


def _pack(path: Path, files: dict[str, Path]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in sorted(files.items()):
            if file.is_file():
                item = zipfile.ZipInfo(name, DAY)
                archive.writestr(item, file.read_bytes(), zipfile.ZIP_DEFLATED)


def main(argv: Sequence[str] | None = None) -> int:
    """Make a release and print its checksums."""
    parser = argparse.ArgumentParser(description="Make the files of a release; nothing is published.")
    parser.add_argument("--tag", default="", help="tag of the version, as v0.2.0; it must be the package's")
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "site", help="documentation as built")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "release", help="an empty folder")
    asked = parser.parse_args(argv)
    for name, value in make(asked.out, asked.site, asked.tag).items():
        print(f"{value}  {name}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
