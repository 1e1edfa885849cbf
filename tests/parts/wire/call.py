"""One call of a service: which operation it is and with what arguments, read by botocore's model of the service."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from botocore.loaders import Loader
from botocore.model import ServiceModel, StructureShape

_CLIENTS = {
    "bedrock": ("bedrock-runtime", "bedrock"),
    "cognito-idp": ("cognito-idp",),
    "comprehend": ("comprehend",),
    "dynamodb": ("dynamodb",),
    "execute-api": ("apigatewaymanagementapi",),
    "polly": ("polly",),
    "s3": ("s3",),
    "sagemaker": ("sagemaker-runtime",),
    "secretsmanager": ("secretsmanager",),
    "sqs": ("sqs",),
}


@dataclass(frozen=True)
class Call:
    """A call that arrived: *arguments* as the client was given them, *connection* the same for the same connection.

    *left* is set when the caller went away before the answer's end.
    """

    service: str
    operation: str
    arguments: Mapping[str, Any]
    path: str
    headers: Mapping[str, str]
    body: bytes
    connection: int
    left: asyncio.Event = field(default_factory=asyncio.Event, repr=False)


@cache
def model(service: str) -> ServiceModel:
    """Return botocore's model of a *service* (a client's name)."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def find(signing_name: str, method: str, path: str, target: str) -> tuple[str, str, dict[str, str]]:
    """Return service, operation and what stands in the path; where no model fits, method and path are the operation."""
    services = _CLIENTS.get(signing_name, (signing_name,))
    if target:
        return services[0], target.rpartition(".")[2], {}
    for service in filter(_is_found_by_path, services):
        for name, pattern in _patterns(service, method):
            if found := pattern.fullmatch(path):
                return service, name, {key: unquote(value) for key, value in found.groupdict().items()}
    return services[0], f"{method} {path}", {}


def arguments(service: str, operation: str, found: Mapping[str, str], query: str, body: bytes) -> dict[str, Any]:
    """Return what the client was called with, as far as it stands in the path (*found*), the query and the body.

    Of what is neither JSON nor an operation that a model knows, nothing is read.
    """
    shape = _input(service, operation)
    if shape is None:
        return {}
    given = {**found, **dict(parse_qsl(query))}
    named = {name: member.serialization.get("name", name) for name, member in shape.members.items()}
    located = {name: given[there] for name, there in named.items() if there in given}
    payload = shape.serialization.get("payload")
    return {**located, **({payload: body} if payload else json.loads(body or b"{}"))}


def protocol(service: str) -> str:
    """Return the protocol that *service* speaks; what no model here is about speaks JSON over REST."""
    return str(model(service).protocol) if _is_modelled(service) else "rest-json"


def _input(service: str, operation: str) -> StructureShape | None:
    if not _is_modelled(service) or operation not in model(service).operation_names:
        return None
    return model(service).operation_model(operation).input_shape


def _is_found_by_path(service: str) -> bool:
    return _is_modelled(service) and model(service).protocol == "rest-json"


def _is_modelled(service: str) -> bool:
    return any(service in names for names in _CLIENTS.values())


@cache
def _patterns(service: str, method: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(_matching(service, method))


def _matching(service: str, method: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    stage = r"/(?P<stage>[^/@]+)" if service == "apigatewaymanagementapi" else ""
    for name in model(service).operation_names:
        http = model(service).operation_model(name).http
        if http["method"] == method:
            path = re.sub(r"\\{(\w+)(\\\+)?\\}", r"(?P<\1>[^/]+)", re.escape(http["requestUri"].partition("?")[0]))
            yield name, re.compile(stage + path + "/?")
