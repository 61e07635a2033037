"""Read numbers and direction words back from sentences; shares no code with the writer."""

from __future__ import annotations

import re
from dataclasses import dataclass

NOISE = 1e-9
"""What is smaller prints as nought: rounding of the solver."""
SCALE = {"mn USD": 1.0, "bn USD": 1e3, "tn USD": 1e6, "USD": 1e-6}
BAND = re.compile(r" \(90 % band [^)]*\)")
NUMBER = re.compile(
    r"(?P<word>less than |more than )?(?P<digits>\d[\d,]*(?:\.\d+)?) (?P<unit>%|mn USD|bn USD|tn USD|USD|times|loses?\b|gains?\b)"
)


@dataclass(frozen=True)
class Read:
    """A number as a reader sees it: ``kind`` is percent, musd, ratio or count; ``word`` is "", "less", "more"."""

    value: float
    kind: str
    word: str
    digits: str


def numbers(sentence: str) -> list[Read]:
    """All numbers outside bands, in the order of the sentence."""
    found = []
    for match in NUMBER.finditer(BAND.sub("", sentence)):
        unit, digits = match["unit"], match["digits"]
        kind = {"%": "percent", "times": "ratio", "lose": "count", "gain": "count"}.get(
            unit.rstrip("s") if unit[0] in "lg" else unit, "musd"
        )
        value = float(digits.replace(",", "")) * SCALE.get(unit, 1.0)
        found.append(Read(value, kind, (match["word"] or "").split(" ")[0], digits))
    return found


def bands(sentence: str) -> list[tuple[float, float]]:
    """Ends of all bands in units of their own (per cent, or million USD)."""
    out = []
    for text in re.findall(r"\(90 % band ([^)]*)\)", sentence):
        first, second = text.split(" to ")
        unit = second.split(" ", 1)[1] if " " in second else "%"
        out.append((_end(first, unit), _end(second, unit)))
    return out


def _end(text: str, unit: str) -> float:
    match = re.search(r"(−?)(?:less than )?([\d,.]+)(?: (.*))?", text)
    assert match, text
    value = float(match[2].replace(",", "")) * SCALE.get(match[3] or unit, 1.0)
    return -value if match[1] else value


def agrees(read: Read, value: float, kind: str) -> bool:
    """Whether a number read is the printed form of ``value``."""
    size = abs(value)
    if read.word == "less":
        return size < read.value
    if read.word == "more":
        return size > read.value
    if kind == "share":
        return abs(read.value - size) <= 0.05 + 1e-9
    if kind == "count":
        return read.value == size
    if read.value == 0:
        return size < NOISE
    return abs(read.value - size) <= 0.05000001 * max(size, read.value)
