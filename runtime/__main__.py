"""`python -m runtime`: the companion on this machine, and what its operator does by hand.

python -m runtime               serve the page and the socket
python -m runtime token USER    print a token for USER
python -m runtime replay        answer the turns again that failed
python -m runtime export USER   print all that is kept about USER, as JSON lines
python -m runtime erase USER    erase all that is kept about USER, and print what it was
python -m runtime worker        answer turns in the cloud, as the environment says
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from pathlib import Path

from runtime.errors import Misconfigured, Unavailable
from runtime.settings.laptop import Settings

_MOST_DAYS, _MOST_TURNS, _DIGITS = 3_650, 1_000_000, 9
_INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Run one command; return the process's exit code."""
    try:
        given = _parser().parse_args(arguments)
        _open_output(given)
        code = int(given.run(Settings.read(os.environ), given) or 0)
        print(end="", flush=True)
    except (Misconfigured, Unavailable) as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:  # Before or after what listens for it.
        return _INTERRUPTED
    except BrokenPipeError:  # Whoever read what a command prints has enough of it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m runtime", description="A companion that remembers.")
    parser.set_defaults(run=_serve)
    commands = parser.add_subparsers(title="commands")
    token = commands.add_parser("token", help="print a token for a user of this machine's server")
    token.add_argument("user", metavar="USER")
    token.add_argument("--days", type=_days, default=30.0, help="how long it is good (default: 30)")
    token.add_argument("--minor", action="store_true", help="the user is under age: breaks are offered")
    token.set_defaults(run=_token)
    replay = commands.add_parser("replay", help="answer the turns again that failed")
    replay.add_argument("--limit", type=_count, default=100, help="how many at most (default: 100)")
    replay.set_defaults(run=_replay)
    for name, run, told in (
        ("export", _export, "print all that is kept about a user, as JSON lines"),
        ("erase", _erase, "erase all that is kept about a user, and print how much of what it was"),
    ):
        command = commands.add_parser(name, help=told)
        command.add_argument("user", metavar="USER")
        command.set_defaults(run=run)
    worker = commands.add_parser("worker", help="answer turns in the cloud, as the environment says")
    worker.set_defaults(run=_worker)
    return parser


def _days(text: str) -> float:
    try:
        days = float(text)
    except ValueError:
        days = 0.0
    if not 0 < days <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"got {text}: allowed is more than 0, at most {_MOST_DAYS}")
    return days


def _count(text: str) -> int:
    count = int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS else 0
    if not 0 < count <= _MOST_TURNS:
        raise argparse.ArgumentTypeError(f"got {text}: allowed is 1 to {_MOST_TURNS}")
    return count


def _open_output(given: argparse.Namespace) -> None:
    """See to it that there is a standard output: a server needs no reader of it, a command is for nothing else."""
    if sys.stdout is not None:
        return
    if given.run not in {_serve, _worker}:
        raise Misconfigured(
            "got: a closed standard output; why not: nobody could read what this prints; "
            "instead: leave it open, or > FILE"
        )
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for the process's life.


def _serve(settings: Settings, _: argparse.Namespace) -> None:
    from runtime.server import process

    process.run(settings)


def _token(settings: Settings, given: argparse.Namespace) -> None:
    from runtime.server import operator

    print(operator.token(settings, given.user, seconds=given.days * 86_400, minor=given.minor))


def _replay(settings: Settings, given: argparse.Namespace) -> None:
    from runtime.server import operator

    print(asyncio.run(operator.replay(settings, given.limit)))


def _export(settings: Settings, given: argparse.Namespace) -> None:
    from runtime.server import operator

    asyncio.run(operator.export(settings, given.user, sys.stdout.write))


def _erase(settings: Settings, given: argparse.Namespace) -> int:
    from runtime.server import operator

    told, verified = asyncio.run(operator.erase(settings, given.user))
    print(told)
    return 0 if verified else 1


def _worker(_: Settings, __: argparse.Namespace) -> None:
    from runtime.task import process

    process.run(os.environ)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
