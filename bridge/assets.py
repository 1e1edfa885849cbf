"""Assets and archives as files: named by the hash of what they hold, so that another content is another property."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from bridge.deployment import ARCHIVE, ASSET
from bridge.document import Json
from bridge.stack import SIGNATURE

_EPOCH = (1980, 1, 1, 0, 0, 0)
_HASH = 64


class NotHere(Exception):
    """The content of an asset is not on this machine."""


@dataclass(frozen=True)
class File:
    """A file to be written beside the configuration: its *name* there and what it holds."""

    name: str
    data: bytes


def is_asset(value: Json) -> bool:
    """Say whether *value* is an asset or an archive."""
    return isinstance(value, dict) and value.get(SIGNATURE) in {ASSET, ARCHIVE}


def file(value: dict[str, Json], root: Path) -> File:
    """Return *value* as a file; paths in it are relative to *root*, the program's folder. Raises `NotHere`."""
    archive = value.get(SIGNATURE) == ARCHIVE
    data = _archive(value, root) if archive else _content(value, root)
    known = value.get("hash")
    if not isinstance(known, str) or len(known) != _HASH:
        raise NotHere("it has no hash")
    return File(f"files/{known}{'.zip' if archive else ''}", data)


def _content(value: dict[str, Json], root: Path) -> bytes:
    match value:
        case {"text": str(text)} if text or not value.get("path"):
            return text.encode()
        case {"path": str(path)} if (root / path).is_file():
            return (root / path).read_bytes()
        case {"path": str(path)}:
            raise NotHere(f"{path} is not there")
    raise NotHere("the export does not hold it, and names no file")


def _archive(value: dict[str, Json], root: Path) -> bytes:
    match value:
        case {"path": str(path)} if (root / path).is_file():
            return (root / path).read_bytes()
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        for name, data in sorted(_entries(value, root)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            into.writestr(entry, data)
    return packed.getvalue()


def _entries(value: dict[str, Json], root: Path) -> Iterator[tuple[str, bytes]]:
    match value:
        case {"assets": dict(assets)} if assets:
            for name, item in assets.items():
                yield from _entry(name, item, root)
        case {"path": str(path)} if (root / path).is_dir():
            folder = root / path
            for one in folder.rglob("*"):
                if one.is_file():
                    yield one.relative_to(folder).as_posix(), one.read_bytes()
        case {"path": str(path)}:
            raise NotHere(f"{path} is not there")
        case _:
            raise NotHere("the export does not hold it, and names no file")


def _entry(name: str, item: Json, root: Path) -> Iterator[tuple[str, bytes]]:
    match item:
        case dict() if item.get(SIGNATURE) == ARCHIVE:
            yield from ((f"{name}/{inner}", data) for inner, data in _entries(item, root))
        case dict():
            yield name, _content(item, root)
