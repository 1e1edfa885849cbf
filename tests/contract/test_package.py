"""What is packaged for the functions, beside what their code opens and imports."""

from __future__ import annotations

import re
from importlib.metadata import packages_distributions

from components.package import SERVICES
from tests.contract import sources

LOCK = sources.ROOT / "requirements" / "function.txt"
_NOBODY_CALLS = {"boto3", "grpcio", "numpy", "opentelemetry-api", "protobuf", "s3transfer"}


def test_the_services_that_are_opened_are_those_that_are_packaged() -> None:
    assert sources.opened() == SERVICES


def test_every_library_that_a_function_imports_is_packaged() -> None:
    known = packages_distributions()
    wanted = {distribution.lower() for name in sources.imported("adapters/local") for distribution in known[name]}

    assert wanted - locked() == set()


def test_nothing_is_packaged_that_nobody_calls() -> None:
    assert locked() & _NOBODY_CALLS == set()


def locked() -> set[str]:
    return {found.lower() for found in re.findall(r"(?m)^([A-Za-z0-9._-]+)==", LOCK.read_text())}
