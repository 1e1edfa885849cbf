"""The settings of a stack, by the layer that reads them; each part refuses what cannot work of its own.

A field is the setting of the same name in `Pulumi.<stack>.yaml` (`log_days` is `logDays`). The defaults and what each
is for stand in Pulumi.yaml alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Network
from typing import Any
from urllib.parse import urlsplit

from components.configuration.reading import need

# What CloudWatch Logs accepts.
LOG_DAYS = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)

_PREFIX = re.compile(r"[a-z][a-z0-9-]{2,18}[a-z0-9]")
_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")
_RUNTIME = re.compile(r"python3\.1[1-4]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LARGEST, _SMALLEST = 16, 27
_BACKUP_DAYS, _CONCURRENCY, _HANDS, _TASKS, _INSTANCES = 35, range(2, 1001), 1_000, 100, 50


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

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        instead = "pulumi config set lambdaRuntime python3.13"
        good = bool(_RUNTIME.fullmatch(self.lambda_runtime))
        need(good, "lambda_runtime", self.lambda_runtime, "the code needs Python 3.11 to 3.14", instead)
        _one_of(self, "lambda_architecture", "arm64", "x86_64")
        _one_of(self, "log_days", *LOG_DAYS)
        _one_of(self, "log_level", "DEBUG", "INFO", "WARNING", "ERROR")


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """How what people said is kept: who may delete it, what copies there are and whose keys encrypt it."""

    deletion_protection: bool
    table_backups: bool
    backup_days: int
    customer_keys: bool

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        _between(self, "backup_days", 1, _BACKUP_DAYS)


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
        need(_is_network(self.vpc_cidr), "vpc_cidr", self.vpc_cidr, why, instead)


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """Whose tokens are taken: those of a user pool of our own, or of the *issuer* that exists already."""

    issuer: str
    issuer_jwks_url: str
    issuer_clients: tuple[str, ...]
    callback_urls: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if self.issuer:
            _address(self, "issuer")
            _address(self, "issuer_jwks_url")
            why, instead = "any client's tokens would be taken", "pulumi config set --path 'issuerClients[0]' ..."
            need(bool(self.issuer_clients), "issuer_clients", "", why, instead)


@dataclass(frozen=True, kw_only=True)
class Search:
    """The domain of long-term memories: one that exists, by its *endpoint*, or one that is made."""

    search_endpoint: str
    search_domain_arn: str
    search_in_vpc: bool
    search_version: str
    search_engine: str
    search_instance: str
    search_nodes: int
    search_zones: int
    search_volume: int

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if self.search_endpoint:
            _address(self, "search_endpoint")
            good, instead = (
                self.search_domain_arn.startswith("arn:"),
                "pulumi config set searchDomainArn arn:aws:es:...",
            )
            need(good, "search_domain_arn", self.search_domain_arn, "permissions are given by it", instead)
        _one_of(self, "search_engine", "faiss", "lucene")
        _one_of(self, "search_zones", 1, 2, 3)
        _between(self, "search_volume", 10, 16_384)
        why, instead = "each zone holds as many nodes", f"pulumi config set searchNodes {self.search_zones}"
        need(
            self.search_nodes % self.search_zones == 0 < self.search_nodes,
            "search_nodes",
            self.search_nodes,
            why,
            instead,
        )


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What answers: a model of Bedrock's, or an endpoint of SageMaker's that is made of *sagemaker_image*."""

    inference: str
    model_id: str
    fallback_model_id: str
    inference_dialect: str
    sagemaker_image: str
    sagemaker_model_data: str
    sagemaker_instance: str
    sagemaker_instances_max: int

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        _one_of(self, "inference", "bedrock", "sagemaker")
        _one_of(self, "inference_dialect", "openai", "tgi")
        _between(self, "sagemaker_instances_max", 2, _INSTANCES)
        asked = "model_id" if self.inference == "bedrock" else "sagemaker_image"
        why = f"inference: {self.inference} asks it"
        need(bool(getattr(self, asked)), asked, "", why, "pulumi config set it, or choose another inference")


@dataclass(frozen=True, kw_only=True)
class Voice:
    """How the companion sounds, and which languages it hears."""

    voice_id: str
    voice_engine: str
    voice_lexicon: str
    voice_requests: int
    languages: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        _one_of(self, "voice_engine", "standard", "neural", "long-form", "generative")
        _between(self, "voice_requests", 1, 100)
        why, instead = "nothing would be understood", "pulumi config set --path 'languages[0]' en-US"
        need(bool(self.languages), "languages", "", why, instead)


@dataclass(frozen=True, kw_only=True)
class Work:
    """What answers turns: a function, so many at once, or tasks of a long-running process with so many hands each."""

    worker: str
    worker_concurrency: int
    worker_hands: int
    worker_tasks_min: int
    worker_tasks_max: int
    worker_image: str

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        _one_of(self, "worker", "lambda", "fargate")
        _between(self, "worker_concurrency", _CONCURRENCY.start, _CONCURRENCY.stop - 1)
        _between(self, "worker_hands", 1, _HANDS)
        _between(self, "worker_tasks_min", 1, _TASKS)
        _between(self, "worker_tasks_max", self.worker_tasks_min, _TASKS)
        given = self.worker == "lambda" or bool(self.worker_image)
        why, instead = "worker: fargate runs it", "docker build, push it to ECR, pulumi config set workerImage ..."
        need(given, "worker_image", self.worker_image, why, instead)


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Where people come in."""

    domain: str
    certificate_arn: str
    zone_id: str
    firewall: bool
    price_class: str
    connections_per_second: int
    gateway_role: bool

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        _one_of(self, "price_class", "PriceClass_100", "PriceClass_200", "PriceClass_All")
        _between(self, "connections_per_second", 1, 10_000)
        given = not self.domain or self.certificate_arn.startswith("arn:aws:acm:us-east-1:")
        why = f"domain: {self.domain} needs a certificate, and CloudFront takes those of us-east-1 only"
        instead = "pulumi config set certificateArn arn:aws:acm:us-east-1:..."
        need(given, "certificate_arn", self.certificate_arn, why, instead)
        why, instead = "there is no name to put into that zone", "pulumi config set domain companion.example.org"
        need(bool(self.domain) or not self.zone_id, "zone_id", self.zone_id, why, instead)


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


def _one_of(one: Any, name: str, *known: object) -> None:  # noqa: ANN401 - any part
    got = getattr(one, name)
    need(got in known, name, got, "it is not known", f"use one of {', '.join(map(str, known))}")


def _between(one: Any, name: str, low: int, high: int) -> None:  # noqa: ANN401 - any part
    got = getattr(one, name)
    need(low <= got <= high, name, got, f"it has to be {low} to {high}", f"use a number from {low} to {high}")


def _is_network(text: str) -> bool:
    try:
        network = IPv4Network(text)
    except ValueError:
        return False
    return network.is_private and _LARGEST <= network.prefixlen <= _SMALLEST


def _address(one: Any, name: str) -> None:  # noqa: ANN401 - any part
    got = getattr(one, name)
    address = urlsplit(got)
    good = address.scheme == "https" and bool(address.hostname)
    need(good, name, got, "it has to be an https address", "begin it with https://")
