"""Serves a folder as plain static hosts do, GitHub Pages among them: the right types, nothing cached unasked, and
scripts that other pages may load as modules."""

from __future__ import annotations

import functools
import http.server
import io
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Made = Mapping[str, Callable[[Path], bytes]]
"""Files that are made when they are asked for: each path with what makes it from the served folder."""

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".wasm": "application/wasm",
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".py": "text/x-python; charset=utf-8",
    ".toml": "application/toml; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".whl": "application/zip",
    ".zip": "application/zip",
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files; asks browsers to check before they use a copy, so that an edit shows at once."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, **TYPES}  # noqa: RUF012

    def __init__(self, *arguments: Any, made: Made, **options: Any) -> None:
        self.made = made
        super().__init__(*arguments, **options)

    def send_head(self) -> Any:
        """Answer with a file, or with one that is made now from those in the folder, so that an edit shows at once."""
        make = self.made.get(self.path.partition("?")[0].lstrip("/"))
        if make is None:
            self.doubt_older_copies()
            return super().send_head()
        data = make(Path(self.directory))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(self.path))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return io.BytesIO(data)

    def doubt_older_copies(self) -> None:
        """Send a file anew unless its date is the very one of the browser's copy, which may be another folder's."""
        file = Path(self.translate_path(self.path))
        if file.is_file() and self.headers["If-Modified-Since"] != self.date_time_string(int(file.stat().st_mtime)):
            del self.headers["If-Modified-Since"]

    def end_headers(self) -> None:
        """Add our two headers: use a stored copy only after asking, and let other pages load modules from here."""
        self.send_header("Cache-Control", "no-cache")
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of what goes well."""

    def log_error(self, format: str, *args: Any) -> None:
        """Say in a line what was asked for in vain."""
        print(f"{getattr(self, 'path', 'a request')}: {format % args}")


class Server(http.server.ThreadingHTTPServer):
    """A server that ends at once when it is told to, whatever browsers still hold open."""

    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing when a reader closes the page half-way through a download."""


def listen(folder: Path, port: int = 0, made: Made | None = None) -> Server:
    """Return a server of `folder` on this machine at `port`, or at a free one where that is taken or 0."""
    handler = functools.partial(Handler, directory=str(folder), made=made or {})
    try:
        _refuse_if_answered(port)
        return Server(("127.0.0.1", port), handler)
    except OSError:
        return Server(("127.0.0.1", 0), handler)


def _refuse_if_answered(port: int) -> None:
    """Raise OSError if someone answers at this port already: reusing an address would hide it."""
    if port:
        with socket.socket() as probe:
            probe.settimeout(0.5)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise OSError("taken")


def serve(folder: Path, port: int, made: Made) -> None:
    """Serve until Ctrl-C, having printed the address."""
    server = listen(folder, port, made)
    if port and server.server_port != port:
        print(f"Port {port} is taken; using {server.server_port}.")
    print(f"Unfold is at http://localhost:{server.server_port}/  (Ctrl-C ends it)", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        print("\nStopped.")
    finally:
        server.server_close()
