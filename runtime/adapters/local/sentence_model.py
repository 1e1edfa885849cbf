"""A sentence model in a folder, run by numpy in a worker thread: no framework, no network, about 4 ms a question.

The folder is what sentence-transformers write: config.json, vocab.txt and model.safetensors of a BERT that is read by
the mean of its tokens, as the MiniLM of `make model` is.
"""

from __future__ import annotations

import asyncio
import json
from array import array
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

from runtime.adapters.local.safetensors import tensors
from runtime.adapters.local.transformer import Transformer
from runtime.adapters.local.wordpiece import WordPieces
from runtime.errors import Misconfigured

_TOGETHER: Final = 8
_TOKENS: Final = 256


class SentenceModel:
    """An embedder from the folder *folder*; a few texts at a time, so that a question never waits long for a batch."""

    def __init__(self, folder: Path) -> None:
        """Read the model; raise `Misconfigured` where there is none that this can run."""
        config = _described(folder / "config.json")
        weights = folder / "model.safetensors"
        self._model = Transformer(config, tensors(weights))
        self._pieces = WordPieces(folder / "vocab.txt")
        self._longest = min(_TOKENS, self._model.longest)
        self.name = f"{folder.name}-{_fingerprint(weights, config)}"

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return a unit vector for each text; of a text over 256 tokens the first count."""
        numbers = [self._pieces.numbers(text, self._longest) for text in texts]
        order = sorted(range(len(texts)), key=lambda place: len(numbers[place]))
        found: list[Sequence[float]] = [()] * len(texts)
        for start in range(0, len(order), _TOGETHER):
            places = order[start : start + _TOGETHER]
            vectors = await asyncio.to_thread(self._model.vectors, [numbers[place] for place in places])
            for place, vector in zip(places, vectors, strict=True):
                found[place] = array("f", vector.tobytes())
        return found


def _described(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        if config["model_type"] == "bert" and config.get("hidden_act", "gelu") == "gelu":
            return dict(config)
        why = f"a {config['model_type']} is no BERT with GELU"
    except (OSError, ValueError, KeyError, TypeError) as error:
        why = f"it describes no model ({type(error).__name__})"
    raise Misconfigured(f"got: {path}; why not: {why}; instead: make model")


def _fingerprint(weights: Path, config: dict[str, Any]) -> str:
    """Tell this model from another one by a part of its weights: reading all of them would take a second."""
    with weights.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(size // 2)
        part = file.read(65_536)
    told = f"{size} {config.get('hidden_size')} {config.get('num_hidden_layers')}".encode()
    return blake2b(part + told, digest_size=6).hexdigest()
