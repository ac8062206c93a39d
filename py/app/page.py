"""The page: MicroPython on the main thread. It moves events and text, and never computes."""

import asyncio

import js
from jsffi import to_js
from messages import read, write

FONTS = (  # beside the style sheet
    (r"Instrument Sans", "fonts/sans.woff2", "normal"),
    (r"Source Serif 4", "fonts/serif-italic.woff2", "italic"),
)
PHASES = {
    "pointerdown": "down",
    "pointermove": "move",
    "pointerup": "up",
    "pointercancel": "up",
    "pointerleave": "leave",
}
BEGINNINGS = ("scroll", "pointermove", "pointerdown", "keydown", "focusin")  # what a reader begins with
MOUSE, FINGER = 16, 30  # pixels from a handle that still take hold of it
BREATH, WHILE, QUIET = 0.001, 0.01, 0.05  # seconds: to let the page go on, to look again, and to leave it time
SOON = 30  # looks
LONG_ENOUGH = 2600  # milliseconds a passing note such as "Link copied" stays

document = js.document
window = document.defaultView
html = document.documentElement
framed = html.hasAttribute("data-article")  # one figure alone in a frame of somebody's page (assets/frame.js)
dark = window.matchMedia("(prefers-color-scheme:dark)")
still = window.matchMedia("(prefers-reduced-motion:reduce)")


engine = None  # the worker, once PyScript has made it
waiting = []  # what it is to be sent then


def send(*message):
    """Send a message to the worker, with what it takes along; until Python runs there, it waits its turn."""
    if engine:
        engine.postMessage(*message)
    else:
        waiting.append(message)


def post(kind, **parts):
    """Send a message of text alone."""
    send(write(kind, **parts))


async def meet_worker():
    """Wait for the worker, which PyScript makes at a moment of its own, and hand it what has come up meanwhile."""
    global engine
    script = document.querySelector("py-script[worker]")
    while not getattr(script, "xworker", None):
        await asyncio.sleep(WHILE)
    engine = script.xworker
    engine.onmessage = received
    engine.onerror = failed
    while waiting:
        engine.postMessage(*waiting.pop(0))


async def worker_made():
    """Wait for the worker's beginning, which takes the longest of all, unless it does not come soon."""
    for _ in range(SOON):
        if engine:
            break
        await asyncio.sleep(WHILE)


