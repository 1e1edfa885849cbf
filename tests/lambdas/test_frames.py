"""Frames as API Gateway hands them over: each to the action that it was routed to, answered over its connection."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from runtime.bootstrap import cloud
from runtime.bootstrap.cloud import Door
from runtime.lambdas import frames
from runtime.protocol import server
from tests.lambdas.client import Page
from tests.lambdas.stack import Ground, Stack, deployed
from tests.parts.wire import faults
from tests.runtime.home import ONE

pytestmark = pytest.mark.real
FOR_EVER = {"principalId": "ana", "user": "ana", "expires": "4e9", "minor": "", "signed_in": ""}
SEND: dict[str, object] = {"action": "send", "turn": ONE, "text": "Hello"}


@asynccontextmanager
async def at_the_door(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Stack, Door, Page]]:
    """Open what lets turns in, in this process, and a page that is connected."""
    async with deployed(ground) as stack:
        environ = stack.environ("turn")
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        async with cloud.opened("turn", environ, opens=cloud.admission) as door:
            page = Page(stack, authorizer=dict(FOR_EVER))
            page.posted = stack.api.open(page.connection)
            yield stack, door, page


async def refused(door: Door, page: Page, route: str, frame: dict[str, object] | str) -> str:
    """Send what is refused; return the code."""
    await frames.answer(door, page.said(route, frame))
    (error,) = page.frames
    assert isinstance(error, server.Error)
    return error.code


async def test_a_turn_is_accepted_by_as_few_calls_as_it_takes(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_the_door(ground, monkeypatch) as (stack, door, page):
        assert await frames.answer(door, page.said("send", SEND)) == {"statusCode": 200}

        assert [type(frame) for frame in page.frames] == [server.Accepted]
        asked = [call.operation for call in stack.wire.calls]
        assert asked[-2:] == ["SendMessage", "PostToConnection"]
        assert len(asked) <= 8, asked


@pytest.mark.parametrize(
    ("route", "body"),
    [
        ("send", '{"action": "ping", "action": "history"}'),
        ("send", '{"action": "history"}'),
        ("send", "{"),
        ("$default", json.dumps(SEND)),
        ("$default", "hello"),
        ("$default", '{"action": "sing"}'),
        ("send", '{"action": "send", "turn": "\\ud800", "text": "x"}'),
    ],
)
async def test_a_frame_that_is_not_what_it_was_routed_as_is_a_bad_one(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, route: str, body: str
) -> None:
    async with at_the_door(ground, monkeypatch) as (stack, door, page):
        assert await refused(door, page, route, body) == "bad_frame"

        assert "SendMessage" not in {call.operation for call in stack.wire.calls}


async def test_half_a_character_is_a_bad_frame(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_the_door(ground, monkeypatch) as (_, door, page):
        assert await refused(door, page, "send", "\ud800") == "bad_frame"


async def test_an_identity_that_has_expired_is_told_so_and_its_connection_closed(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_the_door(ground, monkeypatch) as (stack, door, page):
        page.authorizer["expires"] = "1790000000.0"

        assert await refused(door, page, "send", SEND) == "expired"

        assert page.connection not in stack.api.posted


async def test_who_left_before_the_answer_is_let_go(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_the_door(ground, monkeypatch) as (stack, door, page):
        stack.api.close(page.connection)

        assert await frames.answer(door, page.said("send", SEND)) == {"statusCode": 200}


async def test_a_store_that_does_not_answer_is_said_to_be_away(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_the_door(ground, monkeypatch) as (stack, door, page):
        stack.wire.fail(faults.unavailable, of="SendMessage")

        assert await refused(door, page, "send", SEND) == "unavailable"
        await frames.answer(door, page.said("send", SEND))

        assert isinstance(page.frames[-1], server.Accepted)


async def test_whose_frame_it_is_is_never_read_from_the_frame(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_the_door(ground, monkeypatch) as (_, door, page):
        assert await refused(door, page, "send", {**SEND, "user": "bob"}) == "bad_frame"
