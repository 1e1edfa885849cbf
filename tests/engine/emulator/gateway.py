"""API Gateway's CreateDeployment, GetDeployment, UpdateDeployment, DeleteDeployment and UpdateStage of version 2."""

from __future__ import annotations

from typing import Any

from moto.apigatewayv2 import models

from tests.engine.emulator.asked import ACCOUNT, KEPT, REGION, Answer, Asked, Document, fresh, missing, now, told

_DEPLOYMENT = "deployment"
_OF_A_STAGE = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "routeSettings": "route_settings",
    "stageVariables": "stage_variables",
}
_Stage: Any = models.Stage
_Api: Any = models.Api
_shown = _Stage.to_json
_described = _Api.to_json


def patch() -> None:
    """Let a stage say which deployment it shows, and a WebSocket API how it is spoken to."""
    _Api.to_json = _spoken_to
    _Stage.to_json = lambda stage: {
        **_shown(stage),
        **({"deploymentId": stage.config["deploymentId"]} if stage.config.get("deploymentId") else {}),
    }


def _spoken_to(api: Any) -> Document:  # noqa: ANN401 - moto has no types
    said = dict(_described(api))
    if api.protocol_type == "WEBSOCKET":
        said["apiEndpoint"] = said["apiEndpoint"].replace("https://", "wss://")
    return said


def answer(asked: Asked) -> Answer | None:
    """Answer a call about deployments and stages."""
    match asked.service, asked.parts:
        case "apigateway", ["v2", "apis", _, "deployments"]:
            return _deploy(asked.body)
        case "apigateway", ["v2", "apis", _, "deployments", id_]:
            return _deployment(asked, id_)
        case "apigateway", ["v2", "apis", api, "stages", name] if asked.method == "PATCH":
            return _change(api, name, asked.body)
    return None


def _deploy(body: Document) -> Answer:
    id_ = fresh(6)
    described = {"description": body["description"]} if body.get("description") else {}
    made = {"deploymentId": id_, "deploymentStatus": "DEPLOYED", "autoDeployed": False, "createdDate": now()}
    KEPT.made[_DEPLOYMENT, id_] = made | described
    return told(made | described, 201)


def _deployment(asked: Asked, id_: str) -> Answer:
    found = KEPT.made.get((_DEPLOYMENT, id_))
    if found is None:
        return missing(f"there is no deployment {id_}", "NotFoundException")
    if asked.method == "DELETE":
        KEPT.made.pop((_DEPLOYMENT, id_))
        return told(None, 204)
    found.update(asked.body if asked.method == "PATCH" else {})
    return told(found)


def _change(api: str, name: str, body: Document) -> Answer:
    stage = models.apigatewayv2_backends[ACCOUNT][REGION].get_stage(api, name)
    for key, attribute in _OF_A_STAGE.items():
        if key in body:
            setattr(stage, attribute, body[key])
    stage.config.update({key: body[key] for key in ("deploymentId",) if key in body})
    return told(stage.to_json())
