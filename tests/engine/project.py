"""The program in a folder of its own, with a project file that names the stand-ins.

It is a copy, so that it stays what was deployed, and its settings are the test's to change.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml  # type: ignore[import-untyped] # its stubs are not worth a dependency

from tests.engine import cli
from tests.parts.endpoint import Endpoint
from tests.parts.keeper import kept

_ROOT = Path(__file__).parents[2]
_COPIED = ("__main__.py", "bridge", "components", "requirements", "runtime", "web")
_LINKED = (".packages", ".venv")
_FILES = "COMPANION_ENGINE_FILES"
_STAND_INS = {
    "pulumi-resource-aws": "tests.engine.aws",
    "pulumi-resource-terraform": "tests.engine.terraform_state",
    "pulumi-language-python": "tests.engine.language",
}


@dataclass(frozen=True)
class Project:
    """A *folder* with the program, in which the CLI works on the emulator at *aws*; *hear* is told what it says."""

    folder: Path
    pulumi: Path
    provider: Path
    aws: Endpoint
    hear: Callable[[str], object] = str

    def pulumi_run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run the CLI; it ends with this process."""
        with subprocess.Popen(
            self.command(*arguments),
            cwd=_ROOT,
            env=self.environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdout is not None
            said = []
            for line in process.stdout:
                self.hear(line)
                said.append(line)
        return subprocess.CompletedProcess(arguments, process.returncode, "".join(said))

    def command(self, *arguments: str) -> list[str]:
        """Return how the CLI is started: for as long as somebody holds the command's standard input."""
        return kept(str(self.pulumi), "-C", str(self.folder), "--non-interactive", *arguments)

    @property
    def environ(self) -> dict[str, str]:
        """Return the surroundings of the CLI, its plug-ins and the program."""
        own = {
            "PULUMI_HOME": str(self.folder / "home"),
            "PULUMI_BACKEND_URL": f"file://{self.folder / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "companion",
            "PULUMI_DEBUG_COMMANDS": "true",  # It takes --event-log.
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            # The state is written when an operation ends, well or not: twice a resource takes two thirds of its CPU.
            "PULUMI_SKIP_CHECKPOINTS": "true",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "TF_AWS_PROVIDER": str(self.provider),
            _FILES: str(self.folder / "files"),
        }
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "PULUMI_"))}
        return kept | self.aws.environ | own

    @property
    def mark(self) -> str:
        """What is in the surroundings of every process that works on this project, and of no other."""
        return f"{_FILES}={self.folder / 'files'}"

    def configure(self, stack: str, **settings: object) -> None:
        """Change the settings of *stack*; None takes one away."""
        path = self.folder / f"Pulumi.{stack}.yaml"
        told = yaml.safe_load(path.read_text())
        for key, value in settings.items():
            told["config"][f"companion:{key}"] = value
        told["config"] = {key: value for key, value in told["config"].items() if value is not None}
        path.write_text(yaml.safe_dump(told))

    @contextmanager
    def configured(self, stack: str, **settings: object) -> Iterator[None]:
        """Change the settings of *stack* until the block ends."""
        path = self.folder / f"Pulumi.{stack}.yaml"
        before = path.read_text()
        self.configure(stack, **settings)
        try:
            yield
        finally:
            path.write_text(before)


def make(folder: Path, provider: Path, aws: Endpoint, source: Path = _ROOT) -> Project:
    """Lay the program of *source* out in *folder*. Raises `Missing`."""
    for name in ("home", "state", "files", "plugins"):
        (folder / name).mkdir()
    (_ROOT / ".packages").mkdir(exist_ok=True)
    for name in _LINKED:
        (folder / name).symlink_to(_ROOT / name)
    for path in (*map(source.joinpath, _COPIED), *source.glob("Pulumi.*.yaml")):
        _copy(path, folder / path.name)
    for name, module in _STAND_INS.items():
        _executable(folder / "plugins" / name, module)
    told = yaml.safe_load((source / "Pulumi.yaml").read_text())
    (folder / "Pulumi.yaml").write_text(yaml.safe_dump({**told, "plugins": _plugins(folder / "plugins")}))
    return Project(folder, cli.found(), provider, aws)


def _copy(path: Path, to: Path) -> None:
    if path.is_dir():
        shutil.copytree(path, to, ignore=shutil.ignore_patterns("__pycache__"))
    elif path.exists():
        shutil.copy(path, to)


def _executable(path: Path, module: str) -> None:
    path.write_text(f'#!/bin/sh\nPYTHONPATH="{_ROOT}" exec "{sys.executable}" -m {module} "$@"\n')
    path.chmod(0o755)


def _plugins(folder: Path) -> Mapping[str, object]:
    """Name the stand-ins; where Pulumi's own language host is installed, it is used."""
    providers = [{"name": name, "path": str(folder)} for name in ("aws", "terraform")]
    host = shutil.which("pulumi-language-python")
    languages = [] if host else [{"name": "python", "path": str(folder)}]
    return {"providers": providers, **({"languages": languages} if languages else {})}
