"""What a turn states: by the language model where there is one, and by the rules where there is none or it fails."""

from __future__ import annotations

import logging

from runtime.conversation import Exchange
from runtime.errors import Refused, Transient, place
from runtime.extraction import by_model, rules
from runtime.extraction.learning import acquainted
from runtime.extraction.statement import Statement
from runtime.ports import Memories, Model

_log = logging.getLogger(__name__)


async def read(memories: Memories, exchange: Exchange, model: Model | None) -> list[Statement]:
    """Return what the user stated in *exchange*: never what was answered, and so nothing that was recalled for it."""
    known = await acquainted(memories, exchange.user)
    if model is not None and exchange.text.strip():
        try:
            return await by_model.statements(model, exchange.text, exchange.at, known)
        except (Transient, Refused) as failure:
            _log.warning("facts.unread", extra={"turn": exchange.turn, "failure": place(failure)})
    return rules.statements(exchange.text, exchange.at, known)
