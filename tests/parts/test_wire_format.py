"""What is written and read on the wire, without a wire: frames that the SDK decodes, signatures that the SDK makes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as some
from multidict import CIMultiDict

from tests.parts.endpoint import Endpoint
from tests.parts.wire import Refusal, frames
from tests.parts.wire.signature import Signature, Signed, check

_CALLER = Endpoint("http://127.0.0.1:1")
_URL = "http://127.0.0.1:1/a/path?b=1"


@given(payloads=some.lists(some.binary(max_size=99), min_size=1, max_size=4), size=some.integers(1, 50))
def test_frames_cut_anywhere_are_decoded_as_they_were_written(payloads: list[bytes], size: int) -> None:
    written = b"".join(frames.event("PayloadPart", payload) for payload in payloads)

    buffer = EventStreamBuffer()
    for start in range(0, len(written), size):
        buffer.add_data(written[start : start + size])

    assert [message.payload for message in buffer] == payloads


def test_an_exception_is_told_from_an_event() -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(frames.exception("throttlingException", {"message": "slow down"}))

    [message] = list(buffer)
    told = message.to_response_dict()
    assert (told["status_code"], told["headers"][":exception-type"]) == (400, "throttlingException")


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "PUT"},
        {"body": b"other"},
        {"url": "http://127.0.0.1:1/a/other?b=1"},
        {"url": "http://127.0.0.1:1/a/path?b=2"},
    ],
)
def test_what_was_changed_after_it_was_signed_is_refused(changed: dict[str, str | bytes]) -> None:
    signed, signature = _signed()
    now = datetime.now(UTC)

    check(signed, signature, _CALLER, now)
    with pytest.raises(Refusal, match="does not match"):
        check(replace(signed, **changed), signature, _CALLER, now)  # type: ignore[arg-type]


@pytest.mark.parametrize("minutes", [-16, 16])
def test_a_signature_of_another_time_is_refused(minutes: int) -> None:
    signed, signature = _signed()

    with pytest.raises(Refusal, match="expired"):
        check(signed, signature, _CALLER, datetime.now(UTC) + timedelta(minutes=minutes))


def _signed() -> tuple[Signed, Signature]:
    request = AWSRequest("POST", _URL, {"Host": "127.0.0.1:1"}, b"body")
    SigV4Auth(Credentials(_CALLER.key, _CALLER.secret), "bedrock", _CALLER.region).add_auth(request)
    headers = CIMultiDict(request.headers.items())
    return Signed("POST", _URL, headers, b"body"), Signature.read(headers["Authorization"])
