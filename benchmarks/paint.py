"""First paint of the application's pages on loopback, in Chromium at a quarter of the processor, and their weight.

A bare page of one line, opened between them, says what the browser and the machine alone take.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
from playwright.sync_api import Browser, sync_playwright

from load import started
from table import Table, failed

TITLE = "First paint of the pages"
SLOWER, LIMIT, LARGEST = 4, 1.0, 1_000_000
"""Factor by which the processor is slowed; seconds and bytes that no page may pass."""
REPEATS = 3
PAGES = {
    "home": "/",
    "country": "/country/DEU",
    "leverage": "/leverage",
    "scenario": "/scenario?do=embargo&by=USA~EU&on=RUS&in=energy",
    "dossier": "/dossier/RUS/CHN",
    "claims": "/claims",
    "forecasts": "/api/answers/forecasts.html",
    "search": "/search?q=rare+earths",
}
SEEN = """() => {
  const loaded = performance.getEntries().filter(one => 'decodedBodySize' in one);
  const sum = name => loaded.reduce((all, one) => all + one[name], 0);
  const folds = document.querySelector('.folds');
  const [paint] = performance.getEntriesByName('first-contentful-paint');
  return paint && [paint.startTime / 1000, sum('transferSize'),
    sum('decodedBodySize'), folds ? folds.outerHTML.length : 0];
}"""


class Bare(BaseHTTPRequestHandler):
    """Answers every request with a page of one line."""

    def do_GET(self) -> None:
        """Send it."""
        page = b"<!doctype html><title>Bare</title><h1>Bare</h1>"
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.send_header("content-length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def bench() -> Table:
    """Open every page once to have it made, and then as a new reader would."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return failed(TITLE, "Chromium is absent.")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        child, address = started(folder, 1, ahead=False)
        bare = ThreadingHTTPServer(("127.0.0.1", 0), Bare)
        threading.Thread(target=bare.serve_forever, daemon=True).start()
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        try:
            plain = f"http://127.0.0.1:{bare.server_port}/"
            rows = [_row(browser, name, address + path, plain) for name, path in PAGES.items()]
        finally:
            browser.close()
            bare.shutdown()
            child.terminate()
            child.wait(timeout=60)
    note = (
        f"On loopback, the processor {SLOWER} times as slow and the browser's cache empty; median of {REPEATS}. "
        f"No page may take {LIMIT:g} s or hold {LARGEST / 1e6:g} MB before its folds."
    )
    return Table(
        TITLE,
        note,
        ("page", "first paint, s", "a bare page, s", "sent, KB", "before folds, KB", "within"),
        tuple(rows),
    )


def _row(browser: Browser, name: str, address: str, plain: str) -> tuple[str, ...]:
    _made(address)
    both = [(_seen(browser, address), _seen(browser, plain)) for _ in range(REPEATS)]
    seen, bare = [one for one, _ in both], statistics.median(one[0] for _, one in both)
    paint, sent, whole, folds = (statistics.median(part) for part in zip(*seen, strict=True))
    within = paint < LIMIT and whole - folds < LARGEST
    return (
        name,
        f"{paint:.2f}",
        f"{bare:.2f}",
        f"{sent / 1e3:.0f}",
        f"{(whole - folds) / 1e3:.0f}",
        "yes" if within else "no",
    )


def _made(address: str) -> None:
    """Wait until a page is made and not only on its way."""
    end = time.monotonic() + 300
    while time.monotonic() < end:
        found = httpx.get(address, timeout=120, follow_redirects=True)
        if found.status_code == 200 and 'id="progress"' not in found.text:
            return
        time.sleep(0.5)
    raise TimeoutError(address)


def _seen(browser: Browser, address: str) -> list[float]:
    context = browser.new_context()
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(address, wait_until="load")
    found: list[float] | None = page.evaluate(SEEN)
    while found is None:  # loaded, and not yet painted
        time.sleep(0.05)
        found = page.evaluate(SEEN)
    context.close()
    return found
