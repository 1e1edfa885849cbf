"""CloudFront, played: each path goes to the origin that the deployed distribution names, with the headers it adds.

A viewer sees the page's objects from the bucket and, by the path of the socket, the WebSocket API.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from aiohttp import web

from tests.deployed.sign_in import SignIn
from tests.parts.endpoint import Endpoint
from tests.parts.gateway import Api
from tests.parts.given import client

_CONFIG = "config.json"


@dataclass(frozen=True)
class Distribution:
    """A distribution as CloudFront's API tells it, and the headers that it adds to what viewers get."""

    told: Mapping[str, Any]
    headers: Mapping[str, str]

    def origin(self, path: str) -> Mapping[str, Any]:
        """Return the origin that *path* is asked of."""
        behaviours = [
            *self.told["CacheBehaviors"].get("Items", []),
            {"PathPattern": "*", **self.told["DefaultCacheBehavior"]},
        ]
        target = next(one["TargetOriginId"] for one in behaviours if fnmatchcase(path, one["PathPattern"]))
        origins: dict[str, Mapping[str, Any]] = {one["Id"]: one for one in self.told["Origins"]["Items"]}
        return origins[target]


async def read(emulator: Endpoint) -> Distribution:
    """Return the one distribution that was deployed to *emulator*."""
    async with client("cloudfront", emulator) as cloudfront:
        told = (await cloudfront.get_distribution(Id=_only(emulator)))["Distribution"]["DistributionConfig"]
        policy = told["DefaultCacheBehavior"]["ResponseHeadersPolicyId"]
        said = (await cloudfront.get_response_headers_policy(Id=policy))["ResponseHeadersPolicy"]
    return Distribution(told, _headers(said["ResponseHeadersPolicyConfig"]))


@dataclass(frozen=True)
class Front:
    """The *distribution* before the bucket in *emulator* and the *api*; people sign in by *sign_in*, which is here."""

    distribution: Distribution
    emulator: Endpoint
    api: Api
    sign_in: SignIn

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer a viewer."""
        origin = self.distribution.origin(request.path)
        if "CustomOriginConfig" in origin:
            assert origin["DomainName"] == self.api.domain
            assert origin["OriginPath"] == f"/{self.api.connections.stage}"
            added = {one["HeaderName"]: one["HeaderValue"] for one in origin["CustomHeaders"]["Items"]}
            return await self.api.connect(request, added)
        return await self._object(origin, request)

    async def _object(self, origin: Mapping[str, Any], request: web.Request) -> web.Response:
        """Answer with an object; where people sign in is here, whatever the page was told."""
        key = request.path.removeprefix("/") or self.distribution.told["DefaultRootObject"]
        async with client("s3", self.emulator) as s3:
            try:
                found = await s3.get_object(Bucket=origin["DomainName"].partition(".s3.")[0], Key=key)
            except s3.exceptions.NoSuchKey:
                return web.Response(status=403)
            body = await found["Body"].read()
        if key == _CONFIG:
            body = self._config(json.loads(body), str(request.url.origin()))
        return web.Response(body=body, headers={"Content-Type": found["ContentType"], **self.distribution.headers})

    def _config(self, told: dict[str, Any], here: str) -> bytes:
        if "oauth" in told:
            told["oauth"] |= self.sign_in.addresses(here)
        return json.dumps(told).encode()


@asynccontextmanager
async def serving(front: Front, port: int = 0) -> AsyncIterator[str]:
    """Serve *front* on *port* of the loopback (0: one that is free); yield the page's address."""
    app = web.Application()
    app.add_routes(front.sign_in.routes())
    app.router.add_get("/{path:.*}", front.answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


def _headers(policy: Mapping[str, Any]) -> dict[str, str]:
    """Return what *policy* adds; strict transport security stays out, for there is none on the loopback."""
    security = policy["SecurityHeadersConfig"]
    custom = {one["Header"]: one["Value"] for one in policy["CustomHeadersConfig"]["Items"]}
    return {
        **custom,
        "Content-Security-Policy": security["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": security["FrameOptions"]["FrameOption"],
        "Referrer-Policy": security["ReferrerPolicy"]["ReferrerPolicy"],
    }


def _only(emulator: Endpoint) -> str:
    """Return the id of the one distribution there; the emulator lists those that it answers for itself."""
    made = json.loads(emulator.ask("/engine/made"))["made"]
    [found] = [one.partition(" ")[2] for one in made if one.startswith("distribution ")]
    return str(found)
