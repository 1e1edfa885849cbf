"""What a call has to be allowed, and whether the deployed policies allow it.

A call is asked as the role that its session's token names: `processes` puts it there, or the agent beside a task. What
Lambda and ECS do in their names (to take messages, to pull an image, to write a log) is asked as well, and whether they
may take the roles at all; what they do with keys and networks is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.components.laws import ACTIONS, SERVICES
from tests.deployed.account import Account
from tests.deployed.policy import Request, Word, judge
from tests.parts.wire import Call

TOKEN = "X-Amz-Security-Token"
_BY_TLS: Mapping[str, str] = {"aws:SecureTransport": "true"}
_TAKES = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
_WRITES = ("logs:CreateLogStream", "logs:PutLogEvents")
_PULLS = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
# Where a profile of this geography may lead to; what isn't one is a model of the Region itself.
_GEOGRAPHIES = {"us": ("us-east-1", "us-east-2", "us-west-2")}
_TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}


@dataclass(frozen=True)
class Place:
    """What ARNs are made of: *domain* is the search domain's."""

    region: str
    owner: str
    api: str
    domain: str

    def arn(self, service: str, rest: str) -> str:
        """Return the ARN of *rest* in *service*, of this account and Region."""
        return f"arn:aws:{service}:{self.region}:{self.owner}:{rest}"


def asked(call: Call, place: Place) -> list[Request]:
    """Return all that *call* has to be allowed."""
    role = call.headers[TOKEN]
    if call.service == "dynamodb":
        named = [(f"dynamodb:{operation}", place.arn("dynamodb", rest)) for operation, rest in _of_tables(call)]
        return [Request(action, arn, _BY_TLS, role) for action, arn in named]
    requests = [
        Request(action, arn, _BY_TLS, role) for action in _actions(call) for arn in _NAMED[call.service](call, place)
    ]
    return [each for one in requests for each in (one, *_by_profile(one))]


def of_address(url: str) -> Request:
    """Return what a signed address of Transcribe's has to be allowed: who has it asks in the signer's name."""
    signed = dict(parse_qsl(urlsplit(url).query))
    return Request("transcribe:StartStreamTranscriptionWebSocket", "*", _BY_TLS, signed[TOKEN])


def refusals(requests: Iterable[Request], account: Account) -> list[str]:
    """Return what of *requests* the account's policies do not allow, and why not, each once."""
    return sorted({_refused(one, account) for one in requests} - {""})


def of_lambda(account: Account, place: Place) -> Iterator[Request]:
    """Yield what Lambda does in the functions' names."""
    for feed in account.feeds:
        for action in _TAKES:
            yield Request(action, place.arn("sqs", feed.queue), _BY_TLS, account.functions[feed.function].role)
    for function in account.functions.values():
        for action in _WRITES:
            stream = place.arn("logs", f"log-group:/aws/lambda/{function.name}:log-stream:one")
            yield Request(action, stream, _BY_TLS, function.role)


def of_ecs(account: Account, place: Place) -> Iterator[Request]:
    """Yield what ECS does to start tasks, and what its agent does for one that asks to be spared."""
    for task in account.tasks.values():
        registry, _, path = re.split("[:@]", task.image)[0].partition("/")
        owner, region = registry.split(".")[0], registry.split(".")[3]
        for action in _PULLS:
            yield Request(action, f"arn:aws:ecr:{region}:{owner}:repository/{path}", _BY_TLS, task.starter)
        yield Request("ecr:GetAuthorizationToken", "*", _BY_TLS, task.starter)
        for action in _WRITES:
            yield Request(action, place.arn("logs", f"log-group:{task.log}:log-stream:one"), _BY_TLS, task.starter)
        yield Request("ecs:UpdateTaskProtection", place.arn("ecs", f"task/{task.cluster}/one"), _BY_TLS, task.role)


def untaken(account: Account) -> list[str]:
    """Return the roles that those who run functions and tasks may not take."""
    of_functions = {(one.role, "lambda.amazonaws.com") for one in account.functions.values()}
    of_tasks = {(role, "ecs-tasks.amazonaws.com") for one in account.tasks.values() for role in (one.role, one.starter)}
    asked = [Request("sts:AssumeRole", role, principal=service) for role, service in sorted(of_functions | of_tasks)]
    said = [(one, judge(one, [account.trusts[one.resource]])) for one in asked]
    return [f"{one.principal} may not take {one.resource}" for one, word in said if word.word is not Word.ALLOWED]


