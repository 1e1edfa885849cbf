"""The function that works when nobody waits."""

from __future__ import annotations

from functools import partial

from runtime.bootstrap import cloud
from runtime.lambdas.messages import answer
from runtime.lambdas.warm import Warm

handler = Warm(partial(cloud.opened, "background", opens=cloud.background), answer)
