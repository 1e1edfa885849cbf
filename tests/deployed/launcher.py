"""Begins a function's process on a machine as Lambda's is: it can import the package and the runtime client alone.

There AWS's names lead to *port*, nobody else's lead anywhere, and *authority* is trusted. None of this is in the
environment, which the function reads; so the interpreter is started with `-I -S`, and this file's arguments.
"""

import os
import runpy
import socket
import ssl
import sys

_AWS = ".amazonaws.com"


def main(port: str, authority: str, client: str, handler: str) -> None:
    """Run *handler* by the runtime client in the folder *client*."""
    _lead(int(port))
    _trust(authority)
    sys.path[:0] = [os.getcwd()]  # noqa: PTH109 - what is not needed is not loaded.
    sys.path.append(client)
    sys.argv = ["awslambdaric", handler]
    runpy.run_module("awslambdaric", run_name="__main__")


def _lead(port: int) -> None:
    """Let names of AWS lead to *port* of the loopback."""

    def found(host: str | bytes, *_: object, **__: object) -> list[tuple[object, ...]]:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if not name.endswith(_AWS):
            raise socket.gaierror(socket.EAI_NONAME, f"{name} is nobody's name here")
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", port))]

    socket.getaddrinfo = found  # type: ignore[assignment]


def _trust(authority: str) -> None:
    """Let every context that trusts anybody trust *authority* too."""
    load = ssl.SSLContext.load_verify_locations

    def trusting(self: ssl.SSLContext, *of: object, **by: object) -> None:
        load(self, *of, **by)  # type: ignore[arg-type]
        load(self, authority)

    def default(self: ssl.SSLContext, *_: object) -> None:
        load(self, authority)

    ssl.SSLContext.load_verify_locations = trusting  # type: ignore[method-assign]
    ssl.SSLContext.load_default_certs = default  # type: ignore[method-assign, assignment]


if __name__ == "__main__":
    main(*sys.argv[1:])
