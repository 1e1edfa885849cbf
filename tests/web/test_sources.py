"""Laws of the page's files that no browser would notice."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from pathlib import Path

import pytest

_WEB = Path(__file__).parents[2] / "web"
_FILES = sorted(path for path in _WEB.rglob("*") if path.is_file())
_SCRIPTS = [path for path in _FILES if path.suffix == ".js"]
_MARKUP_FROM_TEXT = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|srcdoc|\beval\(|Function\("
)
_INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)")


_NAMED = re.compile(r"""(?:^import .*?from|\b(?:src|href)=) ?"([\w./-]+)";?""", re.MULTILINE | re.DOTALL)


def _with_all_it_names(path: Path) -> set[Path]:
    """Return *path* and what a browser loads with it: styles, scripts, and their imports, but none at first use."""
    found: set[Path] = set()
    coming = [path]
    while coming:
        found.add(path := coming.pop())
        named = {(path.parent / name).resolve() for name in _NAMED.findall(path.read_text())}
        coming += named - found
    return found


def _packed(paths: Iterable[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes())) for path in paths)


def test_the_page_opens_with_less_than_60_kb_on_the_wire() -> None:
    opened = _with_all_it_names(_WEB / "index.html")

    assert _packed(opened) < 60_000
    assert _WEB / "views" / "inside.js" in opened


def test_what_talking_needs_comes_when_one_first_talks_and_is_under_27_kb() -> None:
    later = set(_FILES) - _with_all_it_names(_WEB / "index.html")

    assert {path.parent.name for path in later} == {"voice"}
    assert _packed(later) < 27_000


@pytest.mark.parametrize("path", _SCRIPTS, ids=lambda path: path.name)
def test_a_script_never_makes_markup_from_text(path: Path) -> None:
    assert _MARKUP_FROM_TEXT.findall(path.read_text()) == []


@pytest.mark.parametrize("path", _SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_at_its_top_what_it_is_for(path: Path) -> None:
    assert re.match(r"(// @ts-check\n/\*\*|// [A-Z])", path.read_text())


def test_the_document_has_nothing_inline_that_its_policy_would_refuse() -> None:
    assert _INLINE.findall((_WEB / "index.html").read_text()) == []


def test_only_the_theme_the_ids_of_open_turns_a_token_and_what_it_is_asked_with_are_stored_in_the_browser() -> None:
    stored = re.findall(r"[sS]torage\.setItem\((\S+?),", "".join(map(Path.read_text, _SCRIPTS)))

    assert sorted(stored) == ['"theme"', "OPEN", "PENDING", "TOKEN"]
