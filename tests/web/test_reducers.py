"""The page's pure parts, tested in node: the one that Playwright brings, or the machine's own."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import playwright
import pytest

_HERE = Path(__file__).parent
_SUITES = sorted(path.name for path in _HERE.glob("*.test.js"))


def _node() -> str:
    brought = Path(playwright.__file__).parent / "driver" / "node"
    found = str(brought) if brought.exists() else shutil.which("node")
    assert found, "no node: pip install playwright brings one"
    return found


@pytest.mark.parametrize("suite", _SUITES)
def test_the_pure_parts_of_the_page_keep_their_promises(suite: str) -> None:
    asked = [_node(), "--no-warnings", "--test", "--test-reporter=spec", suite]

    done = subprocess.run(asked, cwd=_HERE, capture_output=True, check=False, text=True)

    assert done.returncode == 0, done.stdout + done.stderr
