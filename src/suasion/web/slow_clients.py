"""The connection itself: a request's head must come in soon, and a flood of connections hangs up on itself."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""Seconds from the first byte of a request, or from the connection, to the end of its head."""


class SlowClientProtocol(H11Protocol):
    """HTTP/1.1 with a limit on the time that a request's head may take.

    Uvicorn limits how long an idle connection is kept after an answer, but not how slowly a head may come in: a few
    hundred clients that send a letter a minute would hold all connections. It also answers every request with 503 once
    there are too many connections, those included that ask whether the server lives: here the idle ones make room.
    """

    _late: asyncio.TimerHandle | None = None
    _since = 0.0

    def connection_made(self, transport: Any) -> None:
        """Start the clock.

        transport: The connection.
        """
        super().connection_made(transport)
        most, self.limit_concurrency = self.limit_concurrency, None
        self._since = self.loop.time()
        if most is not None and len(self.connections) > most:
            self._make_room()
        self._start()

    def data_received(self, data: bytes) -> None:
        """Take bytes; the clock runs while a head is begun and not whole.

        data: what came in.
        """
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._start()
        elif self.conn.our_state is not h11.DONE:
            self._stop()

    def on_response_complete(self) -> None:
        """Give a client that was answered before its body was whole a moment to stop sending."""
        super().on_response_complete()
        self._since = self.loop.time()
        if self.conn.their_state is h11.SEND_BODY:
            self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock.

        exc: why the connection is gone.
        """
        self._stop()
        super().connection_lost(exc)

    @property
    def idle(self) -> bool:
        """Whether it asks nothing at the moment."""
        return self.cycle is None or self.cycle.response_complete

    def _make_room(self) -> None:
        """Hang up on the longest idle connection of the address that has the most of them."""
        found: dict[str, list[SlowClientProtocol]] = {}
        for one in self.connections:
            if (
                isinstance(one, SlowClientProtocol)
                and one is not self
                and one.idle
                and not one.transport.is_closing()
            ):
                found.setdefault(one.client[0] if one.client else "", []).append(one)
        if found:
            most = max((len(some), name) for name, some in found.items())[1]
            min(found[most], key=lambda one: one._since).transport.close()

    def _start(self) -> None:
        if self._late is None:
            self._late = self.loop.call_later(HEAD_SECONDS, self._hang_up)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _hang_up(self) -> None:
        self._late = None
        answered = self.conn.our_state is h11.DONE
        if (answered or self.conn.their_state is h11.IDLE) and not self.transport.is_closing():
            self.transport.close()
