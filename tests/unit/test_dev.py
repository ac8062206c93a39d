"""The one command keeps its word: every byte is verified, nothing half-written stays, a problem is one line."""

from __future__ import annotations

import ast
import gzip
import hashlib
import http.client
import http.server
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import threading
import urllib.parse
import urllib.request
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

if sys.platform != "emscripten":
    from tools import environment, places, runtime, server, shipped, site

# These start dev.py as a process of its own and open local ports; Pyodide has neither, nor the folder tools.
pytestmark = pytest.mark.native_only

ROOT = Path(__file__).resolve().parents[2]
FILES = {"a/a.mjs": b"export const a = 1\n" * 500, "b/b.wasm": bytes(range(256)) * 300}
UNREACHABLE = "http://127.0.0.1:9/"  # the discard port, where nobody answers
TYPES = """py text/x-python, mjs text/javascript, wasm application/wasm, toml application/toml, woff2 font/woff2,
webp image/webp, whl application/zip, json application/json, svg image/svg+xml, css text/css, html text/html"""


def entry(path, part, data):
    return {"path": path, "part": part, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setenv("UNFOLD_CHROMIUM", "")  # the stand-ins of the runtime are nothing that it could run


@pytest.fixture
def lock(tmp_path):
    """A lock of two files: the first also in an npm package, the second also in a wheel."""
    npm = {"cdn": "cdn/", "registry": "npm", "package": "a@1", "inside": "package/"}
    pypi = {"cdn": "cdn/", "registry": "PyPI", "package": "b==1", "inside": "b/"}
    files = [entry(name, name[0], data) for name, data in FILES.items()]
    path = tmp_path / "lock.json"
    path.write_text(json.dumps({"parts": {"a": npm, "b": pypi}, "files": files}))
    return path


@contextmanager
def running(made):
    thread = threading.Thread(target=made.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{made.server_port}/"
    finally:
        made.shutdown()
        thread.join()
        made.server_close()


def cdn(**wrong):
    """A CDN that sends these files' bytes, or wrong ones; at least the true size is promised."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            name = self.path.removeprefix("/cdn/")
            true = FILES[f"{name[0]}/{name}"]
            sent = wrong.get(name[0], true)
            self.send_response(200)
            self.send_header("Content-Length", str(max(len(true), len(sent))))
            self.end_headers()
            self.wfile.write(sent)

        def log_message(self, *_):
            pass

    return running(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler))


def held(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


DAMAGES = {
    "cut short": lambda data: data[: len(data) // 2],
    "empty": lambda data: b"",
    "one bit flipped": lambda data: data[:-1] + bytes([data[-1] ^ 1]),
    "longer than it should be": lambda data: data + b"more",
    "another file": lambda data: b"<html>Sign in to this network</html>",
}


def forbid_network(monkeypatch):
    def touched(*_, **__):
        pytest.fail("the network was touched")

    places = ((socket.socket, "connect"), (socket, "getaddrinfo"), (urllib.request, "urlopen"), (subprocess, "run"))
    for owner, name in places:
        monkeypatch.setattr(owner, name, touched)


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_wrong_download_is_refused_in_one_line_and_leaves_nothing(damage, lock, tmp_path):
    folder = tmp_path / "runtime"
    (folder / "a").mkdir(parents=True)
    (folder / "a" / "a.mjs").write_bytes(FILES["a/a.mjs"])
    refusal = pytest.raises(runtime.Problem, match=r"b/b\.wasm is not the file")
    with cdn(b=DAMAGES[damage](FILES["b/b.wasm"])) as address, refusal as refused:
        runtime.fetch(lock, folder, address)
    assert "\n" not in str(refused.value)
    assert held(folder) == {"a/a.mjs": FILES["a/a.mjs"]}
    with cdn() as address:
        runtime.fetch(lock, folder, address)
    assert held(folder) == FILES


def test_what_an_earlier_run_left_half_written_is_not_resumed(lock, tmp_path):
    (tmp_path / "runtime" / "b").mkdir(parents=True)
    (tmp_path / "runtime" / "b" / "b.wasm.part").write_bytes(b"half" * 100_000)
    with cdn() as address:
        runtime.fetch(lock, tmp_path / "runtime", address)
    assert held(tmp_path / "runtime") == FILES


@pytest.mark.parametrize("cause", [KeyboardInterrupt, ConnectionResetError])
def test_a_fetch_that_is_broken_off_leaves_nothing_half_written(cause, tmp_path):
    class Source(io.BytesIO):
        def read(self, size=-1):
            if self.tell():
                raise cause
            return super().read(100)

    data = FILES["b/b.wasm"]
    with pytest.raises(cause):
        runtime.store(Source(data), entry("b/b.wasm", "b", data), tmp_path, runtime.Progress(len(data)))
    assert held(tmp_path) == {}


def registries(monkeypatch, contents):
    """Stand in for npm and pip: they leave packages that hold these files."""

    def run(command, cwd, **_):
        if command[1] == "pack":
            with tarfile.open(cwd / "a.tgz", "w:gz") as package:
                member = tarfile.TarInfo("package/a.mjs")
                member.size = len(contents["a/a.mjs"])
                package.addfile(member, io.BytesIO(contents["a/a.mjs"]))
        else:
            with zipfile.ZipFile(cwd / "b.whl", "w") as package:
                package.writestr("b/b.wasm", contents["b/b.wasm"])
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(shutil, "which", lambda name: name)
    monkeypatch.setattr(subprocess, "run", run)


def test_where_the_cdn_is_out_of_reach_the_packages_give_the_same_bytes(lock, tmp_path, monkeypatch):
    registries(monkeypatch, FILES)
    runtime.fetch(lock, tmp_path / "runtime", UNREACHABLE)
    assert held(tmp_path / "runtime") == FILES


@pytest.mark.parametrize("path", FILES)
def test_a_tampered_package_is_refused_too(path, lock, tmp_path, monkeypatch):
    registries(monkeypatch, FILES | {path: DAMAGES["one bit flipped"](FILES[path])})
    with pytest.raises(runtime.Problem, match=f"{path} is not the file"):
        runtime.fetch(lock, tmp_path / "runtime", UNREACHABLE)
    assert set(held(tmp_path / "runtime")) <= FILES.keys() - {path}


def test_once_all_is_fetched_and_verified_no_network_is_touched(lock, tmp_path, monkeypatch):
    with cdn() as address:
        runtime.fetch(lock, tmp_path / "runtime", address)
    forbid_network(monkeypatch)
    runtime.fetch(lock, tmp_path / "runtime")
    assert held(tmp_path / "runtime") == FILES


def test_once_the_test_environment_stands_no_network_is_touched(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "FOLDER", tmp_path)
    python = environment.python_path()
    python.parent.mkdir()
    python.touch()
    stamp = hashlib.sha256(environment.LOCK.read_bytes() + sys.version.encode()).hexdigest()
    (tmp_path / "unfold.lock").write_text(stamp)
    forbid_network(monkeypatch)
    assert environment.prepare() == python


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_fetched_file_that_was_damaged_later_is_noticed_and_fetched_anew(damage, lock, tmp_path, capsys):
    folder = tmp_path / "runtime"
    with cdn() as address:
        runtime.fetch(lock, folder, address)
        (folder / "b" / "b.wasm").write_bytes(DAMAGES[damage](FILES["b/b.wasm"]))
        capsys.readouterr()
        runtime.fetch(lock, folder, address)
    assert "b/b.wasm is damaged" in capsys.readouterr().err
    assert held(folder) == FILES


@pytest.mark.parametrize(("suffix", "kind"), [pair.split() for pair in TYPES.split(",")])
def test_the_server_tells_the_browser_the_right_type(suffix, kind, tmp_path, monkeypatch):
    monkeypatch.setattr("mimetypes.guess_type", lambda *_: (None, None))  # on a machine that knows none of its own
    (tmp_path / f"a.{suffix}").write_bytes(b"{}")
    with running(server.listen(tmp_path)) as address, urllib.request.urlopen(f"{address}a.{suffix}") as answer:
        assert (answer.headers.get_content_type(), answer.read()) == (kind, b"{}")


@pytest.mark.parametrize("way", ["/../secret", "/%2e%2e/secret", "/a/..%2f..%2fsecret", "/..\\secret", "//{}", "{}"])
def test_the_server_refuses_what_is_outside_its_folder(way, tmp_path):
    (tmp_path / "root" / "a").mkdir(parents=True)
    (tmp_path / "secret").write_text("secret words")
    with running(server.listen(tmp_path / "root")) as address:
        reader = http.client.HTTPConnection(address.split("/")[2])  # urllib would tidy the path before it asks
        reader.request("GET", way.format(tmp_path / "secret"))
        answer = reader.getresponse()
        assert answer.status == 404
        assert b"secret words" not in answer.read()
        reader.close()


def zipped(*paths):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in paths:
            archive.writestr(path, f"# {path}")
    return out.getvalue()


STAND_INS = {
    ".zip": zipped("json/__init__.py", "encodings/utf_8.py", "encodings/cp1252.py", "tarfile.py"),
    ".whl": zipped("numpy/__init__.py", "numpy/fft/__init__.py", "numpy/tests/test_a.py", "numpy/a.pyi"),
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the project, with a small stand-in for each file of the runtime, all fetched and verified."""
    root = tmp_path_factory.mktemp("checkout")
    skip = shutil.ignore_patterns("runtime", "__pycache__")
    for name in ("py", "tools", "assets"):
        shutil.copytree(ROOT / name, root / name, ignore=skip)
    for name in ("dev.py", "sw.js", "manifest.json", "pyscript.toml", *(path.name for path in ROOT.glob("*.html"))):
        shutil.copyfile(ROOT / name, root / name)
    for name in ("tests/test_a.py", ".git/config", "benchmarks/a.py", "py/unfold/__pycache__/a.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    path = root / "assets" / "runtime.lock.json"
    small = json.loads(path.read_text("utf-8"))
    for place, was in enumerate(small["files"]):
        file = root / "assets" / "runtime" / was["path"]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(STAND_INS.get(file.suffix, was["path"].encode()))
        small["files"][place] = entry(was["path"], was["part"], file.read_bytes())
    path.write_text(json.dumps(small))
    return root


def dev(root, *arguments, **variables):
    """Run dev.py in a checkout, with no way to a network."""
    names = {**os.environ, "https_proxy": UNREACHABLE, "no_proxy": "", "PYTHONIOENCODING": "utf-8", **variables}
    command = [sys.executable, "dev.py", *arguments]
    return subprocess.run(command, cwd=root, env=names, capture_output=True, encoding="utf-8", timeout=30)


def test_help_tells_of_every_command(checkout):
    told = dev(checkout, "--help")
    assert told.returncode == 0
    assert {"serve", "test", "build", "fetch", "bench"} <= set(re.findall(r"^ +(\w+) ", told.stdout, re.MULTILINE))


@pytest.mark.parametrize("words", ["srve", "test untit", "serve --port http", ""])
def test_what_the_command_line_does_not_know_is_refused_by_name(words, checkout):
    refused = dev(checkout, *words.split())
    assert refused.returncode == 2
    (reason,) = [line for line in refused.stderr.splitlines() if not line.startswith(("usage: ", " "))]
    assert re.search(rf"error: .*{(words or 'COMMAND').split()[-1]}", reason)


def test_a_python_that_is_too_old_gets_one_line(checkout):
    pretend = "import runpy, sys; sys.version_info = (3, 10, 9, 'final', 0); runpy.run_path('dev.py')"
    refused = subprocess.run([sys.executable, "-c", pretend], cwd=checkout, capture_output=True, text=True)
    assert refused.returncode == 1
    assert refused.stderr == "Unfold needs Python 3.11 or newer; this is Python 3.10.\n"
    source = (ROOT / "dev.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 6))  # it can read the file, and all it has imported by then is sys
    assert re.findall(r"^(?:import|from) .*", source.split("sys.exit(")[0], re.MULTILINE) == ["import sys"]


def test_a_command_that_finds_no_network_says_so_in_one_line_and_leaves_nothing(checkout, tmp_path):
    root = tmp_path / "bare"
    shutil.copytree(checkout, root, ignore=shutil.ignore_patterns("runtime", "__pycache__"))
    before = held(root)
    refused = dev(root, "fetch", PATH=str(tmp_path))
    assert refused.returncode == 1
    assert re.search(r"\Adev\.py fetch: .+cannot be reached.+ network .+\n\Z", refused.stderr)
    assert "Traceback" not in refused.stderr
    assert {path: data for path, data in held(root).items() if "__pycache__" not in path} == before


@contextmanager
def served(root, port):
    """Start `dev.py serve` as a person would, where Ctrl-C reaches it; give the process and what it printed."""
    reset = {} if os.name == "nt" else {"preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([sys.executable, "dev.py", "serve", "--port", str(port)], cwd=root, **pipes, **reset)
    printed = ""
    while "http://" not in printed and (line := process.stdout.readline()):
        printed += line
    try:
        yield process, printed
    finally:
        process.kill()
        process.communicate()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send to another process")
def test_serve_takes_a_free_port_where_its_own_is_taken_and_ends_cleanly_on_ctrl_c(checkout):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with served(checkout, port) as (process, printed):
            assert f"Port {port} is taken" in printed
            given = re.search(r"Unfold is at http://localhost:(\d+)/", printed)[1]
            reader = http.client.HTTPConnection(f"127.0.0.1:{given}")  # held open, as a browser does
            reader.request("GET", "/")
            answer = reader.getresponse()
            assert answer.read() == (checkout / "index.html").read_bytes()
            process.send_signal(signal.SIGINT)
            out, errors = process.communicate(timeout=20)
            reader.close()
    assert process.returncode == 0
    assert (out.strip(), errors) == ("Stopped.", "")


def test_a_free_port_is_taken_as_asked(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    made = server.listen(tmp_path, port)
    made.server_close()
    assert made.server_port == port


def in_its_place(path, written):
    """Return what the built site holds of a file of the checkout, wherever it stands."""
    name = re.sub(r"\.mjs$", ".js", re.sub("^assets/(runtime|made)/", "", path))
    folder = r"(article|made|runtime)-\w+/"
    found = [place for place in written if place == name or re.fullmatch(folder + re.escape(name), place)]
    assert len(found) == 1, (path, found)
    return written[found[0]]


def test_build_writes_what_the_page_asks_for_and_no_more(checkout, tmp_path):
    done = dev(checkout, "build", "--out", str(tmp_path / "site"))
    assert (done.returncode, done.stderr) == (0, "")
    written = held(tmp_path / "site")
    assert not {"tests", "tools", ".git", "benchmarks", "dev.py", "__pycache__"} & set("/".join(written).split("/"))
    lock = json.loads((checkout / "assets" / "runtime.lock.json").read_text("utf-8"))
    names = site.files(checkout)
    runtime = {f"assets/runtime/{file['path']}" for file in lock["files"]}
    assert {path.rpartition("/")[2] for path in runtime - set(names)} == set(shipped.TAKEN_APART)
    assert set(shipped.MADE) <= set(names)
    assert {"index.html", "pyscript.toml", "assets/page.bin", "py/app/worker.py", "assets/style.css"} <= set(names)
    for path in names:
        data = in_its_place(path, written)
        if not path.endswith(places.TEXTS):  # a text may hold addresses, and these change
            assert data == (site.MADE[path](checkout) if path in site.MADE else (checkout / path).read_bytes())
    assert set(written).difference([".nojekyll"]) == set(site.finished(site.read(checkout)))
    assert len(written) == len(names) + 1
    assert f"{len(written)} files" in done.stdout


def test_build_leaves_a_folder_that_is_not_its_own_as_it_was(checkout, tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("years of work")
    refused = dev(checkout, "build", "--out", str(tmp_path / "thesis"))
    assert refused.returncode == 1
    assert re.fullmatch(r"dev\.py build: .+thesis holds something .+\n", refused.stderr)
    assert held(tmp_path) == {"thesis/chapter.txt": b"years of work"}


def test_build_over_its_own_earlier_site_leaves_nothing_stale(checkout, tmp_path):
    (tmp_path / "site").mkdir()  # an empty folder is as good as none
    site.build(tmp_path / "site", checkout)
    first = held(tmp_path)
    (tmp_path / "site" / "old.py").write_text("gone")
    (tmp_path / "site" / "index.html").write_text("old")
    site.build(tmp_path / "site", checkout)
    assert held(tmp_path) == first


def addresses(text):
    """Return what a text of the site asks for, by its relative addresses."""
    loading = re.sub(r"<a\b[^>]+>", "", text)  # a link may lead elsewhere, what is loaded may not
    quoted = re.findall(r"\b(?:src|srcset|href|config)=[\"']([^\"'{]+)", loading)
    return {
        *quoted,
        *re.findall(r"[\"'](\.\.?/[^\"']+)[\"']", loading),
        *re.findall(r"url\(\"?(?!data:)([^)\"]+)", text),
    }


def test_every_address_is_relative_and_stands_in_the_site_from_any_sub_path(checkout, tmp_path):
    target = tmp_path / "some" / "blog" / "unfold"
    site.build(target, checkout)
    texts = {file for file in target.rglob("*") if file.suffix in places.TEXTS and "runtime-" not in file.as_posix()}
    assert {file.name for file in texts} >= {
        "index.html",
        "manifest.json",
        "pyscript.toml",
        "style.css",
        "interpreter.js",
    }
    with running(server.listen(tmp_path)) as address:
        for file in texts - {target / "sw.js"}:
            asked = addresses(file.read_text("utf-8"))
            # A script without imports asks for nothing; the page for wrong addresses must not, it has no sure place.
            assert bool(asked) != (file.name in ("paths.js", "gallery.css", "frame.css", "404.html")), file
            for path in asked:
                assert not re.match(r"/|\w+:", path), (file, path)
                place = urllib.parse.urljoin(address + file.relative_to(tmp_path).as_posix(), path)
                urllib.request.urlopen(place).close()


def test_the_fonts_that_the_worker_is_told_of_stand_beside_the_style_sheet(checkout, tmp_path):
    site.build(tmp_path / "site", checkout)
    (style,) = (tmp_path / "site").rglob("style.css")
    fonts = re.findall(r'"(fonts/.+?)"', (checkout / "py" / "app" / "page.py").read_text("utf-8"))
    assert len(fonts) == 2
    assert all((style.parent / font).is_file() for font in fonts)


def test_the_served_checkout_answers_with_the_python_as_it_is_now(checkout):
    module = checkout / "py" / "figures" / "motion.py"
    before = module.read_text("utf-8")
    try:
        with running(server.listen(checkout, made=shipped.AS_IT_IS)) as address:
            for text in (before, before + "# edited\n"):
                module.write_text(text, "utf-8")
                with urllib.request.urlopen(f"{address}assets/python.bin") as answer:
                    served = zipfile.ZipFile(io.BytesIO(gzip.decompress(answer.read())))
                assert served.read("figures/motion.py").decode() == text
    finally:
        module.write_text(before, "utf-8")


def test_an_older_file_is_sent_to_a_browser_that_has_a_younger_copy(tmp_path):
    (tmp_path / "sw.js").write_text("// a checkout's")
    os.utime(tmp_path / "sw.js", (1e9, 1e9))
    with running(server.listen(tmp_path)) as address:
        for date, status in (("Sun, 09 Sep 2001 01:46:40 GMT", 304), ("Fri, 01 Aug 2025 00:00:00 GMT", 200)):
            reader = http.client.HTTPConnection(address.split("/")[2])
            reader.request("GET", "/sw.js", headers={"If-Modified-Since": date})
            assert reader.getresponse().status == status
            reader.close()


@pytest.mark.parametrize("sign", [".nojekyll", ".git"])
def test_a_folder_of_somebody_elses_is_never_emptied(checkout, tmp_path, sign):
    target = tmp_path / "pages"
    target.mkdir()
    (target / sign).write_text("")
    (target / "work.txt").write_text("mine")
    refused = dev(checkout, "build", "--out", str(target))
    assert refused.returncode == 1
    assert "holds something that is no built site" in refused.stderr
    assert (target / "work.txt").read_text() == "mine"


def test_a_site_under_version_control_is_not_replaced(checkout, tmp_path):
    target = tmp_path / "pages"
    assert dev(checkout, "build", "--out", str(target)).returncode == 0
    (target / ".git").mkdir()
    assert "holds something that is no built site" in dev(checkout, "build", "--out", str(target)).stderr
    assert (target / ".git").is_dir()


def test_building_onto_a_file_is_refused_in_one_line(checkout, tmp_path):
    (tmp_path / "site").write_text("mine")
    refused = dev(checkout, "build", "--out", str(tmp_path / "site"))
    assert refused.stderr == f"dev.py build: {tmp_path / 'site'} is a file; name a folder\n"


@pytest.mark.parametrize("port", ["99999", "-1", "web"])
def test_a_port_that_cannot_be_is_refused(checkout, port):
    refused = dev(checkout, "serve", f"--port={port}")
    assert refused.returncode == 2
    assert f"{port} is not allowed; allowed are 0 (any free one) to 65535" in refused.stderr


def test_a_site_of_an_earlier_unfold_is_replaced(checkout, tmp_path):
    for name in (".nojekyll", "index.html", "pyscript.toml", "assets/interpreter.mjs"):
        (tmp_path / "site" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "site" / name).touch()
    assert dev(checkout, "build", "--out", str(tmp_path / "site")).returncode == 0
    assert not (tmp_path / "site" / "pyscript.toml").exists()


@pytest.mark.parametrize(
    "words", ["unfold", "ftp://a.example/", "https:///unfold", "https://a.example/?x", "https://a b/"]
)
def test_an_address_that_cannot_be_is_refused(checkout, tmp_path, words):
    refused = dev(checkout, "build", "--out", str(tmp_path / "site"), "--address", words)
    assert refused.returncode == 2
    assert f"{words} is not allowed; allowed is a whole one" in refused.stderr
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("given", ["https://a.example/unfold", "https://a.example/unfold/"])
def test_what_others_show_of_the_page_has_its_whole_address(checkout, tmp_path, given):
    assert dev(checkout, "build", "--out", str(tmp_path / "site"), "--address", given).returncode == 0
    written = held(tmp_path / "site")
    page = written["index.html"].decode()
    assert page.count('<link rel="canonical" href="https://a.example/unfold/">') == 1
    assert page.count('<meta property="og:url" content="https://a.example/unfold/">') == 1
    picture = re.search(r'property="og:image" content="https://a\.example/unfold/(.+?)"', page)[1]
    assert written[picture][:8] == b"\x89PNG\r\n\x1a\n"
    assert b"<loc>https://a.example/unfold/</loc>" in written["sitemap.xml"]
    assert b'href="https://a.example/unfold/"' in written["404.html"]
    assert "robots.txt" not in written  # it is looked for at the root of a host only
