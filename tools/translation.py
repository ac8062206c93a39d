"""The catalogue of all texts, and the site in another language.

`python -m tools.translation` writes words/unfold.pot anew. `python -m tools.translation words/de.po OUT [ADDRESS]`
builds the site with the texts of words/de.po: they are put into a copy of the checkout, whose figures' HTML and
pictures are made anew, and which is built as any other. A text that is not translated stays English.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog
from babel.messages.pofile import PoFileError, read_po, write_po

from tools import runtime, site, words
from tools.templates import Text, fields

ROOT = runtime.ROOT
CATALOGUE = ROOT / "words" / "unfold.pot"
HEADER = """\
# Every text of Unfold's figures, as `python3 dev.py page` finds them. A name in braces is a place that is filled in.
msgid ""
msgstr ""
"Project-Id-Version: Unfold\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")
COPIED = ("py", "tools", "assets", "*.html", "sw.js", "manifest.json", "pyscript.toml")
"""What of the checkout a build asks for; the runtime and the cache are used where they stand."""


def catalogue(root: Path = ROOT) -> str:
    """Return the catalogue: each text once, with the modules where it stands and what fills its places."""
    made = Catalog()
    for name, text in words.found(root):
        told = [f"{{{place}}} is {expression}" for place, expression in text.places.items() if expression != place]
        entry = made.add(
            text.template, locations=[(name, 1)], auto_comments=[line for line in told if "{}" not in line]
        )
        entry.flags.discard("python-format")  # what looks like one is a percentage
    out = io.BytesIO()
    write_po(out, made, width=0, omit_header=True, include_lineno=False)
    return HEADER + out.getvalue().decode("utf-8")


def read(path: Path) -> tuple[str, dict[str, str]]:
    """Return the language of a translation and each translated text; raise Problem for what is not allowed in it."""
    try:
        with path.open("rb") as file:
            po = read_po(file, abort_invalid=True)
    except OSError as problem:
        raise runtime.Problem(f"{path} cannot be read: {problem.strerror}") from None
    except (PoFileError, ValueError, LookupError) as problem:
        raise runtime.Problem(f"{path} is no catalogue of texts that can be read: {problem}") from None
    language = po.locale_identifier or ""
    if not LANGUAGE.fullmatch(language):
        allowed = "Allowed: one such as de or pt_BR, in the line “Language:” at its top"
        raise runtime.Problem(f"{path}: “{language}” is no language. {allowed}.")
    said = {str(entry.id): str(entry.string) for entry in po if entry.id and entry.string and not entry.fuzzy}
    problems = [f"{path}: {problem}" for text, new in said.items() if (problem := refused(text, new))]
    if problems:
        raise runtime.Problem("\n".join(problems))
    return language.replace("_", "-"), said


def refused(text: str, new: str) -> str:
    """Return why a translation is not allowed: its entry, the value and what is; nothing where it is allowed."""
    places = sorted(fields(text))
    allowed = " and ".join(f"{{{place}}}" for place in places)
    allowed = f"{allowed}, each once, and no other braces" if places else "no place in braces"
    try:
        found = sorted(fields(new))
    except ValueError as problem:
        return f"“{text}”: “{new}” is not well-formed ({problem}). Allowed: {allowed}."
    if found != places:
        return f"“{text}”: “{new}” has not the places of the original. Allowed: {allowed}."
    strange = [mark for mark in ("<", ">", '"', "&") if mark in new and mark not in text]
    if strange:
        return f"“{text}”: “{new}” has {strange[0]} in it. Allowed: text, with no markup; quotation marks as “ and ”."
    return ""


def pseudo(text: str) -> str:
    """Return a text with every run of it between places in ⟦ ⟧: a translation that can be told from the original."""
    out = ""
    for literal, place, _, _ in Formatter().parse(text):
        run = literal.replace("{", "{{").replace("}", "}}")
        out += f"⟦{run}⟧" if words.WORD.search(run) else run
        out += "" if place is None else f"{{{place}}}"
    return out


def translate(root: Path, said: Mapping[str, str]) -> int:
    """Put translations in place of the texts in a copy of the checkout; return how many texts are not translated."""
    missing = set()

    def say(text: Text) -> str | None:
        if text.template not in said:
            missing.add(text.template)
        return said.get(text.template)

    for path in words.sources(root):
        alone = path.relative_to(root).as_posix().startswith(words.MARKUP_ALONE)
        path.write_text(words.rewritten(path.read_text("utf-8"), say, alone), "utf-8")
    return len(missing)


def copy(target: Path, root: Path = ROOT) -> None:
    """Copy to `target` what of the checkout a build asks for."""
    for pattern in COPIED:
        for path in root.glob(pattern):
            if path.is_dir():
                ignore = shutil.ignore_patterns("runtime", "__pycache__")
                shutil.copytree(path, target / path.name, ignore=ignore)
            else:
                shutil.copy(path, target)
    (target / "assets" / "runtime").symlink_to((root / "assets" / "runtime").resolve())
    (root / ".cache").mkdir(exist_ok=True)
    (target / ".cache").symlink_to(root / ".cache")


def build(path: Path, out: str, address: str | None = None) -> None:
    """Build the site with a catalogue's translations, and say how many texts it leaves in English."""
    language, said = read(path)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        copy(root)
        missing = translate(root, said)
        for module in ("tools.markup", "tools.posters"):
            done = subprocess.run([sys.executable, "-m", module], cwd=root, capture_output=True, text=True)
            if done.returncode:
                raise runtime.Problem(f"{path}: the figures cannot be written with it: {done.stderr[-1000:]}")
        for page in root.glob("*.html"):
            html = site.VERSION.sub(f'<html lang="{language}"', page.read_text("utf-8"), count=1)
            page.write_text(html, "utf-8")
        count, size = site.build(out, root, address)
    print(f"{out}: {count} files, {size / 1e6:.1f} MB, in {language}; {missing} texts are not translated")


if __name__ == "__main__":
    try:
        if len(sys.argv) > 1:
            build(Path(sys.argv[1]), *sys.argv[2:])
        else:
            CATALOGUE.parent.mkdir(exist_ok=True)
            CATALOGUE.write_text(catalogue(), "utf-8")
    except runtime.Problem as problem:
        sys.exit(f"dev.py build: {problem}")
