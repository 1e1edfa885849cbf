"""A sentence model of sixteen numbers with weights by chance, written as a real one is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

WIDTH, WIDE, LAYERS = 16, 32, 2
PIECES = (
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]"),
    *("cat", "cats", "sun", "##flower", "##s", "cafe", "un", "##able", "i", "'", "m", ",", "?", "中", "文", "my"),
)
CONFIG = {"model_type": "bert", "num_attention_heads": 2, "num_hidden_layers": LAYERS, "hidden_size": WIDTH}


def tiny_model(folder: Path, seed: int = 1) -> Path:
    """Write a model into *folder* and return it."""
    folder.mkdir(exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(PIECES) + "\n", encoding="utf-8")
    (folder / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    chance = np.random.default_rng(seed)
    tensors = {name: chance.standard_normal(shape, np.float32) for name, shape in _shapes().items()}
    (folder / "model.safetensors").write_bytes(_written(tensors))
    return folder


def _shapes() -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(PIECES), WIDTH),
        "embeddings.position_embeddings.weight": (12, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        **_vector("embeddings.LayerNorm", WIDTH),
    }
    for layer in (f"encoder.layer.{number}" for number in range(LAYERS)):
        dense = [f"attention.self.{part}" for part in ("query", "key", "value")] + ["attention.output.dense"]
        for name in dense:
            shapes |= _matrix(f"{layer}.{name}", WIDTH, WIDTH)
        shapes |= _matrix(f"{layer}.intermediate.dense", WIDE, WIDTH) | _matrix(f"{layer}.output.dense", WIDTH, WIDE)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            shapes |= _vector(f"{layer}.{name}", WIDTH)
    return shapes


def _matrix(name: str, out: int, into: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (out, into), f"{name}.bias": (out,)}


def _vector(name: str, width: int) -> dict[str, tuple[int, ...]]:
    return {f"{name}.weight": (width,), f"{name}.bias": (width,)}


def _written(tensors: dict[str, NDArray[Any]]) -> bytes:
    header, data = {}, b""
    for name, tensor in tensors.items():
        end = len(data) + tensor.nbytes
        header[name] = {"dtype": "F32", "shape": tensor.shape, "data_offsets": [len(data), end]}
        data += tensor.tobytes()
    told = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    return len(told).to_bytes(8, "little") + told + data