class Figure:
    """One figure, of this document or another frame's: its controls, canvases and texts. Messages name it by `key`."""

    def __init__(self, element, key):
        self.element = element
        self.key = key
        self.name = element.id
        self.document = element.ownerDocument
        self.window = self.document.defaultView
        self.html = self.document.documentElement
        self.html.dataset.runtime = html.dataset.runtime
        self.canvases = {canvas.dataset.view: canvas for canvas in element.querySelectorAll("canvas[data-view]")}
        self.reliefs = {canvas.dataset.relief: canvas for canvas in element.querySelectorAll("canvas[data-relief]")}
        self.said = element.querySelector("[role=status]")
        self.alert = element.querySelector("[role=alert]")
        self.formula = element.querySelector(".formula")
        self.lit = None
        self.handles = {}
        self.term = ""
        self.link = ""
        self.hidden = []
        self.opened = False
        self.html.dataset.drawn = self.theme()
        self.listen()
        found = self.element.querySelectorAll("[data-early]")
        early = [(each, each.value, getattr(each, "checked", None)) for each in found]  # before a link is adopted
        self.adopt(self.settings())
        self.element.dataset.state = "loading"
        self.watch()
        for what in early:
            self.do_again(*what)

    def listen(self):
        """Send on what the reader does: one listener a kind of event, whatever the figure holds."""
        self.element.addEventListener("input", self.changed)
        self.element.addEventListener("change", self.written)
        self.element.addEventListener("click", self.clicked)
        for canvas in self.element.querySelectorAll("canvas[data-pointed]"):
            for event in ("pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave"):
                canvas.addEventListener(event, self.pointed)
            canvas.addEventListener("touchstart", self.touched, to_js({"passive": False}))
        for event in ("pointerover", "pointerleave", "focusin", "focusout"):
            self.formula.addEventListener(event, self.termed)
        if framed:
            self.window.addEventListener("hashchange", self.relinked)
            self.window.addEventListener("unfold-theme", self.rethemed)

    def do_again(self, control, value, checked):
        """Do what the reader did to a control before anybody listened."""
        control.removeAttribute("data-early")
        if control.tagName == "BUTTON":
            control.click()
            return
        if control.type in ("radio", "checkbox"):
            control.checked = checked
        else:
            control.value = value
        control.dispatchEvent(self.window.Event.new("input", to_js({"bubbles": True})))

    def post(self, kind, **parts):
        """Send a message about this figure to the worker, which has its canvases from then on."""
        self.open()
        post(kind, figure=self.key, **parts)

    def settings(self):
        """Return the settings that the address holds for this figure; a frame's may be in its query too."""
        fragment = self.window.location.hash[1:]
        target, _, settings = fragment.partition("?")
        if not framed:
            return settings if target == self.name else ""
        parts = self.window.location.search[1:].split("&")
        parts = [part for part in parts if part and part.split("=")[0] not in ("figure", "theme")]
        parts.append(settings if target == self.name else fragment)  # MicroPython unpacks nothing into a list
        return "&".join(parts)

    def relinked(self, *_):
        """The address has new settings for this figure: show them."""
        self.adopt(self.settings())
        self.post("link", link=self.settings())

    def theme(self):
        """Return light or dark: what the page around a frame has, or else what the reader prefers."""
        return self.html.getAttribute("data-theme") or ("dark" if dark.matches else "light")

    def rethemed(self, *_):
        """The pictures are to be light or dark, as the reader's screen is; in print they keep that ground."""
        self.html.dataset.drawn = self.theme()
        if self.opened:
            self.post("theme", theme=self.theme())

    def pointed(self, event):
        """The pointer is over a picture that follows it: pressed, moving, let go or gone."""
        canvas = event.currentTarget
        phase = PHASES[event.type]
        reach = FINGER if event.pointerType == "touch" else MOUSE
        if phase == "down":
            canvas.setPointerCapture(event.pointerId)
        elif phase == "move" and not event.buttons:
            phase = "hover"
            canvas.style.cursor = "grab" if self.at_handle(canvas, event.offsetX, event.offsetY, reach) else ""
        place = {"x": event.offsetX, "y": event.offsetY, "reach": reach}
        self.post("point", view=canvas.dataset.view, phase=phase, **place)

    def touched(self, event):
        """A finger that comes down on a handle drags it; anywhere else it scrolls the page."""
        canvas, finger = event.currentTarget, event.touches[0]
        box = canvas.getBoundingClientRect()
        if self.at_handle(canvas, finger.clientX - box.left, finger.clientY - box.top, FINGER):
            event.preventDefault()

    def at_handle(self, canvas, x, y, reach):
        """Return whether a handle is in reach of a place on a canvas."""
        return any((a - x) ** 2 + (b - y) ** 2 <= reach * reach for a, b in self.handles.get(canvas.dataset.view, ()))

    def termed(self, event):
        """The pointer or the focus is on a term of the formula, or leaves it."""
        there = event.type in ("pointerover", "focusin") and event.target.closest("[data-term]")
        self.post("term", term=there.dataset.term if there else "")

    def changed(self, event):
        """A slider, box, list, choice or text has a new value."""
        control = event.target
        if not control.name or (control.tagName == "TEXTAREA" and event.inputType != "insertFromPaste"):
            return
        show_value(control)
        value = control.value
        if control.type == "checkbox":
            value = ",".join([box.value for box in self.named(control.name) if box.checked])
        if value != "" or control.type != "number":  # a number's box is empty for a moment while it is typed in
            self.post("set", control=control.name, value=value)

    def written(self, event):
        """A text was written and left, or a file was chosen to be read into one."""
        control = event.target
        if control.tagName == "TEXTAREA":
            self.post("set", control=control.name, value=control.value)
        elif control.type == "file" and control.files.length:
            name = control.getAttribute("data-for")

            def read_in(text):
                self.element.querySelector(f"textarea[name={name}]").value = text
                self.post("set", control=name, value=text)
                control.value = ""  # so that the same file can be opened again

            control.files[0].text().then(read_in)

    def clicked(self, event):
        """A button was pressed: toggles are settings, the rest are presses."""
        button = event.target.closest("button[name]")
        if not button:
            return
        if button.name == "share":
            self.share()
        elif button.name == "embed":
            self.copy(self.embed_code(), "Embed code copied", "Nothing can be copied here")
        elif button.hasAttribute("aria-pressed"):
            on = button.getAttribute("aria-pressed") != "true"
            press(button, on)
            self.post("set", control=button.name, value="on" if on else "off")
        else:
            self.post("press", button=button.name)

    def article(self):
        """Return the article's address, without any settings."""
        here = self.window.location.href.split("#")[0]
        return self.window.URL.new(self.html.dataset.article, here).href if framed else here

    def share(self):
        """Put a link to this state in the address bar and on the clipboard, and say so."""
        address = f"{self.article()}#{self.name}"
        if self.link:
            address += "?" + self.link
        if not framed:
            window.history.replaceState(None, "", address)
        self.copy(address, "Link copied", "Nothing can be copied here" if framed else "The link is in the address bar")

    def embed_code(self):
        """Return the HTML that shows this figure, in this state, on a page of the reader's own."""
        source = self.window.URL.new("./assets/embed.js", self.article()).href
        state = f' state="{self.link.replace("&", "&amp;")}"' if self.link else ""
        return f'<script async src="{source}"></script>\n<unfold-figure name="{self.name}"{state}></unfold-figure>\n'

    def copy(self, text, done, refused):
        """Put a text on the clipboard and say that it is done, or what to say where that is refused."""

        def tell(words):
            note = self.element.querySelector(".note")
            note.textContent = words
            window.setTimeout(lambda: setattr(note, "textContent", ""), LONG_ENOUGH)

        def otherwise(*_):
            tell(done if copied_by_hand(self.document, text) else refused)

        clipboard = getattr(self.window.navigator, "clipboard", None)
        if clipboard:
            clipboard.writeText(text).then(lambda *_: tell(done), otherwise)
        else:
            otherwise()

    def adopt(self, link):
        """Show the settings of a link in the controls at once; the worker judges them when it runs."""
        while self.hidden:
            self.hidden.pop().hidden = False
        for part in link.split("&"):
            name, _, value = part.partition("=")
            if name == "hide":
                self.hide(window.decodeURIComponent(value).split(","))
                continue
            for control in self.named(name):
                self.put(control, window.decodeURIComponent(value.replace("+", " ")))

    def hide(self, names):
        """Take controls out of sight, for a teacher who wants fewer."""
        for name in names:
            for control in self.named(name):
                self.hidden.append(control.closest(".control") or control)
                self.hidden[-1].hidden = True

    def named(self, name):
        """Return the controls of this name."""
        if not name or not all(letter.isalpha() or letter.isdigit() or letter == "-" for letter in name):
            return []
        kinds = ("input", "select", "button", "textarea")
        return self.element.querySelectorAll(", ".join([f"{kind}[name={name}]" for kind in kinds]))

    def put(self, control, value):
        """Show a value in a control, unless the reader is at it just now or it could not hold it."""
        if control.tagName == "BUTTON":
            if control.hasAttribute("aria-pressed"):
                press(control, value == "on")
        elif control.type in ("radio", "checkbox"):
            control.checked = control.value in value.split(",")
        else:
            before = control.value
            if before != value:
                control.value = value
                if control.value == "" and control.type not in ("text", "textarea"):
                    control.value = before
            show_value(control)

    def open(self):
        """Hand the canvases to the worker, once: their sizes are asked for, and so the figure is laid out now."""
        if self.opened:
            return
        self.opened = True
        pairs = list(self.canvases.items()) + list(self.reliefs.items())
        offscreens = [canvas.transferControlToOffscreen() for _, canvas in pairs]
        text = write(
            "open",
            figure=self.key,
            name=self.name,
            alone=framed,
            link=self.settings(),
            views=self.sizes(),
            canvases=[name for name, _ in pairs],  # a dict's order is not kept here
            ratio=self.window.devicePixelRatio,
            theme=self.theme(),
            still=still.matches,
        )
        send(to_js({"text": text, "canvases": offscreens}), to_js(offscreens))

    def watch(self):
        """Tell the worker when the figure's size changes and when it comes into view or leaves it."""
        window = self.window  # its own: another frame's observers see nothing while that is out of view
        self.observers = [window.ResizeObserver.new(self.resized), window.IntersectionObserver.new(self.crossed)]
        for canvas in self.canvases.values():
            self.observers[0].observe(canvas)
        self.observers[1].observe(self.element)
        window.addEventListener("resize", self.resized)

    def crossed(self, entries, *_):
        """The figure has come into view or left it."""
        for entry in entries:  # the last one is how it stands now
            seen = entry.isIntersecting
        if seen or self.opened:
            self.post("seen", seen=seen)

    def sizes(self):
        """Return the size of each canvas in CSS pixels."""
        return {name: [canvas.clientWidth, canvas.clientHeight] for name, canvas in self.canvases.items()}

    def resized(self, *_):
        """The canvases have another size, or the device another pixel ratio."""
        if self.opened:
            self.post("size", views=self.sizes(), ratio=self.window.devicePixelRatio)

    def report(self, message):
        """Show what the worker says has changed."""
        for name, high in message.get("limits", {}).items():
            for control in self.named(name):
                control.max = str(high)
        for name, value in message.get("controls", {}).items():
            for control in self.named(name):
                if control != self.document.activeElement or control.type in ("button", "checkbox"):
                    self.put(control, value)
        for name, (text, value) in message.get("readouts", {}).items():
            for readout in self.element.querySelectorAll(f"output[name={name}]"):
                readout.textContent = text
                readout.dataset.value = value
        for part in ("said", "alert"):
            if part in message:
                getattr(self, part).textContent = message[part]
        if "formula" in message:
            focused = self.document.activeElement
            name = focused.dataset.term if self.formula.contains(focused) else None
            self.formula.innerHTML = message["formula"]
            again = name and self.formula.querySelector(f"[data-term='{name}']")
            if again:
                again.focus()
        if "code" in message:
            for part in self.element.querySelectorAll("[data-code]"):
                part.hidden = part.dataset.code not in message["code"]
        if "lit" in message:
            self.light(message["lit"])
        if "handles" in message:
            self.handles = message["handles"]
        if "formula" in message or "term" in message:
            self.light_term(message.get("term"))
        if "link" in message:
            self.link = message["link"]
            if framed:
                self.window.unfold.told(self.link)
        self.element.dataset.state = "ready"

    def fail(self):
        """Say that Python did not start."""
        if self.element.dataset.state != "ready":
            self.element.dataset.state = "error"
        self.alert.textContent = (
            f"Python could not be started here, so this figure stays a picture ({problem}). "
            "Loading the page again may help."
        )

    def light_term(self, term):
        """Light the terms of the formula that the picture lights."""
        self.term = self.term if term is None else term
        for part in self.formula.querySelectorAll("[data-term]"):
            if part.dataset.term == self.term:
                part.setAttribute("data-lit", "")
            else:
                part.removeAttribute("data-lit")

    def light(self, line):
        """Light the line of code that runs."""
        if self.lit:
            self.lit.removeAttribute("data-lit")
        self.element.dataset.lit = line
        self.lit = self.element.querySelector(f"[data-line='{line}']")
        if self.lit:
            self.lit.setAttribute("data-lit", "")


