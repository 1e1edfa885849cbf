"""The Pulumi CLI, where it is there: it knows the stack's backend and its secrets, which we need not."""

from __future__ import annotations

import shutil
import subprocess

from bridge.refused import Refused


def export(stack: str, *, show_secrets: bool) -> bytes:
    """Return what `pulumi stack export` prints of *stack*, for the project in this folder."""
    program = shutil.which("pulumi")
    if program is None:
        raise Refused.because(
            got=f"--stack {stack}, and no pulumi on PATH",
            why="only it can read the stack's backend",
            instead="install it, or export elsewhere: pulumi stack export | python -m bridge outputs --stack-export -",
        )
    command = [program, "stack", "export", "--stack", stack, *(["--show-secrets"] if show_secrets else [])]
    ran = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - as named.
    if ran.returncode:
        said = ran.stderr.decode(errors="replace").strip()
        why, instead = "pulumi did not export it", f"see what it says of itself: pulumi stack --stack {stack}"
        raise Refused.because(got=f"--stack {stack}, and pulumi: {said}", why=why, instead=instead)
    return ran.stdout
