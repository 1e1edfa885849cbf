"""The function that answers every action but `send`, and whatever is none."""

from __future__ import annotations

from functools import partial

from runtime.bootstrap import cloud
from runtime.lambdas.frames import answer
from runtime.lambdas.warm import Warm

handler = Warm(partial(cloud.opened, "actions", opens=cloud.actions), answer)
