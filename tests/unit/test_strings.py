"""The catalogue of words: complete, used, without numbers that a claim should print, and translatable."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from suasion.answers import catalogue as strings
from suasion.coercion import loss_intervals
from suasion.coercion.levers.plan import WhyNot
from suasion.equilibrium.scenario.checks import WORDS
from suasion.equilibrium.scenario.instruments import INSTRUMENTS
from suasion.errors import DataError, Doubt
from suasion.games.bargain import Unsolved
from suasion.remarks import Topic
from suasion.schema.variables import units
from suasion.sources.icio2022 import icio2022_sectors
from suasion.statecraft.supplier.choice import Tipping
from suasion.statecraft.triangle.edges import CaseVerdict
from suasion.statecraft.triangle.types import KINDS as TRIANGLES
from suasion.world import load_world
from trees import tree_of

COMPUTED = (
    "claim.",
    "page.label.",
    "page.section.",
    "method.",
    "word.",
    "grammar.",
    "country.",
    "figure.exit.",
    "figure.critical.",
    "table.",
    "chapter.future.",
    "chapter.growth.",
    "compare.",
    "answer.",
    "asked.",
    "why.",
    "changes.",
    "likelihood.",
    "pages.method.",
    "panel.",
    "article.",
    "gather.",
    "source.",
    "scenario.head.",
    "alliance.",
    "arms.",
    "word.",
    "grammar.",
    "country.",
    "head.",
    "verdict.",
    "site.scenario.",
    "figure.",
    "page.",
    "number.fraction.",
)
"""Beginnings of keys of which some are put together from a verb or a name."""


@pytest.fixture(scope="module")
def code(root):
    folders = [root / "src" / "suasion" / name for name in ("answers", "questions", "dossier", "pages")]
    return "\n".join(
        f.read_text("utf-8")
        for kind in ("*.py", "*.j2", "pages.toml")
        for folder in folders
        for f in folder.rglob(kind)
    )


def test_every_key_asked_for_is_there(code):
    asked = set(re.findall(r'(?:\bsay|\btemplate)\(\s*"([a-z_.]+[a-z_])"', code))
    assert len(asked) > 150
    assert asked - set(strings.catalogue()) == set()


def test_every_key_is_asked_for(code):
    closed = {f"bargain.unsolved.{one}" for one in Unsolved}
    closed |= {f"supplier.{one}{known}" for one in Tipping for known in ("", "_open")}
    closed |= {f"triangle.{by}.{kind.replace(' ', '_')}" for by in ("all", "by_votes") for kind in TRIANGLES}
    closed |= {f"levers.{kind}_{one.value}" for kind in ("none", "not_measured") for one in WhyNot}
    closed |= {f"levers.range_{lines}" for lines in ("within", "without")}
    closed |= {f"triangle.cases_{one.value}" for one in CaseVerdict}
    closed |= {f"offer{part}.{kind}" for kind in INSTRUMENTS for part in ("", ".unit", ".verb")}
    closed |= {f"doubt.{one}" for one in Doubt} | {f"remark.{one}" for one in (*Topic, *INSTRUMENTS)}
    closed |= {f"remark.{name}_{word}" for name, words in WORDS.items() for word in words}
    closed |= {f"frontier.{one}_below" for one in ("holds", "fails")}
    closed |= {"remark.mode_less"} | {f"site.measure_{one}" for one in ("plan", "ended", "since")}
    closed |= {f"outlook.record_{one}" for one in ("few_origins", "told", "not_told")}
    closed |= {f"forecast_skill.left_out_{one}" for one in ("history", "outcome")}
    closed |= {f"hindcast.in_{band}" for band in (50, 80, 95)}
    closed |= {f"exit_cost.trade_{flag}" for flag in loss_intervals(load_world()).flag.unique() if flag}
    closed |= {f"alignment.points_{whose}" for whose in ("shipped", "added")}
    closed |= {f"posed.estimated_{kind}" for kind in ("a", "b", "c")}
    closed |= {
        f"straits.{of}.{bound}_central" for of in ("loss", "state") for bound in ("lower_bound", "whole")
    }
    closed |= {f"industry.goods.{sector}" for sector in icio2022_sectors()}
    closed |= {
        f"word.simulated.{kind}{mode}{goods}"
        for kind in INSTRUMENTS
        for mode in ("", "_add")
        for goods in ("", "_goods")
    }
    idle = [
        key
        for key in strings.catalogue()
        if f'"{key}"' not in code and not key.startswith(COMPUTED) and key.rpartition(".")[2] not in code
        if key not in closed
    ]
    assert not idle, "\n".join(idle)
    assert {f"remark.{one}" for one in Topic} <= set(strings.catalogue())


WITH_WORDS = {"archive.py", "instruments.py", "words.py", "studio.py"}
"""Tables of labels (columns of the files in an archive; instruments with the starters made of them), the grammar of
the language and a program for another process."""
KEYS = {
    "coalition buys", "coalition sells", "target buys", "target sells", "not measurable",
    "import share", "per cent", "electronics and computers", "commitments over exports", "creditor share",
    "base rate", "base rate only", "closed with option", "romantic triangle", "stable marriage", "unit veto",
    "Oil, gas and coal", "All materials", "goods turnover", "services turnover", "inputs, direct",
    "inputs, look-through", "it cannot", "a loss of 2 % of own real expenditure", "own real expenditure",
    "not drawn", "hollow square", "no message", "Russia", "China",
}  # fmt: skip
"""Texts of several words by which other rooms name what they measured, or of which a look is made: they are looked
up by, and never said."""
CODE = {
    "Arial, 'Liberation Sans', Helvetica, sans-serif",
    "'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'",
    '(()=>{"use strict";\n',
}
"""Fonts, a policy, and the beginning of a script."""


def test_nothing_is_said_that_is_not_in_the_catalogue(root):
    said = {
        (file.name, text)
        for file in (root / "src" / "suasion" / "dossier").rglob("*.py")
        if file.name not in WITH_WORDS
        for text in spoken(tree_of(file))
    }
    verbs = {part.replace("_", " ") for key in strings.catalogue() for part in key.split(".")}
    said = {
        (file, text) for file, text in said if not set(text.split()) <= set(units())
    }  # columns of a table
    assert {text for _, text in said} - KEYS - verbs - CODE == set(), said


def test_heads_of_columns_come_from_the_catalogue(root):
    """A head may be one word, which no rule on texts of several words finds."""
    made = [
        (file.name, node.lineno)
        for file in (root / "src" / "suasion" / "dossier" / "chapters").glob("*.py")
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Column"
        if any(isinstance(given, ast.Constant | ast.JoinedStr) for given in node.args[1:2])
    ]
    assert made == []


def spoken(tree: ast.Module) -> Iterator[str]:
    """Texts of two words and more, and single words with a capital, that somebody could be told.

    Left out are documentation, errors, markup, names that a module offers, and heads of columns of files (keys of a
    table made in place), which programs read: they are the same in every language.
    """
    silent = {id(part) for node in ast.walk(tree) for kept in _unsaid(node) for part in ast.walk(kept)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            bare = re.sub(r"<[^>]*>?|\S+=\"[^\"]*\"?|\bDid you mean\b", "", node.value)
            if re.search(r"[A-Za-z’]{2,}[,;:]? [a-z’]{2,}", bare) or re.fullmatch(r"[A-Z][a-z]+[,:.]?", bare):
                yield node.value


def _unsaid(node: ast.AST) -> Iterator[ast.AST]:
    """Parts of a node whose texts nobody is told."""
    if isinstance(node, ast.Raise | ast.Assert) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ):
        yield node
    elif isinstance(node, ast.Dict | ast.DictComp):
        yield from [key for key in getattr(node, "keys", ()) if key is not None]
    elif (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__") or (
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "TypeVar"
    ):
        yield node


def test_no_template_holds_a_result():
    """Numbers of results are filled in; what stands in the words are definitions (2 % level, 90 % bands, years)."""
    allowed = re.compile(r"90|\b1 year|0\.5 %|0\.01 %|\b2 %|\b[01]\b|−1|A4|A5|m = 1|today is m")
    for key, words in strings.catalogue().items():
        if key.startswith("claim."):
            assert not re.search(r"\d", allowed.sub("", words)), (key, words)


def test_words_have_no_broken_marks():
    for key, words in strings.catalogue().items():
        assert words == words.strip() or key.startswith(
            ("claim.", "figure.", "page.", "answer.", "asked.", "side.", "grammar.")
        ), key
        assert "  " not in words, key
        prose = re.sub(r"\b\w+='\w+'", "", words)  # an argument is written as it is typed
        assert "'" not in prose, (key, "typographic apostrophes only")


def test_a_translation_is_checked_against_the_keys_and_their_places():
    own = dict(strings.catalogue())
    for language in strings.languages():
        assert strings.difference(strings.catalogue(language)) == []
        pages = strings.words_of("suasion.web", language)
        assert strings.difference(pages, strings.words_of("suasion.web", "en")) == []
    wrong = {**own, "extra.key": "x", "page.version": "Fassung {version}"}
    del wrong["page.skip"]
    assert sorted(strings.difference(wrong)) == [
        "extra.key: unknown",
        "page.skip: missing",
        "page.version: places ['version'], expected ['schema', 'version']",
    ]


def test_messages():
    with pytest.raises(DataError, match="is not in the catalogue of words: add it"):
        strings.say("page.nothing")
    with pytest.raises(DataError, match="needs the place 'schema'"):
        strings.say("page.version", version="x")
    with pytest.raises(DataError, match="no words in the language 'xx'"):
        strings.catalogue("xx")
    with pytest.raises(DataError, match="not in the catalogue"):
        strings.template("page.nothing")


@pytest.mark.parametrize(
    ("language", "code", "told"), [("xx", 2, "set SUASION_LANGUAGE to one of de, en"), ("de_AT", 0, "")]
)
def test_the_language_of_the_environment_is_spoken_or_refused_in_a_line(language, code, told):
    run = subprocess.run(
        [sys.executable, "-m", "suasion", "--version"],
        env=os.environ | {"SUASION_LANGUAGE": language},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr.count("\n")) == (code, 1 if told else 0)
    assert told in run.stderr
