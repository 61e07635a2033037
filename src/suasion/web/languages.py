"""The language of an address (``/de/...``) and of a browser's wish; links of a page stay within its language."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import quote

from suasion.answers.catalogue import LANGUAGE, languages, speaking, spoken
from suasion.web.bodies import Message, Receive

Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
AS_TYPED = "%/?:@!$&'()*+,;=~-._"
"""Signs of an address that stay as they are in a header."""
ENTRY = (b"none", b"cross-site")
"""How a browser says that a page was typed or led to from elsewhere: links within the site are followed as they are."""
_ADDRESS = re.compile(r'\b(href|action|src|data-part|data-glance|data-target)="(/(?!/|static/)[^"]*)"')
_WISH = re.compile(r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q\s*=\s*([0-9.]{1,5}))?\s*")


def root(language: str = "") -> str:
    """Return what addresses of a language begin with: nothing for the one that the server speaks by itself.

    language: without it the one that is spoken.
    """
    language = language or spoken()
    return "" if language == LANGUAGE else f"/{language}"


def split(path: str) -> tuple[str, str]:
    """Return the language that a path names, empty where it names none, and the path without it."""
    first, _, rest = path.removeprefix("/").partition("/")
    return (first, f"/{rest}") if first in languages() else ("", path)


def rooted(html: str) -> str:
    """Return a page whose addresses lead to pages of the language that is spoken, but those that name one."""
    start = root()

    def led(found: re.Match[str]) -> str:
        return found[0] if split(found[2])[0] else f'{found[1]}="{start}{found[2]}"'

    return _ADDRESS.sub(led, html) if start else html


def wished(header: str) -> str:
    """Return the language that a browser would have first, of those that have words; empty where it names none.

    header: ``Accept-Language``.
    """
    known, best = languages(), ("", 0.0)
    for one in header.split(","):
        found = _WISH.fullmatch(one)
        weight = _weight(found[2]) if found else 0.0
        if found and found[1].lower() in known and weight > best[1]:
            best = found[1].lower(), weight
    return best[0]


def _weight(text: str | None) -> float:
    try:
        return 1.0 if text is None else float(text)
    except ValueError:
        return 0.0


class Languages:
    """Speaks the language of an address while it is answered.

    app: what answers.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer in the language of the address; lead a browser that wishes another one there."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        language, path = split(scope["path"])
        asked = quote((scope["raw_path"] or b"").decode("latin-1"), safe=AS_TYPED)
        asked = split(asked)[1] if language else asked
        query = quote(scope["query_string"].decode("latin-1"), safe=AS_TYPED)
        address = f"{asked}?{query}" if query else asked
        wish = "" if language else _elsewhere(scope)
        if wish:
            await _lead(send, f"{root(wish)}{address}")
            return
        scope["path"], scope["raw_path"] = path, asked.encode()
        with speaking(language or LANGUAGE):
            await self.app(
                scope, receive, lambda message: send(_marked(message, address, named=bool(language)))
            )


def _elsewhere(scope: Scope) -> str:
    """The language to which who enters is led; empty where the page is given as it is."""
    headers: Mapping[bytes, bytes] = dict(scope["headers"])
    page = scope["method"] in ("GET", "HEAD") and b"text/html" in headers.get(b"accept", b"")
    came = headers.get(b"sec-fetch-site")
    enters = scope["path"] == "/" if came is None else came in ENTRY
    framed = scope["path"].startswith(("/embed/", "/api/"))
    if not (page and enters) or framed:
        return ""
    wish = wished(headers.get(b"accept-language", b"").decode("latin-1"))
    return "" if wish == LANGUAGE else wish


def _marked(message: Message, address: str, *, named: bool) -> Message:
    """The head of an answer with its language, the same page in others, and places within its language."""
    if message["type"] != "http.response.start":
        return message
    headers = [_within(name, value) for name, value in message["headers"]]
    if dict(headers).get(b"content-type", b"").startswith(b"text/html"):
        others = {one: f"/{one}" for one in languages()} | {"x-default": ""}
        alternate = ", ".join(
            f'<{start}{address}>; rel="alternate"; hreflang="{one}"' for one, start in others.items()
        )
        headers += [(b"content-language", spoken().encode()), (b"link", alternate.encode("latin-1"))]
        headers += [] if named else [(b"vary", b"Accept-Language, Sec-Fetch-Site")]
    return {**message, "headers": headers}


def _within(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """A header whose place, if it is one on this server, is within the language."""
    ours = (
        name.lower() == b"location" and value.startswith(b"/") and not value.startswith((b"//", b"/static/"))
    )
    return name, root().encode() + value if ours and not split(value.decode("latin-1"))[0] else value


async def _lead(send: Send, address: str) -> None:
    headers = [
        (b"location", address.encode("latin-1")),
        (b"vary", b"Accept-Language, Sec-Fetch-Site"),
        (b"cache-control", b"no-cache"),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 302, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
