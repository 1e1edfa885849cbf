"""Every frame that a client may send: what it takes, at both edges, and what is said to one who sends another."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import BadFrame, TooLarge
from runtime.protocol import client, refusal

ID = "5a1f0d52-7a51-4a8e-9d8e-0d4d6f9f3c11"
CANARY = "Ottilie hides behind the mill"
BIG = 2**31 - 1

LEAST: dict[str, dict[str, Any]] = {
    "send": {"turn": ID, "text": "x"},
    "interrupt": {"turn": ID},
    "resume": {"turn": ID, "after": -1},
    "history": {},
    "listen": {"rate": 16000, "language": "en-US"},
    "memories": {},
    "correct": {"memory": ID, "text": "x"},
    "forget": {"memory": ID},
    "export": {},
    "erase": {"confirm": "ana"},
    "ping": {},
}
TAKEN: list[tuple[str, dict[str, Any]]] = [
    ("send", {"text": "x" * 4000}),
    ("send", {"text": "\U0001f984" * 4000}),
    ("send", {"text": "\x00\n "}),
    ("send", {"voice": True, "private": True}),
    ("interrupt", {"heard_ms": 0}),
    ("interrupt", {"heard_ms": BIG}),
    ("interrupt", {"heard_chars": 0}),
    ("interrupt", {"heard_chars": BIG}),
    ("resume", {"after": 0}),
    ("resume", {"after": BIG}),
    ("history", {"limit": 1}),
    ("history", {"limit": 50, "before": "x"}),
    ("history", {"before": "x" * 200}),
    ("memories", {"limit": 1, "query": ""}),
    ("memories", {"limit": 100, "query": "x" * 1000, "cursor": "x" * 200}),
    ("correct", {"text": "x" * 1000}),
    ("erase", {"confirm": "A-Z.0:9_@" + "x" * 119}),
]
REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("send", {"text": ""}, "`text`: got a string of 0 characters, allowed is a string of 1 to 4,000 characters"),
    ("send", {"text": "x" * 4001}, "got a string of 4,001 characters"),
    ("send", {"text": None}, "`text`: got null"),
    ("send", {"text": 4111111111111111}, "`text`: got a number, allowed"),
    ("send", {"text": [CANARY]}, "`text`: got an array"),
    ("send", {"text": {CANARY: CANARY}}, "`text`: got an object"),
    ("send", {"voice": 1}, "`voice`: got a number, allowed is true or false"),
    ("send", {"private": "true"}, "`private`: got a string of 4 characters, allowed is true or false"),
    ("send", {"turn": ID.upper()}, "`turn`: got a string of 36 characters, allowed is a lower-case, dashed uuid"),
    ("send", {"turn": ID.replace("-", "")}, "`turn`: got a string of 32 characters"),
    ("send", {"turn": ID + "\n"}, "`turn`: got a string of 37 characters"),
    ("send", {"turn": f"{{{ID}}}"}, "`turn`"),
    ("send", {"turn": "urn:uuid:" + ID}, "`turn`"),
    ("send", {"turn": ID.replace("5", "\N{ARABIC-INDIC DIGIT FIVE}")}, "`turn`"),
    ("send", {"user": "bob"}, "`user`: `send` takes `turn`, `text`, `voice`, `private`"),
    ("send", {CANARY: 1}, "a field whose name has 29 characters"),
    ("send", {"a` - at `$.text` " + CANARY: 1}, "a field whose name has 46 characters"),
    ("interrupt", {"heard_ms": 1, "heard_chars": 1}, "`heard_ms`, `heard_chars`: got both"),
    ("interrupt", {"heard_ms": -1}, "`heard_ms`: got the number -1, allowed is a whole number from 0 to 2147483647"),
    ("interrupt", {"heard_ms": BIG + 1}, "`heard_ms`"),
    ("interrupt", {"heard_chars": 1.5}, "`heard_chars`: got the number 1.5"),
    ("interrupt", {"heard_chars": None}, "`heard_chars`: got null"),
    ("resume", {"after": -2}, "`after`: got the number -2, allowed is a whole number from -1 to 2147483647"),
    ("resume", {"after": 10**40}, "`after`: got a number, allowed"),
    ("history", {"limit": 0}, "`limit`: got the number 0, allowed is a whole number from 1 to 50"),
    ("history", {"limit": 51}, "`limit`: got the number 51"),
    ("history", {"limit": True}, "`limit`: got true"),
    ("history", {"limit": "20"}, "`limit`: got a string of 2 characters"),
    ("history", {"before": ""}, "`before`: got a string of 0 characters, allowed is a string of 1 to 200 characters"),
    ("history", {"before": "x" * 201}, "`before`"),
    ("listen", {"rate": 8000}, "`rate`: got the number 8000, allowed is 16000"),
    ("listen", {"rate": "16000"}, "`rate`: got a string of 5 characters"),
    ("listen", {"language": "en_US"}, "`language`: got a string of 5 characters, allowed is a language as in en-US"),
    ("listen", {"language": "en-US\n"}, "`language`"),
    ("memories", {"limit": 101}, "`limit`: got the number 101, allowed is a whole number from 1 to 100"),
    ("memories", {"query": "x" * 1001}, "`query`: got a string of 1,001 characters"),
    ("memories", {"cursor": "x" * 201}, "`cursor`"),
    ("correct", {"text": ""}, "`text`: got a string of 0 characters, allowed is a string of 1 to 1,000 characters"),
    ("correct", {"text": "x" * 1001}, "`text`: got a string of 1,001 characters"),
    ("correct", {"memory": ID.upper()}, "`memory`"),
    ("forget", {"memory": ID[:-1]}, "`memory`: got a string of 35 characters"),
    ("erase", {"confirm": ""}, "`confirm`: got a string of 0 characters, allowed is your own user id"),
    ("erase", {"confirm": "x" * 129}, "`confirm`"),
    ("erase", {"confirm": "ana\n"}, "`confirm`"),
    ("export", {"turn": ID}, "`turn`: `export` takes nothing"),
    ("ping", {"id": 1}, "`id`: `ping` takes nothing"),
]
UNREADABLE = [
    *(b"", b"{", b"\xff", b"\xef\xbb\xbf{}", b"{'action': 'ping'}", b'{"action":"ping"}{}', b"NaN"),
    *(b"[" * 31_000, b'{"a":' * 5000, b'"\\ud800"', b'"\xed\xa0\x80"', b"9" * 31_000, b'{"action":"ping","x":1e999}'),
]


def frame(action: str, **fields: object) -> bytes:
    """Encode a frame of *action* with *fields* over the least that it takes."""
    return json.dumps({"action": action, **LEAST[action], **fields}, ensure_ascii=False).encode()


def refused(data: bytes) -> str:
    """Return what is said to one who sends *data*."""
    with pytest.raises(BadFrame) as refusal_of:
        client.parse(data)
    return refusal_of.value.message


@pytest.mark.parametrize("action", LEAST)
def test_each_action_takes_the_least_that_it_needs(action: str) -> None:
    parsed = client.parse(frame(action))

    assert json.loads(msgspec.json.encode(parsed)).items() >= {"action": action, **LEAST[action]}.items()


def test_the_actions_are_those_of_the_protocol() -> None:
    assert list(client.KINDS) == list(LEAST)


@pytest.mark.parametrize(("action", "fields"), TAKEN)
def test_what_lies_within_the_limits_is_taken(action: str, fields: dict[str, Any]) -> None:
    parsed = client.parse(frame(action, **fields))

    assert {name: getattr(parsed, name) for name in fields} == fields


@pytest.mark.parametrize(("action", "fields", "told"), REFUSED)
def test_what_lies_beyond_them_is_refused_by_field_got_and_allowed(
    action: str, fields: dict[str, Any], told: str
) -> None:
    message = refused(frame(action, **fields))

    assert told in message
    assert CANARY not in message


@pytest.mark.parametrize(("action", "field"), [(action, field) for action in LEAST for field in LEAST[action]])
def test_a_missing_field_is_named_with_what_it_takes(action: str, field: str) -> None:
    fields = {name: value for name, value in LEAST[action].items() if name != field}

    message = refused(json.dumps({"action": action, **fields}).encode())

    assert message.startswith(f"`{field}`: got nothing, and `{action}` needs ")


def test_what_is_not_given_is_as_the_protocol_says() -> None:
    assert client.parse(frame("send")) == client.Send(turn=ID, text="x", voice=False, private=False)
    assert client.parse(frame("history")) == client.History(limit=20)
    assert client.parse(frame("memories")) == client.Memories(limit=50)


@pytest.mark.parametrize("data", UNREADABLE, ids=lambda data: str(data[:12]))
def test_what_is_not_json_is_told_by_its_size(data: bytes) -> None:
    expected = f"the frame cannot be read as JSON in UTF-8 (got {len(data):,} bytes): send one JSON object"
    assert refused(data) == expected


@pytest.mark.parametrize(
    ("data", "got"),
    [("[]", "an array"), ("7", "a number"), (f'"{CANARY}"', "a string of 29 characters"), ("true", "true")],
)
def test_json_that_is_no_object_is_told_by_its_kind(data: str, got: str) -> None:
    assert refused(data.encode()) == f"got {got}: send one JSON object with an `action`"


@pytest.mark.parametrize("action", [None, 7, ["ping"], {}, "Ping", "ping ", "", CANARY])
def test_an_unknown_action_is_answered_with_those_there_are(action: object) -> None:
    message = refused(json.dumps({"action": action}).encode())

    assert refused(b"{}").startswith("`action`: got nothing, allowed is one of send, ")
    assert message.startswith("`action`: got ")
    assert message.endswith("allowed is one of " + ", ".join(LEAST))
    assert CANARY not in message


@pytest.mark.parametrize("twice", ['"text":"","text":"x"', '"action":"ping","text":"x"'])
def test_a_field_given_twice_is_refused_where_one_of_both_is_wrong(twice: str) -> None:
    assert refused(f'{{"action":"send","turn":"{ID}",{twice}}}'.encode())


def test_of_a_field_given_twice_the_last_counts() -> None:
    parsed = client.parse(f'{{"action":"send","turn":"{ID}","text":"first","text":"last"}}'.encode())

    assert parsed == client.Send(turn=ID, text="last")


@pytest.mark.parametrize("size", [31_999, 32_000])
def test_a_frame_may_have_as_many_bytes_as_the_protocol_says(size: int) -> None:
    assert client.parse(b'{"action":"ping"}'.ljust(size)) == client.Ping()


@pytest.mark.parametrize("size", [32_001, 32_768, 40_000])
def test_a_frame_with_more_bytes_is_too_large_whatever_it_says(size: int) -> None:
    with pytest.raises(TooLarge) as too_large:
        client.parse(b"\xff" * size)

    assert too_large.value.message.startswith(f"the frame has {size:,} bytes; 32,000 are allowed")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from([ID, *LEAST]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["turn", "text", "limit"]), inner),
    max_leaves=5,
)
NEARLY = st.builds(
    lambda action, fields: json.dumps({"action": action, **LEAST[action], **fields}).encode(),
    st.sampled_from(list(LEAST)),
    st.dictionaries(st.sampled_from(["turn", "text", "voice", "limit", "heard_ms", "memory", "after", "rate"]), JSON),
)


@given(data=st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()) | NEARLY)
@settings(deadline=None)
def test_any_bytes_are_a_frame_or_refused(data: bytes) -> None:
    try:
        told = repr(client.parse(data))
    except BadFrame as bad:
        told = bad.message

    assert told
    assert refusal.names(data, client.KINDS).keys() <= {"action", "turn", "memory"}


@given(text=st.text("qxz", min_size=9), field=st.sampled_from(["turn", "text", "voice", "private", "more"]))
def test_no_refusal_repeats_what_a_person_said(text: str, field: str) -> None:
    fields: dict[str, object] = {"voice": 1, field: [text], f"{text} ": text}

    assert text not in refused(frame("send", **fields))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"action": "send", "turn": ID}, {"action": "send", "turn": ID}),
        ({"action": "forget", "memory": ID, "turn": 7}, {"action": "forget", "memory": ID}),
        ({"action": CANARY, "turn": ID + "\n", "memory": CANARY}, {}),
        ([], {}),
    ],
)
def test_an_error_names_what_of_the_refused_frame_is_well_formed(fields: object, named: dict[str, str]) -> None:
    assert refusal.names(json.dumps(fields).encode(), client.KINDS) == named
