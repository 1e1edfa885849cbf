"""A BERT in numpy, forwards only: token numbers in, one unit vector a text out, by the mean of its tokens."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from runtime.errors import Misconfigured

Floats = NDArray[Any]

_MASKED: Final = np.float32(-1e9)
_HALF, _CUBIC = np.float32(0.5), np.float32(0.044715)
_GELU: Final = np.float32(math.sqrt(2 / math.pi))


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer's weights, each dense one as (input, output) and its bias."""

    attention: tuple[Floats, Floats]
    joined: tuple[Floats, Floats]
    wide: tuple[Floats, Floats]
    narrow: tuple[Floats, Floats]
    norms: tuple[tuple[Floats, Floats], tuple[Floats, Floats]]


class Transformer:
    """The encoder that *config* (config.json) describes, with the weights *tensors*."""

    def __init__(self, config: Mapping[str, Any], tensors: Mapping[str, Floats]) -> None:
        """Put the weights in the order in which they are used."""
        try:
            named = {name.removeprefix("bert."): tensor for name, tensor in tensors.items()}
            self._heads = int(config["num_attention_heads"])
            self._epsilon = np.float32(config.get("layer_norm_eps", 1e-12))
            self._words = named["embeddings.word_embeddings.weight"]
            self._places = (
                named["embeddings.position_embeddings.weight"] + named["embeddings.token_type_embeddings.weight"][0]
            )
            self._norm = _norm(named, "embeddings.LayerNorm")
            self._layers = [_layer(named, f"encoder.layer.{n}.") for n in range(int(config["num_hidden_layers"]))]
        except (KeyError, ValueError, TypeError, IndexError) as error:
            raise Misconfigured(f"got: a model without {error}; why not: it is no BERT; instead: make model") from error

    @property
    def longest(self) -> int:
        """The most tokens of a text."""
        return len(self._places)

    @property
    def dimension(self) -> int:
        """The numbers of a vector."""
        return int(self._words.shape[1])

    def vectors(self, texts: Sequence[Sequence[int]]) -> Floats:
        """Return one unit vector for each of *texts*, which are token numbers; like lengths together cost least."""
        length = max(map(len, texts))
        numbers = np.zeros((len(texts), length), np.int64)
        mask = np.zeros((len(texts), length), np.float32)
        for row, text in enumerate(texts):
            numbers[row, : len(text)] = text
            mask[row, : len(text)] = 1
        states = self._normed(self._words[numbers] + self._places[:length], self._norm)
        hidden = ((1 - mask) * _MASKED)[:, None, None, :]
        for layer in self._layers:
            states = self._through(layer, states, hidden)
        summed = (states * mask[:, :, None]).sum(axis=1)
        lengths = np.linalg.norm(summed, axis=1, keepdims=True)
        unit: Floats = summed / np.maximum(lengths, np.float32(1e-12))
        return unit

    def _through(self, layer: _Layer, states: Floats, hidden: Floats) -> Floats:
        attended = _dense(self._attend(_dense(states, layer.attention), hidden), layer.joined)
        states = self._normed(states + attended, layer.norms[0])
        return self._normed(states + _dense(_gelu(_dense(states, layer.wide)), layer.narrow), layer.norms[1])

    def _attend(self, mixed: Floats, hidden: Floats) -> Floats:
        """Return what each token takes from the others; *mixed* is query, key and value side by side."""
        texts, length, width = mixed.shape
        size = width // 3 // self._heads
        query, key, value = mixed.reshape(texts, length, 3, self._heads, size).transpose(2, 0, 3, 1, 4)
        scores = query @ key.swapaxes(-1, -2) / np.float32(math.sqrt(size)) + hidden
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        taken: Floats = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        return taken.transpose(0, 2, 1, 3).reshape(texts, length, -1)

    def _normed(self, states: Floats, norm: tuple[Floats, Floats]) -> Floats:
        centred = states - states.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self._epsilon)
        normed: Floats = centred / spread * norm[0] + norm[1]
        return normed


def _dense(states: Floats, weights: tuple[Floats, Floats]) -> Floats:
    flat: Floats = states.reshape(-1, states.shape[-1]) @ weights[0] + weights[1]
    return flat.reshape(*states.shape[:-1], -1)


def _gelu(states: Floats) -> Floats:
    """Return GELU by its tanh form, off by less than a thousandth."""
    grown: Floats = _HALF * states * (1 + np.tanh(_GELU * (states + _CUBIC * states * states * states)))
    return grown


def _norm(named: Mapping[str, Floats], name: str) -> tuple[Floats, Floats]:
    return named[f"{name}.weight"], named[f"{name}.bias"]


def _linear(named: Mapping[str, Floats], *names: str) -> tuple[Floats, Floats]:
    """Return the layers *names* side by side; copied to this process's own memory, which is the fastest."""
    weights = np.ascontiguousarray(np.concatenate([named[f"{name}.weight"].T for name in names], axis=1))
    return weights, np.concatenate([named[f"{name}.bias"] for name in names])


def _layer(named: Mapping[str, Floats], at: str) -> _Layer:
    return _Layer(
        attention=_linear(named, *(f"{at}attention.self.{part}" for part in ("query", "key", "value"))),
        joined=_linear(named, f"{at}attention.output.dense"),
        wide=_linear(named, f"{at}intermediate.dense"),
        narrow=_linear(named, f"{at}output.dense"),
        norms=(_norm(named, f"{at}attention.output.LayerNorm"), _norm(named, f"{at}output.LayerNorm")),
    )
