"""Drive the real Terraform, without network, settings or plug-ins of the machine."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from bridge.document import Json, parse

READER = """
data "terraform_remote_state" "stack" {
  backend = "local"
  config  = { path = "../terraform.tfstate" }
}
output "all" { value = data.terraform_remote_state.stack.outputs }
"""


@dataclass(frozen=True)
class Terraform:
    """One working folder."""

    program: str
    folder: Path

    def configure(self, text: str) -> None:
        (self.folder / "main.tf").write_text(text)
        assert self.run("init").returncode == 0

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        call = [self.program, *arguments, "-no-color"]
        return subprocess.run(
            call, cwd=self.folder, env=environment(self.folder), capture_output=True, text=True, check=False
        )

    def begin(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command that someone answers, or waits for."""
        return subprocess.Popen(
            [self.program, *arguments, "-no-color"],
            cwd=self.folder,
            env=environment(self.folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def apply(self) -> None:
        ran = self.run("apply", "-auto-approve")
        assert ran.returncode == 0, ran.stdout + ran.stderr

    def outputs(self, path: Path | None = None) -> dict[str, tuple[Json, Json, bool]]:
        """Ask Terraform for the value, type and sensitivity of every output."""
        ran = self.run("output", "-json", *([f"-state={path}"] if path else []))
        said = parse(ran.stdout.encode(), "output -json")
        assert isinstance(said, dict), ran.stderr
        return {name: _told(output) for name, output in said.items()}


def environment(folder: Path) -> dict[str, str]:
    """Return what Terraform and its providers find in *folder*: nobody's settings, and a collector that is in no hurry.

    What they read is soon forgotten whole: at its usual pace a third of their processor time is the collector's.
    """
    quiet = {"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull, "HOME": str(folder)}
    return {"PATH": os.environ["PATH"], **quiet, "GOGC": "400", "GOMEMLIMIT": "700MiB"}


def read_until(process: subprocess.Popen[str], words: str) -> str:
    """Read what *process* prints up to *words*."""
    assert process.stdout is not None
    said = ""
    while not said.endswith(words):
        character = process.stdout.read(1)
        assert character, said
        said += character
    return said


def finish(process: subprocess.Popen[str], answer: str = "") -> str:
    """Answer what *process* asked, and read what it says to its end."""
    said, _ = process.communicate(answer, timeout=60)
    return said


def _told(output: Json) -> tuple[Json, Json, bool]:
    match output:
        case {"value": value, "type": kind, "sensitive": bool(sensitive)}:
            return value, kind, sensitive
    raise AssertionError(output)
