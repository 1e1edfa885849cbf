"""`python -m tests.engine.emulator PORT`: moto's server with our answers in front of it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.sagemaker import models as sagemaker
from werkzeug.serving import run_simple

from tests.engine.emulator import (
    buckets,
    budgets,
    cloudfront,
    control,
    forgotten,
    gateway,
    guardrails,
    lambdas,
    queues,
    scaling,
    xray,
)
from tests.engine.emulator.again import Again, Application, Environ, Start, whole
from tests.engine.emulator.asked import Answer, Asked, asked

_ANSWERS = (
    control.answer,
    guardrails.answer,
    cloudfront.answer,
    gateway.answer,
    xray.answer,
    budgets.answer,
    lambdas.answer,
)
_NOT_KEPT = frozenset({"content-length", "x-amz-crc32"})


class Emulator:
    """The application; *moto* answers what nothing here does."""

    def __init__(self, moto: Application) -> None:
        self._moto = moto

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a call."""
        call = asked(environ)
        environ["wsgi.input"] = io.BytesIO(call.data)
        found = (one(call) for one in _ANSWERS)
        answer = next((one for one in found if one is not None), None)
        if answer is not None:
            return _send(answer, start)
        return (
            self._completed(call, environ, start)
            if call.service in forgotten.BY_SERVICE
            else self._moto(environ, start)
        )

    def _completed(self, call: Asked, environ: Environ, start: Start) -> Iterable[bytes]:
        answer = whole(self._moto, environ)
        data = answer.data
        if answer.status.startswith("2") and data[:1] == b"{":
            data = json.dumps(forgotten.add(call, json.loads(data))).encode()
        headers = [(key, value) for key, value in answer.headers if key.lower() not in _NOT_KEPT]
        start(answer.status, [*headers, ("Content-Length", str(len(data)))])
        return [data]


def _send(answer: Answer, start: Start) -> Iterable[bytes]:
    headers = [*answer.headers.items(), ("Content-Length", str(len(answer.data))), ("x-amzn-RequestId", "0")]
    start(f"{answer.status} {HTTPStatus(answer.status).phrase}", headers)
    return [answer.data]


def main(port: int) -> None:
    """Serve on *port* of the loopback."""
    for patch in (buckets.patch, queues.patch, gateway.patch, scaling.patch):
        patch()
    endpoint: Any = sagemaker.FakeEndpointConfig
    endpoint.validate_instance_type = lambda *_: None  # It refuses instances that came after it.
    application = Again(Emulator(DomainDispatcherApplication(create_backend_app)))
    run_simple("127.0.0.1", port, application, threaded=True, request_handler=MotoRequestHandler)


if __name__ == "__main__":
    main(int(sys.argv[1]))
