"""Flite, by its library: each utterance's audio is taken as it is made, and its words' times from the utterance itself.

The silence before a text's first word is left out, since somebody is waiting; the silence behind it is the pause to the
next one.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from ctypes import c_char_p, c_float, c_int, c_short, c_void_p
from io import BytesIO
from typing import Any, Final

from runtime.adapters.local.voice.engine.passages import Passage, passages
from runtime.adapters.local.voice.engine.wire import Speech

_PIECE: Final = 1_600  # Samples: a tenth of a second.
_ONSET: Final = 0.03  # Seconds of silence that stay before the first word: it begins softly.
_SAMPLES: Final = 16_000
_BEGINS: Final = b"R:SylStructure.daughter1.daughter1.R:Segment.p.end"


class _Wave(ctypes.Structure):
    _fields_ = [
        ("type", c_char_p),
        ("rate", c_int),
        ("count", c_int),
        ("channels", c_int),
        ("samples", ctypes.POINTER(c_short)),
    ]


class _Streaming(ctypes.Structure):
    pass


_ON_AUDIO = ctypes.CFUNCTYPE(c_int, ctypes.POINTER(_Wave), c_int, c_int, c_int, ctypes.POINTER(_Streaming))
_Streaming._fields_ = [
    ("least", c_int),
    ("on_audio", _ON_AUDIO),
    ("utterance", c_void_p),
    ("item", c_void_p),
    ("data", c_void_p),
]


class _Voice(ctypes.Structure):
    _fields_ = [("name", c_char_p), ("features", c_void_p)]


_FUNCTIONS: Final[dict[str, tuple[Any, ...]]] = {
    "flite_synth_text": (c_void_p, c_char_p, c_void_p),
    "delete_utterance": (None, c_void_p),
    "new_audio_streaming_info": (ctypes.POINTER(_Streaming),),
    "audio_streaming_info_val": (c_void_p, c_void_p),
    "feat_set": (None, c_void_p, c_char_p, c_void_p),
    "utt_relation": (c_void_p, c_void_p, c_char_p),
    "relation_head": (c_void_p, c_void_p),
    "item_next": (c_void_p, c_void_p),
    "item_daughter": (c_void_p, c_void_p),
    "item_feat_string": (c_char_p, c_void_p, c_char_p),
    "ffeature_float": (c_float, c_void_p, c_char_p),
}


def opened(library: str, name: str) -> Callable[[str, Speech], None]:
    """Load the voice *name* from *library*, and with it flite; return what speaks."""
    return Flite(ctypes.CDLL(library), name).speak


class Flite:
    """One voice, made ready."""

    def __init__(self, voices: ctypes.CDLL, name: str) -> None:
        self._flite: Any = _declared(voices)
        register = getattr(voices, f"register_{name}")
        register.restype, register.argtypes = ctypes.POINTER(_Voice), [c_char_p]
        self._flite.flite_init()
        self._voice = register(None)
        self._speech, self._passage = Speech(BytesIO()), Passage("", ())
        self._skip: int | None = None
        self._on_audio = _ON_AUDIO(self._take)  # Kept: the library keeps only its address.
        streaming = self._flite.new_audio_streaming_info()
        streaming[0].least, streaming[0].on_audio = _PIECE, self._on_audio
        value = self._flite.audio_streaming_info_val(streaming)
        self._flite.feat_set(self._voice[0].features, b"streaming_info", value)

    def speak(self, text: str, speech: Speech) -> None:
        """Say *text*, passage by passage: so its first sound need not wait for its last sentence."""
        self._speech = speech
        for passage in passages(text):
            self._passage, self._skip = passage, None
            utterance = self._flite.flite_synth_text(passage.plain.encode("ascii"), self._voice)
            self._flite.delete_utterance(utterance)

    def _take(self, wave: Any, start: int, count: int, _last: int, streaming: Any) -> int:  # noqa: ANN401 - pointers.
        if self._skip is None:
            self._skip = self._begin(streaming[0].utterance)
        start, end = max(start, self._skip), start + count
        if start < end:
            self._speech.say(_cut(wave, start, end))
        return 0

    def _begin(self, utterance: int) -> int:
        """Mark the words of an utterance whose first audio is there; return how many samples to leave out."""
        words = list(self._words(utterance))
        lead = max(words[0][0] - _ONSET, 0.0) if words and not self._speech.ms else 0.0
        before = self._speech.ms
        for seconds, start, end in words:
            self._speech.mark(before + round((seconds - lead) * 1000), start, end)
        return int(lead * _SAMPLES)

    def _words(self, utterance: int) -> Iterator[tuple[float, int, int]]:
        """Yield when each word begins, in seconds, and its place in the text."""
        flite, place = self._flite, 0
        token = flite.relation_head(flite.utt_relation(utterance, b"Token"))
        while token:
            name = flite.item_feat_string(token, b"name").decode("ascii")
            found = self._passage.plain.find(name, place)
            word = flite.item_daughter(token)
            if word and found >= 0 and any(letter.isalnum() for letter in name):
                place = found + len(name)
                yield flite.ffeature_float(word, _BEGINS), *self._passage.places(found, place)
            token = flite.item_next(token)


def _cut(wave: Any, start: int, end: int) -> bytes:  # noqa: ANN401 - a pointer.
    first = ctypes.addressof(wave[0].samples.contents)
    return ctypes.string_at(first + 2 * start, 2 * (end - start))


def _declared(library: ctypes.CDLL) -> ctypes.CDLL:
    for name, (returned, *arguments) in _FUNCTIONS.items():
        function = getattr(library, name)
        function.restype, function.argtypes = returned, arguments
    return library
