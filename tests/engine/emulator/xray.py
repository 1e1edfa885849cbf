"""X-Ray's CreateGroup, GetGroup, UpdateGroup, DeleteGroup and ListTagsForResource."""

from __future__ import annotations

from tests.engine.emulator.asked import ACCOUNT, KEPT, REGION, Answer, Asked, Document, fresh, missing, told

_GROUP = "trace group"
_SAID = ("FilterExpression", "InsightsConfiguration")


def answer(asked: Asked) -> Answer | None:
    """Answer a call about groups of traces."""
    if asked.service != "xray":
        return None
    match asked.parts[-1]:
        case "CreateGroup":
            return _create(asked.body)
        case "GetGroup" | "UpdateGroup" | "DeleteGroup" as operation:
            return _of(operation, asked.body)
        case "ListTagsForResource":
            tags = KEPT.tags.get(asked.body["ResourceARN"], {})
            return told({"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]})
    return None


def _create(body: Document) -> Answer:
    arn = f"arn:aws:xray:{REGION}:{ACCOUNT}:group/{body['GroupName']}/{fresh(12).upper()}"
    off = {"InsightsEnabled": False, "NotificationsEnabled": False}
    made = {"GroupName": body["GroupName"], "GroupARN": arn, "FilterExpression": body.get("FilterExpression", "")}
    KEPT.made[_GROUP, arn] = made | {"InsightsConfiguration": body.get("InsightsConfiguration") or off}
    KEPT.tags[arn] = {tag["Key"]: tag["Value"] for tag in body.get("Tags", ())}
    return told({"Group": KEPT.made[_GROUP, arn]})


def _of(operation: str, body: Document) -> Answer:
    found = KEPT.made.get((_GROUP, body.get("GroupARN", "")))
    if found is None:
        return missing("Group not found", "InvalidRequestException")
    if operation == "DeleteGroup":
        KEPT.made.pop((_GROUP, found["GroupARN"]))
        return told({})
    if operation == "UpdateGroup":
        found.update({key: body[key] for key in _SAID if key in body})
    return told({"Group": found})
