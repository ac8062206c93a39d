"""A module gets another memory, or a section more, and does what it did."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

if sys.platform != "emscripten":
    import wasmtime

    from tools import webassembly

pytestmark = pytest.mark.native_only

MODULE = """(module
  (memory (export "memory") 1 8)
  (data (i32.const 40) "as it began")
  (func (export "at") (param i32) (result i32) (i32.load8_u (local.get 0)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1))))"""
HELD = 3 * (1 << 16)
"""Bytes of the memory that it is given."""


@pytest.fixture(scope="module")
def module():
    return wasmtime.wat2wasm(MODULE)


def begun(module):
    """Return the exports of a module that has begun, each as one calls it, and its memory."""
    store = wasmtime.Store()
    exports = wasmtime.Instance(store, wasmtime.Module(store.engine, module), []).exports(store)
    memory = exports["memory"]
    return {name: lambda *given, f=exports[name]: f(store, *given) for name in ("at", "grow")}, memory.read(store)


@given(st.dictionaries(st.integers(0, HELD - 1), st.integers(1, 255), max_size=40))
def test_a_module_begins_with_the_memory_that_it_is_given(filled):
    memory = bytearray(HELD)
    for at, byte in filled.items():
        memory[at] = byte
    calls, found = begun(webassembly.with_memory(wasmtime.wat2wasm(MODULE), bytes(memory)))
    assert found == memory
    assert all(calls["at"](at) == byte for at, byte in filled.items())
    assert calls["grow"]() == 3, "it grows from what it has, as far as before"


def test_the_rest_of_the_module_stays_and_what_is_empty_is_not_in_it(module):
    changed = webassembly.with_memory(module, b"x" + bytes(HELD - 2) + b"y")
    assert len(changed) < len(module) + 30
    before, after = (dict(webassembly.sections(each)) for each in (module, changed))
    assert list(before) == list(after)
    assert {kind for kind in before if before[kind] != after[kind]} == {webassembly.MEMORY, webassembly.DATA}


def test_a_section_more_is_found_by_its_name_and_does_nothing(module):
    more = webassembly.with_section(module, "page", "words é".encode())
    assert list(webassembly.sections(more))[-1] == (webassembly.CUSTOM, b"\x04page" + "words é".encode())
    assert begun(more)[1] == begun(module)[1]


@given(st.integers(0, 2**32 - 1))
def test_numbers_are_read_as_they_are_written(number):
    written = webassembly.unsigned(number)
    assert webassembly.read(b"x" + written + b"\x80", 1) == (number, 1 + len(written))


@pytest.mark.parametrize(
    ("number", "bytes_"),  # 63 and 64 are either side of the sign
    [(0, b"\0"), (63, b"\x3f"), (64, b"\xc0\0"), (127, b"\xff\0"), (128, b"\x80\x01"), (8192, b"\x80\xc0\0")],
)
def test_a_signed_number_says_that_it_is_not_below_nothing(number, bytes_):
    assert webassembly.signed(number) == bytes_
