"""The laws of delivery, whatever dies when: order per user, frames that never change, exactly one end."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.adapters.local.scripted import ScriptedModel
from runtime.conversation import Entry, Prompt, State
from runtime.errors import Unavailable
from runtime.protocol import server
from tests import virtual_time
from tests.runtime.home import Home, Inbox, home, turn_id

USERS = ("ana", "ben")
PARTS = 3
ENDED = {State.DONE, State.SHED, State.FAILED}
SENDS = [("send", user, number) for user in USERS for number in (1, 2, 3)]
WAITS = [("wait", seconds, 0) for seconds in (0.1, 0.2, 0.305, 0.305, 0.505, 0.7, 9.0, 31.0)]
TROUBLE = [
    *[("deliver again", "", 0)] * 4,
    *[("kill", how, 0) for how in (None, None, 4, 9)],
    *[(kind, user, number) for kind in ("resume", "interrupt") for user in USERS for number in (1, 2)],
    *[("drop connection", user, 0) for user in USERS],
]
EVENTS = st.one_of(st.sampled_from(SENDS), st.sampled_from(WAITS), st.sampled_from(WAITS), st.sampled_from(TROUBLE))


@given(events=st.lists(EVENTS, min_size=4, max_size=30), fails_after=st.sampled_from([None, None, 0, 4, 9]))
@settings(max_examples=150, deadline=None)
def test_whatever_dies_each_accepted_turn_has_one_end_and_frames_that_never_change(
    events: list[tuple[str, object, int]], fails_after: int | None
) -> None:
    with tempfile.TemporaryDirectory() as data:
        virtual_time.run(_lived_through(Path(data), events, fails_after))


async def _lived_through(data: Path, events: list[tuple[str, object, int]], fails_after: object) -> None:
    inbox, accepted, left = Inbox(), list[tuple[str, str]](), list(events)
    while left:
        async with home(data, _model(fails_after, len(left)), inbox=inbox) as here:
            fails_after = await _until_killed(here, left, accepted)
    async with home(data, _model(None, 99), inbox=inbox) as here:
        _one_end_each(await _all_ended(here, accepted))
    _never_changed(inbox)
    _in_order(inbox, accepted)


def _model(fails_after: object, process: int) -> ScriptedModel:
    """Return a model whose every process has words of its own, and which goes on where another one stopped."""

    def pieces(prompt: Prompt) -> list[str]:
        left = range(prompt.answered.count("!"), PARTS)
        return [prompt.answered, *(word for part in left for word in (" Part", f" {part}", f" by {process}", "!"))]

    failure = None if fails_after is None else Unavailable("down")
    return ScriptedModel(pieces, first=0.1, each=0.05, failure=failure, fails_after=int(str(fails_after or 0)))


async def _until_killed(here: Home, left: list[tuple[str, object, int]], accepted: list[tuple[str, str]]) -> object:
    """Let *left* happen until the process is killed; return how the next one's model fails."""
    while left:
        kind, what, number = left.pop(0)
        if kind == "kill":
            here.kill()
            return what
        await _happen(here, kind, what, turn_id(number), accepted)
    here.kill()
    return None


async def _happen(here: Home, kind: str, what: object, turn: str, accepted: list[tuple[str, str]]) -> None:
    if kind == "wait":
        await asyncio.sleep(float(str(what)))
    elif kind == "deliver again":
        here.stores.database.change("UPDATE messages SET visible_at = 0 WHERE queue = 'turns'")
        here.stores.database.changes.announce(("queue", "turns"))
    elif kind == "drop connection":
        here.inbox.gone.add(str(what))
    elif kind == "send":
        answers = await here.send(str(what), turn, f"Hello {turn}")
        if any(isinstance(frame, server.Accepted) for frame in answers) and (str(what), turn) not in accepted:
            accepted.append((str(what), turn))
    elif kind == "resume":
        here.inbox.gone.discard(str(what))
        await here.say(str(what), {"action": "resume", "turn": turn, "after": -1})
    else:
        await here.say(str(what), {"action": "interrupt", "turn": turn})


async def _all_ended(here: Home, accepted: list[tuple[str, str]]) -> list[Entry]:
    """Give what was accepted 400 seconds to end."""
    for _ in range(40):
        entries = [entry for turn in accepted if (entry := await here.stores.ledger.read(*turn)) is not None]
        if len(entries) == len(accepted) and all(entry.state in ENDED for entry in entries):
            return entries
        await asyncio.sleep(10)
    raise AssertionError("an accepted turn has no end")


def _one_end_each(entries: list[Entry]) -> None:
    for entry in entries:
        frames = [server.decode(frame) for frame in entry.frames]
        numbered = [frame.seq for frame in frames if isinstance(frame, server.Durable)]
        assert numbered == list(range(len(numbered)))
        assert sum(isinstance(frame, server.Done | server.Busy | server.Error) for frame in frames) == 1
        _whole_or_cut(frames)


def _whole_or_cut(frames: list[server.AnyFrame]) -> None:
    text = "".join(frame.delta for frame in frames if isinstance(frame, server.Text))
    last, parts = frames[-1], re.findall(r"Part (\d)", text)
    assert parts == [str(number) for number in range(len(parts))]
    if isinstance(last, server.Done) and not last.stopped:
        assert len(parts) == PARTS


def _never_changed(inbox: Inbox) -> None:
    """One number, one frame: whoever sent it, to whichever connection, as often as it came; each to its own user."""
    seen: dict[tuple[str, str, int], bytes] = {}
    for name, data in inbox.posted:
        frame = server.decode(data)
        if isinstance(frame, server.Durable):
            assert seen.setdefault((name, frame.turn, frame.seq), data) == data


def _in_order(inbox: Inbox, accepted: list[tuple[str, str]]) -> None:
    """Hold the order in which turns were first answered against the order in which they were accepted."""
    for user in USERS:
        mine = [turn for name, turn in accepted if name == user]
        frames = [server.decode(data) for name, data in inbox.posted if name == user]
        sent = list(dict.fromkeys(frame.turn for frame in frames if isinstance(frame, server.Durable)))
        assert sent == [turn for turn in mine if turn in sent]
