"""What a machine lacks for the engine is named in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine import cli, terraform_provider
from tests.parts.missing import Missing


def test_a_machine_without_terraform_is_told_so_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"^no terraform: https://.*$"):
        terraform_provider.found({"PATH": str(tmp_path)})


def test_a_machine_without_pulumi_that_could_not_build_it_is_told_so_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"^no pulumi, and no go to build it: https://.*$"):
        cli.found({"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)})
