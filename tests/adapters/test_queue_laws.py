"""Any order of sends, takes, ends, crashes and waiting: the queue does what a model of a few lines does.

The model has no clock of its own: whoever waits has at each instant the first message that may be had. Which group is
first is each queue's own choice: the laptop's takes the oldest message's, ElasticMQ the first of these letters. Each
step ends a few milliseconds after the last, so that no two instants that matter ever meet.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from runtime.adapters.local.queue import SqliteQueue
from runtime.conversation import Delivery, Message
from runtime.errors import Transient
from runtime.ports import Queue
from tests.adapters.taking import empty, succeed
from tests.adapters.walking import Opens, Walker, walk

MOST, RETRY, VISIBILITY, DEDUPLICATED, STEP = 3, 1.0, 30.0, 300.0, 0.005
choices = st.integers(0, 1000)


def of_group(message: Message) -> str:
    """Return what messages are ordered within."""
    return message.group


@dataclass
class Model:
    """What a queue is: messages in order, some of them invisible until an instant, some in somebody's hands."""

    by_age: bool
    messages: list[Message] = field(default_factory=list)
    receives: dict[str, int] = field(default_factory=dict)
    hidden: dict[str, float] = field(default_factory=dict)
    held: set[tuple[str, int]] = field(default_factory=set)
    dead: list[Message] = field(default_factory=list)
    seen: dict[tuple[str, str], float] = field(default_factory=dict)
    waiting: int = 0

    def send(self, message: Message, now: float) -> None:
        key = (message.group, message.deduplication)
        if now - self.seen.get(key, -DEDUPLICATED) >= DEDUPLICATED:
            self.seen[key] = now
            self.messages.append(message)

    def offer(self, now: float) -> None:
        while self.waiting and (message := self.first(now)):
            count = self.receives[message.body] = self.receives.get(message.body, 0) + 1
            if count > MOST:
                self.messages.remove(message)
                self.dead.append(message)
            else:
                self.held.add((message.body, count))
                self.waiting -= 1

    def first(self, now: float) -> Message | None:
        heads = {message.group: message for message in reversed(self.messages)}
        taken = {body for body, _ in self.held}
        for message in self.messages if self.by_age else sorted(self.messages, key=of_group):
            visible = message.body not in taken and self.hidden.get(message.body, 0) <= now
            if visible and heads[message.group] is message:
                return message
        return None

    def end(self, receipt: tuple[str, int], hidden_until: float | None) -> None:
        if receipt not in self.held:
            return
        self.held.remove(receipt)
        if hidden_until is None:
            self.messages = [message for message in self.messages if message.body != receipt[0]]
        else:
            self.hidden[receipt[0]] = hidden_until

    def advance(self, now: float, until: float) -> None:
        for instant in (now, *sorted(at for at in self.hidden.values() if now < at <= until)):
            self.offer(instant)


class Taker:
    """Somebody who waits for a message and then holds it until told how that ends."""

    def __init__(self, queue: Queue, loop: asyncio.AbstractEventLoop) -> None:
        self.delivery: Delivery | None = None
        self.fate: asyncio.Future[Exception | None] = loop.create_future()
        self.task = loop.create_task(self._hold(queue))

    @property
    def receipt(self) -> tuple[str, int]:
        assert self.delivery
        return self.delivery.message.body, self.delivery.receives

    async def _hold(self, queue: Queue) -> None:
        async with queue.take() as self.delivery:
            if error := await self.fate:
                raise error


