"""Write the script that draws Vega-Lite in a page, and the licences of what is in it.

``python tools/make_engine.py [--licences NODE_MODULES]``: the script comes from the installed vl-convert-python; the
licences from a folder into which npm installed vega, vega-lite and vega-embed of the versions that this prints.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from pathlib import Path

import vl_convert

HERE = Path(__file__).resolve().parent.parent / "src" / "suasion" / "dossier" / "engine"
COMMANDS = "cliui commander emoji-regex escalade get-caller-file iconv-lite rw safer-buffer vega-typings y18n"
NOT_IN_A_PAGE = re.compile(
    "|".join((*COMMANDS.split(), "ansi-.*", "yargs.*", "(string|get-.*)-width", ".*-ansi"))
)
"""Packages of the command lines that npm installs with the others."""


def main() -> None:
    """Write the script, and the licences where a folder is named."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--licences", type=Path, metavar="NODE_MODULES")
    options = parser.parse_args()
    (HERE / "vega.js.gz").write_bytes(gzip.compress(made_anew().encode(), compresslevel=9, mtime=0))
    if options.licences:
        (HERE / "LICENSES.txt").write_text(licences(options.licences), encoding="utf-8")
    print(
        f"vega {vl_convert.get_vega_version()}, vega-lite {vl_convert.get_vegalite_versions()[-1]}, "
        f"vega-embed {vl_convert.get_vega_embed_version()}"
    )


def made_anew() -> str:
    """Make the script from the installed library, wrapped so that its names stay its own (seconds)."""
    return f'(()=>{{"use strict";\n{vl_convert.javascript_bundle()}\n}})();'


def licences(modules: Path) -> str:
    """Every licence text once, under the packages that carry it."""
    texts: dict[str, list[str]] = {}
    for folder in sorted(path.parent for path in modules.glob("*/package.json")):
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        if NOT_IN_A_PAGE.fullmatch(about["name"]):
            continue
        (file,) = [path for path in folder.iterdir() if path.stem.upper() == "LICENSE"]
        text = "\n".join(line.rstrip() for line in file.read_text(encoding="utf-8").strip().splitlines())
        texts.setdefault(text, []).append(f"{about['name']} {about['version']} ({about['license']})")
    return "\n\n".join(f"{'=' * 80}\n{chr(10).join(names)}\n\n{text}" for text, names in texts.items()) + "\n"


if __name__ == "__main__":
    main()
