"""Finds the browser that the page is tested in; `python -m tests.browser` gets one where there is none.

Chromium's headless shell is asked for first: the same engine without a window's parts takes a third of the processor
time. An installed Chrome or Chromium serves as well, then one that Playwright downloaded before; only then is anything
installed. CI has nobody whose choice that would be, and gets the shell.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

_SHELL = "chromium-headless-shell"
_NAMES = (_SHELL, "chromium", "google-chrome", "google-chrome-stable", "chromium-browser", "chrome")
_APPLICATIONS = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
_WHERE_PLAYWRIGHT_KEEPS_ITS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""
_MISSING = """
got:     no Chrome or Chromium, and neither apt-get nor Playwright could install one
why:     the page's tests drive it in a real browser{consequence}
instead: install Chrome or Chromium, or name one: CHROME=/path/to/chrome make test"""


def find() -> str | None:
    """Return the path of a browser that starts, or None; `CHROME` names one that goes before all others."""
    return next(filter(_starts, _candidates()), None)


def arguments() -> list[str]:
    """Return the arguments for a quiet start, without the sandbox that root can't have, nor a GPU to be imitated."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    return [*quiet, "--disable-quic", "--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]


def main() -> int:
    """Find or install a browser and say which; having none is a failure in CI, and elsewhere skips its tests."""
    required = bool(os.environ.get("CI"))
    wanted = required and not os.environ.get("CHROME") and not shutil.which(_SHELL)
    found = (wanted and _install_package()) or find() or _install_package() or _download()
    if found:
        print(f"· browser: {found}")
        return 0
    print(_MISSING.format(consequence="" if required else "; without one they are skipped"), file=sys.stderr)
    return 1 if required else 0


def _candidates() -> Iterator[str]:
    if chosen := os.environ.get("CHROME"):
        yield chosen
    yield from filter(None, map(shutil.which, _NAMES))
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        yield from (str(folder / name) for name in _APPLICATIONS)
    # Last, because asking starts Playwright's driver; in a process of its own, because a test's loop may be running.
    asked = [sys.executable, "-c", _WHERE_PLAYWRIGHT_KEEPS_ITS_OWN]
    yield subprocess.run(asked, capture_output=True, check=False, text=True).stdout.strip()


def _starts(path: str) -> bool:
    """Tell whether *path* is a browser, and not Ubuntu's note on how to install one."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, check=False, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _install_package() -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print("· installing Chromium with apt-get", flush=True)
    # A bare PATH lacks what the packages' scripts call.
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    _run(["apt-get", "update", "-q"], environ)
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends"]
    any(_run([*install, package], environ) for package in (_SHELL, "chromium"))
    return find()


def _download() -> str | None:
    print("· downloading Chromium with Playwright", flush=True)
    _run([sys.executable, "-m", "playwright", "install", "chromium"], dict(os.environ))
    return find()


def _run(command: list[str], environ: dict[str, str]) -> bool:
    """Run *command*, tell whether it worked, and show the end of what it said if not: the next way may still work."""
    done = subprocess.run(
        command, check=False, env=environ, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True
    )
    if done.returncode != 0:
        print(*done.stdout.splitlines()[-6:], sep="\n", file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
