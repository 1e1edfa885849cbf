"""The function that lets turns in."""

from __future__ import annotations

from functools import partial

from runtime.bootstrap import cloud
from runtime.lambdas.frames import answer
from runtime.lambdas.warm import Warm

handler = Warm(partial(cloud.opened, "turn", opens=cloud.admission), answer)
