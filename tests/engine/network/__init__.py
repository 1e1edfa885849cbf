"""The network of a company that has one, made by the real Terraform in the emulator."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.engine.deployed import Deployed


def make(deployed: Deployed) -> Path:
    """Make it, and return the state that Terraform wrote."""
    folder = deployed.folder / "network"
    folder.mkdir()
    shutil.copy(Path(__file__).with_name("main.tf"), folder)
    ran = deployed.terraform(folder, "apply", "-auto-approve")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder / "terraform.tfstate"