def show_value(control):
    """Write a slider's value beside its label."""
    label = control.closest(".control")
    shown = label and label.querySelector("output[for]")
    if shown:
        digits = len(control.step.partition(".")[2])
        shown.textContent = f"{float(control.value):.{digits}f}"


def press(button, on):
    """Show a toggle button as on or off, with the words for it."""
    button.setAttribute("aria-pressed", "true" if on else "false")
    button.textContent = button.dataset.on if on else button.dataset.off


def copied_by_hand(place, text):
    """Copy a text the old way, where a page that is not secure has no clipboard; return whether that worked."""
    box = place.createElement("textarea")
    box.value = text
    place.body.append(box)
    box.select()
    done = place.execCommand("copy")
    box.remove()
    return done


def address(file):
    """Return the whole address of a file beside the style sheet, for the worker, which has another base."""
    return window.URL.new(file, document.querySelector("link[rel=stylesheet]").href).href


def failed(event):
    """The worker met an error that nobody took: before Python runs, that is its end."""
    if html.dataset.runtime != "ready":
        broken(getattr(event, "message", None) or "no reason given")


def became(state):
    """Tell every document that has a figure here how Python is."""
    html.dataset.runtime = state
    for figure in figures.values():
        figure.html.dataset.runtime = state


def broken(reason):
    """Python did not start: say so in every figure; the text, the posters and the page stay."""
    global problem
    problem = str(reason)[:160]
    became("failed")
    for figure in figures.values():
        figure.fail()


