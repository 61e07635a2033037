"""Where the pages of an edition lie, and what their heads say: other languages, card and address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from html import escape, unescape
from posixpath import dirname, relpath

from suasion.coercion.straits.model import straits_file
from suasion.questions.before_after import WATCHED
from suasion.web.edition.links import address_of, relinked
from suasion.web.edition.plan import Pair, Plan
from suasion.web.languages import root
from suasion.web.render import StaticFile

BESIDE = ("json", "csv")
"""Forms in which the answer of a country lies beside its page."""
PLAIN = {"/": "index", "/pairs": "index", "/countries": "countries", "/method": "method", "/trial": "trial",
         "/forecasts": "forecasts", "/search": "search"}  # fmt: skip
"""Pages that there is one of."""


def stem(a: str, b: str) -> str:
    """Path of what a pair has, without an ending."""
    return f"dossier/{a}-{b}"


class Files:
    """Addresses of the application and the files that stand for them, in all languages of an edition.

    plan: What it holds.
    assets: Static files of the application by their plain names.
    """

    def __init__(self, plan: Plan, assets: Mapping[str, StaticFile]) -> None:
        self.plan, self.assets = plan, assets

    def start(self, language: str) -> str:
        """What the files of a language begin with."""
        return "" if language == self.plan.languages[0] else f"{language}/"

    def asked(self) -> dict[str, str]:
        """Query of the dossiers, as their pages write it."""
        return {"audience": "~".join(self.plan.audience) or "none", "bands": "1" if self.plan.bands else ""}

    @cached_property
    def led(self) -> Mapping[str, str]:
        """Address, from :func:`suasion.web.edition.links.address_of`, to file."""
        plain = {**PLAIN}
        pages = [(path, f"{name}.html") for path, name in plain.items()]
        pages += [*self._lists(), *self._countries(), *self._pairs()]
        found = {file.address: file.address[1:] for file in self.assets.values()}
        for language in self.plan.languages:
            found |= {root(language) + address: self.start(language) + file for address, file in pages}
        return found

    def _lists(self) -> Iterator[tuple[str, str]]:
        yield "/leverage.csv", "leverage.csv"
        for code in self.plan.holders:
            yield address_of("/leverage", holder=code), f"leverage/{code}.html"
            yield f"/leverage/{code}", f"leverage/{code}.html"
            yield address_of("/leverage", holder=code, when="ten"), f"leverage/{code}-ten.html"
            if code not in self.plan.states:
                yield f"/country/{code}", f"leverage/{code}.html"
        yield "/leverage", f"leverage/{self.plan.holders[0]}.html"
        for name in straits_file()["straits"]:
            yield f"/strait/{name}", f"strait/{name}.html"
        for name in WATCHED:
            yield f"/measure/{name}", f"measure/{name}.html"

    def _countries(self) -> Iterator[tuple[str, str]]:
        for code in self.plan.states:
            yield f"/country/{code}", f"country/{code}.html"
            for form in BESIDE:
                yield address_of(f"/api/answers/country.{form}", a=code), f"country/{code}.{form}"

    def _pairs(self) -> Iterator[tuple[str, str]]:
        forms = [(".json", ".json")]
        forms += [(".html", "/suasion-{a}-{b}.html")] if "html" in self.plan.also else []
        for a, b in self.plan.pairs:
            yield f"/dossier/{a}/{b}", f"{stem(a, b)}.html"
            yield f"/dossier/{b}/{a}", f"{stem(a, b)}.html"
            yield address_of(f"/dossier/{a}/{b}", **self.asked()), f"{stem(a, b)}.html"
            yield address_of(f"/card/{a}/{b}.png", **self.asked()), f"{stem(a, b)}.png"
            if "pdf" in self.plan.also:
                yield address_of(f"/briefing/{a}/{b}.pdf", **self.asked()), f"{stem(a, b)}.pdf"
            for end, file in forms:
                yield address_of(f"/dossier/{a}/{b}{end}", **self.asked()), stem(a, b) + file.format(a=a, b=b)

    def beside(self, language: str, pair: Pair, names: Iterator[str]) -> dict[str, str]:
        """Addresses of the tables and pictures of a dossier, and their files."""
        a, b = pair
        path = f"{root(language)}/dossier/{a}/{b}"
        folder = self.start(language) + stem(a, b)
        return {address_of(f"{path}/{name}", **self.asked()): f"{folder}/{name}" for name in names}

    def laid(
        self, html: str, language: str, file: str, more: Mapping[str, str] | None = None, head: str = ""
    ) -> bytes:
        """A page whose links lead to files, with the same page in other languages.

        html: As the application serves it.
        file: Its path below those of its language.
        more: Further addresses and their files.
        head: Further lines of its head.
        """
        here = self.start(language) + file
        others = {one: self.start(one) + file for one in self.plan.languages}
        for one, path in others.items():
            html = html.replace(f'href="/{one}/"', f'href="{root(one)}/{file}"')
            more = {**(more or {}), f"{root(one)}/{file}": path}
        lines = [
            f'<link rel="alternate" hreflang="{one}" href="{self.told(path, here)}">'
            for one, path in others.items()
        ]
        lines = lines if len(others) > 1 else []
        made = relinked(html, here, {**self.led, **(more or {})})
        return made.replace("</head>", "\n".join([*lines, head, "</head>"]).lstrip("\n"), 1).encode()

    def told(self, path: str, here: str) -> str:
        """Address of a file as a head gives it: whole where it is known, else from the page."""
        address = f"{self.plan.address}/{path}" if self.plan.address else relpath(path, dirname(here) or ".")
        return escape(address, quote=True)

    def shown(self, language: str, file: str, title: str, text: str) -> str:
        """Lines of a head for who passes a dossier on: title, first sentence and card."""
        here = self.start(language) + file
        card = here.removesuffix(".html") + ".png"
        told = {
            "type": "article",
            "site_name": "Suasion",
            "title": title,
            "description": text,
            "locale": language,
        }
        told |= {"image": unescape(self.told(card, here))} | (
            {"url": unescape(self.told(here, here))} if self.plan.address else {}
        )
        lines = [
            f'<meta property="og:{name}" content="{escape(value, quote=True)}">'
            for name, value in told.items()
        ]
        return "\n".join([*lines, '<meta name="twitter:card" content="summary_large_image">'])
