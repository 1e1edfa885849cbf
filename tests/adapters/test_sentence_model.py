"""A sentence model run by numpy: its word pieces, its vectors, and what it refuses."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import numpy as np
import pytest

from runtime.adapters.local.sentence_model import SentenceModel
from runtime.adapters.local.wordpiece import WordPieces
from runtime.errors import Misconfigured
from tests.adapters.tiny_model import PIECES, tiny_model

_REAL = Path(os.environ.get("COMPANION_MODEL", ".companion/model"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cat CATS", "cat cats"),
        ("sunflowers", "sun ##flower ##s"),
        ("Café\u0301", "cafe"),
        ("I'm, cat?", "i ' m , cat ?"),
        ("中文cat", "中 文 cat"),
        ("dog unable", "[UNK] un ##able"),
        ("cat\u200bs\tcat\n", "cats cat"),
        ("x" * 101, "[UNK]"),
        ("", ""),
    ],
)
def test_text_is_cut_into_the_longest_pieces_that_are_known(tmp_path: Path, text: str, expected: str) -> None:
    numbers = WordPieces(tiny_model(tmp_path) / "vocab.txt").numbers(text, 20)

    assert [PIECES[number] for number in numbers] == ["[CLS]", *expected.split(), "[SEP]"]


def test_of_a_long_text_the_beginning_counts(tmp_path: Path) -> None:
    numbers = WordPieces(tiny_model(tmp_path) / "vocab.txt").numbers("cat " * 50, 10)

    assert [PIECES[number] for number in numbers] == ["[CLS]", *["cat"] * 8, "[SEP]"]


async def test_a_text_s_vector_has_length_1_and_is_the_same_in_any_company(tmp_path: Path) -> None:
    model = SentenceModel(tiny_model(tmp_path))
    texts = ["cat", "", *("sunflowers my cat? " * number for number in range(9)), "cat"]

    together = np.array([list(vector) for vector in await model.embed(texts)])
    alone = np.array([list((await model.embed([text]))[0]) for text in texts])

    assert np.allclose(together, alone, atol=1e-5)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert not np.allclose(together[0], together[3], atol=0.01)


async def test_the_loop_goes_on_while_the_model_works(tmp_path: Path) -> None:
    model, beats = SentenceModel(tiny_model(tmp_path)), 0
    embedding = asyncio.ensure_future(model.embed(["my cats"] * 40))
    while not embedding.done():
        await asyncio.sleep(0)
        beats += 1

    assert len(await embedding) == 40
    assert beats >= 5


async def test_another_model_has_another_name(tmp_path: Path) -> None:
    names = {SentenceModel(tiny_model(tmp_path / "model", seed)).name for seed in (1, 1, 2)}

    assert len(names) == 2


@pytest.mark.parametrize(
    ("file", "content"),
    [
        *(("config.json", b"{}"), ("config.json", b'{"model_type": "gpt"}'), ("vocab.txt", b"cat")),
        *(("model.safetensors", b"nonsense"), ("model.safetensors", (2).to_bytes(8, "little") + b"{}")),
    ],
)
def test_a_folder_without_a_model_that_runs_is_refused_with_what_to_do(
    tmp_path: Path, file: str, content: bytes
) -> None:
    (tiny_model(tmp_path) / file).write_bytes(content)

    with pytest.raises(Misconfigured, match=r"got: .*; instead: make model"):
        SentenceModel(tmp_path)


@pytest.mark.real
@pytest.mark.skipif(not _REAL.is_dir(), reason="make model fetches it")
async def test_the_real_model_gives_the_vectors_its_authors_published() -> None:
    vectors = np.array(
        [
            list(vector)
            for vector in await SentenceModel(_REAL).embed(
                ["That is a happy person", "That is a happy dog", "That is a very happy person", "Today is a sunny day"]
            )
        ]
    )

    assert np.allclose(vectors[0] @ vectors.T, [1, 0.695, 0.943, 0.257], atol=0.001)
