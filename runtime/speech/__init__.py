"""What is known of speech without hearing it: what is said of a text, how its audio is framed, what was heard by when.

Audio is 16-bit mono PCM at 16 kHz, so 32 bytes are a millisecond.
"""

from runtime.speech.framing import BYTES_PER_MS, Framing
from runtime.speech.hearing import Timeline, Words, heard_chars, spoken
from runtime.speech.preparing import Prepared, prepare

__all__ = ["BYTES_PER_MS", "Framing", "Prepared", "Timeline", "Words", "heard_chars", "prepare", "spoken"]
