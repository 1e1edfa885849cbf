"""Every frame that the server sends: its fields and their types are those of the protocol, and survive the wire."""

from __future__ import annotations

import json
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.protocol import server

SENT: dict[type[server.Frame], dict[str, str]] = {
    server.Accepted: {"turn": "str", "position": "int"},
    server.Text: {"turn": "str", "seq": "int", "chunk": "int", "delta": "str"},
    server.Notice: {"turn": "str", "seq": "int", "kind": "NoticeKind", "text": "str"},
    server.Done: {
        "turn": "str",
        "seq": "int",
        "stopped": "bool",
        "blocked": "bool",
        "timings": "dict[str, tuple[float, float]]",
        "usage": "Tokens",
        "recalled": "list[str]",
        "why": "dict[str, list[str]]",
    },
    server.Audio: {"turn": "str", "chunk": "int", "part": "int", "format": "Format", "data": "str", "last": "bool"},
    server.Marks: {"turn": "str", "chunk": "int", "words": "list[tuple[int, int, int]]"},
    server.Busy: {"turn": "str", "retry_after_ms": "int"},
    server.Trimmed: {"turn": "str", "chars": "int"},
    server.History: {"turns": "list[HistoryTurn]", "cursor?": "str"},
    server.Listen: {"url": "str", "expires_at": "str"},
    server.Memories: {"records": "list[MemoryRecord]", "cursor?": "str"},
    server.Forgotten: {"memory": "str"},
    server.Export: {"part": "int", "last": "bool", "data": "str"},
    server.Erased: {"manifest": "dict[str, int]", "verified": "bool", "backups_until?": "str"},
    server.Error: {
        "code": "str",
        "message": "str",
        "action?": "str",
        "turn?": "str",
        "memory?": "str",
        "retry_after_ms?": "int",
    },
    server.Pong: {},
}
KINDS = ("shed_voice", "shed_memory", "disclosure", "break", "crisis", "cut")


@pytest.mark.parametrize("kind", SENT)
def test_a_server_frame_has_the_fields_and_types_that_the_protocol_names(kind: type[server.Frame]) -> None:
    told = {}
    for field in msgspec.structs.fields(kind):
        types = [one for one in get_args(field.type) if one is not msgspec.UnsetType] or [field.type]
        optional = msgspec.UnsetType in get_args(field.type)
        told[field.encode_name + "?" * optional] = _named(types[0] if optional else field.type)

    assert told == SENT[kind]


def test_the_server_frames_are_those_of_the_protocol() -> None:
    assert set(get_args(server.AnyFrame)) == set(SENT)
    assert get_args(server.NoticeKind) == KINDS
    assert get_args(server.Durable) == (server.Text, server.Notice, server.Done)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (server.HistoryTurn, "turn at text reply"),
        (server.MemoryRecord, "memory text kind speaker at from until replaces expires source"),
        (server.Tokens, "input_tokens output_tokens"),
    ],
)
def test_the_parts_of_frames_have_the_fields_that_the_protocol_names(kind: type[msgspec.Struct], fields: str) -> None:
    assert " ".join(field.encode_name for field in msgspec.structs.fields(kind)) == fields


TEXTS = st.text(max_size=20)
COUNTS = st.integers(-1, 2**31 - 1)
FRAMES = st.one_of(
    st.builds(server.Text, turn=TEXTS, seq=COUNTS, chunk=COUNTS, delta=TEXTS),
    st.builds(server.Error, TEXTS, TEXTS, turn=TEXTS | st.just(msgspec.UNSET)),
    st.builds(server.History, st.lists(st.builds(server.HistoryTurn, *[TEXTS] * 4), max_size=3), TEXTS),
    st.builds(server.Memories, st.lists(st.builds(server.MemoryRecord, *[TEXTS] * 2, st.just("fact"), *[TEXTS] * 3))),
    st.builds(server.Marks, TEXTS, COUNTS, st.lists(st.tuples(COUNTS, COUNTS, COUNTS), max_size=3)),
)


@given(sent=FRAMES)
def test_server_frames_come_back_from_the_wire_as_they_were(sent: server.AnyFrame) -> None:
    data = server.encode(sent)

    assert server.decode(data) == sent
    assert json.loads(data)["type"] == type(sent).__name__.lower()


def test_what_is_not_set_is_not_on_the_wire() -> None:
    assert server.encode(server.Error("busy", "later")) == b'{"type":"error","code":"busy","message":"later"}'
    assert server.encode(server.History([])) == b'{"type":"history","turns":[]}'


@pytest.mark.parametrize(
    ("at", "written"),
    [(0.0, "1970-01-01T00:00:00.000Z"), (1_790_000_000.25, "2026-09-21T14:13:20.250Z")],
)
def test_instants_are_rfc_3339_in_utc(at: float, written: str) -> None:
    assert server.instant(at) == written


def _named(kind: Any) -> str:  # noqa: ANN401
    """Write an annotation as the protocol's table does."""
    names = {server.NoticeKind: "NoticeKind", get_type_hints(server.Audio)["format"]: "Format"}
    if kind in names:
        return names[kind]
    if not get_args(kind):
        return str(kind.__name__)
    return f"{kind.__origin__.__name__}[{', '.join(map(_named, get_args(kind)))}]"
