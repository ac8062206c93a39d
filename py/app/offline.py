"""What the footer says of reading with no network, and its buttons. MicroPython, on the page.

The service worker (sw.js) stores and forgets; here it is registered, asked, and told of. Where there can be none (an
insecure host, a private window, a checkout, a page with no such line) nothing is shown and nothing is done.
"""

import asyncio

import here

WAIT = 0.25
PATIENCE = 8
"""Seconds for the article's own downloads, which come first; a slow network does not keep us from beginning."""
REFUSED = "unfold-store-nothing"
"""What the browser remembers after Forget all: this alone."""


class Line:
    """The line in the footer, and the notice of a new version."""

    def __init__(self, element):
        self.element = element
        self.stored, self.said = element.querySelector(".stored"), element.querySelector("[role=status]")
        self.notice = here.document.getElementById("newer")
        self.registration = self.task = None
        self.updating = False
        self.workers = here.window.navigator.serviceWorker
        self.controlled = bool(self.workers.controller)
        self.workers.addEventListener("message", self.told)
        self.workers.addEventListener("controllerchange", self.changed)
        here.document.querySelector("body>footer").addEventListener("click", self.clicked)

    async def begin(self):
        """Have the article stored, and all of it once Python runs, unless the reader wants nothing stored."""
        if remembered():
            self.nothing()
            return
        if not await self.register():
            return
        self.ask("status")
        while here.html.dataset.runtime == "starting":
            await asyncio.sleep(WAIT)
        connection = getattr(here.window.navigator, "connection", None)
        if here.html.dataset.runtime == "ready" and not (connection and connection.saveData):
            self.ask("store")
        make_installable()

    async def register(self):
        """Register the service worker; return whether one is at work, as soon as it is."""
        self.registration = await self.workers.register("./sw.js")
        if not self.registration:
            return False
        self.registration.addEventListener("updatefound", self.found)
        self.found()
        await self.workers.ready
        return True

    def ask(self, word):
        """Ask the service worker to do something; what it does it tells."""
        self.registration.active.postMessage(word)

    def found(self, *_):
        """A new version is being stored, or waits already."""
        coming = self.registration.installing
        if coming:
            coming.addEventListener("statechange", self.newer)
        self.newer()

    def newer(self, *_):
        """Show whether a new version waits for the reader's word."""
        if self.registration.waiting and self.registration.active:
            self.offer("A new version of this article is ready.")

    def offer(self, text):
        """Offer to show the new version, at the foot of the window and of the page."""
        self.notice.querySelector("span").textContent = text
        self.notice.hidden = False
        self.button("update").hidden = False

    def changed(self, _):
        """Another service worker has taken over: the first, ours, or one that another tab has called."""
        if self.updating:
            here.window.location.reload()
        elif self.controlled:
            self.offer("This article was updated in another tab.")
        self.controlled = True

    def told(self, event):
        """Show what the service worker says."""
        news = event.data
        if getattr(news, "forgotten", False):
            self.nothing()
            return
        everything = news.stored == news.total
        self.stored.textContent = f"Stored: {megabytes(news.stored)} MB of {megabytes(news.total)}."
        if everything:
            self.say("This article works without a network.")
        elif news.busy:
            self.say("Storing the rest.")
        elif news.readable:
            self.say("The text can be read without a network, its figures not yet.")
        else:
            self.say("")
        self.button("store").hidden = everything or news.busy
        self.button("forget").hidden = False
        self.element.hidden = False

    def nothing(self):
        """Say that nothing is stored, and that this is how it stays."""
        self.registration = None
        self.stored.textContent = "Nothing is stored."
        self.say("It stays so until you ask.")
        self.button("store").hidden = self.element.hidden = False
        self.button("forget").hidden = self.button("update").hidden = self.notice.hidden = True

    def say(self, text):
        """Say it to those who listen too, once."""
        if self.said.textContent != text:
            self.said.textContent = text

    def button(self, name):
        """Return one of the line's buttons."""
        return self.element.querySelector(f"button[name={name}]")

    def clicked(self, event):
        """A button was pressed."""
        button = event.target.closest("button[name]")
        if not button:
            return
        if button.name == "store":
            remember(False)
            self.task = asyncio.create_task(self.store())
        elif button.name == "forget":
            remember(True)
            self.ask("forget")
        elif button.name == "later":
            self.notice.hidden = True
        elif self.registration.waiting:
            self.updating = True
            self.registration.waiting.postMessage("update")
        else:
            here.window.location.reload()

    async def store(self):
        """Store all of it now."""
        if self.registration or await self.register():
            self.ask("store")


def make_installable():
    """Tell the browser that the article can be installed. Only now: some move their own surface for it, and the first
    controls would be alive later by as much."""
    link = here.document.createElement("link")
    link.rel = r"manifest"
    link.href = r"./manifest.json"
    here.document.head.append(link)


def megabytes(count):
    """Return bytes as megabytes, with one decimal."""
    return f"{count / 1e6:.1f}"


def remembered():
    """Return whether the reader has asked that nothing be stored."""
    return here.window.localStorage.getItem(REFUSED) is not None


def remember(refused):
    """Remember that nothing is to be stored, or no longer."""
    if refused:
        here.window.localStorage.setItem(REFUSED, "yes")
    else:
        here.window.localStorage.removeItem(REFUSED)


async def start():
    """Begin when the page's own downloads are through; a browser that will not have it is left in peace."""
    element, html = here.document.getElementById("offline"), here.html
    if not (element and html.hasAttribute("data-version")):
        return
    waited = 0
    while html.dataset.runtime == "starting" and not html.hasAttribute("data-downloaded") and waited < PATIENCE:
        await asyncio.sleep(WAIT)
        waited += WAIT
    try:
        if getattr(here.window.navigator, "serviceWorker", None):
            await Line(element).begin()
    except Exception as problem:
        print("Nothing is stored for reading without a network:", problem)
