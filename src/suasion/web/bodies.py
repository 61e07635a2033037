"""Bodies of requests: read whole within a size and a time, and, where they are JSON, read strictly."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NoReturn

from suasion.errors import InputError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
QUIET_SECONDS = 1.0
"""Seconds of silence after which nothing more is expected of a body that is too large."""
MOST_DRAINED = 16_000_000
"""Bytes beyond the limit that are taken in before the answer."""


class TooLarge(Exception):
    """A body goes on beyond the limit."""


class TooSlow(Exception):
    """A body does not come in within the time allowed."""


async def read_body(receive: Receive, most_bytes: int, seconds: float) -> bytes | None:
    """Read a whole body, whatever its header says of its length.

    receive: of the request.
    most_bytes: largest size.
    seconds: time for all of it.
    Returns: None where the client went away.
    Raises TooLarge, TooSlow: It is beyond a limit.
    """
    found = bytearray()
    try:
        async with asyncio.timeout(seconds):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return None
                found += message.get("body", b"")
                if len(found) > most_bytes:
                    raise TooLarge
                if not message.get("more_body", False):
                    return bytes(found)
    except TimeoutError as error:
        raise TooSlow from error


async def drain(receive: Receive, seconds: float) -> None:
    """Take in and forget what a client still sends, so that it reads its answer instead of a broken connection.

    receive: of the request.
    seconds: time for it; who sends longer, or more than :data:`MOST_DRAINED`, is hung up on.
    """
    taken, more = 0, True
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while more and taken <= MOST_DRAINED:
                async with asyncio.timeout(QUIET_SECONDS):
                    message = await receive()
                taken += len(message.get("body", b""))
                more = message["type"] == "http.request" and bool(message.get("more_body", False))


def replay(body: bytes, receive: Receive) -> Receive:
    """Hand on a body that was read; after it, what the connection says.

    body: from :func:`read_body`.
    receive: of the request.
    """
    waiting = [body]

    async def read() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return read


def check_json(body: bytes) -> None:
    """Refuse JSON that readers may understand in different ways.

    body: a request's body.
    Raises InputError: A key stands twice in one object, a number is not finite, or the nesting is too deep.
      What is no JSON at all is left to the route, which says where.
    """
    try:
        json.loads(body, object_pairs_hook=_once, parse_constant=_finite)
    except InputError:
        raise
    except RecursionError:
        raise InputError("The JSON is nested too deeply.") from None
    except ValueError:  # no JSON at all
        return


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise InputError(f"The key {key[:40]!r} stands twice in one JSON object; give it once.")
        found[key] = value
    return found


def _finite(word: str) -> NoReturn:
    raise InputError(f"{word} is no JSON number; leave the key out where there is no number.")
