"""Addresses of the laptop's recogniser: whom they let in, and until when."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl, urlsplit

import pytest
from botocore.credentials import ReadOnlyCredentials

from runtime.adapters.aws.transcribe import presigned
from runtime.adapters.local.recognition.recogniser import LocalRecogniser
from runtime.adapters.local.recognition.workers import Workers
from runtime.errors import Expired, NotOffered, Unauthorized
from tests.virtual_time import LoopClock

NOON = 1_795_000_000.0


def recogniser(secret: bytes = b"s" * 32, engines: tuple[str, ...] = ()) -> LocalRecogniser:
    return LocalRecogniser(Workers(0), secret, LoopClock(NOON), engines)


async def query(user: str = "ana") -> str:
    return urlsplit((await recogniser().invite(user, "en-US")).url).query


async def test_an_invitation_is_a_path_on_this_server_for_five_minutes() -> None:
    invitation = await recogniser().invite("ana", "en-US")

    assert invitation.url.startswith("/stream-transcription-websocket?")
    assert invitation.expires == NOON + 300


async def test_it_asks_for_what_transcribe_is_asked_for() -> None:
    ours = dict(parse_qsl(await query()))
    signed = presigned(ReadOnlyCredentials("id", "secret", None), "eu-west-1", "en-US", NOON)
    theirs = dict(parse_qsl(urlsplit(signed).query))

    assert ours.keys() | {"X-Amz-SignedHeaders"} == theirs.keys()
    differing = {name for name in ours if ours[name] != theirs[name]}
    assert differing == {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Signature"}


@pytest.mark.parametrize("user", ["ana", "a.b_c:d@e-f", "x" * 128])
async def test_who_was_invited_is_let_in_by_name(user: str) -> None:
    assert recogniser().invited(await query(user)) == user


async def test_an_address_may_be_used_again_until_it_expires() -> None:
    asked, given = recogniser(), await query()
    assert asked.invited(given) == asked.invited(given)
    await asyncio.sleep(299)
    assert asked.invited(given) == "ana"
    await asyncio.sleep(1)

    with pytest.raises(Expired, match="`listen`"):
        asked.invited(given)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Credential=ana", "Credential=bob"),
        ("Expires=300", "Expires=9999"),
        ("language-code=en-US", "language-code=de-DE"),
        ("Signature=", "Signature=0"),
        ("&X-Amz-Signature=", "&X-Amz-Signature=ä"),
        ("X-Amz-Algorithm", "a=b&X-Amz-Algorithm"),
    ],
)
async def test_what_was_changed_in_an_address_lets_nobody_in(old: str, new: str) -> None:
    given = await query()
    assert old in given

    with pytest.raises(Unauthorized):
        recogniser().invited(given.replace(old, new))


@pytest.mark.parametrize("given", ["", "X-Amz-Signature=", "&X-Amz-Signature=", "%", "ä=ö"])
def test_who_was_not_invited_is_not_let_in(given: str) -> None:
    with pytest.raises(Unauthorized):
        recogniser().invited(given)


async def test_an_address_of_another_process_lets_nobody_in() -> None:
    with pytest.raises(Unauthorized):
        recogniser(b"t" * 32).invited(await query())


async def test_a_language_that_is_not_understood_is_refused() -> None:
    with pytest.raises(NotOffered, match="de-DE is not understood here; en-US is"):
        await recogniser().invite("ana", "de-DE")


async def test_where_the_engines_are_missing_the_answer_says_how_to_get_them() -> None:
    with pytest.raises(NotOffered, match="make PYTHON="):
        await recogniser(engines=("no_such_engine",)).invite("ana", "en-US")