def _refused(request: Request, account: Account) -> str:
    """Return why not, or nothing: a queue's own policy may deny what the role's allows."""
    queue = account.queues.get(request.resource.rpartition(":")[2], {})
    own = [json.loads(queue["Policy"])] if "Policy" in queue else []
    said = judge(request, [*account.policies[request.principal], *own])
    why = f"{said.word.value} {', '.join(sorted(said.unjudged))}".strip()
    return "" if said.word is Word.ALLOWED else f"{request.principal} {request.action} {request.resource}: {why}"


def _actions(call: Call) -> list[str]:
    if call.service == "es":
        return [f"es:ESHttp{call.operation.partition(' ')[0].capitalize()}"]
    return sorted(ACTIONS.get(call.operation, {f"{SERVICES[call.service]}:{call.operation}"}))


def _by_profile(request: Request) -> Iterator[Request]:
    """Yield what a profile leads to: its model, in every Region of its geography, by way of the profile."""
    before, _, profile = request.resource.partition(":inference-profile/")
    geography, _, model = profile.partition(".")
    for region in _GEOGRAPHIES.get(geography, ()) if before else ():
        way = {**request.context, "bedrock:InferenceProfileArn": request.resource}
        yield replace(request, resource=f"arn:aws:bedrock:{region}::foundation-model/{model}", context=way)


def _of_tables(call: Call) -> Iterator[tuple[str, str]]:
    """Yield each operation on a table or an index that *call* is made of."""
    given = call.arguments
    match call.operation:
        case "TransactWriteItems":
            for item in given["TransactItems"]:
                yield from ((_TRANSACTED[kind], f"table/{one['TableName']}") for kind, one in item.items())
        case "TransactGetItems":
            yield from (("GetItem", f"table/{item['Get']['TableName']}") for item in given["TransactItems"])
        case "BatchGetItem" | "BatchWriteItem":
            yield from ((call.operation, f"table/{table}") for table in given["RequestItems"])
        case _:
            index = f"/index/{given['IndexName']}" if "IndexName" in given else ""
            yield call.operation, f"table/{given['TableName']}{index}"


def _queue(call: Call, place: Place) -> list[str]:
    return [place.arn("sqs", call.arguments["QueueUrl"].rpartition("/")[2])]


def _connection(call: Call, place: Place) -> list[str]:
    way = "DELETE" if call.operation == "DeleteConnection" else "POST"
    stage = call.path.split("/")[1]
    return [place.arn("execute-api", f"{place.api}/{stage}/{way}/@connections/{call.arguments['ConnectionId']}")]


def _model(call: Call, place: Place) -> list[str]:
    """Return the guardrail, the model, or the profile: that one's models are asked by way of it."""
    if call.operation == "ApplyGuardrail":
        return _guardrail(call, place)
    named = call.arguments["modelId"]
    if named.partition(".")[0] in _GEOGRAPHIES:
        return [place.arn("bedrock", f"inference-profile/{named}")]
    return [f"arn:aws:bedrock:{place.region}::foundation-model/{named}"]


def _guardrail(call: Call, place: Place) -> list[str]:
    named = call.arguments["guardrailIdentifier"]
    return [named if named.startswith("arn:") else place.arn("bedrock", f"guardrail/{named}")]


def _secret(call: Call, _: Place) -> list[str]:
    return [call.arguments["SecretId"]]


def _searched(call: Call, place: Place) -> list[str]:
    return [f"{place.domain}{unquote(call.path.partition('?')[0])}"]


def _lexicons(call: Call, place: Place) -> list[str]:
    return [place.arn("polly", f"lexicon/{name}") for name in call.arguments.get("LexiconNames", ())] or ["*"]


def _endpoint(call: Call, place: Place) -> list[str]:
    return [place.arn("sagemaker", f"endpoint/{call.arguments['EndpointName']}")]


def _nothing_named(_: Call, __: Place) -> list[str]:
    return ["*"]


_NAMED: Mapping[str, Callable[[Call, Place], list[str]]] = {
    "apigatewaymanagementapi": _connection,
    "bedrock": _guardrail,
    "bedrock-runtime": _model,
    "comprehend": _nothing_named,
    "es": _searched,
    "polly": _lexicons,
    "sagemaker-runtime": _endpoint,
    "secretsmanager": _secret,
    "sqs": _queue,
}
"""The ARNs of what a call is for, by its service; of some, AWS lets nobody name any."""
