"""Where utterances begin and end, told from frames whose likelihood of a voice is given."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from runtime.adapters.local.recognition.endpointing import FRAME_BYTES, FRAME_SECONDS, Endpoints, Step


def frame(number: int) -> bytes:
    return number.to_bytes(2, "big") * (FRAME_BYTES // 2)


def steps(likely: list[float]) -> list[Step]:
    endpoints = Endpoints()
    return [endpoints.take(frame(number), voice) for number, voice in enumerate(likely)]


def begun(likely: list[float]) -> list[int]:
    return [place for place, step in enumerate(steps(likely)) if step.begins]


def ended(likely: list[float]) -> list[int]:
    return [place for place, step in enumerate(steps(likely)) if step.ends]


def test_one_frame_that_sounds_like_a_voice_is_a_click() -> None:
    assert begun([0.0, 0.9, 0.0, 0.9, 0.0]) == []


def test_an_utterance_begins_with_the_third_of_a_second_before_the_voice_was_sure() -> None:
    taken = steps([0.0] * 50 + [0.9, 0.9])

    assert taken[-1] == Step(b"".join(frame(number) for number in range(42, 52)), begins=True)
    assert 10 * FRAME_SECONDS == 0.32


def test_before_and_after_nothing_is_listened_to() -> None:
    taken = steps([0.0] * 20 + [0.9] * 5 + [0.0] * 40)

    assert {step.sound for step in taken[:20] + taken[-20:]} == {b""}


def test_an_utterance_ends_after_half_a_second_without_a_voice() -> None:
    assert ended([0.9] * 10 + [0.0] * 40) == [25]


def test_a_shorter_pause_is_part_of_it() -> None:
    assert ended([0.9] * 10 + [0.0] * 15 + [0.9] * 10 + [0.0] * 16) == [50]


def test_a_voice_that_is_not_sure_keeps_an_utterance_going_and_begins_none() -> None:
    assert begun([0.45] * 100) == []
    assert ended([0.9] * 2 + [0.45] * 100) == []


def test_what_is_said_after_a_quarter_of_a_minute_ends_at_the_next_breath() -> None:
    assert ended([0.9] * 480 + [0.0] * 3 + [0.9] * 10) == [482]


def test_what_never_ends_is_cut_after_half_a_minute_and_goes_on_as_the_next() -> None:
    likely = [0.9] * 1500

    assert ended(likely) == [939]
    assert begun(likely) == [1, 941]


@given(st.lists(st.sampled_from([0.0, 0.4, 0.9]), max_size=400))
def test_utterances_begin_and_end_in_turns_and_hear_each_sound_once(likely: list[float]) -> None:
    taken = steps(likely)

    heard = b"".join(step.sound for step in taken)
    numbers = [int.from_bytes(heard[place : place + 2], "big") for place in range(0, len(heard), FRAME_BYTES)]
    assert numbers == sorted(set(numbers))
    marks = [mark for step in taken for mark in ("begin" * step.begins, "end" * step.ends) if mark]
    assert all(one != other for one, other in pairwise(marks))
    assert marks[:1] in ([], ["begin"])
