"""The function that sees to messages that came back too often."""

from __future__ import annotations

from functools import partial

from runtime.bootstrap import cloud
from runtime.lambdas.messages import answer
from runtime.lambdas.warm import Warm

handler = Warm(partial(cloud.opened, "dead_letters", opens=cloud.dead_letters), answer)
