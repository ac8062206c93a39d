"""What a reader can set in a figure, declared once.

From these declarations follow the HTML controls, the values a link may hold, keyboard steps and the
messages for values that are not allowed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl, quote, urlencode

Value: TypeAlias = str | int | float | bool
S = TypeVar("S")
PLACE, NEAR = "▸", 30
"""What stands before the character at fault, and how many characters are shown on either side of it."""
LONGEST_LINK = 30_000
"""The most characters of a link's query that are read."""
EVERY_FIGURES = ("reset", "share", "embed")
"""The buttons that every figure has; they too may be hidden."""
LONGEST_LINKED = 8_000
"""The longest text, in characters, that is written into a link: an address has its limits."""


class BadValueError(ValueError):
    """A value from outside that a control does not allow; its text names field, value and what is allowed."""

    def __init__(self, field: str, value: str, allowed: str) -> None:
        shown = value if len(value) <= 40 else value[:40] + "…"
        super().__init__(f"{field}: “{shown}” is not allowed here. Allowed: {allowed}.")


class BadTextError(BadValueError):
    """A typed text that is refused, in the words of what refused it, its place marked where that has a `position`."""

    def __init__(self, field: str, text: str, problem: ValueError) -> None:
        at, told = getattr(problem, "position", None), str(problem).removeprefix(f"{field}: ")
        if at is None:
            ValueError.__init__(self, f"{field}: {told}.")
            return
        first, last = max(0, at - NEAR), at + NEAR
        before = ("…" if first else "") + text[first:at]
        after = text[at:last] + ("…" if last < len(text) else "")
        ValueError.__init__(self, f"{field}: {told}. Here: “{before}{PLACE}{after}”.")


@dataclass(frozen=True)
class Range:
    """A number from `low` to `high` in steps of `step`, set by a slider or, where `typed`, in a box."""

    name: str
    label: str
    low: float
    high: float
    step: float
    typed: bool = False

    @property
    def whole(self) -> bool:
        """Whether only whole numbers are meant."""
        return float(self.step).is_integer() and float(self.low).is_integer()

    @property
    def allowed(self) -> str:
        """What may be set, in words."""
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:g} to {self.high:g}"

    def parse(self, text: str) -> Value:
        """Return the value that `text` stands for; raise `BadValueError` if it is none or out of range."""
        try:
            value = float(text)
        except ValueError:
            raise BadValueError(self.name, text, self.allowed) from None
        if not (math.isfinite(value) and self.low <= value <= self.high):
            raise BadValueError(self.name, text, self.allowed)
        if self.whole and not value.is_integer():
            raise BadValueError(self.name, text, self.allowed)
        return int(value) if self.whole else value

    def write(self, value: Value) -> str:
        """Return the value with as many decimals as the steps have."""
        digits = 0 if self.whole else max(0, -math.floor(math.log10(self.step) + 1e-9))
        return f"{value:.{digits}f}"


@dataclass(frozen=True)
class Choice:
    """One of `options`, each a value and the words a reader sees; a list, or one tap each where `tapped`."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    tapped: bool = False

    @property
    def allowed(self) -> str:
        """What may be set, in words."""
        return ", ".join(value for value, _ in self.options if value)

    def parse(self, text: str) -> Value:
        """Return `text` if it is one of the options; raise `BadValueError` if not."""
        if text not in (value for value, _ in self.options):
            raise BadValueError(self.name, text, self.allowed)
        return text

    def write(self, value: Value) -> str:
        """Return the option as it stands in a link."""
        return str(value)


@dataclass(frozen=True)
class Several:
    """Any of `options`, each a value and the words a reader sees, ticked one by one: the legend of a picture.

    `looks` are the colour's role and the dash of each option's curve. A value names what is ticked, in the options'
    order, with commas between.
    """

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    looks: tuple[tuple[str, tuple[float, ...]], ...]

    @property
    def allowed(self) -> str:
        """What may be set, in words."""
        return "any of " + ", ".join(value for value, _ in self.options) + ", with commas between"

    def parse(self, text: str) -> Value:
        """Return what `text` names, in the options' order; raise `BadValueError` if it names anything else."""
        named = set(text.split(",")) - {""}
        if named - {value for value, _ in self.options}:
            raise BadValueError(self.name, text, self.allowed)
        return ",".join(value for value, _ in self.options if value in named)

    def write(self, value: Value) -> str:
        """Return what is ticked as it stands in a link."""
        return str(value)

    def added(self, ticked: str, one: str) -> str:
        """Return the value with `one` ticked."""
        return str(self.parse(f"{ticked},{one}"))

    def flipped(self, ticked: str, one: str) -> str:
        """Return the value with `one` ticked if it was not, or no more if it was."""
        rest = [name for name in ticked.split(",") if name != one]
        return ",".join(rest) if one in ticked.split(",") else self.added(ticked, one)


