"""`python -m tests.engine [SETTING=VALUE ...]`: `dev` brought up in an emulator of AWS, with its page, until Ctrl-C.

Nothing of it is in an account, and nothing is left of it. `make cloud` runs this.
"""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tests.deployed import cloud
from tests.engine import cli
from tests.engine.deployed import HERE, Deployed, beginning
from tests.parts.missing import Missing


def main(arguments: Sequence[str]) -> int:
    """Bring the stack up, say where its page is, and wait; return 0 if it came up."""
    settings: Mapping[str, object] = dict(one.split("=", 1) for one in arguments)
    with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory(prefix="companion-cloud-") as folder:
        try:
            _say("looking for pulumi, or building it: once, in about three minutes")
            cli.found()
            with beginning("dev", Path(folder), **settings) as deployed:
                return _run(deployed)
        except Missing as missing:
            _say(str(missing))
            return 1
    return 0


def _run(deployed: Deployed) -> int:
    _say(f"AWS is emulated at {deployed.aws.url}: pulumi up")
    told = deployed.heard(sys.stdout.write).stack.up()
    if told.code == 0:
        asyncio.run(_shown(deployed))
    return told.code


async def _shown(deployed: Deployed) -> None:
    _say("starting what plays API Gateway, Lambda, SQS, OpenSearch and CloudFront")
    ended = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(one, ended.set)
    folder = deployed.folder / "played"
    folder.mkdir()
    async with cloud.page(deployed.aws, str(HERE["searchDomainArn"]), folder) as address:
        _say(f"{address} is the page, until Ctrl-C")
        await ended.wait()
        _say("taking it down")


def _say(words: str) -> None:
    sys.stdout.write(f"· {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
