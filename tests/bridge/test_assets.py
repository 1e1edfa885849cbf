"""Assets and archives: taken only as they were deployed, and written nowhere but beside the configuration."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.bridge import given
from tests.bridge.stacks import OBJECT, converted, resource, said

ASSET, ARCHIVE = "c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"


def page(**asset: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    return resource("page", {"key": "index.html", "source": given.signed(asset.pop("kind", ASSET), **asset)}, OBJECT)


def test_an_asset_is_a_file_named_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>")
    name = f"files/{given.digest('<p>')}"

    found = converted(page(hash=given.digest("<p>"), path="index.html"), root=tmp_path)

    assert said(found, "aws_s3_object.page")["source"] == name
    assert found.twins[0].attributes["source"] == name
    assert found.files[name].data == b"<p>"


@pytest.mark.parametrize(
    ("asset", "why"),
    [
        ({"hash": given.digest("<p>"), "path": "index.html"}, "index.html is not what was deployed"),
        ({"hash": given.digest("<p>"), "text": "<b>"}, "its text is not what was deployed"),
        ({"hash": given.digest("<p>"), "uri": "https://x/"}, "the export does not hold it"),
        ({"hash": "../" * 21 + "x", "text": "<p>"}, "it has no hash"),
        ({"text": "<p>"}, "it has no hash"),
        ({"hash": given.digest("<p>"), "path": "a\0b"}, "is not there"),
        ({"kind": ARCHIVE, "hash": "a" * 64, "path": "gone"}, "gone is not there"),
        ({"kind": ARCHIVE, "hash": "a" * 64, "assets": {"a": "b"}}, "a in it is neither asset nor archive"),
    ],
)
def test_what_is_not_what_was_deployed_is_left_out(tmp_path: Path, asset: dict[str, Any], why: str) -> None:
    (tmp_path / "index.html").write_text("<p>changed")

    (left,) = converted(page(**asset), root=tmp_path).left

    assert why in left.why


def test_several_files_are_packed_alike_each_time_and_that_nobody_compared_is_told(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "b.py").write_text("b")
    assets = {"a.py": given.signed(ASSET, text="a"), "code": given.signed(ARCHIVE, path="code")}

    once, again = (converted(page(kind=ARCHIVE, hash="a" * 64, assets=assets), root=tmp_path).files for _ in range(2))

    (packed,) = once.values()
    assert once == again
    assert zipfile.ZipFile(BytesIO(packed.data)).namelist() == ["a.py", "code/b.py"]
    assert not packed.checked
