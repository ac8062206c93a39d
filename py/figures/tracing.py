"""Which lines of which functions run, in their order: what the lit line beside a figure shows."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, TypeVar

T = TypeVar("T")


def traced(call: Callable[[], T], functions: tuple[Callable[..., Any], ...]) -> tuple[T, tuple[tuple[str, int], ...]]:
    """Return what `call()` returns, and the lines of `functions` that ran for it: (function's name, line).

    Lines are those of the source file, so they fit `inspect.getsourcelines`.
    """
    watched: set[CodeType] = {function.__code__ for function in functions}
    lines: list[tuple[str, int]] = []

    def each_line(frame: FrameType, event: str, _argument: Any) -> Any:
        here = (frame.f_code.co_name, frame.f_lineno)
        if event == "line" and lines[-1:] != [here]:  # a comprehension visits its line once an item
            lines.append(here)
        return each_line

    def each_call(frame: FrameType, _event: str, _argument: Any) -> Any:
        return each_line if frame.f_code in watched else None

    before = sys.gettrace()
    sys.settrace(each_call)
    try:
        result = call()
    finally:
        sys.settrace(before)
    return result, tuple(lines)
