"""The real Terraform, in folders of its own, or none: then its tests are skipped here and fail in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.bridge.terraform import Terraform


@pytest.fixture
def terraform(tmp_path: Path) -> Terraform:
    found = shutil.which("terraform")
    if found is None:
        where = "https://developer.hashicorp.com/terraform/install has it; put it on PATH"
        assert not os.environ.get("CI"), f"no terraform: {where}"
        pytest.skip(f"no terraform: {where}")
    folder = tmp_path / "terraform"
    folder.mkdir()
    return Terraform(found, folder)