def begun(*_):
    """The reader has begun: only now may what is out of view be wanted."""
    global resting
    if resting:
        resting = False
        tasks.append(asyncio.create_task(open_all()))


async def open_all():
    """Lay out the article and open one figure after the other, when those in view have had Python first."""
    while html.dataset.runtime == "starting":
        await asyncio.sleep(QUIET)
    for element in document.querySelectorAll(r"main > *"):
        figure = figures.get(element.id)
        if figure:
            await asyncio.sleep(QUIET)  # what stands before it is laid out by itself, or the reader would be held up
        element.classList.add("laid")
        if figure:
            if not figure.opened:
                figure.post("seen", seen=False)
            await asyncio.sleep(QUIET)


def relinked(_):
    """The address has new settings for a figure: show them."""
    linked = figures.get(window.location.hash[1:].partition("?")[0])
    if linked:
        linked.relinked()
        linked.element.scrollIntoView()


def received(event):
    """Take a message from the worker."""
    data = event.data
    if not isinstance(data, str):
        return
    message = read(data)
    if message["kind"] == "report":
        if message["figure"] in figures:  # a frame may have gone since
            figures[message["figure"]].report(message)
    elif message["kind"] == "runtime":
        if message["state"] == "failed":
            broken(message["text"])
        else:
            became(message["state"])
    elif message["kind"] == "loading":
        if message["received"] >= message["total"]:
            html.dataset.downloaded = ""
        for figure in figures.values():
            figure.element.querySelector("progress.download").value = message["received"] / message["total"]


