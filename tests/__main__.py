"""`python -m tests [arguments of pytest]`: all tests, in two processes side by side.

Those with real parts mostly wait (for a browser, a provider, a time-out), those without mostly compute, so that
together they take hardly longer than the first alone. What the second says is printed when it is done.
"""

from __future__ import annotations

import subprocess
import sys

_NO_TESTS = 5


def main(arguments: list[str]) -> int:
    """Run both; return 0 if all tests passed, or the first other exit code."""
    if any(one == "-m" or one.startswith("-m=") for one in arguments):
        return _start(arguments, None).wait()
    real = _start(["-m", "real", *arguments], None)
    others = _start(["-m", "not real", *arguments], subprocess.PIPE)
    said, _ = others.communicate()
    codes = [real.wait(), others.returncode]
    sys.stdout.buffer.write("· and without real parts\n".encode() + said)
    if codes == [_NO_TESTS, _NO_TESTS]:
        return _NO_TESTS
    return next((code for code in codes if code not in {0, _NO_TESTS}), 0)


def _start(arguments: list[str], output: int | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "pytest", *arguments], stdout=output)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
