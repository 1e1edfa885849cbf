"""`python -m tests.engine [SETTING=VALUE ...]`: `dev` brought up in an emulator of AWS, and held until Ctrl-C.

Nothing of it is in an account, and nothing is left of it. `make cloud` runs this.
"""

from __future__ import annotations

import json
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.engine import cli
from tests.engine.deployed import beginning
from tests.parts.missing import Missing


def main(arguments: Sequence[str]) -> int:
    """Bring the stack up, say where it is, and wait; return 0 if it came up."""
    settings: Mapping[str, object] = dict(one.split("=", 1) for one in arguments)
    try:
        _say("the CLI: pulumi from PATH, or built by Go, once, in about five minutes")
        _say(f"the CLI is {cli.found()}")
        with (
            tempfile.TemporaryDirectory(prefix="companion-cloud-") as folder,
            beginning("dev", Path(folder), **settings) as deployed,
        ):
            _say(f"AWS is emulated at {deployed.aws.url}; pulumi up")
            told = deployed.heard(sys.stdout.write).stack.up()
            if told.code:
                return 1
            _say(json.dumps(dict(deployed.stack.outputs), indent=2))
            _say(f"AWS_ENDPOINT_URL={deployed.aws.url} has it all until Ctrl-C")
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
    except Missing as missing:
        _say(str(missing))
        return 1
    return 0


def _say(words: str) -> None:
    sys.stdout.write(f"· {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    sys.exit(main(sys.argv[1:]))
