"""A stream of sound into utterances, with a detector and a decoder that are told what they hear."""

from __future__ import annotations

import pytest

from runtime.adapters.local.recognition.endpointing import FRAME_BYTES
from runtime.adapters.local.recognition.hearing import Hearing
from runtime.adapters.local.recognition.utterance import BYTES_A_SECOND, Utterance, Word

VOICE, QUIET = b"\x01" * FRAME_BYTES, b"\x00" * FRAME_BYTES


class Counting:
    """Decodes one word of each quarter of a second of sound."""

    def __init__(self) -> None:
        self.sound = b""

    def begin(self) -> None:
        self.sound = b""

    def listen(self, sound: bytes) -> None:
        self.sound += sound

    def guess(self) -> list[Word]:
        count = round(len(self.sound) / BYTES_A_SECOND * 4)
        return [Word(f"w{number}", number / 4, number / 4 + 0.25) for number in range(count)]

    def end(self) -> list[Word]:
        return self.guess()


class Deaf(Counting):
    """Takes for noise what is said."""

    def guess(self) -> list[Word]:
        return []


def hearing(decoder: Counting | None = None) -> Hearing:
    return Hearing(lambda frame: float(frame[0]), decoder or Counting())


def heard(sound: bytes, at_once: int = FRAME_BYTES, decoder: Counting | None = None) -> list[Utterance]:
    ear = hearing(decoder)
    parts = [sound[place : place + at_once] for place in range(0, len(sound), at_once)]
    return [news for part in parts for news in ear.hear(part)] + ear.finish()


def test_silence_is_nothing() -> None:
    assert heard(QUIET * 500) == []


def test_an_utterance_is_told_while_it_is_spoken_and_once_finally() -> None:
    told = heard(QUIET * 20 + VOICE * 60 + QUIET * 40)

    assert [news.final for news in told] == [False] * (len(told) - 1) + [True]
    assert len(told) > 5
    assert {news.number for news in told} == {1}


def test_times_are_the_streams_own() -> None:
    (final,) = (news for news in heard(QUIET * 100 + VOICE * 30 + QUIET * 40) if news.final)

    begin = (100 - 8) * 0.032
    assert final.words[0].start == pytest.approx(begin, abs=0.001)
    assert (final.start, final.end) == (final.words[0].start, final.words[-1].end)


def test_what_is_final_is_stable() -> None:
    (final,) = (news for news in heard(VOICE * 60 + QUIET * 40) if news.final)

    assert all(word.stable for word in final.words)


@pytest.mark.parametrize("at_once", [2, 640, 2048, 1_000_000])
def test_it_does_not_matter_in_which_parts_sound_comes(at_once: int) -> None:
    sound = QUIET * 20 + VOICE * 60 + QUIET * 40

    assert heard(sound, at_once) == heard(sound)


def test_the_next_utterance_has_the_next_number() -> None:
    told = heard((VOICE * 30 + QUIET * 40) * 2)

    assert [news.number for news in told if news.final] == [1, 2]


def test_the_end_of_a_stream_ends_what_is_being_said() -> None:
    told = heard(VOICE * 30)

    assert [news.final for news in told][-1]
    assert heard(VOICE * 30 + QUIET * 40)[-1].final


def test_a_cough_is_no_utterance() -> None:
    assert heard(VOICE * 20 + QUIET * 40, decoder=Deaf()) == []
