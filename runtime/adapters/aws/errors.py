"""From botocore's errors to ours: what to do next is the class, what happened is the service's own code.

A service's message may quote what it was sent, so none is passed on: its code and the operation say enough.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
from botocore.eventstream import ParserError
from botocore.exceptions import (
    BotoCoreError,
    ChecksumError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.exceptions import ConnectionError as NoConnection

from runtime.errors import Failure, Misconfigured, Refused, Unavailable

_SERVER_ERROR = 500
_PAUSE = 1.0  # AWS does not say for how long a throttled caller should keep still; quotas are counted by the second.
_TOO_MANY = 429
_PASSING = frozenset(
    {
        "InternalFailure",
        "InternalServerError",
        "InternalServerException",
        "InternalServiceError",
        "InternalStreamFailure",
        "LimitExceededException",
        "ModelErrorException",
        "ModelNotReadyException",
        "ModelStreamError",
        "ModelStreamErrorException",
        "ModelTimeoutException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "ServiceQuotaExceededException",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionConflictException",
        "TransactionInProgressException",
        # A process that was asleep signs with what it had; the next call has fresh credentials.
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "RequestTimeTooSkewed",
    }
)
_OUR_OWN = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AWS.SimpleQueueService.NonExistentQueue",
        "IncompleteSignature",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "QueueDoesNotExist",
        "ResourceNotFoundException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
_NO_ANSWER = (
    ChecksumError,
    HTTPClientError,
    NoConnection,
    IncompleteReadError,
    CredentialRetrievalError,
    ParserError,
    aiohttp.ClientError,
    TimeoutError,
    ConnectionError,
)


@contextmanager
def translated(part: str) -> Iterator[None]:
    """Raise what the block's calls to AWS raise as our own errors; *part* ("the ledger") is who did not answer.

    `Unavailable` where it may pass (time-outs, connections that break, errors of the service's own, and throttles with
    the seconds to keep still), `Misconfigured` where somebody has to put it right (credentials, permissions, names),
    else `Refused`.
    """
    try:
        yield
    except ClientError as error:
        raise _of(part, error) from error
    except _NO_ANSWER as error:
        raise Unavailable(f"{part} does not answer: {type(error).__name__}") from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise Misconfigured(
            f"got: {type(error).__name__} for {part}; why not: AWS answers nobody without credentials; "
            "instead: give the process a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        ) from error
    except BotoCoreError as error:
        raise Refused(f"{part} cannot be asked this: {type(error).__name__}") from error


def code_of(error: ClientError) -> str:
    """Return the service's own word for *error*; in the middle of a stream it begins with a small letter."""
    code = str(error.response.get("Error", {}).get("Code", ""))
    return code[:1].upper() + code[1:]


def _of(part: str, error: ClientError) -> Failure:
    code, what = code_of(error), error.operation_name
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if code in _PASSING or status >= _SERVER_ERROR or status == _TOO_MANY:
        throttled = status == _TOO_MANY or "Throttl" in code
        return Unavailable(f"{part} does not answer: {code}", after=_PAUSE if throttled else 0.0)
    if code in _OUR_OWN:
        return Misconfigured(
            f"got: {code} for {what} of {part}; why not: this process may not, or there is no such thing; "
            "instead: look at its role and its environment, and deploy again"
        )
    return Refused(f"{part} refused: {code}")
