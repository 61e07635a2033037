"""A page of the application as it is opened in Chromium, and what it must not do."""

from __future__ import annotations

import time

WATCH = """
window.__violations = [];
document.addEventListener('securitypolicyviolation', e => window.__violations.push(`${e.violatedDirective} ${e.blockedURI}`));
"""
WAIT_S = 60.0
LOOK_S = 0.1


class Visit:
    """An open page of the application; at the end it must have been clean."""

    def __init__(self, browser, address: str, **options) -> None:
        self.address = address
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.context.set_default_timeout(WAIT_S * 1000)
        self.context.add_init_script(WATCH)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console", lambda message: self.errors.append(message.text) if message.type != "log" else None
        )

    def go(self, path: str):
        """Open a path; wait until it is what it will become."""
        self.page.goto(f"{self.address}{path}")
        self.arrived()
        return self.page

    def arrived(self) -> None:
        """Wait while the page shows the progress of what it will become."""
        end = time.monotonic() + 3 * WAIT_S
        while self.waits() and time.monotonic() < end:
            time.sleep(LOOK_S)
        self.page.wait_for_load_state()

    def waits(self) -> bool:
        """Whether progress is shown, now and a moment later: between the two a page may be leaving for the next."""
        for pause in (LOOK_S, 0.0):
            if self.page.locator("#progress").count() or not self.evaluated(
                "document.readyState == 'complete'"
            ):
                return True
            time.sleep(pause)
        return False

    def until(self, script: str, enough):
        """Poll a script: waiting inside the page would need the policy off."""
        end = time.monotonic() + WAIT_S
        while True:
            value = self.evaluated(script)
            if value is not None and enough(value):
                return value
            assert time.monotonic() < end, f"{script}: {value}"
            time.sleep(0.05)

    def evaluated(self, script: str):
        """Value of a script; none where the page was just leaving for what it has become."""
        from playwright.sync_api import Error

        try:
            return self.page.evaluate(script)
        except Error as error:
            if "context was destroyed" not in str(error):
                raise
            return None

    def clean(self) -> None:
        """No message, no breach of the policy, no other server."""
        assert self.page.evaluate("window.__violations") == []
        assert self.errors == []
        assert [url for url in self.requests if not url.startswith((self.address, "data:"))] == []