def take_in(guest):
    """Take in the figure of a frame, this one or another beside it: all of them on a page share one runtime."""
    element = guest.document.querySelector("figure.unfold[id]")
    key = f"{element.id} {len(taken_in)}"
    taken_in.append(key)
    figures[key] = Figure(element, key)
    figures[key].open()
    if problem:
        figures[key].fail()

    def gone(event):
        if not event.persisted and figures.pop(key, None):
            post("close", figure=key)

    guest.addEventListener("pagehide", gone)


figures = {}
taken_in = []
resting = True  # until the reader begins
problem = ""
tasks = [asyncio.create_task(meet_worker())]  # kept, or asyncio may drop them half-way
if framed:
    take_in(window)
    for guest in window.unfold.guests:
        take_in(guest)
    window.unfold.arrive = take_in
else:
    await asyncio.sleep(BREATH)
    elements = document.querySelectorAll("figure.unfold[id]")  # in their order, which a dict does not keep here
    for element in elements:
        figures[element.id] = Figure(element, element.id)
        await asyncio.sleep(WHILE)  # a frame or so for each, and what the reader does comes between
        if element.id == elements[0].id and not window.location.hash:
            await worker_made()  # what is further down can wait for it
post("fonts", faces=[[family, address(file), style] for family, file, style in FONTS])
dark.addEventListener("change", lambda _: [figure.rethemed() for figure in figures.values()])
still.addEventListener("change", lambda event: post("still", still=event.matches))
document.addEventListener("visibilitychange", lambda _: post("hidden", hidden=document.hidden))
if not framed:
    import offline

    window.addEventListener("hashchange", relinked)
    linked = figures.get(window.location.hash[1:].partition("?")[0])
    if linked:
        linked.element.scrollIntoView()
    else:
        linked = figures[elements[0].id]
        linked.element.classList.add("laid")
        await asyncio.sleep(WHILE)  # to lay it out and to open it are two tasks
    linked.open()
    tasks.append(asyncio.create_task(offline.start()))
    for event in BEGINNINGS:
        document.addEventListener(event, begun)
    if window.scrollY:
        begun()
