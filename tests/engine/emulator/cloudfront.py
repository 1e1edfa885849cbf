"""CloudFront's distributions and response headers policies, and PublishFunction: what is sent is what is shown.

Create, Get, Get…Config, Update and Delete of both; ListTagsForResource, TagResource of distributions.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from tests.engine.emulator.asked import ACCOUNT, KEPT, Answer, Asked, Document, fresh, now

_SPACE = 'xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/"'
_KINDS = {"response-headers-policy": "ResponseHeadersPolicy", "distribution": "Distribution"}
_TAG = re.compile(r"<Tag><Key>(.*?)</Key><Value>(.*?)</Value></Tag>")
_NOBODY = "<Enabled>false</Enabled><Quantity>0</Quantity>"


def answer(asked: Asked) -> Answer | None:
    """Answer a call about distributions, policies or the publishing of a function."""
    if asked.service != "cloudfront":
        return None
    match asked.method, asked.parts[1:]:
        case "POST", ["function", name, "publish"]:
            return _xml(_published(name), etag="E1")
        case "GET", ["tagging"] if (arn := asked.query.get("Resource", [""])[0]) in KEPT.tags:
            return _xml(_tags(KEPT.tags[arn]))
        case "POST", [kind] if kind in _KINDS:
            return _create(kind, asked.data.decode())
        case _, [kind, id_, *rest] if kind in _KINDS and rest in ([], ["config"]):
            return _of(asked, kind, id_, config=bool(rest))
    return None


def _create(kind: str, sent: str) -> Answer:
    id_ = f"E{fresh(13).upper()}"
    made = {"kind": kind, "id": id_, "at": now(), "edition": 1, "config": _config(kind, sent)}
    made["arn"] = f"arn:aws:cloudfront::{ACCOUNT}:{kind}/{id_}"
    KEPT.made[kind, id_] = made
    KEPT.tags[str(made["arn"])] = dict(_TAG.findall(sent))
    return _xml(_shown(made), 201, "E1")


def _of(asked: Asked, kind: str, id_: str, *, config: bool) -> Answer:
    found = KEPT.made.get((kind, id_))
    if found is None:
        error = f"<Error><Type>Sender</Type><Code>NoSuch{_KINDS[kind]}</Code><Message>there is none</Message></Error>"
        return _xml(f"<ErrorResponse {_SPACE}>{error}</ErrorResponse>", 404)
    if asked.method == "DELETE":
        KEPT.made.pop((kind, id_))
        return Answer(204)
    if asked.method == "PUT":
        found["config"], found["edition"] = _config(kind, asked.data.decode()), found["edition"] + 1
    whole = not config or asked.method == "PUT"
    name = f"{_KINDS[kind]}Config>"
    shown = _shown(found) if whole else found["config"].replace(name, f"{name[:-1]} {_SPACE}>", 1)
    return _xml(shown, etag=f"E{found['edition']}")


def _config(kind: str, sent: str) -> str:
    name = f"{_KINDS[kind]}Config"
    found = re.search(rf"<{name}[ >].*</{name}>", sent, re.DOTALL)
    assert found is not None
    config = found[0].replace(f" {_SPACE}", "")
    if (
        kind == "distribution" and "<OriginGroups>" not in config
    ):  # The provider stops without an answer if there is none.
        config = config.replace(f"</{name}>", f"<OriginGroups><Quantity>0</Quantity></OriginGroups></{name}>")
    return config


def _shown(found: Document) -> str:
    name = _KINDS[found["kind"]]
    known = f"<Id>{found['id']}</Id><LastModifiedTime>{found['at']}</LastModifiedTime>"
    if name == "Distribution":
        known += (
            f"<ARN>{found['arn']}</ARN><Status>Deployed</Status>"
            "<InProgressInvalidationBatches>0</InProgressInvalidationBatches>"
            f"<DomainName>d{found['id'].lower()}.cloudfront.net</DomainName>"
            f"<ActiveTrustedSigners>{_NOBODY}</ActiveTrustedSigners>"
            f"<ActiveTrustedKeyGroups>{_NOBODY}</ActiveTrustedKeyGroups>"
        )
    return f"<{name} {_SPACE}>{known}{found['config']}</{name}>"


def _published(name: str) -> str:
    arn = f"arn:aws:cloudfront::{ACCOUNT}:function/{name}"
    config = "<FunctionConfig><Comment></Comment><Runtime>cloudfront-js-2.0</Runtime></FunctionConfig>"
    known = f"<FunctionARN>{arn}</FunctionARN><Stage>LIVE</Stage><LastModifiedTime>{now()}</LastModifiedTime>"
    return (
        f"<FunctionSummary {_SPACE}><Name>{name}</Name><Status>UNASSOCIATED</Status>{config}"
        f"<FunctionMetadata>{known}</FunctionMetadata></FunctionSummary>"
    )


def _tags(tags: dict[str, str]) -> str:
    items = "".join(f"<Tag><Key>{escape(key)}</Key><Value>{escape(value)}</Value></Tag>" for key, value in tags.items())
    return f"<Tags {_SPACE}><Items>{items}</Items></Tags>"


def _xml(text: str, status: int = 200, etag: str = "") -> Answer:
    headers = {"Content-Type": "text/xml"} | ({"ETag": etag} if etag else {})
    return Answer(status, f'<?xml version="1.0"?>{text}'.encode(), headers)
