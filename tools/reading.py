"""Read a dossier's sentences and cells as a stranger would, and say what is wrong with them."""

from __future__ import annotations

import re

from suasion.answers.language import DEFAULT_LANGUAGE, Language
from suasion.dossier.chapter import Chapter, Conclusion

FORBIDDEN = re.compile(
    r"\bnan\b|\bNone\b|N/A|(?<![\d.,])0 times|−−|\+\+|±±|\binf\b|  |\(\)|, ,|\.\.|: [.;,]|no data %",
    re.IGNORECASE,
)
"""What no sentence may hold: missing values in the words of a program, doubled signs, holes."""
EMPTY = re.compile(r"\bnan\b|\bNone\b|\binf\b")
"""What no cell may hold."""
DIRECTION = re.compile(r"\b(more|less|higher|lower|larger|smaller|rose|fell|above|below|gain|lose)\b")
"""Words that a template may not hold by itself; computed places may."""
SET_PHRASES = ("no higher one holds", "whether on a higher one", "would lose {lost}", "costliest to lose")
"""Set phrases in which such a word states no comparison of the numbers."""


def sentence_faults(claim: Conclusion, language: Language = DEFAULT_LANGUAGE) -> list[str]:
    """What is wrong with one sentence: broken text, a number that is not printed, words that numbers did not choose."""
    said = claim.finding.sentence(language)
    faults = [f"broken text: {said}"] if FORBIDDEN.search(said) else []
    faults += [f"{q.text} is not in: {said}" for q in claim.quantities if q.known and q.text not in said]
    bare = language.template(claim.finding.place)
    for phrase in SET_PHRASES:
        bare = bare.replace(phrase, "")
    if re.search(r"\d", bare) or (DIRECTION.search(bare) and claim.verb == "states"):
        faults.append(f"digits or direction in the template: {bare}")
    return faults


def cell_faults(chapter: Chapter) -> list[str]:
    """Cells that print a missing value in the words of a program."""
    return [
        f"{table.key}: {' | '.join(row)}"
        for table in chapter.tables
        for row in table.printed()
        if any(EMPTY.search(cell) for cell in row)
    ]


def faults(chapter: Chapter) -> list[str]:
    """All that is wrong with a chapter."""
    return [fault for claim in chapter.findings for fault in sentence_faults(claim)] + cell_faults(chapter)
