"""What an edition tells other programs: a feed of what moved, and where its pages are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from suasion.answers.catalogue import say as words
from suasion.answers.catalogue import speaking
from suasion.pages import printed
from suasion.web.edition.files import stem
from suasion.web.edition.plan import Plan
from suasion.web.edition.record import Noted
from suasion.web.strings import say

MOST_TOLD = 200
MOST_ADDRESSES = 50_000
"""Of one sitemap, as the protocol has it."""
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"


def feed(plan: Plan, language: str, start: str, noted: Mapping[str, Noted]) -> bytes:
    """Return a feed (Atom) of pairs whose first sentence is another one than before, the latest first.

    start: What files of the language begin with.
    noted: Units by name.
    """
    moved = [one for one in noted.values() if language in one.moved]
    moved.sort(key=lambda one: (one.moved["day"], one.unit), reverse=True)
    with speaking(language):
        title, entries = (
            say("edition.feed"),
            [_entry(plan, language, start, one) for one in moved[:MOST_TOLD]],
        )
    here = f"{plan.address}/{start}feed.xml" if plan.address else f"urn:suasion:edition:{plan.checksum[:16]}"
    updated = max((one.moved["day"] for one in moved), default=plan.day)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">',
        f"<id>{escape(here)}</id><title>{escape(title)}</title><updated>{updated}T00:00:00Z</updated>",
        "<author><name>Suasion</name></author>",
        *entries,
        "</feed>\n",
    ]
    return "\n".join(lines).encode()


def _entry(plan: Plan, language: str, start: str, one: Noted) -> str:
    a, b = one.unit.partition(":")[2].split("-")
    path = f"{stem(a, b)}.html"
    whole = f"{plan.address}/{start}{path}" if plan.address else path
    day, before, now = one.moved["day"], one.moved[language], one.first[language]
    name = f"urn:suasion:{one.unit}:{day}:{language}"
    told = escape(say("edition.moved", now=now, before=before))
    head = escape(words("site.pair", a=printed.plain(a), b=printed.plain(b)))
    return (
        f"<entry><id>{name}</id><title>{head}</title><updated>{day}T00:00:00Z</updated>"
        f'<link href="{escape(whole)}"/><summary>{told}</summary></entry>'
    )


def sitemap(plan: Plan, files: Iterable[str]) -> dict[str, bytes]:
    """Return sitemaps of all pages; none without an address, as the protocol wants whole ones."""
    pages = sorted(one for one in files if one.endswith(".html") and "/suasion-" not in one)
    if not plan.address:
        return {}
    parts = [pages[first : first + MOST_ADDRESSES] for first in range(0, len(pages), MOST_ADDRESSES)]
    if len(parts) == 1:
        return {"sitemap.xml": _listed("urlset", "url", (f"{plan.address}/{one}" for one in pages))}
    made = {
        f"sitemap-{k}.xml": _listed("urlset", "url", (f"{plan.address}/{one}" for one in part))
        for k, part in enumerate(parts, start=1)
    }
    return made | {
        "sitemap.xml": _listed("sitemapindex", "sitemap", (f"{plan.address}/{one}" for one in made))
    }


def _listed(outer: str, inner: str, addresses: Iterator[str]) -> bytes:
    rows = "\n".join(f"<{inner}><loc>{escape(one)}</loc></{inner}>" for one in addresses)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<{outer} xmlns="{SITEMAP}">\n{rows}\n</{outer}>\n'.encode()
    )
