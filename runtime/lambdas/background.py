"""The function that works when nobody waits."""

from __future__ import annotations

from functools import partial

from runtime.bootstrap import cloud
from runtime.lambdas import messages
from runtime.lambdas.warm import Warm, type_of_event


async def answer(work: cloud.Background, event: type_of_event) -> object:
    """Do the work of a batch; of what is no batch, but a schedule's or an operator's call, resume erasures."""
    if "Records" in event:
        return await messages.answer(work, event)
    await work.resumes()
    return None


handler = Warm(partial(cloud.opened, "background", opens=cloud.background), answer)
