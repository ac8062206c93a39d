"""One figure as the page has it. MicroPython, on the page."""

import here
import sharing
from engine import post
from jsffi import to_js
from pictures import Pictures

CONTROLS = r"input[name], select[name], button[name], textarea[name]"
READOUTS = r"output[name]"


class Figure:
    """One figure, of this document or another frame's: its controls, canvases and texts. Messages name it by `key`."""

    def __init__(self, element, key):
        self.element = element
        self.key = key
        self.name = element.id
        self.document = element.ownerDocument
        self.window = self.document.defaultView
        self.html = self.document.documentElement
        self.html.dataset.runtime = here.html.dataset.runtime
        self.alone = here.framed
        self.said = element.querySelector("[role=status]")
        self.alert = element.querySelector("[role=alert]")
        self.formula = element.querySelector(".formula")
        self.lit = None
        self.term = ""
        self.link = ""
        self.controls, self.outputs = {}, {}
        self.hidden = []
        self.unsaying = None  # of the last passing note, kept: asyncio may drop it half-way
        self.pictures = Pictures(self)
        element.querySelector(".controls").inert = False  # if the page has not had a moment yet (assets/early.mjs)
        self.drawn = self.html.dataset.drawn = self.theme()
        self.listen()
        found = self.element.querySelectorAll("[data-early]")
        early = [(each, each.value, getattr(each, "checked", None)) for each in found]  # before a link is adopted
        self.adopt(self.settings())
        self.element.dataset.state = "loading"
        self.pictures.watch()
        for what in early:
            self.do_again(*what)

    def listen(self):
        """Send on what the reader does: one listener a kind of event, whatever the figure holds."""
        self.element.addEventListener("input", self.changed)
        self.element.addEventListener("change", self.written)
        self.element.addEventListener("click", self.clicked)
        for event in ("pointerover", "pointerleave", "focusin", "focusout"):
            self.formula.addEventListener(event, self.termed)
        if self.alone:
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
        self.pictures.open()
        post(kind, figure=self.key, **parts)

    def settings(self):
        """Return the settings that the address holds for this figure; a frame's may be in its query too."""
        fragment = self.window.location.hash[1:]
        target, _, settings = fragment.partition("?")
        if not self.alone:
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
        return self.html.getAttribute("data-theme") or ("dark" if here.dark.matches else "light")

    def rethemed(self, *_):
        """The pictures are to be light or dark, as the reader's screen is; in print, where all is light, they keep that
        ground: browsers take what a canvas holds just then, and would find some drawn anew and some not."""
        if here.paper.matches or self.drawn == self.theme():
            return
        self.drawn = self.html.dataset.drawn = self.theme()
        if self.pictures.opened:
            self.post("theme", theme=self.drawn)

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
        if button.name in ("share", "embed"):
            getattr(sharing, button.name)(self)
        elif button.hasAttribute("aria-pressed"):
            on = button.getAttribute("aria-pressed") != "true"
            press(button, on)
            self.post("set", control=button.name, value="on" if on else "off")
        else:
            self.post("press", button=button.name)

    def adopt(self, link):
        """Show the settings of a link in the controls at once; the worker judges them when it runs."""
        while self.hidden:
            self.hidden.pop().hidden = False
        for part in link.split("&"):
            name, _, value = part.partition("=")
            if name == "hide":
                self.hide(here.window.decodeURIComponent(value).split(","))
                continue
            for control in self.named(name):
                self.put(control, here.window.decodeURIComponent(value.replace("+", " ")))

    def hide(self, names):
        """Take controls out of sight, for a teacher who wants fewer."""
        for name in names:
            for control in self.named(name):
                self.hidden.append(control.closest(".control") or control)
                self.hidden[-1].hidden = True

    def named(self, name):
        """Return the controls of this name."""
        return self.among(self.controls, CONTROLS, name)

    def readouts(self, name):
        """Return the readouts of this name."""
        return self.among(self.outputs, READOUTS, name)

    def among(self, found, which, name):
        """Return those of this name: all that there are of a kind are looked for once, when one is asked for."""
        if name and not found:
            for element in self.element.querySelectorAll(which):
                found.setdefault(element.name, []).append(element)
        return found.get(name, ())

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
            show_value(control)  # even so: a browser that restores a slider leaves what stands beside it


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
