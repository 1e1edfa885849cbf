"""What a machine lacks: named with the way to get it, and never taken from elsewhere unchecked."""

import hashlib
from pathlib import Path

import pytest

from tests.parts import maven
from tests.parts.missing import Missing, skip


def test_a_part_that_is_missing_skips_its_test_and_says_how_to_get_it() -> None:
    with pytest.raises(pytest.skip.Exception, match="apt-get install it"):
        skip(Missing("apt-get install it"), environ={})


def test_a_part_that_is_missing_in_ci_is_a_failure() -> None:
    with pytest.raises(Missing):
        skip(Missing("apt-get install it"), environ={"CI": "true"})


def test_a_file_with_another_hash_than_the_pinned_one_is_refused() -> None:
    pinned = hashlib.sha256(b"pinned").hexdigest()

    assert maven._checked(b"pinned", pinned, "a.jar") == b"pinned"
    with pytest.raises(AssertionError, match="is pinned: don't run what came"):
        maven._checked(b"other", pinned, "a.jar")


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    maven._keep(tmp_path / "deep" / "a.jar", b"whole")

    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["a.jar"]
    assert (tmp_path / "deep" / "a.jar").read_bytes() == b"whole"
