"""`python -m bridge`: what a Pulumi stack has, for Terraform to read.

python -m bridge outputs (--stack-export FILE|- | --stack NAME) --to state.tfstate|s3://bucket/key
    writes the stack's outputs as a Terraform state
python -m bridge resources (--stack-export FILE|- | --stack NAME) --to DIRECTORY
    writes the stack's resources as a Terraform configuration with its state

Exit codes: 0 written, or nothing to change; 1 refused, and nothing was written; 2 a wrong command line;
3 somebody else holds the lock; 4 (with --diff) something would change.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bridge import bucket, deployment, outputs, resources, stack, state, terraform, writing
from bridge.bucket import Place, Stored, stored
from bridge.lock import Locked, locked
from bridge.pulumi import export
from bridge.refused import Held, Refused

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_EXACT = re.compile(r"\d+\.\d+\.\d+", re.ASCII)
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|m|h)")


def main(arguments: list[str]) -> int:
    """Run one command; return the process's exit code."""
    given = _parser().parse_args(arguments)
    try:
        done: int = given.run(given)
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
    return done


def _outputs(given: argparse.Namespace) -> int:
    exported = _exported(given)
    converted = outputs.convert(exported, show_secrets=given.show_secrets)
    lineage = given.lineage or exported.lineage
    if given.diff:
        before = _state(_look(given.to), given.to)
        return _show(before, state.succeed(before, converted, lineage, str(given.to)))
    with _held(given.to, given.lock_timeout) as held:
        before = _state(held.read(), given.to)
        after = state.succeed(before, converted, lineage, str(given.to))
        if after is not before:
            held.replace(state.write(after))
    print(f"{given.to}: {'unchanged' if after is before else 'written'}, {outputs.names(converted)}, ", end="")
    print(f"serial {after.serial}, lineage {after.lineage}")
    return 0


def _resources(given: argparse.Namespace) -> int:
    exported = _exported(given)
    deployed = deployment.read(exported, show_secrets=given.show_secrets)
    schemas, version = _schemas(given)
    converted = resources.convert(deployed, schemas, given.program, imports=given.imports)
    writing.write(converted, given.to, lineage=exported.lineage, version=version, imports=given.imports)
    print(f"{given.to}: {len(converted.twins)} resources, {len(converted.left)} left out: see {given.to}/report.md")
    return 0


def _schemas(given: argparse.Namespace) -> tuple[dict[str, Any], str]:
    if given.schema:
        _need_exact(given.provider_version)
        return terraform.read(given.schema.read_bytes(), str(given.schema)), given.provider_version
    return terraform.schemas(given.provider_version)


def _need_exact(version: str) -> None:
    if not _EXACT.fullmatch(version):
        raise Refused.because(
            got=f"--schema, and a provider of {version}",
            why="a schema does not say whose it is, and another version may have another",
            instead="say which one it is of, such as --provider-version 5.100.0",
        )


def _look(place: Path | Place) -> bytes:
    """Read what is there without holding it."""
    if isinstance(place, Path):
        return place.read_bytes() if place.exists() else b""
    with bucket.explained(place):
        return Stored(bucket.connect(), place).read()


@contextmanager
def _held(place: Path | Place, timeout: float) -> Iterator[Locked | Stored]:
    if isinstance(place, Path):
        with locked(place, timeout=timeout) as mine:
            yield mine
    else:
        with bucket.explained(place), stored(bucket.connect(), place, timeout=timeout) as theirs:
            yield theirs


def _show(before: state.State | None, after: state.State) -> int:
    for line in outputs.differences(before, after):
        print(line)
    return 0 if after is before else 4


def _state(data: bytes, place: Path | Place) -> state.State | None:
    return state.read(data, str(place)) if data else None


def _exported(given: argparse.Namespace) -> stack.Stack:
    if given.stack:
        return stack.read(export(given.stack, show_secrets=given.show_secrets))
    return stack.read(sys.stdin.buffer.read() if given.stack_export == "-" else Path(given.stack_export).read_bytes())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bridge", description="What Pulumi deployed, for Terraform.")
    commands = parser.add_subparsers(title="commands", required=True)
    _outputs_options(_command(commands, "outputs", "write a stack's outputs as a Terraform state", _outputs))
    _resources_options(_command(commands, "resources", "write a stack's resources for Terraform", _resources))
    return parser


def _command(commands: Any, name: str, words: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:  # noqa: ANN401 - argparse keeps its class to itself.
    command: argparse.ArgumentParser = commands.add_parser(name, help=words)
    command.set_defaults(run=run)
    source = command.add_mutually_exclusive_group(required=True)
    source.add_argument("--stack-export", metavar="FILE", help="what `pulumi stack export` wrote; - reads it here")
    source.add_argument("--stack", metavar="NAME", help="the stack to ask the Pulumi CLI for, in this folder")
    command.add_argument("--show-secrets", action="store_true", help="write secrets too: readable in the files")
    return command


def _resources_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--to", required=True, type=Path, metavar="DIRECTORY", help="the folder to write, which is not there yet")
    add("--imports", action="store_true", help="write import blocks instead of a state")
    add("--program", type=Path, default=Path(), metavar="DIRECTORY", help="where the program's assets are (default: .)")
    add("--provider-version", default=">= 5.100.0", metavar="VERSION", help="of hashicorp/aws (default: >= 5.100.0)")
    add("--schema", type=Path, metavar="FILE", help="what `terraform providers schema -json` wrote, for that version")


def _outputs_options(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add("--to", required=True, type=_place, metavar="STATE", help="the state to write: a file, or s3://bucket/key")
    add("--diff", action="store_true", help="only print what would change, without secrets")
    add("--lock-timeout", type=_seconds, default=0.0, metavar="30s", help="how long to wait for the lock (default: 0s)")
    add("--lineage", help="the lineage that the state has (default: the stack's own)")


def _place(text: str) -> Path | Place:
    if "://" not in text:
        return Path(text)
    try:
        return Place.named(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"got {text}: a state is a file, or s3://bucket/key") from None


def _seconds(text: str) -> float:
    parts = _DURATION.findall(text)
    if "".join(number + unit for number, unit in parts) != text or not text:
        raise argparse.ArgumentTypeError(f"got {text}: a duration reads like 500ms, 30s or 1m30s")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
