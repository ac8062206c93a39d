"""The site built with a translation whose texts all stand in ⟦ ⟧: the page, its figures and their Python speak it."""

from __future__ import annotations

import json

import pytest

from tests import browsers
from tests.browser.conftest import until
from tools import translation, words

HEAD = 'msgid ""\nmsgstr ""\n"Language: eo\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The site with its pseudo-translation, served from a sub-path."""
    folder = tmp_path_factory.mktemp("translated")
    texts = sorted({text.template for _, text in words.found(translation.ROOT)})
    pairs = [[json.dumps(one, ensure_ascii=False) for one in (text, translation.pseudo(text))] for text in texts]
    entries = (f"msgid {text}\nmsgstr {new}\n" for text, new in pairs)
    (folder / "eo.po").write_text(HEAD + "\n".join(entries), "utf-8")
    translation.build(folder / "eo.po", str(folder / "site" / browsers.SUB_PATH))
    with browsers.served(folder / "site") as address:
        yield f"{address}{browsers.SUB_PATH}/"


def test_a_figure_asks_moves_and_speaks_in_the_language_that_the_site_was_built_with(visit):
    page = visit("#gate", permissions=["clipboard-read", "clipboard-write"])
    assert page.get_attribute("html", "lang") == "eo"
    assert page.text_content("#gate h3") == "⟦What can one neuron decide?⟧"
    assert page.text_content("#gate label[for=gate-w1]") == "⟦Weight w₁⟧"
    assert page.text_content("#gate [name=reset]") == "⟦Reset⟧"
    page.locator("#gate input[name=w1]").fill("4")
    until(page, "() => document.querySelector('#gate .said').textContent.includes('⟦w₁ is ⟧4.0⟦, w₂ is ⟧')")
    page.click("#gate [name=play]")
    assert page.text_content("#gate [name=play]") == "⟦Pause⟧"
    page.click("#gate [name=share]")
    until(page, "() => document.querySelector('#gate .note').textContent === '⟦Link copied⟧'")
