"""Puts the parts together: the only place that knows which adapter provides which port.

`assembly` wires ports, whatever provides them; each home opens its own and is imported when it is chosen, so that one
runs without the other's libraries.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runtime.bootstrap.laptop import App
    from runtime.settings.laptop import Settings


def local(settings: Settings, *, patient: bool = False) -> AbstractAsyncContextManager[App]:
    """Open the laptop's home for the length of a block, once a process; *patient* as in `laptop.opened`."""
    from runtime.bootstrap import laptop

    return laptop.opened(settings, patient=patient)
