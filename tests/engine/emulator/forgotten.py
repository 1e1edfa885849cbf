"""Fields that moto takes and then forgets: they are remembered from the call, and added to the answers.

CreateFunction and UpdateFunctionConfiguration (LoggingConfig, DeadLetterConfig, SnapStart), CreateTable and UpdateTable
(OnDemandThroughput, TableClass), CreateUserPool and UpdateUserPool (UserPoolTier), CreateUserPoolDomain
(ManagedLoginVersion), CreateService and UpdateService (all that is optional),
EnableKeyRotation, CreateEndpoint, CreateWebACL and UpdateWebACL (DataProtectionConfig).
"""

from __future__ import annotations

from collections.abc import Callable

from tests.engine.emulator.asked import ACCOUNT, KEPT, Asked, Document


def add(asked: Asked, answer: Document) -> Document:
    """Return *answer*, with what moto forgot of it."""
    adding = BY_SERVICE.get(asked.service)
    return adding(asked, answer) if adding else answer


def _keep(kind: str, name: str, body: Document, keys: tuple[str, ...]) -> None:
    KEPT.said.setdefault((kind, name), {}).update({key: body[key] for key in keys if key in body})


def _function(asked: Asked, answer: Document) -> Document:
    if asked.method in {"POST", "PUT"} and asked.parts[-1] in {"functions", "configuration"}:
        name = asked.body.get("FunctionName") or asked.parts[-2]
        _keep("function", name, asked.body, ("DeadLetterConfig", "LoggingConfig", "SnapStart"))
    for shown in (answer, answer.get("Configuration")):
        if isinstance(shown, dict) and shown.get("Runtime"):
            said = dict(KEPT.said.get(("function", shown["FunctionName"]), {}))
            if "SnapStart" in said:
                said["SnapStart"] = {"OptimizationStatus": "Off", **said["SnapStart"]}
            shown.update(said)
    return answer


def _table(asked: Asked, answer: Document) -> Document:
    name = asked.body.get("TableName", "")
    if asked.operation in {"CreateTable", "UpdateTable"}:
        _keep("table", name, asked.body, ("OnDemandThroughput", "TableClass"))
    shown = answer.get("Table") or answer.get("TableDescription")
    said = KEPT.said.get(("table", name), {})
    if shown and "OnDemandThroughput" in said:
        shown["OnDemandThroughput"] = said["OnDemandThroughput"]
    if shown and said.get("TableClass", "STANDARD") != "STANDARD":
        shown["TableClassSummary"] = {"TableClass": said["TableClass"]}
    if asked.operation == "DeleteTable":
        KEPT.said.pop(("table", name), None)
    return answer


_OF_A_SERVICE = (
    "availabilityZoneRebalancing",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "platformVersion",
    "propagateTags",
)
_OF_ANY_DEPLOYMENT = {"maximumPercent": 200, "minimumHealthyPercent": 100}


def _service(asked: Asked, answer: Document) -> Document:
    if asked.operation in {"CreateService", "UpdateService"}:
        name = asked.body.get("serviceName") or asked.body["service"].rpartition("/")[2]
        _keep("service", name, asked.body, _OF_A_SERVICE)
    one = answer.get("service")
    for shown in [*(answer.get("services") or ()), *([one] if isinstance(one, dict) else [])]:
        said = KEPT.said.get(("service", shown.get("serviceName", "")), {})
        shown.update({"availabilityZoneRebalancing": "DISABLED", **said})
        shown["deploymentConfiguration"] = _OF_ANY_DEPLOYMENT | said.get("deploymentConfiguration", {})
        if said.get("capacityProviderStrategy"):
            shown.pop("launchType", None)
    return answer


def _key(asked: Asked, answer: Document) -> Document:
    name = str(asked.body.get("KeyId", "")).rpartition("/")[2]
    if asked.operation == "EnableKeyRotation":
        _keep("key", name, asked.body, ("RotationPeriodInDays",))
    return answer | KEPT.said.get(("key", name), {}) if asked.operation == "GetKeyRotationStatus" else answer


def _endpoint(asked: Asked, answer: Document) -> Document:
    if asked.operation == "CreateEndpoint" and asked.body.get("DeploymentConfig"):
        told = {"LastDeploymentConfig": asked.body["DeploymentConfig"]}
        _keep("endpoint", asked.body["EndpointName"], told, ("LastDeploymentConfig",))
    if asked.operation == "DescribeEndpoint":
        answer |= KEPT.said.get(("endpoint", asked.body["EndpointName"]), {})
    empty = {"DescribeEndpointConfig": "DataCaptureConfig", "DescribeModel": "VpcConfig"}.get(asked.operation, "")
    return {key: value for key, value in answer.items() if key != empty or value}


def _pool(asked: Asked, answer: Document) -> Document:
    shown = answer.get("UserPool", {})
    if asked.operation in {"CreateUserPool", "UpdateUserPool"}:
        _keep("pool", shown.get("Id") or asked.body["UserPoolId"], asked.body, ("UserPoolTier",))
    shown.update({"UserPoolTier": "ESSENTIALS", **KEPT.said.get(("pool", shown["Id"]), {})} if shown else {})
    return _domain(asked, answer)


def _domain(asked: Asked, answer: Document) -> Document:
    if asked.operation in {"CreateUserPoolDomain", "UpdateUserPoolDomain"}:
        _keep("domain", asked.body["Domain"], asked.body, ("ManagedLoginVersion",))
    if shown := answer.get("DomainDescription"):
        shown |= {"AWSAccountId": ACCOUNT, **KEPT.said.get(("domain", shown["Domain"]), {})}
    return answer


def _firewall(asked: Asked, answer: Document) -> Document:
    if asked.operation in {"CreateWebACL", "UpdateWebACL"}:
        _keep("firewall", asked.body["Name"], asked.body, ("DataProtectionConfig",))
    if shown := answer.get("WebACL"):
        shown |= KEPT.said.get(("firewall", shown["Name"]), {})
    return answer


BY_SERVICE: dict[str, Callable[[Asked, Document], Document]] = {
    "cognito-idp": _pool,
    "lambda": _function,
    "dynamodb": _table,
    "ecs": _service,
    "kms": _key,
    "sagemaker": _endpoint,
    "wafv2": _firewall,
}
