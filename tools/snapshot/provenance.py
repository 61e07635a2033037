"""Write ``manifest.json`` and ``PROVENANCE.md``; what they say of each file stands in ``provenance.toml``."""

from __future__ import annotations

import hashlib
import json
import textwrap
import tomllib
from pathlib import Path
from typing import Any

from . import packages

UNLISTED = ("manifest.json", "PROVENANCE.md", "__init__.py")
Record = dict[str, Any]


def texts() -> dict[str, Any]:
    """Licences, records and page templates."""
    return tomllib.loads(Path(__file__).with_name("provenance.toml").read_text(encoding="utf-8"))


def write(out: Path, report: dict[str, Any]) -> None:
    """Write the manifest and the provenance page of the files in ``out``."""
    known = texts()
    records = [record for record in known["files"] if (out / record["file"]).exists()]
    listed = {record["file"] for record in records}
    strays = {path.name for path in out.iterdir() if path.is_file()} - listed - set(UNLISTED)
    if strays:
        raise ValueError(
            f"files without provenance: {', '.join(sorted(strays))}; add them to provenance.toml"
        )
    files = {record["file"]: entry(out, record, known["licences"]) for record in records}
    text = json.dumps({"files": files, "report": report}, indent=1, sort_keys=True, ensure_ascii=False)
    (out / "manifest.json").write_text(text + "\n", encoding="utf-8")
    (out / "PROVENANCE.md").write_text(page(records, files, known["pages"], report), encoding="utf-8")


def entry(out: Path, record: Record, licences: dict[str, str]) -> dict[str, str]:
    """Make the manifest entry of a file."""
    package = record.get("carrier", "typed by hand")
    if record["package"]:
        package = getattr(packages, record["package"]).label()
    return {
        "sha256": hashlib.sha256((out / record["file"]).read_bytes()).hexdigest(),
        "source": record["source"],
        "package": package,
        "licence": " ".join(licences[name] for name in record["licences"]),
    }


def read_report(out: Path) -> dict[str, Any]:
    """Read the report of the last build from the manifest."""
    report: dict[str, Any] = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["report"]
    return report


def page(
    records: list[Record], files: dict[str, dict[str, str]], pages: dict[str, str], report: dict[str, Any]
) -> str:
    """Compose the text of ``PROVENANCE.md``."""
    parts = [
        "# Where the embedded data come from",
        "Written by `tools/build_snapshot.py`. Checksums of the files are in `manifest.json`; every licence\n"
        "sentence below was read at the place named beside it.",
    ]
    for record in records:
        made = files[record["file"]]
        lines = [
            f"Source: {made['source']}",
            f"Package: {made['package']}",
            f"Licence: {made['licence']}",
            f"Transformation: {record['transformation']}",
            f"Caveat: {record['caveat']}",
        ]
        parts.append(f"## {record['file']}\n\n" + "\n".join(item(line) for line in lines))
    parts += [pages["left_out"].strip(), world_notes(pages["world"], report["world"])]
    parts.append(trade_notes(pages["trade"], report))
    return "\n\n".join(parts) + "\n"


def item(line: str) -> str:
    """Wrap a list item."""
    return textwrap.fill(
        line, 110, initial_indent="- ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )


def world_notes(template: str, world: dict[str, Any]) -> str:
    """Fill in the measured numbers of the world table."""
    return template.strip().format(
        missing=", ".join(world["missing"]),
        output_move=100 * world["output_largest_move"],
        value_added_move=100 * world["value_added_move_of_output"],
        final_move=100 * world["final_move_of_output"],
        **{key: value for key, value in world.items() if key != "missing"},
    )


def trade_notes(template: str, report: dict[str, Any]) -> str:
    """Fill in the measured numbers of the trade and partner tables."""
    unread = report["factbook"]["unread_partners"]
    names = "; ".join(f"{year}: {', '.join(found) or 'none'}" for year, found in sorted(unread.items()))
    largest = 100 * report["materials"]["largest_value_change"]
    return template.strip().format(names=names, largest=largest, **report["materials"])


def summary(out: Path, report: dict[str, Any]) -> str:
    """Compose the closing lines of a build: sizes and measured numbers."""
    sizes = {path.name: path.stat().st_size for path in sorted(out.iterdir()) if path.is_file()}
    lines = [f"{size:>12,}  {name}" for name, size in sizes.items()]
    return "\n".join([*lines, f"{sum(sizes.values()):>12,}  total", json.dumps(report["world"], indent=1)])
