"""What is done with the receipts of messages in hand, many in one call: kept alive while they are held, then removed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import batched
from typing import TYPE_CHECKING

from runtime.adapters.aws.errors import translated
from runtime.errors import Failure, Unavailable, place

if TYPE_CHECKING:
    from types_aiobotocore_sqs import SQSClient

_log = logging.getLogger(__name__)
_AT_ONCE = 10
