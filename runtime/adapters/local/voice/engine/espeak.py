"""espeak-ng, by its library: audio and words come to a function of ours, at the engine's own rate."""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Callable
from ctypes import c_char_p, c_int, c_short, c_uint, c_void_p
from typing import Any

from runtime.adapters.local.voice.engine.resampling import Resampler
from runtime.adapters.local.voice.engine.wire import Speech

_SYNCHRONOUS, _BUFFER_MS, _BY_CHARACTER, _UTF8, _DONT_EXIT = 2, 60, 1, 1, 0x8000
_LAST, _WORD = 0, 1


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", c_int),
        ("text", c_int),
        ("position", c_int),
        ("length", c_int),
        ("ms", c_int),
        ("sample", c_int),
        ("data", c_void_p),
        ("id", c_void_p),
    ]


_ON_AUDIO = ctypes.CFUNCTYPE(c_int, ctypes.POINTER(c_short), c_int, ctypes.POINTER(_Event))


def opened(library: str, voice: str, data: str = "") -> Callable[[str, Speech], None]:
    """Load espeak-ng from *library*, its data from the folder *data* (none: its own); return what speaks."""
    return Espeak(ctypes.CDLL(library), voice, data).speak


class Espeak:
    """One voice, made ready."""

    def __init__(self, espeak: ctypes.CDLL, voice: str, data: str) -> None:
        self._espeak: Any = espeak
        arguments: list[Any] = [c_char_p, ctypes.c_size_t, c_uint, c_int, c_uint, c_uint, c_void_p, c_void_p]
        self._espeak.espeak_Synth.argtypes = arguments
        rate = self._espeak.espeak_Initialize(_SYNCHRONOUS, _BUFFER_MS, data.encode() or None, _DONT_EXIT)
        if rate <= 0 or self._espeak.espeak_SetVoiceByName(voice.encode()):
            raise ValueError(voice)
        self._rate = rate
        self._on_audio = _ON_AUDIO(self._take)  # Kept: the library keeps only its address.
        self._espeak.espeak_SetSynthCallback(self._on_audio)

    def speak(self, text: str, speech: Speech) -> None:
        """Say *text*."""
        self._speech, self._text, self._resampler = speech, text, Resampler(self._rate)
        encoded = text.encode()
        self._espeak.espeak_Synth(encoded, len(encoded) + 1, 0, _BY_CHARACTER, 0, _UTF8, None, None)
        speech.say(self._resampler.end())

    def _take(self, samples: Any, count: int, events: Any) -> int:  # noqa: ANN401 - pointers.
        number = 0
        while events[number].type != _LAST:
            if events[number].type == _WORD:
                start = events[number].position - 1
                word = self._text[start : start + events[number].length].rstrip()
                if any(letter.isalnum() for letter in word):
                    self._speech.mark(events[number].ms, start, start + len(word))
            number += 1
        if samples and count:
            self._speech.say(self._resampler.push(array("h", ctypes.string_at(samples, 2 * count))))
        return 0
