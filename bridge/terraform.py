"""Terraform, asked for the schema of the provider that is to take over."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bridge.document import render
from bridge.refused import Refused

_SOURCE = "registry.terraform.io/hashicorp/aws"


def schemas(version: str) -> tuple[dict[str, Any], str]:
    """Return the schemas of all resources of the AWS provider that answers to *version*, and its own version.

    Terraform gets the provider as it always does: from its mirror, its cache or the registry.
    """
    program = shutil.which("terraform")
    if program is None:
        raise Refused.because(
            got="no terraform on PATH",
            why="the provider's own schema says what each property is",
            instead="install it, or give the schema: terraform providers schema -json > FILE, and --schema FILE",
        )
    with TemporaryDirectory() as folder:
        asked = {"terraform": [{"required_providers": [{"aws": {"source": "hashicorp/aws", "version": version}}]}]}
        (Path(folder) / "provider.tf.json").write_text(json.dumps(asked))
        _run(program, folder, "init", "-no-color", "-input=false")
        told = _run(program, folder, "providers", "schema", "-json")
        used = json.loads(_run(program, folder, "version", "-json"))["provider_selections"][_SOURCE]
    return read(told), used


def read(told: bytes, name: str = "the schema") -> dict[str, Any]:
    """Return the schemas of all resources in what `terraform providers schema -json` *told*."""
    try:
        found: dict[str, Any] = json.loads(told)["provider_schemas"][_SOURCE]["resource_schemas"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refused.because(
            got=f"{name}, without the schemas of hashicorp/aws",
            why="they say what each property is",
            instead="where that provider is used: terraform providers schema -json > FILE",
        ) from error
    return found


def _run(program: str, folder: str, *arguments: str) -> bytes:
    ran = subprocess.run([program, *arguments], cwd=folder, capture_output=True, check=False)  # noqa: S603 - as named.
    if ran.returncode:
        said = render((ran.stderr or ran.stdout).decode(errors="replace").strip())
        raise Refused.because(
            got=f"terraform {arguments[0]}, and it says {said}",
            why="without the provider its schema is not known",
            instead="see to the network or the mirror, or name another --provider-version",
        )
    return ran.stdout
