"""TLS in front of an address of the loopback: API Gateway's endpoint is https, whatever else a test calls."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from ipaddress import IPv4Address
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_HOST = "127.0.0.1"


@dataclass(frozen=True)
class Front:
    """Where TLS is spoken, and the certificate that proves it."""

    domain: str
    certificate: Path


@asynccontextmanager
async def front(url: str, folder: Path) -> AsyncIterator[Front]:
    """Speak TLS for the length of the block on behalf of *url*; the certificate is kept in *folder*."""
    certificate = folder / "certificate.pem"
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.write_bytes(certified())
    context.load_cert_chain(certificate)
    behind = urlsplit(url)
    server = await asyncio.start_server(partial(_relay, behind.hostname, behind.port), _HOST, 0, ssl=context)
    async with server:
        yield Front(f"{_HOST}:{server.sockets[0].getsockname()[1]}", certificate)


async def _relay(
    host: str | None, port: int | None, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    behind, ahead = await asyncio.open_connection(host, port)
    with suppress(ConnectionError), closing(writer), closing(ahead):
        ways = {asyncio.ensure_future(_pass(reader, ahead)), asyncio.ensure_future(_pass(behind, writer))}
        _, other = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in other:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


def certified(*names: str) -> bytes:
    """Return a key and its own certificate for the loopback, and for *names*."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, _HOST)])
    now = datetime.now(UTC)
    known = [x509.IPAddress(IPv4Address(_HOST)), *map(x509.DNSName, names)]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=24))
        .add_extension(x509.SubjectAlternativeName(known), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + made.public_bytes(serialization.Encoding.PEM)
