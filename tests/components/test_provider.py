"""What the real provider says of everything that the program registers."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.bridge.provider import plugins
from tests.bridge.terraform import Terraform
from tests.components.deployed import PROGRAMS, deployed
from tests.components.engine import Created
from tests.components.provider import Provider

# What is newer than the provider here, so that nobody but its types was asked.
NEWER = {"aws:cognito/managedLoginBranding:ManagedLoginBranding", "aws:wafv2/webAcl:WebAcl region"}

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Provider:
    program = shutil.which("terraform")
    if program is None or plugins() is None:
        assert not os.environ.get("CI"), "no terraform, or no AWS provider beside it"
        pytest.skip("no terraform, or no AWS provider beside it: set TF_PLUGIN_DIR")
    return Provider(Terraform(program, tmp_path_factory.mktemp("provider")))


def test_values_that_aws_does_not_know_are_refused(provider: Provider) -> None:
    wrong: dict[str, dict[str, object]] = {
        "deduplication_scope": {"deduplicationScope": "turn"},
        "visibility_timeout_seconds": {"visibilityTimeoutSeconds": 50_000},
        "policy": {"policy": "{"},
    }

    refusals, _ = provider.refusals({key: [_queue(inputs)] for key, inputs in wrong.items()})

    assert len(refusals) == len(wrong)
    assert all(any(key in said for said in refusals) for key in wrong)


def test_the_provider_refuses_nothing_of_the_program(provider: Provider) -> None:
    programs = {"-".join(program): deployed(*program).registered for program in PROGRAMS}

    refusals, newer = provider.refusals(programs)

    assert refusals == []
    assert newer == NEWER


def _queue(inputs: dict[str, object]) -> Created:
    return Created("aws:sqs/queue:Queue", "q", "", inputs)
