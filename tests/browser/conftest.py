"""One Chromium for all tests of a file; the served application, and visits to it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.browser.visit import Visit
from tests.web_server import running

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser(chromium) -> Iterator[object]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address() -> str:
    return running().address


@pytest.fixture
def visit(browser, address) -> Iterator[object]:
    opened: list[Visit] = []

    def make(**options) -> Visit:
        opened.append(Visit(browser, address, **options))
        return opened[-1]

    yield make
    for one in opened:
        one.context.close()
