"""The settings that every layer stands on: names, functions, what is kept and how, the network, and who is told.

A field is the setting of the same name in `Pulumi.<stack>.yaml` (`log_days` is `logDays`). The defaults and what each
is for stand in Pulumi.yaml alone; each part refuses what cannot work of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from components.configuration.checks import between, is_network, need, one_of

# What CloudWatch Logs accepts.
LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)

_PREFIX = re.compile(r"[a-z][a-z0-9-]{2,18}[a-z0-9]")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
_RUNTIME = re.compile(r"python3\.1[1-4]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_BACKUP_DAYS = 35


@dataclass(frozen=True, kw_only=True)
class Names:
    """Where a stack lives, and what its names in AWS begin with, so that several may live in one account."""

    prefix: str
    region: str

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        good = bool(_REGION.fullmatch(self.region))
        need(good, "region", self.region, "it is no Region of AWS", "pulumi config set aws:region us-east-1")
        why = "names in AWS begin with it: 4 to 20 lower-case letters, digits and hyphens"
        need(bool(_PREFIX.fullmatch(self.prefix)), "prefix", self.prefix, why, "pulumi config set prefix companion")


@dataclass(frozen=True, kw_only=True)
class Functions:
    """How every function is made."""

    lambda_runtime: str
    lambda_architecture: str
    lambda_package: str
    log_days: int
    log_level: str
    tracing: bool

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        instead = "pulumi config set lambdaRuntime python3.13"
        good = bool(_RUNTIME.fullmatch(self.lambda_runtime))
        need(good, "lambda_runtime", self.lambda_runtime, "the code needs Python 3.11 to 3.14", instead)
        one_of(self, "lambda_architecture", "arm64", "x86_64")
        one_of(self, "log_days", *LOG_DAYS)
        one_of(self, "log_level", "DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """How what people said is kept: who may delete it, what copies there are and whose keys encrypt it."""

    deletion_protection: bool
    table_backups: bool
    backup_days: int
    customer_keys: bool

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        between(self, "backup_days", 1, _BACKUP_DAYS)


@dataclass(frozen=True, kw_only=True)
class Network:
    """Where the network comes from: the state of the Terraform that made it, or a small one of our own."""

    terraform_state: str
    terraform_vpc_output: str
    terraform_subnets_output: str
    terraform_security_groups_output: str
    vpc_cidr: str
    terraform_token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        why, instead = (
            "a VPC has a block of private IPv4 addresses, from /16 to /27",
            "pulumi config set vpcCidr 10.80.0.0/24",
        )
        need(is_network(self.vpc_cidr), "vpc_cidr", self.vpc_cidr, why, instead)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """Who hears of alarms, and what a month may cost in US dollars."""

    alarm_email: str
    monthly_budget: int

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        good = not self.alarm_email or bool(_EMAIL.fullmatch(self.alarm_email))
        need(good, "alarm_email", self.alarm_email, "it is no address", "pulumi config set alarmEmail you@example.org")
        need(self.monthly_budget > 0, "monthly_budget", self.monthly_budget, "a budget has a limit", "set 50")
