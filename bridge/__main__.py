"""`python -m bridge`: what a Pulumi stack has, for Terraform to read.

python -m bridge outputs --stack-export FILE|- --to state.tfstate    write the stack's outputs as a Terraform state

Exit codes: 0 written, or nothing to change; 1 refused, and nothing was written; 2 a wrong command line;
3 somebody else holds the lock; 4 (with --diff) something would change.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from bridge import outputs, stack, state
from bridge.lock import locked
from bridge.refused import Held, Refused

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")


def main(arguments: list[str]) -> int:
    """Run one command; return the process's exit code."""
    given = _parser().parse_args(arguments)
    try:
        return _outputs(given)
    except Held as held:
        print(held, file=sys.stderr)
        return 3
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    except OSError as error:
        why, instead = "the file cannot be used", "see to its folder and its rights, or name another"
        print(Refused.because(got=str(error), why=why, instead=instead), file=sys.stderr)
        return 1


def _outputs(given: argparse.Namespace) -> int:
    exported = stack.read(_bytes(given.stack_export))
    converted = outputs.convert(exported, show_secrets=given.show_secrets)
    lineage = given.lineage or exported.lineage
    if given.diff:
        before = _state(given.to.read_bytes() if given.to.exists() else b"", given.to)
        return _show(before, state.succeed(before, converted, lineage, str(given.to)))
    with locked(given.to, timeout=given.lock_timeout) as held:
        before = _state(held.read(), given.to)
        after = state.succeed(before, converted, lineage, str(given.to))
        if after is not before:
            held.replace(state.write(after))
    print(f"{given.to}: {'unchanged' if after is before else 'written'}, {outputs.names(converted)}, ", end="")
    print(f"serial {after.serial}, lineage {after.lineage}")
    return 0


def _show(before: state.State | None, after: state.State) -> int:
    for line in outputs.differences(before, after):
        print(line)
    return 0 if after is before else 4


def _state(data: bytes, path: Path) -> state.State | None:
    return state.read(data, str(path)) if data else None


def _bytes(source: str) -> bytes:
    return sys.stdin.buffer.read() if source == "-" else Path(source).read_bytes()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bridge", description="What Pulumi deployed, for Terraform.")
    commands = parser.add_subparsers(title="commands", required=True)
    command = commands.add_parser("outputs", help="write a stack's outputs as a Terraform state")
    add = command.add_argument
    add("--stack-export", required=True, metavar="FILE", help="what `pulumi stack export` wrote; - reads it here")
    add("--to", required=True, type=_path, metavar="STATE", help="the state file to write")
    add("--show-secrets", action="store_true", help="write secrets too: readable in the file, sensitive for Terraform")
    add("--diff", action="store_true", help="only print what would change, without secrets")
    add("--lock-timeout", type=_seconds, default=0.0, metavar="30s", help="how long to wait for the lock (default: 0s)")
    add("--lineage", help="the lineage that the state has (default: the stack's own)")
    return parser


def _path(text: str) -> Path:
    if "://" in text:
        raise argparse.ArgumentTypeError(f"got {text}: only local files can be written yet")
    return Path(text)


def _seconds(text: str) -> float:
    parts = _DURATION.findall(text)
    if "".join(number + unit for number, unit in parts) != text or not text:
        raise argparse.ArgumentTypeError(f"got {text}: a duration reads like 500ms, 30s or 1m30s")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
