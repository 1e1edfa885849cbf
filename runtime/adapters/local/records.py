"""The rows of the long-term memory: their table, and how a record becomes a row and a row a record."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any, Final

from runtime.adapters.local.database import Database
from runtime.conversation import Memory

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS memories (
    n INTEGER PRIMARY KEY, user TEXT NOT NULL, id TEXT NOT NULL, session TEXT NOT NULL, at REAL NOT NULL,
    speaker TEXT NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL, valid_from REAL, valid_until REAL,
    expires REAL NOT NULL, importance REAL NOT NULL, source TEXT, replaces TEXT,
    spaced TEXT NOT NULL, words BLOB NOT NULL, analysis INTEGER NOT NULL, UNIQUE (user, id));
CREATE INDEX IF NOT EXISTS memories_by_session ON memories (user, session, at, n);
CREATE INDEX IF NOT EXISTS memories_by_age ON memories (user, at, n);
CREATE INDEX IF NOT EXISTS memories_by_source ON memories (user, source) WHERE source IS NOT NULL;
CREATE INDEX IF NOT EXISTS memories_by_expiry ON memories (expires);
"""
_FACTS: Final = """
CREATE INDEX IF NOT EXISTS memories_by_subject ON memories (user, subject, attribute) WHERE kind = 'fact';
CREATE INDEX IF NOT EXISTS memories_by_attribute ON memories (user, attribute, at) WHERE kind = 'fact';
"""
_ADDED: Final = MappingProxyType(
    {
        **dict.fromkeys(("subject", "attribute", "value", "also"), "TEXT NOT NULL DEFAULT ''"),
        "corrected": "REAL",
    }
)
KNOWN: Final = "SELECT corrected, session, at, speaker, text FROM memories WHERE user = ? AND id = ?"
_COLUMNS: Final = (
    *("id", "text", "kind", "speaker", "at", "session", "valid_from", "valid_until", "expires", "importance"),
    *("source", "replaces", "subject", "attribute", "value", "also", "corrected"),
)
_ALSO: Final = _COLUMNS.index("also")
_COMMON: Final = tuple(map(_COLUMNS.index, ("kind", "speaker", "session")))
RECORD: Final = ", ".join(_COLUMNS).replace("expires", "NULLIF(expires, 9e999)")
KEEP: Final = f"""
INSERT INTO memories (user, id, session, at, speaker, text, kind, expires, importance, source, spaced, words, analysis)
VALUES (?, ?, ?, ?, ?, ?, 'said', ?, 0.5, ?, ?, ?, ?)
ON CONFLICT (user, id) DO UPDATE SET session = excluded.session, at = excluded.at, speaker = excluded.speaker,
    text = excluded.text, expires = excluded.expires, source = excluded.source, spaced = excluded.spaced,
    words = excluded.words, analysis = excluded.analysis
RETURNING n, {RECORD}
"""  # noqa: S608 - constants.
WRITE: Final = f"""
INSERT INTO memories (user, spaced, words, analysis, {", ".join(_COLUMNS)})
VALUES (?, ?, ?, ?{", ?" * len(_COLUMNS)})
ON CONFLICT (user, id) DO UPDATE SET spaced = excluded.spaced, words = excluded.words, analysis = excluded.analysis,
    {", ".join(f"{column} = excluded.{column}" for column in _COLUMNS[1:])}
RETURNING n
"""  # noqa: S608 - constants.


def ensure(database: Database) -> None:
    """Make the table, or bring one of an earlier release up to date."""
    database.ensure(_SCHEMA)
    database.extend("memories", _ADDED)
    database.ensure(_FACTS)


def values(memory: Memory, expires: float) -> tuple[Any, ...]:
    """Return *memory* as the last values of `WRITE`."""
    columns = [getattr(memory, column) for column in _COLUMNS]
    columns[_COLUMNS.index("expires")] = expires
    columns[_ALSO] = json.dumps(memory.also) if memory.also else ""
    return tuple(columns)


def memory(row: Sequence[Any]) -> Memory:
    """Return the record that the columns `RECORD` are of; what many have in common is one string."""
    values = list(row)
    for column in _COMMON:
        values[column] = sys.intern(row[column])
    values[_ALSO] = tuple((turn, at) for turn, at in json.loads(row[_ALSO])) if row[_ALSO] else ()
    return Memory(*values)
