"""What each role's process asks of AWS is what the role may do: nothing less, and of nothing that it never asks.

What a process asks is found by `reach`, which sees too much rather than too little; tables are granted in two verbs, to
read and to write, so which of those operations a role asks a table for is not held against it. Transcribe is asked by
a page with an address that is signed here, so no call of it is seen. What the functions' own platform does (logs,
traces, interfaces in a network, keys of ours) is no call of the code's: `test_program` holds that.
"""

from __future__ import annotations

import asyncio
from functools import cache

import pytest
from botocore import xform_name
from botocore.loaders import Loader

from tests.components.laws import ACTIONS, SERVICES, statements
from tests.contract import deployed
from tests.contract.opening import OPENS, asked
from tests.contract.values import Operation

KINDS = [(kind, role) for kind in ("bedrock", "sagemaker") for role in OPENS if kind == "bedrock" or role == "worker"]
Right = tuple[str, str]
"""An action, and the table or the queue that it is for ("" where that is not looked at)."""

_TRANSACTED = {
    "Put": "dynamodb:PutItem",
    "Update": "dynamodb:UpdateItem",
    "Delete": "dynamodb:DeleteItem",
    "ConditionCheck": "dynamodb:ConditionCheckItem",
}
_VERBS = {"indices.create": "Put", "indices.get_mapping": "Get", "indices.stats": "Get", "tasks.get": "Get"}
_FEED = ("sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")
_FED = {"worker": ("turns",), "background": ("background",), "dead_letters": ("turns-dead", "background-dead")}
_SIGNED = {"actions": {("transcribe:StartStreamTranscriptionWebSocket", "")}}
_LOOKED_AT = (*(f"{prefix}:" for prefix in SERVICES.values()), "es:", "transcribe:")


@pytest.mark.parametrize(("kind", "role"), KINDS)
def test_a_role_may_do_all_that_its_process_asks(kind: str, role: str) -> None:
    lacking = needed(kind, role) - granted(kind, role)

    assert not lacking, f"{role} lacks {sorted(lacking)}"


@pytest.mark.parametrize(("kind", "role"), KINDS)
def test_a_role_may_do_nothing_that_its_process_never_asks(kind: str, role: str) -> None:
    beyond = {_thing(right) for right in granted(kind, role)} - {_thing(right) for right in needed(kind, role)}

    assert not beyond, f"{role} is granted {sorted(beyond)}, and never asks"


@cache
def needed(kind: str, role: str) -> set[Right]:
    """Return what *role* asks, its queue's own polling included."""
    environ = deployed.environments(deployed.program(kind))[role]
    pairs = asyncio.run(asked(role, environ))
    fed = {(action, f"companion-{queue}.fifo") for queue in _FED.get(role, ()) for action in _FEED}
    return {right for pair in pairs for right in _rights(*pair)} | fed | _SIGNED.get(role, set())


@cache
def granted(kind: str, role: str) -> set[Right]:
    """Return what *role* may do with the services that the code calls."""
    engine = deployed.program(kind)
    named = f"companion-{role.replace('_', '-')}"
    return {
        (action, _resource(action, arn))
        for one in statements(engine)
        if one.of.token == "aws:iam/rolePolicy:RolePolicy" and one.of.inputs["role"] == named
        for action in one.actions
        for arn in one.resources
        if action.startswith(_LOOKED_AT)
    }


def _rights(operation: Operation, text: str) -> set[Right]:
    """Return what has to be allowed for *operation*, asked with *text*."""
    if operation.service == "opensearch":
        verb = (
            text.capitalize() if operation.name == "transport.perform_request" else _VERBS.get(operation.name, "Post")
        )
        return {(f"es:ESHttp{verb}", "")} if text.isupper() or operation.name != "transport.perform_request" else set()
    if operation.service == "dynamodb":
        table, _, kind = text.partition("\t")
        action = _TRANSACTED.get(kind, "") if operation.name == "transact_write_items" else _actions(operation)[0]
        return {(action, table)} if "\t" in text and action else set()
    if operation.service == "sqs":
        return {(one, text.rpartition("/")[2]) for one in _actions(operation) if text.endswith(".fifo")}
    return {(one, "") for one in _actions(operation)}


@cache
def _actions(operation: Operation) -> list[str]:
    names = Loader().load_service_model(operation.service, "service-2")["operations"]
    [name] = [one for one in names if xform_name(one) == operation.name]
    return sorted(ACTIONS.get(name, {f"{SERVICES[operation.service]}:{name}"}))


def _resource(action: str, arn: str) -> str:
    if action.startswith("dynamodb:"):
        return arn.partition("table/")[2].partition("/")[0]
    return arn.rpartition(":")[2] if action.startswith("sqs:") else ""


def _thing(right: Right) -> Right:
    """Return what is looked at for a right to be needed: of a table, or by a question to the domain, whether at all."""
    action, resource = right
    if action in {"es:ESHttpGet", "es:ESHttpPost"}:
        return "es", ""
    return ("dynamodb", resource) if action.startswith("dynamodb:") else right
