"""A tab as a reader has it, with no debugger in it.

Playwright keeps V8's debugger on in each of its pages, and with that each error that is thrown has V8 parse anew the
functions it went through, to tell their lines. MicroPython's file system throws one for each file that is not there.
"""

from __future__ import annotations

import json
import time
from typing import Any

LOOK = 0.05
"""Seconds from look to look whether an answer is there."""


class Tab:
    """A tab of a browser that Playwright started, of a reader who has stored nothing yet, and of which Playwright does
    not know: it is driven through the browser."""

    def __init__(self, browser: Any) -> None:
        self.session = browser.new_browser_cdp_session()
        self.session.on("Target.receivedMessageFromTarget", self._received)
        self.answers: dict[int, dict] = {}
        self.count = 0
        target = self.session.send("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.name = self.session.send("Target.attachToTarget", {"targetId": target, "flatten": False})["sessionId"]
        self.send("Page.enable")

    def send(self, method: str, **parameters: Any) -> dict:
        """Send a command of Chromium's protocol to the page and return its answer. Raises RuntimeError."""
        self.count += 1
        message = json.dumps({"id": self.count, "method": method, "params": parameters})
        self.session.send("Target.sendMessageToTarget", {"sessionId": self.name, "message": message})
        while self.count not in self.answers:
            time.sleep(LOOK)
            self.session.send("Browser.getVersion")  # lets Playwright take in what has come
        answer = self.answers.pop(self.count)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def run(self, expression: str) -> Any:
        """Return what a JavaScript expression gives, or what its promise does."""
        answer = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return answer["result"].get("value")

    def goes(self, address: str) -> None:
        """Open a page, as far as that its document has begun to come."""
        self.send("Page.navigate", url=address)

    def _received(self, event: dict) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self.answers[message["id"]] = message
