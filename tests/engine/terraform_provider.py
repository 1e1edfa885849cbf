"""Terraform and its AWS provider on this machine, as programs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.bridge.provider import VERSION, plugins
from tests.parts.missing import Missing


def found(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the provider's file, where Terraform itself is on PATH as well. Raises `Missing`."""
    if shutil.which("terraform", path=environ.get("PATH")) is None:
        raise Missing("no terraform: https://developer.hashicorp.com/terraform/install")
    folder = plugins()
    here = folder / "registry.terraform.io/hashicorp/aws" / VERSION if folder else Path()
    program = next(iter(sorted(here.glob("*/terraform-provider-aws_*"))), None) if folder else None
    if program is None:
        raise Missing(
            f"no Terraform provider hashicorp/aws {VERSION}: terraform providers mirror ~/.terraform.d/plugins"
        )
    return program
