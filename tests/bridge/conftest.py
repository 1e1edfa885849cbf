"""The real Terraform, in folders of its own, or none: then its tests are skipped here and fail in CI."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.bridge import provider
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


@pytest.fixture(scope="session")
def known() -> dict[str, Any]:
    """Return what the real AWS provider says of its types."""
    if shutil.which("terraform") is None or provider.plugins() is None:
        assert not os.environ.get("CI"), "no terraform, or no AWS provider beside it"
        pytest.skip("no terraform, or no AWS provider beside it: set TF_PLUGIN_DIR")
    return provider.schemas()
