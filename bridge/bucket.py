"""A state in a bucket, held as Terraform's s3 backend holds it with `use_lockfile`, and replaced on condition.

The lock is the object KEY.tflock, which can be made only where there is none. Each write names the version that was
read: should somebody pass the lock by, the later write is refused and not the earlier one lost.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event
from typing import Any

from bridge.holder import held, note
from bridge.refused import Refused

S3Client = Any  # botocore makes its classes at run time.

_LOOK_AGAIN_S = 1.0
_NEVER = Event()
_TAKEN = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "412", "409"})
_NONE = frozenset({"NoSuchKey", "404"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a state is: `s3://bucket/key`."""

    bucket: str
    key: str

    @classmethod
    def named(cls, text: str) -> Place:
        """Read `s3://bucket/key`; raise `ValueError` for anything else."""
        bucket, _, key = text.removeprefix("s3://").partition("/")
        if not (text.startswith("s3://") and bucket and key) or key.endswith("/"):
            raise ValueError(text)
        return cls(bucket, key)

    def __str__(self) -> str:
        """Name it as people do."""
        return f"s3://{self.bucket}/{self.key}"


class Stored:
    """The right to read and replace one state in a bucket."""

    def __init__(self, client: S3Client, place: Place) -> None:
        self._client, self._place, self._version = client, place, ""

    def __repr__(self) -> str:
        """Name the object."""
        return f"Stored({str(self._place)!r})"

    def read(self) -> bytes:
        """Read the object as it is now; one that is not there yet is empty."""
        try:
            found = self._client.get_object(Bucket=self._place.bucket, Key=self._place.key)
        except self._client.exceptions.ClientError as error:
            if _code(error) in _NONE:
                self._version = ""
                return b""
            raise
        self._version = found["ETag"]
        return bytes(found["Body"].read())

    def replace(self, data: bytes) -> None:
        """Put *data* in the place of what was read, or refuse, and what was there into its backup."""
        if self._version:
            self._back_up()
        condition = {"IfMatch": self._version} if self._version else {"IfNoneMatch": "*"}
        try:
            named = {"Bucket": self._place.bucket, "Key": self._place.key, "ContentType": "application/json"}
            put = self._client.put_object(**named, Body=data, **condition)
        except self._client.exceptions.ClientError as error:
            if _code(error) in _TAKEN:
                raise _overtaken(self._place) from error
            raise
        self._version = put["ETag"]

    def _back_up(self) -> None:
        source = {"Bucket": self._place.bucket, "Key": self._place.key}
        self._client.copy_object(
            Bucket=self._place.bucket,
            Key=f"{self._place.key}.backup",
            CopySource=source,
            CopySourceIfMatch=self._version,
        )


@contextmanager
def stored(
    client: S3Client, place: Place, *, timeout: float = 0.0, wait: Callable[[float], object] = _NEVER.wait
) -> Iterator[Stored]:
    """Hold *place*, after waiting up to *timeout* seconds for whoever holds it."""
    mine = json.dumps(note(f"{place.bucket}/{place.key}")).encode()
    _acquire(client, place, mine, time.monotonic() + timeout, wait)
    try:
        yield Stored(client, place)
    finally:
        if _left(client, place) == mine:
            client.delete_object(Bucket=place.bucket, Key=f"{place.key}.tflock")


def connect() -> S3Client:
    """Connect with the credentials and the Region of the surroundings, as Terraform and the AWS CLI do."""
    try:
        import boto3  # noqa: PLC0415 - a state in a file needs no SDK.
    except ModuleNotFoundError as error:
        raise Refused.because(
            got="a state in S3, and no boto3",
            why="it speaks to S3",
            instead="pip install --no-deps -r requirements/program.txt",
        ) from error
    return boto3.client("s3")


@contextmanager
def explained(place: Place) -> Iterator[None]:
    """Turn what S3 or the way to it says about *place* into a refusal for people."""
    try:
        yield
    except Exception as error:
        if not type(error).__module__.startswith("botocore"):
            raise
        allow = "s3:GetObject, s3:PutObject and s3:DeleteObject"
        raise Refused.because(
            got=f"{place}, and the answer: {error}",
            why="the state cannot be read or written",
            instead=f"see to AWS_REGION and AWS_PROFILE, and that these credentials allow {allow}",
        ) from error


def _acquire(client: S3Client, place: Place, mine: bytes, deadline: float, wait: Callable[[float], object]) -> None:
    while not _put_lock(client, place, mine):
        left = deadline - time.monotonic()
        if left <= 0:
            otherwise = f"; if nobody is there any more: aws s3 rm {place}.tflock"
            raise held(str(place), _left(client, place), otherwise)
        wait(min(left, _LOOK_AGAIN_S))


def _put_lock(client: S3Client, place: Place, mine: bytes) -> bool:
    named = {"Bucket": place.bucket, "Key": f"{place.key}.tflock", "ContentType": "application/json"}
    try:
        client.put_object(**named, Body=mine, IfNoneMatch="*")
    except client.exceptions.ClientError as error:
        if _code(error) in _TAKEN:
            return False
        raise
    return True


def _left(client: S3Client, place: Place) -> bytes:
    """Return the note of whoever holds *place*."""
    try:
        return bytes(client.get_object(Bucket=place.bucket, Key=f"{place.key}.tflock")["Body"].read())
    except client.exceptions.ClientError:
        return b""


def _code(error: Any) -> str:  # noqa: ANN401 - as the client's, its class is made at run time.
    return str(error.response["Error"]["Code"])


def _overtaken(place: Place) -> Refused:
    return Refused.because(
        got=f"{place}, which somebody wrote since it was read",
        why="they did not ask for the lock, and what they wrote would be lost",
        instead="run this again, and let everybody who writes it set use_lockfile",
    )
