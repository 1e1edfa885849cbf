"""The function that answers turns, one message at a time."""

from __future__ import annotations

from functools import partial

from runtime.bootstrap import cloud
from runtime.lambdas.messages import answer
from runtime.lambdas.warm import Warm

handler = Warm(partial(cloud.opened, "worker", opens=cloud.answers), answer)
