"""A small companion without a language model: it listens, remembers, finds again, and says what it cannot do.

Each answer is a pure function of the prompt (variety comes from a checksum of the words), so an answer that was cut off
is continued by making it again and going on behind what was said.
"""

from runtime.adapters.local.offline.companion import OfflineCompanion as OfflineCompanion
