"""What the worker reports of a figure, shown on the page. MicroPython, on the page."""


def show(figure, message):
    """Show what the worker says has changed."""
    for name, high in message.get("limits", {}).items():
        for control in figure.named(name):
            control.max = str(high)
    if "controls" in message:
        focused = figure.document.activeElement
        for name, value in message["controls"].items():
            for control in figure.named(name):
                if control != focused or control.type in ("button", "checkbox"):
                    figure.put(control, value)
    for name, (text, value) in message.get("readouts", {}).items():
        for readout in figure.readouts(name):
            readout.textContent = text
            readout.dataset.value = value
    for part in ("said", "alert"):
        if part in message:
            getattr(figure, part).textContent = message[part]
    if "formula" in message:
        focused = figure.document.activeElement
        name = focused.dataset.term if figure.formula.contains(focused) else None
        figure.formula.innerHTML = message["formula"]
        again = name and figure.formula.querySelector(f"[data-term='{name}']")
        if again:
            again.focus()
    if "code" in message:
        for part in figure.element.querySelectorAll("[data-code]"):
            part.hidden = part.dataset.code not in message["code"]
    if "lit" in message:
        light(figure, message["lit"])
    if "handles" in message:
        figure.pictures.handles = message["handles"]
    if "formula" in message or "term" in message:
        light_term(figure, message.get("term"))
    if "link" in message:
        figure.link = message["link"]
        if figure.alone:
            figure.window.unfold.told(figure.link)
    figure.element.dataset.state = "ready"


def fail(figure, problem):
    """Say that Python did not start, and why."""
    if figure.element.dataset.state != "ready":
        figure.element.dataset.state = "error"
    figure.alert.textContent = (
        f"Python could not be started here, so this figure stays a picture ({problem}). "
        "Loading the page again may help."
    )


def light_term(figure, term):
    """Light the terms of the formula that the picture lights."""
    figure.term = figure.term if term is None else term
    for part in figure.formula.querySelectorAll("[data-term]"):
        if part.dataset.term == figure.term:
            part.setAttribute("data-lit", "")
        else:
            part.removeAttribute("data-lit")


def light(figure, line):
    """Light the line of code that runs."""
    if figure.lit:
        figure.lit.removeAttribute("data-lit")
    figure.element.dataset.lit = line
    figure.lit = figure.element.querySelector(f"[data-line='{line}']")
    if figure.lit:
        figure.lit.setAttribute("data-lit", "")
