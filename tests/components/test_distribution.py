"""One address for the page and the socket: what is asked of which origin, by whom, with which headers."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components import distribution
from components.distribution import Origins, content_policy
from components.firewall import firewall
from runtime.server import guard
from tests.components import given
from tests.components.engine import Engine
from tests.components.typed import problems

CODE = Path(distribution.__file__).parent / "socket_path.js"
TOKEN = "https://companion.auth.us-east-1.amazoncognito.com"
NAMED = {"domain": "companion.example.org", "certificateArn": "arn:aws:acm:us-east-1:1:certificate/a"}
OPTS = pulumi.ResourceOptions()


def build(**changed: Any) -> None:  # noqa: ANN401 - a setting's value
    settings = given.dev(**changed).edge
    distribution.distribution(
        "companion",
        settings,
        Origins(page="page.s3.test", socket="api.test", key="secret"),
        headers=distribution.headers("companion", [TOKEN], OPTS),
        firewall=firewall("companion", OPTS).arn if settings.firewall else None,
        opts=OPTS,
    )


def shown(engine: Engine, **changed: Any) -> dict[str, Any]:  # noqa: ANN401 - a setting's value
    engine.run(lambda: build(**changed))
    return engine.only("aws:cloudfront/distribution:Distribution").inputs


def test_every_input_is_one_that_the_sdk_declares(engine: Engine) -> None:
    shown(engine, firewall=True, **NAMED)

    assert [said for one in engine.registered for said in problems(one)] == []


def test_the_page_is_cached_at_the_edge_and_the_socket_is_not(engine: Engine) -> None:
    inputs = shown(engine)

    page, (socket,) = inputs["defaultCacheBehavior"], inputs["orderedCacheBehaviors"]
    assert (page["targetOriginId"], socket["targetOriginId"]) == ("page", "socket")
    assert socket["pathPattern"] == "/ws"
    assert (page["cachePolicyId"][:8], socket["cachePolicyId"][:8]) == ("658327ea", "4135ea2d")
    assert socket["originRequestPolicyId"][:8] == "b689b0a8"


def test_everything_is_asked_by_https(engine: Engine) -> None:
    inputs = shown(engine)

    assert inputs["defaultCacheBehavior"]["viewerProtocolPolicy"] == "redirect-to-https"
    assert inputs["orderedCacheBehaviors"][0]["viewerProtocolPolicy"] == "https-only"
    (origin,) = [one for one in inputs["origins"] if "customOriginConfig" in one]
    assert origin["customOriginConfig"]["originProtocolPolicy"] == "https-only"
    assert origin["customOriginConfig"]["originSslProtocols"] == ["TLSv1.2"]


def test_the_socket_is_asked_at_its_stage_with_the_key(engine: Engine) -> None:
    (origin,) = [one for one in shown(engine)["origins"] if one["originId"] == "socket"]

    assert (origin["domainName"], origin["originPath"]) == ("api.test", "/v1")
    assert origin["customHeaders"] == [{"name": "x-api-key", "value": "secret"}]


def test_one_handshake_that_fails_is_not_repeated_to_everybody(engine: Engine) -> None:
    failures = {one["errorCode"]: one for one in shown(engine)["customErrorResponses"]}

    assert {400, 403, 500, 503} <= set(failures)
    assert {one["errorCachingMinTtl"] for one in failures.values()} == {0}
    assert not any("responsePagePath" in one for one in failures.values())


def test_cloudfront_reads_the_bucket_in_its_own_name(engine: Engine) -> None:
    (origin,) = [one for one in shown(engine)["origins"] if one["originId"] == "page"]

    access = engine.only("aws:cloudfront/originAccessControl:OriginAccessControl").inputs
    assert origin["originAccessControlId"]
    assert (access["signingBehavior"], access["signingProtocol"]) == ("always", "sigv4")


def test_the_page_has_the_laptops_headers_and_may_connect_where_this_home_needs_it(engine: Engine) -> None:
    shown(engine)

    made = engine.only("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy").inputs
    security, custom = made["securityHeadersConfig"], made["customHeadersConfig"]["items"]
    said = {one["header"]: one["value"] for one in custom}
    said["Content-Security-Policy"] = security["contentSecurityPolicy"]["contentSecurityPolicy"]
    said["Referrer-Policy"] = security["referrerPolicy"]["referrerPolicy"]
    expected = {**guard._HEADERS, "Content-Security-Policy": content_policy(TOKEN)}
    assert said == {key: expected[key] for key in said}
    assert security["contentTypeOptions"] == {"override": True}
    assert set(guard._HEADERS) - set(said) == {"Cache-Control", "X-Content-Type-Options"}


def test_browsers_ask_by_https_alone_from_then_on(engine: Engine) -> None:
    shown(engine)

    made = engine.only("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy").inputs
    assert made["securityHeadersConfig"]["strictTransportSecurity"]["accessControlMaxAgeSec"] == 2 * 365 * 86_400


def test_a_page_that_needs_no_other_address_has_the_laptops_own_policy() -> None:
    assert content_policy() == guard._POLICY


def test_a_page_of_its_own_name_has_its_certificate_and_new_tls(engine: Engine) -> None:
    inputs = shown(engine, **NAMED)

    assert inputs["aliases"] == ["companion.example.org"]
    assert inputs["viewerCertificate"]["minimumProtocolVersion"] == "TLSv1.2_2021"
    assert inputs["viewerCertificate"]["acmCertificateArn"] == NAMED["certificateArn"]


def test_without_a_name_it_has_cloudfronts(engine: Engine) -> None:
    assert shown(engine)["viewerCertificate"] == {"cloudfrontDefaultCertificate": True}


def test_where_it_answers_from_is_the_stacks_choice(engine: Engine) -> None:
    assert shown(engine, priceClass="PriceClass_200")["priceClass"] == "PriceClass_200"


def test_a_stack_that_pays_for_it_has_a_firewall_before_it(engine: Engine) -> None:
    inputs = shown(engine, firewall=True)

    made = engine.only("aws:wafv2/webAcl:WebAcl").inputs
    assert inputs["webAclId"].endswith("/webacl/companion-edge/11111111-2222-4333-8444-555555555555")
    assert (made["region"], made["scope"]) == ("us-east-1", "CLOUDFRONT")
    assert [one["name"] for one in made["rules"]] == ["rate", "reputation", "common", "bad-inputs"]


def test_a_firewall_stops_who_asks_too_often_and_lets_others_in(engine: Engine) -> None:
    shown(engine, firewall=True)

    made = engine.only("aws:wafv2/webAcl:WebAcl").inputs
    rate = made["rules"][0]
    assert rate["statement"]["rateBasedStatement"]["aggregateKeyType"] == "IP"
    assert (rate["action"], made["defaultAction"]) == ({"block": {}}, {"allow": {}})


def test_a_firewall_keeps_no_token(engine: Engine) -> None:
    shown(engine, firewall=True)

    hidden = engine.only("aws:wafv2/webAcl:WebAcl").inputs["dataProtectionConfig"]["dataProtections"]
    assert {key for one in hidden for key in one["field"]["fieldKeys"]} == {"sec-websocket-protocol", "code", "state"}
    assert {one["action"] for one in hidden} == {"SUBSTITUTION"}


def test_a_stack_that_does_not_has_none(engine: Engine) -> None:
    assert "webAclId" not in shown(engine)


@pytest.mark.real
def test_a_handshake_asks_for_the_path_of_the_stage_itself() -> None:
    event = {"request": {"method": "GET", "uri": "/ws", "headers": {"host": {"value": "a.test"}}}}
    script = f"{CODE.read_text()}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"

    said = subprocess.run(["node", "--eval", script], capture_output=True, check=True, text=True).stdout

    assert json.loads(said) == {**event["request"], "uri": "/"}


def test_the_code_before_the_socket_is_that_of_the_file(engine: Engine) -> None:
    (socket,) = shown(engine)["orderedCacheBehaviors"]

    made = engine.only("aws:cloudfront/function:Function").inputs
    assert (made["code"], made["runtime"]) == (CODE.read_text(), "cloudfront-js-2.0")
    assert [one["eventType"] for one in socket["functionAssociations"]] == ["viewer-request"]
