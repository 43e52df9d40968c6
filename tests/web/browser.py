"""A real browser without a window, spoken to over pipes in the DevTools protocol."""

from __future__ import annotations

import json
import os
import select
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.tools import require

_PATIENCE = 60
"""Seconds after which a browser that says nothing counts as broken, however slow the machine."""

_ARGUMENTS = (
    *("--headless", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
    *("--host-resolver-rules=MAP * ~NOTFOUND", "--no-proxy-server"),
    "--no-sandbox",  # tests run as root, where the browser's sandbox does not work
)


class Tab:
    """One page of the browser, with what it asked for and complained about since it was opened."""

    def __init__(self, browser: Browser, session: str) -> None:
        """Take over a session of the browser."""
        self._browser = browser
        self._session = session
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Return what the browser answers; fail on an error."""
        return self._browser.call(method, parameters, self._session)

    def open(self, page: Path, fragment: str = "") -> None:
        """Load a file and wait until it has loaded; what was seen before is forgotten."""
        self._browser.events.clear()
        self.call("Page.navigate", url=page.as_uri() + fragment)
        self._browser.wait_for("Page.loadEventFired")

    def run(self, script: str) -> Any:  # noqa: ANN401  # any JSON
        """Return the value of a script, awaited where it is a promise; fail where it throws."""
        answer = self.call(
            "Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def requests(self) -> list[str]:
        """Return the addresses that were asked for."""
        return [event["request"]["url"] for event in self._seen("Network.requestWillBeSent")]

    def complaints(self) -> list[str]:
        """Return what scripts threw, and what the browser logged, such as what a policy forbade."""
        thrown = [str(event["exceptionDetails"]) for event in self._seen("Runtime.exceptionThrown")]
        return thrown + [str(event["entry"]["text"]) for event in self._seen("Log.entryAdded")]

    def dialogs(self) -> list[str]:
        """Return the messages of dialogs that were opened."""
        return [str(event["message"]) for event in self._seen("Page.javascriptDialogOpening")]

    def _seen(self, method: str) -> list[dict[str, Any]]:
        self.call("Runtime.evaluate", expression="0")  # what came before it has been read after it
        return [event["params"] for event in self._browser.events if event["method"] == method]


class Browser:
    """The protocol: messages in JSON, each ended by a NUL, on two pipes."""

    def __init__(self, to_browser: int, from_browser: int) -> None:
        """Take over the ends of two pipes."""
        self._to, self._from = to_browser, from_browser
        self._rest = b""
        self._last = 0
        self.events: list[dict[str, Any]] = []

    def tab(self) -> Tab:
        """Return a new page."""
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        answer = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        return Tab(self, answer["sessionId"])

    def call(
        self, method: str, parameters: dict[str, object], session: str | None = None
    ) -> dict[str, Any]:
        """Send a command and return its result; events on the way are kept."""
        self._last += 1
        message: dict[str, object] = {"id": self._last, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._to, data) :]
        while True:
            answer = self._read()
            if answer.get("id") == self._last:
                assert "error" not in answer, (method, answer["error"])
                result: dict[str, Any] = answer["result"]
                return result

    def wait_for(self, method: str) -> None:
        """Wait for an event that has not been seen yet, or has been since `events` was emptied."""
        while not any(event["method"] == method for event in self.events):
            self._read()

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], _PATIENCE)
            data = os.read(self._from, 1 << 20) if ready else b""
            if not data:
                pytest.fail("the browser says nothing" if not ready else "the browser has ended")
            self._rest += data
        text, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        if "method" in message:
            self.events.append(message)
        return message


@contextmanager
def browser() -> Iterator[Browser]:
    """Start a browser that resolves no name; skip the test, or fail it in CI, without one."""
    program, shell = require("chromium-headless-shell"), require("bash")
    its_input, to_browser = os.pipe()
    from_browser, its_output = os.pipe()
    # It reads commands from descriptor 3 and writes to 4, which only a shell puts there safely.
    wiring = f'exec "$@" 3<&{its_input} 4>&{its_output}'
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [shell, "-c", wiring, shell, program, *_ARGUMENTS, f"--user-data-dir={folder}"],
            pass_fds=(its_input, its_output),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(its_input)
        os.close(its_output)
        found = Browser(to_browser, from_browser)
        try:
            yield found
            found.call("Browser.close", {})
        finally:
            os.close(to_browser)
            os.close(from_browser)
            process.terminate()
            process.wait(_PATIENCE)
