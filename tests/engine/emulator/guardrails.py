"""Bedrock's guardrails.

CreateGuardrail, GetGuardrail, UpdateGuardrail, DeleteGuardrail, CreateGuardrailVersion, ListTagsForResource.
"""

from __future__ import annotations

from tests.engine.emulator.asked import ACCOUNT, KEPT, REGION, Answer, Asked, Document, fresh, missing, now, told

_GUARDRAIL = "guardrail"
_TEXTS = ("name", "description", "blockedInputMessaging", "blockedOutputsMessaging", "kmsKeyArn")


def answer(asked: Asked) -> Answer | None:
    """Answer a call about guardrails."""
    if asked.service != "bedrock":
        return None
    if asked.path == "/listTagsForResource" and asked.body["resourceARN"] in KEPT.tags:
        tags = KEPT.tags[asked.body["resourceARN"]]
        return told({"tags": [{"key": key, "value": value} for key, value in tags.items()]})
    if asked.parts[0] != "guardrails":
        return None
    return _create(asked.body) if len(asked.parts) == 1 else _of(asked)


def _create(body: Document) -> Answer:
    id_ = fresh(12)
    arn = f"arn:aws:bedrock:{REGION}:{ACCOUNT}:guardrail/{id_}"
    KEPT.made[_GUARDRAIL, id_] = {"id": id_, "arn": arn, "at": now(), "versions": {"DRAFT": {**body, "at": now()}}}
    KEPT.tags[arn] = {tag["key"]: tag["value"] for tag in body.get("tags", ())}
    return told({"guardrailId": id_, "guardrailArn": arn, "version": "DRAFT", "createdAt": now()}, 202)


def _of(asked: Asked) -> Answer:
    id_ = asked.parts[-1].rpartition("/")[2]
    found = KEPT.made.get((_GUARDRAIL, id_))
    if found is None:
        return missing(f"there is no guardrail {id_}")
    versions = found["versions"]
    named = asked.query.get("guardrailVersion", [""])[0]
    match asked.method:
        case "POST":
            return _pin(found, asked.body)
        case "PUT":
            versions["DRAFT"] = {**asked.body, "at": now()}
            changed = {"guardrailId": id_, "guardrailArn": found["arn"], "version": "DRAFT", "updatedAt": now()}
            return told(changed, 202)
        case "GET":
            version = named or "DRAFT"
            return told(_shown(found, version)) if version in versions else missing(f"there is no version {version}")
    if named:
        versions.pop(named, None)
    else:
        KEPT.made.pop((_GUARDRAIL, id_))
    return told({}, 202)


def _pin(found: Document, body: Document) -> Answer:
    versions = found["versions"]
    version = str(len(versions))
    versions[version] = {**versions["DRAFT"], "description": body.get("description"), "at": now()}
    return told({"guardrailId": found["id"], "version": version}, 202)


def _shown(found: Document, version: str) -> Document:
    """Return a version as GetGuardrail says it, which calls what it was told by other names."""
    said = found["versions"][version]
    shown = {key: said[key] for key in _TEXTS if said.get(key)}
    shown |= {"guardrailId": found["id"], "guardrailArn": found["arn"], "version": version, "status": "READY"}
    shown |= {"createdAt": found["at"], "updatedAt": said["at"]}
    return shown | {
        policy: {
            name: said[f"{policy}Config"].get(f"{name}Config", []) for name in names if said.get(f"{policy}Config")
        }
        for policy, names in _POLICIES.items()
        if said.get(f"{policy}Config")
    }


_POLICIES = {
    "contentPolicy": ("filters",),
    "sensitiveInformationPolicy": ("piiEntities", "regexes"),
    "topicPolicy": ("topics",),
    "wordPolicy": ("words", "managedWordLists"),
    "contextualGroundingPolicy": ("filters",),
}
