"""What a reader can set in a figure, declared once.

From these declarations follow the HTML controls, the values a link may hold, keyboard steps and the
messages for values that are not allowed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, TypeAlias, TypeVar
from urllib.parse import parse_qsl, urlencode

Value: TypeAlias = str | int | float | bool
S = TypeVar("S")
LONGEST_LINK = 30_000
"""The most characters of a link's query that are read."""
LONGEST_LINKED = 8_000
"""The longest text, in characters, that is written into a link: an address has its limits."""


class BadValueError(ValueError):
    """A value from outside that a control does not allow; its text names field, value and what is allowed."""

    def __init__(self, field: str, value: str, allowed: str) -> None:
        shown = value if len(value) <= 40 else value[:40] + "…"
        super().__init__(f"{field}: “{shown}” is not allowed here. Allowed: {allowed}.")


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
class Toggle:
    """Something that is on or off, set by a button that stays pressed: `label` while off, `pressed` while on."""

    name: str
    label: str
    pressed: str
    allowed: str = "on, off"

    def parse(self, text: str) -> Value:
        """Return whether `text` says on; raise `BadValueError` if it says neither on nor off."""
        if text not in ("on", "off"):
            raise BadValueError(self.name, text, self.allowed)
        return text == "on"

    def write(self, value: Value) -> str:
        """Return on or off."""
        return "on" if value else "off"


@dataclass(frozen=True)
class Button:
    """Something a reader does once a press."""

    name: str
    label: str


class BadTextError(BadValueError):
    """A text from outside that is of no use; it tells the field and what is the matter."""

    def __init__(self, field: str, problem: str) -> None:
        ValueError.__init__(self, f"{field}: {problem}.")


@dataclass(frozen=True)
class Text:
    """A text that the reader writes, pastes or opens from a file, of at most `most` characters.

    `check` raises ValueError, naming the place, for one that the figure cannot use; the empty text is always allowed.
    """

    name: str
    label: str
    check: Callable[[str], object]
    most: int = 20_000

    @property
    def allowed(self) -> str:
        """What may be set, in words."""
        return f"at most {self.most} characters"

    def parse(self, text: str) -> Value:
        """Return the text; raise `BadTextError` if it is too long or of no use."""
        if len(text) > self.most:
            raise BadTextError(self.name, f"{len(text)} characters are not allowed here. Allowed: {self.allowed}")
        try:
            if text.strip():
                self.check(text)
        except ValueError as problem:
            raise BadTextError(self.name, str(problem)) from None
        return text if text.strip() else ""

    def write(self, value: Value) -> str:
        """Return the text."""
        return str(value)


Setting: TypeAlias = Range | Choice | Toggle | Text
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
    return urlencode([(name, value) for name, value in pairs if len(value) <= LONGEST_LINKED])


def with_values(state: S, values: dict[str, Value]) -> S:
    """Return the dataclass `state` with the named controls' values put in."""
    names = {entry.name for entry in fields(state)}  # type: ignore[arg-type]
    return replace(state, **{field(k): v for k, v in values.items() if field(k) in names})  # type: ignore[type-var]
