"""The peers that come from npm and PyPI: fetched once into a folder git ignores, by version and hash."""

from __future__ import annotations

import hashlib
import io
import shutil
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from tools import runtime

CACHE = runtime.ROOT / "benchmarks" / "results" / "cache"


@dataclass(frozen=True)
class Package:
    """A package's file, its hash, and the one file inside that is used ("" for the package itself)."""

    registry: str
    name: str
    version: str
    file: str
    sha256: str
    inside: str = ""


PACKAGES = {
    package.name: package
    for package in (
        Package(
            *("npm", "brain.js", "1.6.1", "brain.js-1.6.1.tgz"),
            "1dc97f7003827d45d88f82ab0a9d5f491a3c17c650c943168f308e86f033dce9",
            "package/browser.js",
        ),
        Package(
            *("npm", "convnetjs", "0.3.0", "convnetjs-0.3.0.tgz"),
            "d6575958fa62ea25c9a59e884157aca448b8bd949fa7424f2f208732cddd7552",
            "package/build/convnet.js",
        ),
        Package(
            *("PyPI", "micrograd", "0.1.0", "micrograd-0.1.0-py3-none-any.whl"),
            "47d756d92043c7d7ef55372640dc1549780a8c22806b3a11cb3d4efc5937a4ae",
        ),
    )
}


class Unreachable(Exception):
    """A package cannot be had here; the message says why in a few words."""


def fetched(name: str) -> Path:
    """Return the package's verified file, from the cache or its registry; raises Unreachable."""
    package = PACKAGES[name]
    path = CACHE / package.file
    if not (path.exists() and _fits(path, package)):
        CACHE.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        _download(package)
        if not path.exists():
            raise Unreachable(f"{package.registry} did not send {package.file}")
        if not _fits(path, package):
            path.unlink()
            raise Unreachable(f"{package.registry} sent other bytes than {package.version}'s")
    return path


def script(name: str) -> bytes:
    """Return the one file of an npm package that is used; raises Unreachable."""
    with tarfile.open(fileobj=io.BytesIO(fetched(name).read_bytes())) as archive:
        found = archive.extractfile(PACKAGES[name].inside)
        assert found is not None
        return found.read()


def _fits(path: Path, package: Package) -> bool:
    return hashlib.sha256(path.read_bytes()).hexdigest() == package.sha256


def _download(package: Package) -> None:
    if package.registry == "npm":
        npm = shutil.which("npm")
        if npm is None:
            raise Unreachable("npm is not installed")
        command = [npm, "pack", "--silent", "--ignore-scripts", f"{package.name}@{package.version}"]
    else:
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"]
        command = [*pip, "--no-deps", "--only-binary=:all:", f"{package.name}=={package.version}"]
    try:
        subprocess.run(command, cwd=CACHE, check=True, capture_output=True, timeout=60)
    except (subprocess.SubprocessError, OSError):
        raise Unreachable(f"{package.registry} cannot be reached") from None
