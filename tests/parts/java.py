"""The Java that ElasticMQ and OpenSearch run on; CI installs it where it may."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.parts.missing import Missing

_OLDEST = 17
_PACKAGE = "openjdk-17-jdk-headless"


def home() -> Path:
    """Return the home of a Java that is new enough; raise `Missing`."""
    if not _is_new_enough():
        _install()
    if not _is_new_enough():
        raise Missing(f"no Java {_OLDEST} or newer on PATH: install it (Debian: apt-get install {_PACKAGE})")
    return Path(str(shutil.which("java"))).resolve().parents[1]


def _is_new_enough() -> bool:
    if not (java := shutil.which("java")):
        return False
    said = subprocess.run([java, "-version"], capture_output=True, check=False, text=True).stderr
    version = re.search(r'version "(\d+)', said)
    return version is not None and int(version[1]) >= _OLDEST


def _install() -> None:
    """Install Java where that disturbs nobody: on CI's machine, as root."""
    if os.environ.get("CI") and os.geteuid() == 0 and shutil.which("apt-get"):
        environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
        for command in (["update"], ["install", "-y", "--no-upgrade", "--no-install-recommends", _PACKAGE]):
            subprocess.run(["apt-get", "-q", *command], check=False, env=environ, stdout=subprocess.DEVNULL)
