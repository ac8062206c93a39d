"""What every suite shares."""

from __future__ import annotations

import sys
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent

hypothesis.settings.register_profile("unfold", deadline=None, derandomize=True, max_examples=60)
hypothesis.settings.load_profile("unfold")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Inside Pyodide leave out what cannot run there; the parity test counts that nothing else is missing."""
    if sys.platform == "emscripten":
        items[:] = [item for item in items if item.get_closest_marker("native_only") is None]
