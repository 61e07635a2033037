"""English for the claims: names in a sentence, horizons, possessives."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from suasion.dossier.strings import say
from suasion.equilibrium.elasticities.schedule import HORIZONS

UNRECOGNISED = frozenset({"CHN", "TWN"})
"""Two that do not recognise each other as states."""
BELLIGERENTS = frozenset({"RUS", "UKR"})
WAR_SINCE = 2022
"""Two states of the table that are at war, and since when: no sentence on them may read as if not."""
_ARTICLE_CODES = "ARE BHS CAF COD COG COM DOM FSM GBR GMB MDV MHL NLD PHL SLB USA VAT EU EU27 WEST ROW"
_WITH_ARTICLE = frozenset(_ARTICLE_CODES.split())
_GROUPS = {
    "EU": "European Union",
    "EU27": "European Union",
    "WEST": "West",
    "ROW": "rest of the world",
}


def printed_name(code: str, official: str) -> str:
    """Name of a state or group as it stands inside a sentence ("the United States", "Russia").

    Parameters
    ----------
    code : str
        ISO alpha-3 code or the label of a group.
    official : str
        Name to use where no shorter one is customary.
    """
    name = _GROUPS.get(code, official)
    return f"the {name}" if code in _WITH_ARTICLE and not name.startswith("the ") else name


LIKELIHOODS = (
    (0.05, "almost_no_chance"),
    (0.20, "very_unlikely"),
    (0.45, "unlikely"),
    (0.55, "even"),
    (0.80, "likely"),
    (0.95, "very_likely"),
    (1.0, "almost_certain"),
)
"""Upper ends of the seven ranges of probability and their words."""


def likelihood(probability: float) -> str:
    """Word for a probability, which stands beside the number and never instead of it.

    Parameters
    ----------
    probability : float
        From 0 to 1.
    """
    return say("likelihood." + next(key for end, key in LIKELIHOODS if probability <= end))


def plain_name(name: str) -> str:
    """Name without its article, for tables, axes and lists."""
    return name.removeprefix("the ")


_PLURAL = ("States", "Emirates", "Islands", "Netherlands", "Philippines", "Bahamas", "Maldives", "Comoros")


def capital(sentence: str) -> str:
    """Sentence with a capital first letter; the rest stays."""
    return sentence[:1].upper() + sentence[1:]


def possessive(name: str) -> str:
    """``"Russia’s"``, ``"the United States’"``."""
    return f"{name}’" if name.endswith(_PLURAL) else f"{name}’s"


def horizon_phrase(horizon: str) -> str:
    """``"in the short run"``, ``"in the long run"`` or, for other labels, ``"at horizon 3 years"``."""
    return say(f"word.{horizon}") if horizon in HORIZONS else say("word.horizon", horizon=horizon)


def listing(names: Sequence[str]) -> str:
    """Join names as ``"A, B and C"``; ``"nobody"`` for an empty list."""
    if not names:
        return say("word.nobody")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def short_industry(name: str) -> str:
    """Industry name without its formal beginning, for axes and tables."""
    for start in ("Manufacture of ", "Manufacturing of ", "Extraction of "):
        name = name.removeprefix(start)
    return capital(name)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Text in which a bare code of an economy is its name."""
    return re.sub(r"\b[A-Z]{3}\b", lambda found: names.get(found[0], found[0]), text)
