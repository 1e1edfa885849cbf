"""Terraform's AWS provider on this machine: where it is, and its schema."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from tests.bridge.terraform import environment

VERSION = "5.100.0"
SERVICES = (
    *("apigateway", "apigatewayv2", "appautoscaling", "cloudfront", "cloudwatch", "cloudwatchevents"),
    *("cloudwatchlogs", "cognitoidp", "dynamodb", "ec2", "ecs", "iam", "kms", "lambda", "route53", "s3"),
    *("sagemaker", "secretsmanager", "sns", "sqs", "sts", "wafv2"),
)
"""What of the emulator the tests use, as the provider's `endpoints` name it."""
_SOURCE = "registry.terraform.io/hashicorp/aws"
REQUIRED = f"""
terraform {{
  required_providers {{
    aws = {{
      source  = "hashicorp/aws"
      version = "{VERSION}"
    }}
  }}
}}
"""


def plugins() -> Path | None:
    """Return the folder that holds `registry.terraform.io`, for `terraform init -plugin-dir`; None: there is none."""
    told = [os.environ.get("TF_PLUGIN_DIR", ""), "/opt/tf-plugins", str(Path.home() / ".terraform.d" / "plugins")]
    return next((Path(one) for one in told if one and (Path(one) / _SOURCE / VERSION).is_dir()), None)


@cache
def schemas() -> dict[str, Any]:
    """Return the schemas of all resources, by their types: thirteen megabytes, asked for once."""
    with tempfile.TemporaryDirectory() as folder:
        return _told(Path(folder))


def _told(folder: Path) -> dict[str, Any]:
    terraform, found = shutil.which("terraform"), plugins()
    assert terraform is not None, "no terraform"
    (folder / "main.tf").write_text(REQUIRED)
    quiet = environment(folder)
    init = [terraform, "init", "-no-color", *([f"-plugin-dir={found}"] if found else [])]
    subprocess.run(init, cwd=folder, env=quiet, check=True, capture_output=True)
    told = subprocess.run(
        [terraform, "providers", "schema", "-json"], cwd=folder, env=quiet, check=True, capture_output=True
    )
    whole: dict[str, Any] = json.loads(told.stdout)["provider_schemas"][_SOURCE]["resource_schemas"]
    return whole
