"""Everything about a user, gone: steps that are harmless twice, so that an erasure goes on wherever it was cut off.

Nothing new is let in, what is being answered is stopped and awaited, then one store after the other is emptied, the
medium scrubbed, and all counted again. `request` begins or joins, `series` does, and the list of who was erased is all
that stays: it drops what comes late, and holds against a backup that is restored.
"""

from runtime.erasure.quiet import Quiet
from runtime.erasure.request import Requests
from runtime.erasure.series import Series

__all__ = ["Quiet", "Requests", "Series"]
