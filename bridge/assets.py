"""Assets and archives as files: named by the hash of what they hold, so that another content is another property.

What is on this machine is taken only if it is still what was deployed. Of a folder, or several files, Pulumi's hash is
that of a packing of its own: they are packed again, and `File.checked` says that nobody compared.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from bridge.document import Json
from bridge.stack import ARCHIVE, ASSET, SIGNATURE

_EPOCH = (1980, 1, 1, 0, 0, 0)
_HASH = re.compile(r"[0-9a-f]{64}")


class NotHere(Exception):
    """The content of an asset is not on this machine."""


@dataclass(frozen=True)
class File:
    """A file to be written beside the configuration: its *name* there and what it holds."""

    name: str
    data: bytes
    checked: bool = True


def is_asset(value: Json) -> bool:
    """Say whether *value* is an asset or an archive."""
    return isinstance(value, dict) and value.get(SIGNATURE) in {ASSET, ARCHIVE}


def file(value: dict[str, Json], root: Path) -> File:
    """Return *value* as a file; paths in it are relative to *root*, the program's folder. Raises `NotHere`."""
    known = value.get("hash")
    if not isinstance(known, str) or not _HASH.fullmatch(known):
        raise NotHere("it has no hash")
    archive = value.get(SIGNATURE) == ARCHIVE
    packed = archive and not _is_one_file(value, root)
    data = _packed(value, root) if packed else _content(value, root)
    if not packed and sha256(data).hexdigest() != known:
        raise NotHere(f"{value.get('path') or 'its text'} is not what was deployed: its hash is another")
    return File(f"files/{known}{'.zip' if archive else ''}", data, checked=not packed)


def _is_one_file(value: dict[str, Json], root: Path) -> bool:
    path = value.get("path")
    return isinstance(path, str) and bool(path) and (root / path).is_file()


def _content(value: dict[str, Json], root: Path) -> bytes:
    match value:
        case {"text": str(text)} if text or not value.get("path"):
            return text.encode()
        case {"path": str(path)} if path:
            return _read(root / path, path)
    raise NotHere("the export does not hold it, and names no file")


def _read(path: Path, named: str) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise NotHere(f"{named} is not there") from error


def _packed(value: dict[str, Json], root: Path) -> bytes:
    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packing:
        for name, data in sorted(_entries(value, root)):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            packing.writestr(entry, data)
    return into.getvalue()


def _entries(value: dict[str, Json], root: Path) -> Iterator[tuple[str, bytes]]:
    match value:
        case {"assets": dict(assets)} if assets:
            for name, item in assets.items():
                yield from _entry(name, item, root)
        case {"path": str(path)} if path and (root / path).is_dir():
            folder = root / path
            for one in folder.rglob("*"):
                if one.is_file():
                    yield one.relative_to(folder).as_posix(), one.read_bytes()
        case {"path": str(path)} if path:
            raise NotHere(f"{path} is not there")
        case _:
            raise NotHere("the export does not hold it, and names no file")


def _entry(name: str, item: Json, root: Path) -> Iterator[tuple[str, bytes]]:
    match item:
        case dict() if item.get(SIGNATURE) == ARCHIVE:
            yield from ((f"{name}/{inner}", data) for inner, data in _entries(item, root))
        case dict() if item.get(SIGNATURE) == ASSET:
            yield name, _content(item, root)
        case _:
            raise NotHere(f"{name} in it is neither asset nor archive")
