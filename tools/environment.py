"""What the tests need: an environment of their own with locked packages, browsers, and a host."""

from __future__ import annotations

import contextlib
import glob
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.runtime import ROOT, Problem

FOLDER = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
# What runs together, and how. All unit tests in one browser take as long as the rest of the first run: they begin it.
RUNS = ((("parity", "unit"), ("-n", "auto", "--dist", "worksteal")), (("browser",), ()))
SUITES = tuple(name for names, _ in RUNS for name in names)
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FIREFOXES = ("firefox-esr", "firefox")
APT_SECONDS = 300
APT = {
    "Chromium": ["chromium"],
    "Firefox": ["firefox-esr"],
    "WebKit": ["webkit2gtk-driver", "xvfb"],
    "Java": ["default-jre-headless"],
    "nginx": ["nginx-light"],
}


def python_path() -> Path:
    """Return the environment's own Python."""
    return FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare() -> Path:
    """Make `.venv` with the locked packages, unless it is there already; return its Python. Raises Problem."""
    python, stamp = python_path(), FOLDER / "unfold.lock"
    fingerprint = hashlib.sha256(LOCK.read_bytes() + sys.version.encode()).hexdigest()
    if python.exists() and stamp.exists() and stamp.read_text() == fingerprint:
        return python
    print("Setting up .venv with the locked packages…", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], capture_output=True, text=True)
    if made.returncode:
        version = f"python3.{sys.version_info.minor}-venv"
        raise Problem(f"this Python cannot make an environment; on Debian and Ubuntu: apt-get install {version}")
    command = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes"]
    done = subprocess.run([*command, "-r", str(LOCK)], capture_output=True, text=True)
    if done.returncode:
        problems = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        reason = f" ({problems[-1]})" if problems else ""
        raise Problem(f"the test packages could not be installed; is there a network?{reason}")
    stamp.write_text(fingerprint)
    return python


def run(python: Path, *arguments: str) -> None:
    """Run the environment's Python in the checkout; end with its exit code where that is not 0."""
    done = subprocess.run([str(python), *arguments], cwd=ROOT, env=_variables())
    if done.returncode:
        sys.exit(done.returncode)


def _variables() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "py"), str(ROOT)))}


def browsers(python: Path) -> None:
    """Find the three browsers or get them, and tell the tests where they are. Chromium is a must: raises Problem."""
    for name, variable, find in (
        ("Chromium", "UNFOLD_CHROMIUM", CHROMIUMS),
        ("Firefox", "UNFOLD_FIREFOX", FIREFOXES),
    ):
        found = os.environ.get(variable) or _first(find) or _playwrights_own(python, name.lower())
        if not found and _installed(name):
            found = _first(find)
        if found:
            os.environ[variable] = found
        elif name == "Chromium":
            raise Problem(
                "the browser tests need Chromium and none was found. Install it (Debian, Ubuntu: apt-get install "
                "chromium; elsewhere: .venv/bin/python -m playwright install chromium) or set UNFOLD_CHROMIUM"
            )
        else:
            print(missing(name), flush=True)
    if not webkit() and not (_installed("WebKit") and webkit()):
        print(missing("WebKit"), flush=True)


def missing(name: str) -> str:
    """Say that a browser, Java or nginx is not here, what is not tested for that, and how to get it."""
    get = "apt-get install " + " ".join(APT[name])
    return f"{name} is not here and could not be installed: nothing is tested with it. On Debian and Ubuntu: {get}"


def webkit() -> tuple[str, str, str] | None:
    """Return the paths of WebKitGTK's driver, of the browser that it drives, and of the screen for it; None if any is
    not here."""
    places = (
        "/usr/lib/*/webkit*gtk-*/MiniBrowser",
        "/usr/lib*/webkit*gtk-*/MiniBrowser",
        "/usr/libexec/webkit*gtk-*/MiniBrowser",
    )
    browser = next((path for place in places for path in sorted(glob.glob(place))), None)
    driver, screen = shutil.which("WebKitWebDriver"), shutil.which("Xvfb")
    return (driver, browser, screen) if driver and browser and screen else None


def java() -> None:
    """Find Java or get it, for the checker of HTML, and tell the tests where it is."""
    found = os.environ.get("UNFOLD_JAVA") or _first(("java",))
    if not found and _installed("Java"):
        found = _first(("java",))
    if found:
        os.environ["UNFOLD_JAVA"] = found
    else:
        print(missing("Java"), flush=True)


def nginx() -> str | None:
    """Return the path of nginx, a host that the site is tried on; None where it is not here."""
    return _first(("nginx", "/usr/sbin/nginx"))


def _first(names: tuple[str, ...]) -> str | None:
    return next((path for name in names if (path := shutil.which(name))), None)


def _playwrights_own(python: Path, name: str) -> str | None:
    """Playwright's own build of the browser, where one is installed."""
    ask = f"from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.{name}.executable_path)"
    done = subprocess.run([str(python), "-c", ask], capture_output=True, text=True)
    path = done.stdout.strip()
    return path if done.returncode == 0 and path and Path(path).exists() else None


def _installed(name: str) -> bool:
    """Install what is named from the system's packages, where we may; return whether that was tried."""
    apt = shutil.which("apt-get")
    if not apt or os.name == "nt":
        return False
    # On a machine made for tests we may become root where nobody need be asked; on anybody's own we do not.
    sudo = ["sudo", "-n"] if os.geteuid() and os.environ.get("CI") and shutil.which("sudo") else []
    if os.geteuid() and not sudo:
        return False
    print(f"Installing {name} from the system's packages…", flush=True)
    # A service that comes along, nginx's own, is not to be started: Debian starts none on this runlevel.
    quiet = {"capture_output": True, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}}
    for arguments in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", *APT[name]]):
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run([*sudo, apt, *arguments], timeout=APT_SECONDS, **quiet)  # type: ignore[call-overload]
    return True


def run_tests(python: Path, suite: str | None, arguments: list[str]) -> None:
    """Run one suite, or lint, types and all suites; the first that fails ends all with its exit code."""
    suites = (suite,) if suite else SUITES
    if suite is None:
        run(python, "-m", "ruff", "check", "-q", ".")
        run(python, "-m", "ruff", "format", "-q", "--check", ".")
        run(python, "-m", "mypy")
    if set(suites) & {"parity", "browser"}:
        browsers(python)
    if "browser" in suites:
        java()
        if not nginx() and not (_installed("nginx") and nginx()):
            print(missing("nginx"), flush=True)
    for names, how in RUNS:
        if wanted := [name for name in names if name in suites]:
            print(f"\n{' and '.join(wanted)} tests", flush=True)
            run(python, "-m", "pytest", *(f"tests/{name}" for name in wanted), *how, *arguments)
