"""What stands before every request: host names, sizes, security headers, a log line and a count."""

from __future__ import annotations

import contextlib
import json
import logging
import re
import time
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import IPv6Address, ip_address, ip_network
from math import fsum
from typing import Any

from suasion.errors import InputError
from suasion.web.bodies import Message, Receive, TooLarge, TooSlow, check_json, drain, read_body, replay
from suasion.web.metrics import Metrics
from suasion.web.queues import current_client
from suasion.web.settings import Settings

Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
)
SUBSCRIBER_BITS = 64
HOST = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::(?P<port>[0-9]{0,5}))?")
LAST_PORT = 65_535
HEALTH = "/healthz"
"""Answered however much is asked: who watches the server must see that it lives."""
METHODS = ("GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS")
log = logging.getLogger("suasion.web")


class Guard:
    """The outermost layer.

    app: what it guards.
    settings: host names and sizes.
    metrics: where requests are counted.
    """

    def __init__(self, app: App, settings: Settings, metrics: Metrics) -> None:
        self.app, self.settings, self.metrics = app, settings, metrics
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status = time.perf_counter(), [500]
        current_client.set(asker_of(scope))
        if scope["method"] == "HEAD":  # what GET answers; the server itself leaves out the body
            scope = {**scope, "method": "GET"}

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                status[0] = message["status"]
                own = {name for name, _ in message["headers"]}
                if b"content-security-policy" in own:  # a figure that may be framed: its policy says by whom
                    own.add(b"x-frame-options")
                message["headers"] = [*message["headers"], *((k, v) for k, v in HEADERS if k not in own)]
            await send(message)

        refusal = self._refusal(scope)
        self._running += 1
        try:
            if refusal:
                if refusal[0] == 413 and not _asks_first(scope):
                    await drain(receive, self.settings.body_seconds)
                await refuse(marked, *refusal)
            else:
                await self._let_in(scope, receive, marked)
        finally:
            self._running -= 1
            self._note(scope, status[0], fsum((time.perf_counter(), -begun)))

    def _refusal(self, scope: Scope) -> tuple[int, str, str] | None:
        headers = dict(scope["headers"])
        name = host_name(headers.get(b"host", b"").decode("latin-1"))
        if not name or ("*" not in self.settings.hosts and name not in self.settings.hosts):
            return (
                400,
                "Host",
                "This server does not answer under this name. Its owner may allow it: --allow-host.",
            )
        if self._running >= self.settings.connections and scope["path"] != HEALTH:
            return 503, "Busy", "Too many requests are being answered. Try again in a moment."
        if len(scope["query_string"]) > self.settings.query_bytes or len(scope["raw_path"] or b"") > 500:
            return 400, "TooLong", f"The address is longer than {self.settings.query_bytes:,} bytes."
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > self.settings.body_bytes:
            return 413, "TooLarge", f"The body is larger than {self.settings.body_bytes:,} bytes."
        return None

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body within its limits, then hand both on."""
        if scope["method"] in ("GET", "HEAD", "OPTIONS") and not _announced(scope):
            await self.app(scope, receive, send)
            return
        most, seconds = self.settings.body_bytes, self.settings.body_seconds
        try:
            body = await read_body(receive, most, seconds)
            if body and b"json" in dict(scope["headers"]).get(b"content-type", b""):
                check_json(body)
        except TooLarge:
            await drain(receive, seconds)
            await refuse(send, 413, "TooLarge", f"The body is larger than {most:,} bytes.")
        except TooSlow:
            await refuse(send, 408, "TooSlow", f"The body took longer than {seconds:g} seconds.")
        except InputError as error:
            await refuse(send, 422, "InputError", str(error))
        else:
            if body is not None:
                await self.app(scope, replay(body, receive), send)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self.metrics.note(method, route, status, seconds)
        log.info(
            "request",
            extra={"fields": {"method": method, "route": route, "status": status, "s": round(seconds, 4)}},
        )


def host_name(header: str) -> str:
    """Name in a Host header, in small letters and without its port; empty where it is not one.

    header: a name, an IPv4 address or an IPv6 address in brackets, and perhaps a port.
    """
    found = HOST.fullmatch(header)
    if found is None or int(found["port"] or 0) > LAST_PORT:
        return ""
    if found["v6"] is None:
        return found["name"].casefold().removesuffix(".")
    try:
        return f"[{IPv6Address(found['v6'])}]"
    except ValueError:
        return ""


def asker_of(scope: Scope) -> str:
    """Who sends a request, for the fair queue: an address, of IPv6 the network that one subscriber has.

    scope: of the request; uvicorn puts the address that a trusted proxy names here.
    """
    address = str((scope.get("client") or ("unknown",))[0])
    with contextlib.suppress(ValueError):
        if ip_address(address).version == 6:
            return str(ip_network((address, SUBSCRIBER_BITS), strict=False))
    return address


def _asks_first(scope: Scope) -> bool:
    """Whether a client waits for leave before it sends its body."""
    return bool(dict(scope["headers"]).get(b"expect", b"").lower() == b"100-continue")


def _announced(scope: Scope) -> bool:
    """Whether a request says that it has a body."""
    headers = dict(scope["headers"])
    return headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers


async def refuse(send: Send, status: int, kind: str, message: str) -> None:
    """Answer with an error as JSON.

    send: of the request.
    status: status code.
    kind, message: name of the error, and what is wrong.
    """
    body = error_body(kind, message)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += (
        [(b"connection", b"close")] if status in (408, 413) else []
    )  # the rest of the body is not wanted
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def error_body(kind: str, message: str) -> bytes:
    """An error as the API gives it."""
    return json.dumps({"error": {"kind": kind, "message": message}}, ensure_ascii=False).encode()