@dataclass(frozen=True)
class Toggle:
    """Something that is on or off, set by a button that stays pressed: `label` while off, `pressed` while on."""

    name: str
    label: str
    pressed: str
    allowed: str = r"on, off"

    def parse(self, text: str) -> Value:
        """Return whether `text` says on; raise `BadValueError` if it says neither on nor off."""
        if text not in ("on", "off"):
            raise BadValueError(self.name, text, self.allowed)
        return text == "on"

    def write(self, value: Value) -> str:
        """Return on or off."""
        return "on" if value else "off"


@dataclass(frozen=True)
class Text:
    """What a reader types, at most `most` characters, on one line or, where `rows` is above 1, on several.

    `check` raises ValueError, in words for the reader, for a text that cannot be used; with a `position`, the offset
    of the character at fault, the message shows the place. While a text is refused, what the reader typed stays in
    its box and the last good one in the State.
    """

    name: str
    label: str
    check: Callable[[str], object]
    most: int
    rows: int = 1
    hint: str = ""
    """What an empty box shows: an example."""
    files: str = ""
    """Which files can be opened into the box, as a browser's file chooser takes it; none where empty."""

    def parse(self, text: str) -> Value:
        """Return the text if it can be used, a blank one as empty; raise `BadValueError` if not."""
        if len(text) > self.most:
            problem = f"{len(text)} characters are not allowed here. Allowed: at most {self.most} characters"
            raise BadTextError(self.name, text, ValueError(problem))
        if not text.strip():
            return ""
        try:
            self.check(text)
        except ValueError as problem:
            raise BadTextError(self.name, text, problem) from None
        return text

    def write(self, value: Value) -> str:
        """Return the text as it stands."""
        return str(value)


@dataclass(frozen=True)
class Button:
    """Something a reader does once a press."""

    name: str
    label: str


Setting: TypeAlias = Range | Choice | Several | Toggle | Text
Control: TypeAlias = Setting | Button


def field(control_name: str) -> str:
    """Return the attribute of a State that holds the control's value: learning-rate is learning_rate."""
    return control_name.replace("-", "_")


def settings(controls: tuple[Control, ...]) -> dict[str, Setting]:
    """Return the controls that hold a value, by name."""
    return {control.name: control for control in controls if not isinstance(control, Button)}


def read_link(text: str, controls: tuple[Control, ...]) -> tuple[dict[str, Value], list[str]]:
    """Return the values that a link's query holds, by control, and a message for each part that is refused.

    `text` is `control=value&control=value`, percent-encoded. What is refused has no value: the caller's
    default stands.
    """
    known = settings(controls)
    values: dict[str, Value] = {}
    messages = []
    for name, value in parse_qsl(text[:LONGEST_LINK], keep_blank_values=True):
        if name == "hide":
            buttons = (*(control.name for control in controls), *EVERY_FIGURES)
            wrong = [part for part in value.split(",") if part and part not in buttons]
            messages += [str(BadValueError(name, part, ", ".join(buttons))) for part in wrong]
            continue
        try:
            if name not in known:
                raise BadValueError(name, value, "one of the controls " + ", ".join(known))
            values[name] = known[name].parse(value)
        except BadValueError as problem:
            messages.append(f"{problem} The default is used.")
    return values, messages


def write_link(state: Any, start: Any, controls: tuple[Control, ...]) -> str:
    """Return the query of a link to `state`: only what differs from `start`."""
    pairs = [
        (name, control.write(getattr(state, field(name))))
        for name, control in settings(controls).items()
        if getattr(state, field(name)) != getattr(start, field(name))
    ]
    short = [(name, value) for name, value in pairs if len(value) <= LONGEST_LINKED]
    return urlencode(short, safe=",", quote_via=quote)


def with_values(state: S, values: dict[str, Value]) -> S:
    """Return the dataclass `state` with the named controls' values put in."""
    names = {entry.name for entry in fields(state)}  # type: ignore[arg-type]
    return replace(state, **{field(k): v for k, v in values.items() if field(k) in names})  # type: ignore[type-var]
