"""One running web application for all its tests: the real server, real workers, a folder of its own."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import tempfile
import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

START_S = 90.0


class Running:
    """The application served by uvicorn in a thread.

    Attributes
    ----------
    address : str
        ``http://127.0.0.1:port``.
    app : FastAPI
        The application; ``app.state.service`` holds cache and pool.
    lines : list of str
        Log lines so far.
    """

    def __init__(self) -> None:
        import logging

        import uvicorn
        from fastapi.testclient import TestClient

        from suasion.web import Settings, create_app
        from suasion.web.server import JsonFormatter
        from suasion.web.slow_clients import SlowClientProtocol

        self.folder = Path(tempfile.mkdtemp(prefix="suasion-web-"))
        self.settings = Settings(
            workers=1, cache=self.folder, ahead=False, quick_seconds=60.0, grace_seconds=5.0
        )
        self.app: Any = create_app(self.settings)
        # FastAPI makes its routes when a request passes them. Where warnings are errors, the filters that it sets for
        # that are the whole process's: set in the server's thread beside a test that sets its own, they clash.
        nowhere = TestClient(self.app, base_url="http://127.0.0.1").get("/nowhere")
        assert nowhere.status_code == 404, nowhere.text
        self.lines: list[str] = []
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        handler = logging.Handler()
        handler.setFormatter(JsonFormatter())
        handler.emit = lambda record: self.lines.append(handler.format(record))  # type: ignore[method-assign]
        logger = logging.getLogger("suasion.web")
        logger.setLevel(logging.INFO)
        logger.addHandler(handler)
        config = uvicorn.Config(
            self.app,
            http=SlowClientProtocol,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=20,
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [self.listener]}, daemon=True
        )

    def start(self) -> None:
        """Start, wait for the first worker, and put a made-up grid where all pairs would be solved."""
        self.thread.start()
        end = time.monotonic() + START_S
        while not (self.server.started and self.app.state.service.pool.ready.is_set()):
            assert time.monotonic() < end, "the server did not start"
            time.sleep(0.05)
        if os.environ.get("SUASION_IMAGES"):  # pictures for the documentation show real numbers
            return
        service = self.app.state.service
        service.cache.put(service.pool.key("grid", {}), {"point": made_up_grid()})

    def stop(self) -> None:
        """Stop in good order."""
        self.server.should_exit = True
        self.thread.join(timeout=20)
        self.listener.close()
        shutil.rmtree(self.folder, ignore_errors=True)


@cache
def running() -> Running:
    """Start the application once for a run of tests."""
    made = Running()
    made.start()
    atexit.register(made.stop)
    return made


def made_up_grid() -> bytes:
    """All pairs with invented losses: solving them takes half a minute, and is tested where it belongs."""
    from suasion.world import load_world

    codes = list(load_world().countries)
    size = len(codes)
    percent = [
        [
            None if r == c else 0.003 * ((7 * r + 3 * c) % 97 + 1) - (0.02 if c % 11 == 0 else 0.0)
            for c in range(size)
        ]
        for r in range(size)
    ]
    percent[codes.index("DEU")][codes.index("CHN")] = 4.2
    percent[codes.index("CHN")][codes.index("DEU")] = 0.21
    usd = [[None if v is None else 1e4 * v for v in row] for row in percent]
    return json.dumps(
        {
            "codes": codes,
            "percent": percent,
            "usd": usd,
            "horizon": "long (10 years)",
            "residual": 1e-11,
            "reasons": [],
            "source": "invented",
            "run_id": "0" * 64,
        }
    ).encode()
