"""Reading of the World Factbook's prose: amounts, years, partner shares, memberships, names."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import packages

Entry = dict[str, Any]

SCALES = {"million": 1.0, "billion": 1e3, "trillion": 1e6}
MONEY = re.compile(
    r"(?P<sign>-?)\$(?P<minus>-?)(?P<number>[\d,]+(?:\.\d+)?)\s*(?P<scale>million|billion|trillion)?"
)
YEAR = re.compile(r"\((?:FY)?(?P<year>(?:19|20)\d\d)(?:/\d\d)?\b")
INVERTED = re.compile(r"([A-Z][\w ]+), (The|Republic of the|The Former Yugo Rep of) (?=\d)")
"""A name printed as in an index, such as ``Bahamas, The 5%``."""
SHARE = re.compile(r"\s*(?P<name>[^%]*?)[\s:]*?(?P<share>\d+(?:\.\d+)?)\s*%")


def load(package: packages.Package, cache: Path) -> dict[str, Entry]:
    """Entries of one vintage by FIPS code (the file names), sorted."""
    files = packages.members(package, cache, ".json")
    entries = {}
    for name, content in files.items():
        stem = Path(name).stem
        if len(stem) == 2:
            entries[stem] = json.loads(content)
    return dict(sorted(entries.items()))


def text(entry: Entry, *keys: str) -> str:
    """Text at a path of keys, or an empty string."""
    node: Any = entry
    for key in keys:
        node = node.get(key) if isinstance(node, dict) else None
    if isinstance(node, dict):
        node = node.get("text")
    return node.strip() if isinstance(node, str) else ""


def million_usd(phrase: str) -> float | None:
    """Amount of a phrase such as ``$1.5 billion`` in million USD, or None."""
    found = MONEY.search(phrase)
    if found is None:
        return None
    amount = float(found["number"].replace(",", "")) * SCALES.get(found["scale"] or "", 1e-6)
    return -amount if found["sign"] or found["minus"] else amount


def year_of(phrase: str) -> int | None:
    """Year in brackets of a phrase, such as ``(2023 est.)``, or None."""
    found = YEAR.search(phrase)
    return int(found["year"]) if found else None


def dated(entry: Entry, section: str, item: str) -> dict[int, str]:
    """Phrases of an item by the year each carries in brackets."""
    node = entry.get(section, {}).get(item)
    if not isinstance(node, dict):
        return {}
    phrases = [text(node)] if "text" in node else [text(node, key) for key in node if key != "note"]
    years = {}
    for part in phrases:
        for phrase in re.split(r"<br\s*/?>|\+\+|;", part):
            year = year_of(phrase)
            if year is not None and year not in years:
                years[year] = phrase
    return years


def net_exports(entries: dict[str, Entry], codes: dict[str, str], year: int) -> dict[str, float]:
    """Net exports of goods and services, million USD, by ISO code, where both are given for ``year``."""
    result = {}
    for fips, entry in entries.items():
        sold = million_usd(dated(entry, "Economy", "Exports").get(year, ""))
        bought = million_usd(dated(entry, "Economy", "Imports").get(year, ""))
        if fips in codes and sold is not None and bought is not None:
            result[codes[fips]] = sold - bought
    return result


def plain(phrase: str) -> str:
    """Phrase without HTML tags and entities."""
    return html.unescape(re.sub(r"<[^>]+>", " ", phrase)).replace("\u00a0", " ").strip()


@dataclass(frozen=True, slots=True)
class Share:
    """One partner's share as printed."""

    name: str
    percent: float


def shares(phrase: str) -> list[Share]:
    """Partner shares of a phrase such as ``China 33%, India 17% (2023)``."""
    body = INVERTED.sub(r"\2 \1 ", re.sub(r"\([^)]*\)\s*$", "", plain(phrase)))
    found = []
    for part in re.split(r",\s*(?![^()]*\))", body):
        match = SHARE.fullmatch(part.strip())
        if match and match["name"].strip():
            found.append(Share(match["name"].strip(), float(match["share"])))
    return found


def organizations(phrase: str) -> list[tuple[str, str]]:
    """Organizations and the status printed in brackets, ``member`` where none is."""
    found = []
    for part in re.split(r",\s*(?![^()]*\))", plain(phrase)):
        match = re.fullmatch(r"(?P<name>[^()]+?)\s*(?:\((?P<status>[^()]*)\))?", part.strip())
        if match and match["name"].strip():
            found.append((match["name"].strip(), (match["status"] or "member").strip()))
    return found


def percent(phrase: str) -> float | None:
    """First percentage of a phrase, or None."""
    found = re.search(r"(-?\d+(?:\.\d+)?)\s*%", phrase)
    return float(found[1]) if found else None
