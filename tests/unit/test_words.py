"""The catalogue has every text that a reader may see, and a translation puts others in their places, and no more."""

from __future__ import annotations

import ast
import html
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from figures import NAMES

# These read the checkout itself, and a catalogue by Babel; Pyodide has neither.
pytestmark = pytest.mark.native_only

ROOT = Path(__file__).resolve().parents[2]
HEAD = 'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def found(source):
    """The texts that are found in a module's source, by their templates."""
    from tools import words

    texts = []
    words.rewritten(source, texts.append)
    return [text.template for text in texts]


def put(source, said):
    """A module's source with other texts in place of those in it, each named by its first word."""
    from tools import words

    return words.rewritten(source, lambda text: said.get(text.template.split()[0]))


def value(expression, names, **said):
    """What an expression is when other texts stand in place of those in it."""
    exec(put(f"x = {expression}", said), names)
    return names["x"]


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory):
    """A copy of the checkout whose texts are all in ⟦ ⟧ but one."""
    from tools import translation, words

    root = tmp_path_factory.mktemp("pseudo")
    translation.copy(root)
    shutil.copytree(ROOT / "tests", root / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    said = {text.template: translation.pseudo(text.template) for _, text in words.found(ROOT)}
    assert translation.translate(root, said) == 0
    return root


def untranslated(root, *names):
    """What these figures say that stands in no ⟦ ⟧."""
    paths = os.pathsep.join((str(root / "py"), str(root), *filter(None, sys.path)))
    command = [sys.executable, "-m", "tests.untranslated", *names]
    done = subprocess.run(command, cwd=root, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_catalogue_is_what_the_code_says():
    from tools import translation

    assert translation.CATALOGUE.read_text("utf-8") == translation.catalogue(), "run: python3 dev.py page"


def test_all_that_a_reader_sees_or_hears_of_the_figures_is_in_the_catalogue(pseudo):
    assert untranslated(pseudo, *NAMES) == {name: {} for name in NAMES}


@pytest.mark.parametrize(
    ("module", "marked", "plain"),
    [
        ("figures/fit_line.py", "⟦Slope w⟧", "Slope w"),
        ("scene/words.py", "⟦raise⟧", "raise"),
        ("scene/answers.py", "⟦answer⟧", "answer"),
        ("figures/gate.py", "⟦ of 4 right⟧", " of 4 right"),
        ("figures/controls.py", "⟦” is not allowed here. Allowed: ⟧", "” is not allowed here. Allowed: "),
        ("scene/fitting.py", "⟦target⟧", "target"),
    ],
)
def test_a_text_that_were_not_in_the_catalogue_would_be_noticed(pseudo, module, marked, plain):
    path, figures = pseudo / "py" / module, ("fit-line", "bowl", "gate")
    whole = path.read_text("utf-8")
    assert marked in whole
    path.write_text(whole.replace(marked, plain), "utf-8")
    try:
        assert any(untranslated(pseudo, *figures).values())
    finally:
        path.write_text(whole, "utf-8")


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('"""A docstring of a module."""\nx = "Slope w"', ["Slope w"]),
        ('x = "two words"', ["two words"]),
        ('x = "Learn"', ["Learn"]),
        ('x = "name"', []),
        ('x = f"worse"', ["worse"]),
        ('x = r"on, off"', []),
        ('x = "OR, NAND"', []),
        ('x = "1 − tanh x"', []),
        ('x = {"the key": "the value"}', ["the value"]),
        ('x = names["the key"] if a == "the value" else b', []),
        ('x: TypeAlias = "Left | Right"', []),
        ('print("for developers")', []),
        ('x = f"h{k} was {old}"', ["h{k} was {old}"]),
        ('x = f"h{k}"', []),
        ('x = f"{number(a.loss, 2)} of {number(b.loss, 2)} {{so}}"', ["{loss} of {loss_2} {{so}}"]),
        ("""x = f"a {'word' if a else f'phrase'} here\"""", ["a {a} here", "phrase"]),
        ('x = "the first" if f("so it is") else "the second"', ["so it is", "the first", "the second"]),
        ('x = ("one text, in " "two literals")', ["one text, in two literals"]),
        ('x = f"<mtext>&nbsp;where&nbsp;</mtext><mi>{a}</mi><mi>tanh</mi>"', ["where"]),
        ("""x = f'<p class="a b" title="what it is">{text}</p>'""", ["what it is"]),
    ],
)
def test_what_is_read_is_known_by_how_it_is_written(source, texts):
    assert found(source) == texts
    assert put(source, {}) == source


