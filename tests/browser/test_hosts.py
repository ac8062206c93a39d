"""The built site on plain hosts: nginx as Debian sets it up, and one that knows next to nothing.

Python's own http.server is the host of test_offline.py. What no host may lack is a type for `.html`, `.css` and `.js`:
browsers run no module and apply no style sheet of an unknown type. Everything else may be of any.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import socket
import subprocess
import warnings
from pathlib import Path

import pytest

from tests import browsers
from tests.browser.conftest import EPOCH_IS, READY, until
from tools import environment, site

SUB_PATH = "a/b"
NGINX = """
daemon off; pid {folder}/pid; error_log {folder}/log;
events {{}}
http {{
  {types} default_type application/octet-stream; access_log off;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}/site; }}
}}
"""
TYPES = Path("/etc/nginx/mime.types")


KNOWN = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}


class Poor(http.server.SimpleHTTPRequestHandler):
    """Knows three types and no charset, compresses nothing, keeps no connection, tells no dates nor how to cache."""

    def guess_type(self, path):
        return KNOWN.get(Path(path).suffix, "application/octet-stream")

    def send_header(self, keyword, value):
        if keyword not in ("Last-Modified", "Server", "Date"):
            super().send_header(keyword, value)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def nginx(folder):
    """Start nginx as it comes, on a port of its own."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    types = f"include {TYPES};" if TYPES.exists() else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, types=types))
    folder.chmod(0o755)
    process = subprocess.Popen([environment.nginx(), "-c", str(folder / "nginx.conf"), "-e", str(folder / "log")])
    try:
        for _ in range(200):
            with socket.socket() as probe:
                probe.settimeout(0.1)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield f"http://localhost:{port}/"
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def poor(folder):
    """Start the host that knows next to nothing."""
    handler = functools.partial(Poor, directory=str(folder / "site"))
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    with browsers.running(made) as address:
        yield address


@pytest.mark.parametrize("start", [nginx, poor])
def test_the_site_works_on_a_plain_host_and_is_stored_from_there(start, chromium, tmp_path):
    if start is nginx and environment.nginx() is None:
        warnings.warn(environment.missing("nginx"), stacklevel=1)
        start = poor
    site.build(tmp_path / "site" / SUB_PATH)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == tmp_path.stat().st_uid and "pytest" in folder.name:
            folder.chmod(0o755)  # nginx looks at the site as another user
    errors = []
    with start(tmp_path) as address:
        context = chromium.new_context()
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{address}{SUB_PATH}/")
        page.wait_for_function(READY)
        page.click("#training [name=step]")
        until(page, EPOCH_IS, 1)
        until(page, "() => document.querySelector('#offline').textContent.includes('works without a network')")
        fonts = """() => [...document.fonts].filter((face) => face.status === 'error').map((face) => face.family)"""
        assert [name for name in page.evaluate(fonts) if not name.endswith("Fallback")] == []  # those are the system's
        loaded = "() => [...document.querySelectorAll('.poster img')].filter(i => i.complete && !i.naturalWidth).length"
        assert page.evaluate(loaded) == 0
        context.close()
    assert errors == []
