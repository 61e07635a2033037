"""Run the application under uvicorn, with one log line in JSON for each request and none about its reader."""

from __future__ import annotations

import json
import logging
import sys
import time

import uvicorn

from suasion.web.app import create_app
from suasion.web.settings import Settings
from suasion.web.wire import Wire

KEEP_ALIVE_SECONDS = 20
LARGEST_HEAD = 24_000


class Lines(logging.Formatter):
    """Log records as JSON lines: time, level, message, and the fields of a request."""

    def format(self, record: logging.LogRecord) -> str:
        """One line."""
        fields = getattr(record, "fields", {})
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created))
        line = {"time": moment, "level": record.levelname.lower(), "message": record.getMessage(), **fields}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line)


def serve(settings: Settings) -> None:
    """Serve until told to stop.

    Parameters
    ----------
    settings : Settings
        Limits and places.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    for name in ("suasion.web", "uvicorn"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logging.INFO)
    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        http=Wire,
        limit_concurrency=settings.connections,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.forwarded,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=int(settings.grace_seconds),
        h11_max_incomplete_event_size=LARGEST_HEAD,
    )
    uvicorn.Server(config).run()