def test_a_module_in_which_every_text_is_put_in_its_own_place_is_the_same():
    from tools import words

    for path in words.sources(ROOT):
        source = path.read_text("utf-8")
        same = words.rewritten(source, lambda text: text.template)
        assert ast.dump(ast.parse(same)) == ast.dump(ast.parse(source)), path


@pytest.mark.parametrize("text", ['\'"""\\', "\\N{{BULLET}}\n", "{{x}}", "' + exit() + '", "ſ–“”\u2028"])
def test_a_translated_text_is_data(text):
    assert value('f"the {a} here"', {"a": "A"}, the=text + "{a}") == text.format() + "A"
    assert value('"Link copied"', {}, Link=text) == text.format()
    assert html.unescape(value('"<b>the words</b>"', {}, the=text)) == f"<b>{text.format()}</b>"


def test_texts_are_put_where_they_stood_in_whatever_order_they_are_come_upon():
    source = 'x = "the first" if f("so it is") else "a second"\n'
    said = {"the": "vorn und lang", "so": "so", "a": "ä"}
    assert put(source, said) == "x = 'vorn und lang' if f('so') else 'ä'\n"


def test_the_words_of_a_translation_may_stand_in_another_order():
    text = "f\"now {a} is {b:.2f}, {f'more' if a else f'less'}\""
    assert value(text, {"a": 0, "b": 1.0}, now="{a_2}; {b}: {a}", less="weniger") == "weniger; 1.00: 0"


@pytest.mark.parametrize(
    ("text", "new", "told"),
    [
        ("{a} of {b}", "{a} von {c}", "{a} and {b}, each once"),
        ("{a} of {b}", "{a}", "{a} and {b}, each once"),
        ("{a} of {b}", "{a} {a} {b}", "{a} and {b}, each once"),
        ("{a} of {b}", "{a!r} {b}", "not well-formed"),
        ("{a} of {b}", "{a.x} {b}", "{a} and {b}, each once"),
        ("{a} of {b}", "{a} {b", "not well-formed"),
        ("Link copied", "{a}", "no place"),
        ("Link copied", "<b>kopiert</b>", "no markup"),
        ("Link copied", 'mit "Zeichen"', "no markup"),
    ],
)
def test_a_translation_that_would_break_a_text_is_refused_by_name_and_nothing_is_built(tmp_path, text, new, told):
    from tools import runtime, translation

    path = tmp_path / "de.po"
    path.write_text(HEAD + f"msgid {json.dumps(text)}\nmsgstr {json.dumps(new)}\n", "utf-8")
    with pytest.raises(runtime.Problem) as problem:
        translation.build(path, str(tmp_path / "site"))
    assert f"“{text}”: “{new}”" in str(problem.value)
    assert told in str(problem.value)
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read"),
        ('msgid "a\n', "no catalogue"),
        (HEAD.replace("de", ""), "is no language"),
        (HEAD.replace("de", "<b>"), "no catalogue"),
    ],
)
def test_a_file_that_is_no_translation_is_named(tmp_path, content, told):
    from tools import runtime, translation

    path = tmp_path / "de.po"
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(runtime.Problem, match=told) as problem:
        translation.read(path)
    assert str(path) in str(problem.value)


def test_what_is_not_translated_or_not_sure_stays_english(tmp_path):
    from tools import translation

    path = tmp_path / "de.po"
    entries = 'msgid "Learn"\nmsgstr "Lernen"\n\nmsgid "Step"\nmsgstr ""\n\n#, fuzzy\nmsgid "Gate"\nmsgstr "Tor"\n'
    path.write_text(HEAD.replace("de", "pt_BR") + entries, "utf-8")
    assert translation.read(path) == ("pt-BR", {"Learn": "Lernen"})
