"""A server on this machine that hands out files, and fails in the ways that servers fail, for tests of fetching."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PLAIN = "rivalries.csv"
BODY = ("tssr_id,rivalry,ccode1,ccode2,start,end,spatial\n" + "1,a-b,2,20,1900,1950,1\n" * 400).encode()
"""The file that is handed out where a path names none."""


class FileServer(ThreadingHTTPServer):
    """Hands out ``files`` under ``/KIND/NAME`` and notes every request in ``seen``; the kind says how it behaves.

    Attributes
    ----------
    files : name to content
    seen : path and headers of each request
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {"": BODY}
        self.seen: list[dict[str, str]] = []

    def address(self, kind: str, name: str = "") -> str:
        """Address of a file, served in a way."""
        return f"http://127.0.0.1:{self.server_port}/{kind}{f'/{name}' if name else ''}"


class Handler(BaseHTTPRequestHandler):
    """Behaves as the first part of the path says."""

    protocol_version = "HTTP/1.0"
    server: FileServer

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"", length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        kind, _, name = self.path.partition("?")[0].strip("/").partition("/")
        self.server.seen.append({"path": self.path, **{k.lower(): v for k, v in self.headers.items()}})
        self.name, self.body = name, self.server.files[name]
        self.half = len(self.body) // 2
        getattr(self, f"on_{kind.partition('.')[0]}")(sum(r["path"] == self.path for r in self.server.seen))

    def on_ok(self, _: int) -> None:
        self.answer(200, self.body, ETag='"1"')

    def on_gone(self, _: int) -> None:
        self.answer(404)

    def on_redirect(self, _: int) -> None:
        self.answer(302, Location=f"/ok/{self.name}".rstrip("/"))

    def on_loop(self, _: int) -> None:
        self.answer(302, Location=self.path)

    def on_page(self, _: int) -> None:
        self.answer(200, b"<html>Please sign in</html>")

    def on_slow(self, _: int) -> None:
        time.sleep(1.0)
        self.answer(200, self.body)

    def on_truncated(self, _: int) -> None:
        self.answer(200, self.body[: self.half], len(self.body), ETag='"1"')

    def on_resumed(self, count: int) -> None:
        whole, half = self.body, self.half
        if count == 1:
            self.answer(200, whole[:half], len(whole), ETag='"1"')
        elif self.headers.get("Range") == f"bytes={half}-" and self.headers.get("If-Range") == '"1"':
            self.answer(206, whole[half:], Content_Range=f"bytes {half}-{len(whole) - 1}/{len(whole)}")
        else:
            self.answer(400)

    def on_changed(self, count: int) -> None:
        """Cut the first answer short; by the next the file is another one, sent whole as If-Range asks."""
        if count == 1:
            self.answer(200, b"?" * self.half, len(self.body), ETag='"1"')
        else:
            self.answer(200, self.body, ETag='"2"')

    def on_unmarked(self, count: int) -> None:
        """Cut the first answer short, without any mark of the version: it may not be continued."""
        body = self.body[: self.half] if count == 1 else self.body
        self.answer(400) if "Range" in self.headers else self.answer(200, body, len(self.body))

    def on_overlong(self, count: int) -> None:
        if count == 1:
            self.answer(200, self.body[: self.half], len(self.body), ETag='"1"')
        elif "Range" in self.headers:
            self.answer(416)
        else:
            self.answer(200, self.body, ETag='"1"')

    def on_busy(self, count: int) -> None:
        self.answer(503) if count == 1 else self.answer(200, self.body)

    def on_key(self, _: int) -> None:
        self.answer(403)


@contextmanager
def serving() -> Iterator[FileServer]:
    """Serve until the block ends."""
    made = FileServer()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.shutdown()
        made.server_close()
        thread.join(timeout=5)
