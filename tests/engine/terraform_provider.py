"""Terraform's AWS provider on this machine, as a program."""

from __future__ import annotations

from pathlib import Path

from tests.bridge.provider import VERSION, plugins
from tests.parts.missing import Missing


def found() -> Path:
    """Return its file. Raises `Missing`."""
    folder = plugins()
    here = folder / "registry.terraform.io/hashicorp/aws" / VERSION if folder else Path()
    program = next(iter(sorted(here.glob("*/terraform-provider-aws_*"))), None) if folder else None
    if program is None:
        raise Missing(
            f"no Terraform provider hashicorp/aws {VERSION}: terraform providers mirror ~/.terraform.d/plugins"
        )
    return program