class QueueMachine(Walker):
    """The queue and its model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = self.home.queue("turns", "dead")
        self.model = Model(by_age=isinstance(self.queue, SqliteQueue))
        self.takers: list[Taker] = []
        self.stale: set[tuple[str, int]] = set()
        self.sent = 0

    @rule(group=st.sampled_from("abc"), number=st.integers(0, 4))
    def send(self, group: str, number: int) -> None:
        self.sent += 1
        message = Message(group, str(number), str(self.sent))
        self.model.send(message, self.loop.time())
        self.run(self.queue.send(message))
        self.settle()

    @precondition(lambda self: self.model.waiting < 3)
    @rule()
    def wait_for_a_message(self) -> None:
        self.model.waiting += 1
        self.takers.append(Taker(self.queue, self.loop))
        self.settle()

    @precondition(lambda self: self.model.waiting)
    @rule(choice=choices)
    def stop_waiting(self, choice: int) -> None:
        waiting = [taker for taker in self.takers if not taker.delivery]
        self.model.waiting -= 1
        self.cancel(waiting[choice % len(waiting)])

    @precondition(lambda self: self.holders())
    @rule(choice=choices, error=st.sampled_from([None, Transient(), ZeroDivisionError()]))
    def end(self, choice: int, error: Exception | None) -> None:
        """End a holder's block; after a crash pass the time for which the last heartbeat hides its message."""
        holder = self.holders()[choice % len(self.holders())]
        delay = RETRY if isinstance(error, Transient) else VISIBILITY
        self.model.end(holder.receipt, self.loop.time() + delay if error else None)
        holder.fate.set_result(error)
        self.run(asyncio.wait([holder.task]))
        assert holder.task.exception() is error
        self.settle(VISIBILITY if isinstance(error, ZeroDivisionError) else 0.0)

    @precondition(lambda self: self.holders())
    @rule(choice=choices)
    def cancel_a_holder(self, choice: int) -> None:
        holder = self.holders()[choice % len(self.holders())]
        self.model.end(holder.receipt, 0.0)
        self.cancel(holder)

    @rule(seconds=st.one_of(st.integers(1, 40), st.just(301)))
    def pass_time(self, seconds: int) -> None:
        self.settle(seconds)

    @invariant()
    def the_same_messages_are_held(self) -> None:
        assert {holder.receipt for holder in self.holders()} - self.stale == self.model.held

    def holders(self) -> list[Taker]:
        return [taker for taker in self.takers if taker.delivery and not taker.task.done()]

    def cancel(self, taker: Taker) -> None:
        taker.task.cancel()
        self.run(asyncio.wait([taker.task]))
        assert taker.task.cancelled()
        self.takers.remove(taker)
        self.settle()

    def settle(self, seconds: float = 0.0) -> None:
        now = self.loop.time()
        self.model.advance(now, now + seconds)
        self.run(asyncio.sleep(seconds + STEP))

    def teardown(self) -> None:
        try:
            self.take_what_is_left()
        finally:
            self.leave()
            super().teardown()

    def leave(self) -> None:
        """Let everybody go, also where a law was broken."""
        tasks = [taker.task for taker in self.takers if not taker.task.done()]
        for task in tasks:
            task.cancel()
        if tasks:
            self.run(asyncio.wait(tasks))

    def take_what_is_left(self) -> None:
        """Nothing was lost, and nothing is there twice."""
        while self.model.waiting:
            self.stop_waiting(0)
        while self.holders():
            self.cancel_a_holder(0)
        self.settle(VISIBILITY)
        while self.model.messages:
            self.wait_for_a_message()
            self.the_same_messages_are_held()
            if self.holders():
                self.end(0, None)
            else:
                self.stop_waiting(0)
        assert sorted(self.run(self.take_dead_letters()), key=of_group) == sorted(self.model.dead, key=of_group)

    async def take_dead_letters(self) -> list[Message]:
        dead = self.home.queue("dead")
        taken = [(await succeed(dead)).message for _ in self.model.dead]
        assert await empty(dead)
        assert await empty(self.queue)
        return taken


class RestartedMachine(QueueMachine):
    """A laptop's queue whose process is restarted: whoever held a message holds a stale receipt."""

    @rule()
    def restart(self) -> None:
        self.model.held.clear()
        self.model.hidden.clear()
        self.stale.update(holder.receipt for holder in self.holders())
        self.run(self.recover())
        self.settle()

    async def recover(self) -> None:
        assert isinstance(self.queue, SqliteQueue)
        self.queue.recover()


def test_a_queue_does_what_its_model_does(opens: Opens, examples: int) -> None:
    walk(QueueMachine, opens, examples=min(examples, 10))


def test_a_restarted_queue_does_what_its_model_does() -> None:
    walk(RestartedMachine, examples=10)
