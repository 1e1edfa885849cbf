"""The settings of what people meet, by the layer that reads them: who they are, what answers, how it sounds and scales.

As in `ground`, a field is the setting of the same name, and each part refuses what cannot work of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

from components.configuration.checks import address, between, need, one_of

_CONCURRENCY, _HANDS, _TASKS, _INSTANCES = range(2, 1001), 1_000, 100, 50


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
            address(self, "issuer")
            address(self, "issuer_jwks_url")
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
            address(self, "search_endpoint")
            good, instead = (
                self.search_domain_arn.startswith("arn:"),
                "pulumi config set searchDomainArn arn:aws:es:...",
            )
            need(good, "search_domain_arn", self.search_domain_arn, "permissions are given by it", instead)
        one_of(self, "search_engine", "faiss", "lucene")
        one_of(self, "search_zones", 1, 2, 3)
        between(self, "search_volume", 10, 16_384)
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
    moderation_requests: int
    sagemaker_image: str
    sagemaker_model_data: str
    sagemaker_instance: str
    sagemaker_instances_max: int

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        one_of(self, "inference", "bedrock", "sagemaker")
        one_of(self, "inference_dialect", "openai", "tgi")
        between(self, "moderation_requests", 1, 100)
        between(self, "sagemaker_instances_max", 2, _INSTANCES)
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
        one_of(self, "voice_engine", "standard", "neural", "long-form", "generative")
        between(self, "voice_requests", 1, 100)
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
        one_of(self, "worker", "lambda", "fargate")
        between(self, "worker_concurrency", _CONCURRENCY.start, _CONCURRENCY.stop - 1)
        between(self, "worker_hands", 1, _HANDS)
        between(self, "worker_tasks_min", 1, _TASKS)
        between(self, "worker_tasks_max", self.worker_tasks_min, _TASKS)
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
        one_of(self, "price_class", "PriceClass_100", "PriceClass_200", "PriceClass_All")
        between(self, "connections_per_second", 1, 10_000)
        given = not self.domain or self.certificate_arn.startswith("arn:aws:acm:us-east-1:")
        why = f"domain: {self.domain} needs a certificate, and CloudFront takes those of us-east-1 only"
        instead = "pulumi config set certificateArn arn:aws:acm:us-east-1:..."
        need(given, "certificate_arn", self.certificate_arn, why, instead)
        why, instead = "there is no name to put into that zone", "pulumi config set domain companion.example.org"
        need(bool(self.domain) or not self.zone_id, "zone_id", self.zone_id, why, instead)
