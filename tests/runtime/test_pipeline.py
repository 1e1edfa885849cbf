"""What an answer does with its time and its parts, on scripted parts in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import pytest

from runtime.adapters.local.scripted import ScriptedModel, ScriptedModerator, ScriptedSynthesiser
from runtime.conversation import Heard, Marks, Pcm
from runtime.errors import Unavailable
from runtime.protocol import server
from runtime.turn.plan import Plan
from tests.runtime.stage import SAID, TURN, Outlet, Stage


class MarkedLast(ScriptedSynthesiser):
    """Says all at once, and marks its first word behind it."""

    async def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        """Speak."""
        yield Pcm(bytes(3_200))
        await asyncio.sleep(0.1)
        yield Marks(((0, 0, len(text)),))


async def test_the_model_starts_before_the_inputs_verdict_is_known() -> None:
    stage = Stage(ScriptedModel(SAID, first=0.4), ScriptedModerator(delay=0.3))

    await stage.play()

    first = next(at for at, frame in stage.outlet.posted if isinstance(frame, server.Text))
    assert first == pytest.approx(0.7)  # The model's 400 ms and one verdict: the input's took place meanwhile.


async def test_the_first_chunk_leaves_while_the_model_still_speaks() -> None:
    stage = Stage(ScriptedModel(SAID, each=0.1))

    ending = await stage.play()

    assert [(round(at, 3), frame.delta) for at, frame in stage.outlet.posted if isinstance(frame, server.Text)] == [
        (0.4, "It was a good day!"),
        (0.7, " We walked home."),
    ]
    assert ending.heard == len("It was a good day! We walked home.")


async def test_synthesis_runs_while_the_verdict_is_awaited() -> None:
    stage = Stage(ScriptedModel(SAID), ScriptedModerator(delay=0.2), ScriptedSynthesiser(first=0.2), voice=True)

    await stage.play()

    assert next(at for at, frame in stage.outlet.posted if isinstance(frame, server.Audio)) == pytest.approx(0.2)


async def test_an_interrupted_answer_ends_at_once_with_what_was_released() -> None:
    stage = Stage(ScriptedModel(SAID, each=0.1), interrupt=(0.45, Heard()))

    ending = await stage.play()

    assert (ending.stopped, ending.heard, stage.model.closed) == (True, len("It was a good day!"), 1)
    assert asyncio.get_running_loop().time() == pytest.approx(0.45)


@pytest.mark.parametrize(("ms", "words"), [(0, ""), (200, "It"), (700, "It was a"), (9_999, "It was a good day!")])
async def test_what_was_heard_is_counted_by_the_marks(ms: int, words: str) -> None:
    stage = Stage(
        ScriptedModel(SAID, each=0.1),
        synthesiser=ScriptedSynthesiser(marks=True),
        voice=True,
        interrupt=(0.45, Heard(ms=ms)),
    )

    ending = await stage.play()

    assert ending.heard == len(words)


async def test_an_answer_is_continued_where_another_worker_left_it() -> None:
    first = server.encode(server.Text(turn=TURN, seq=0, chunk=0, delta="It was a good day!"))
    stage = Stage(ScriptedModel(SAID), outlet=Outlet((first,)))

    ending = await stage.play()

    assert [(frame.seq, frame.chunk) for _, frame in stage.outlet.posted if isinstance(frame, server.Text)] == [(1, 1)]
    assert stage.outlet.texts == [" We walked home."]
    assert ending.heard == len("It was a good day! We walked home.")


async def test_notices_are_told_once_and_before_the_answer() -> None:
    told = server.encode(server.Notice(turn=TURN, seq=0, kind="disclosure", text="I am a program."))
    stage = Stage(ScriptedModel(SAID), due=("disclosure", "break"), outlet=Outlet((told,)))

    await stage.play()

    assert stage.outlet.kinds == ["break"]
    assert isinstance(stage.outlet.posted[0][1], server.Notice)


async def test_what_is_shed_is_said() -> None:
    stage = Stage(ScriptedModel(SAID), voice=True, plan=Plan(voice=False, memory=False, tokens=120))

    await stage.play()

    assert stage.outlet.kinds == ["shed_voice", "shed_memory"]
    assert stage.model.prompts[0].limit == 120


async def test_a_failing_voice_leaves_the_text_whole() -> None:
    synthesiser = ScriptedSynthesiser([b"\0" * 32], failure=Unavailable("no voice"))
    stage = Stage(ScriptedModel(SAID, each=0.1), synthesiser=synthesiser, voice=True)

    ending = await stage.play()

    assert "".join(stage.outlet.texts) == "".join(SAID)
    assert (stage.outlet.kinds, ending.blocked) == (["shed_voice"], False)


async def test_audio_is_made_at_most_two_chunks_ahead() -> None:
    synthesiser = ScriptedSynthesiser([b"\0\0"] * 10, each=1.0)
    stage = Stage(
        ScriptedModel([f"This is {n} now! " for n in range(8)]),
        synthesiser=synthesiser,
        voice=True,
        interrupt=(0.5, Heard()),
    )

    await stage.play()

    assert len(synthesiser.texts) == 3


async def test_an_answer_that_is_not_complete_at_its_deadline_is_unavailable() -> None:
    stage = Stage(ScriptedModel(SAID, first=100.0))

    with pytest.raises(Unavailable):
        await stage.play(seconds=60.0)


@pytest.mark.parametrize("pieces", [["This goes on and on! "] * 1_000, ["This goes on and on! " * 1_000]])
async def test_an_endless_answer_ends_with_its_last_sentence_within_4000_characters(pieces: list[str]) -> None:
    stage = Stage(ScriptedModel(pieces))

    ending = await stage.play()

    assert stage.outlet.texts[-1].endswith("on!")
    assert ending.heard is not None
    assert 3_900 < ending.heard <= 4_000


async def test_every_stage_is_timed_from_admission() -> None:
    stage = Stage(
        ScriptedModel(SAID, first=0.2, each=0.01),
        ScriptedModerator(delay=0.05),
        ScriptedSynthesiser(first=0.08),
        voice=True,
    )

    await stage.play()

    spans = stage.timings.rounded()
    assert spans["model_first"] == (0.0, 200.0)
    assert spans["moderate_input"] == (0.0, 50.0)
    assert spans["first_text"] == (0.0, 290.0)
    assert spans["first_audio"] == (0.0, 320.0)


async def test_what_is_marked_is_the_text_that_is_shown_though_other_words_are_said() -> None:
    stage = Stage(ScriptedModel(["It was **$4.50** 🎉 so."]), synthesiser=ScriptedSynthesiser(marks=True), voice=True)

    await stage.play()

    (marks,) = [frame for _, frame in stage.outlet.posted if isinstance(frame, server.Marks)]
    shown = stage.outlet.texts[0]
    assert [shown[start:end] for _, start, end in marks.words] == ["It", "was", "$4.50", "so."]


@pytest.mark.parametrize(("ms", "heard"), [(419, "It"), (420, "It was"), (1199, "It was"), (1200, "It was **$4.50")])
async def test_of_other_words_nothing_is_heard_before_the_last_of_them(ms: int, heard: str) -> None:
    stage = Stage(
        ScriptedModel(["It was **$4.50** then. ", "So."], each=0.1),
        synthesiser=ScriptedSynthesiser(marks=True),  # "It was 4 dollars 50 then.", at 60 ms a character.
        voice=True,
        interrupt=(0.05, Heard(ms=ms)),
    )

    ending = await stage.play()

    assert ending.heard == len(heard)


async def test_marks_that_come_behind_the_last_audio_are_sent_too() -> None:
    stage = Stage(ScriptedModel(SAID), synthesiser=MarkedLast(), voice=True)

    await stage.play()

    assert [frame.chunk for _, frame in stage.outlet.posted if isinstance(frame, server.Marks)] == [0, 1]


async def test_a_model_that_says_nothing_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await Stage(ScriptedModel([])).play()


async def test_the_usage_of_an_answer_cut_short_is_estimated() -> None:
    ending = await Stage(ScriptedModel(SAID, each=0.1), interrupt=(0.45, Heard())).play()

    assert ending.usage.output_tokens == 5  # "It was a good day!" has eighteen characters.
    assert ending.usage.input_tokens > 100
