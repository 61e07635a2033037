"""Run the application under uvicorn, with one log line in JSON for each request and none about its reader."""

from __future__ import annotations

import contextlib
import json
import logging
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator

import uvicorn

from suasion.errors import InputError
from suasion.web.app import create_app
from suasion.web.settings import Settings, in_header
from suasion.web.slow_clients import SlowClientProtocol

KEEP_ALIVE_SECONDS = 20
LARGEST_HEAD = 24_000
BACKLOG = 2048
OWN_FILES = 256
"""Open files that the server needs beside its connections."""


class JsonFormatter(logging.Formatter):
    """Log records as JSON lines: time, level, message, and the fields of a request."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fields = getattr(record, "fields", {})
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        line = {"time": moment, "level": record.levelname.lower(), "message": record.getMessage(), **fields}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line)


class Server(uvicorn.Server):
    """Uvicorn's, which also ends in good order when its terminal is closed."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGHUP like SIGTERM, unless it is ignored on purpose (``nohup``)."""
        with super().capture_signals():
            before = signal.getsignal(signal.SIGHUP)
            if before is not signal.SIG_IGN:
                signal.signal(signal.SIGHUP, self.handle_exit)
            try:
                yield
            finally:
                signal.signal(signal.SIGHUP, before)


def listening(settings: Settings) -> socket.socket:
    """Socket that takes connections, before anything else is started.

    settings: where.
    Raises InputError: The port is taken or not allowed, or the address is not of this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        made = socket.create_server((settings.host, settings.port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise InputError(
            f"cannot listen on {settings.host}, port {settings.port}: {error.strerror or error}. Give another "
            "--port or --host, or stop what listens there."
        ) from error
    # Only one that says it is of TCP sends at once; others hold the body back until the header is acknowledged, 40 ms.
    return socket.socket(made.family, made.type, socket.IPPROTO_TCP, made.detach())


def connections(settings: Settings) -> int:
    """Most connections: as set, or as many as the system lets this process have open beside its own files.

    settings: how many are wanted.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = settings.connections + OWN_FILES
    if wanted > soft:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
        return max(OWN_FILES, allowed + -OWN_FILES)
    return settings.connections


def serve(settings: Settings, announce: Callable[[str], None]) -> None:
    """Serve until told to stop.

    settings: limits and places.
    announce: called with the address as soon as connections are taken.
    Raises InputError: It cannot listen there.
    Raises OutputError: The cache folder cannot be made.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    for name in ("suasion.web", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)
    with listening(settings) as taken:
        config = uvicorn.Config(
            create_app(settings),
            http=SlowClientProtocol,
            limit_concurrency=connections(settings),
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=True,
            forwarded_allow_ips=settings.forwarded,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=int(settings.grace_seconds),
            h11_max_incomplete_event_size=LARGEST_HEAD,
        )
        announce(f"http://{in_header(settings.host)}:{taken.getsockname()[1]}")
        Server(config).run(sockets=[taken])
