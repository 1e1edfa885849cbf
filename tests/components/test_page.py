"""The page in its bucket: everything of `web/`, as a laptop serves it, for CloudFront alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from components.page import KINDS, Page, files
from components.refusal import Misconfigured
from policies.laws import broken
from runtime.server import page as laptop
from tests.components import given
from tests.components.engine import Engine
from tests.components.typed import problems

OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2"
WEB = Path(__file__).parents[2] / "web"


def built(engine: Engine, web: Path) -> Engine:
    def build() -> None:
        page = Page("companion-page", given.platform(given.dev()), web=web)
        page.admit("arn:aws:cloudfront::123456789012:distribution/E2")
        page.tell({"socket": "/ws"})

    engine.run(build)
    return engine


@pytest.fixture
def made(engine: Engine, tmp_path: Path) -> Engine:
    (tmp_path / "views").mkdir()
    for path in ("index.html", "main.js", "views/talk.js"):
        (tmp_path / path).write_text(path)
    return built(engine, tmp_path)


def objects(engine: Engine) -> dict[str, dict[str, Any]]:
    return {one.inputs["key"]: one.inputs for one in engine.created(OBJECT)}


def readers(engine: Engine) -> list[dict[str, Any]]:
    policy = engine.only("aws:s3/bucketPolicy:BucketPolicy").inputs["policy"]
    said: list[dict[str, Any]] = json.loads(policy)["Statement"]
    return said


def test_every_input_is_one_that_the_sdk_declares(made: Engine) -> None:
    assert [said for one in made.registered for said in problems(one)] == []


def test_no_law_is_broken(made: Engine) -> None:
    assert [said for one in made.registered for said in broken(one.token, one.inputs)] == []


def test_all_of_the_page_is_found() -> None:
    assert set(files(WEB)) == {path.relative_to(WEB).as_posix() for path in WEB.rglob("*") if path.is_file()}


def test_files_are_of_the_kinds_that_a_laptop_says() -> None:
    assert {suffix: kind.partition(";")[0] for suffix, kind in KINDS.items()} == laptop._KINDS
    assert {suffix for suffix, kind in KINDS.items() if "charset" in kind} == {
        suffix for suffix, kind in laptop._KINDS.items() if kind.startswith("text/")
    }


def test_a_file_of_no_known_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "index.html").touch()
    (tmp_path / "notes.docx").touch()

    with pytest.raises(Misconfigured, match=r"got: +notes\.docx"):
        files(tmp_path)


def test_a_folder_without_a_first_file_is_no_page(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"got: +no index\.html"):
        files(tmp_path)


def test_each_file_is_uploaded_with_its_kind_and_asked_for_again_each_time(made: Engine) -> None:
    found = objects(made)

    assert set(found) == {"index.html", "main.js", "views/talk.js", "config.json"}
    assert found["views/talk.js"]["contentType"] == "text/javascript; charset=utf-8"
    assert {one["cacheControl"] for one in found.values()} == {"no-cache"}


def test_the_first_file_comes_when_what_it_names_is_there(made: Engine) -> None:
    first = made.named("companion-page-index.html").dependencies

    assert {"companion-page-main.js", "companion-page-views/talk.js"} <= first


def test_what_the_page_has_to_know_stands_beside_it(made: Engine) -> None:
    assert json.loads(objects(made)["config.json"]["content"]) == {"socket": "/ws"}


def test_this_distribution_alone_reads_the_bucket(made: Engine) -> None:
    reads, looks, _ = readers(made)

    arn = "arn:aws:cloudfront::123456789012:distribution/E2"
    assert (reads["Action"], looks["Action"]) == (["s3:GetObject"], ["s3:ListBucket"])
    assert reads["Principal"] == looks["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert reads["Condition"] == looks["Condition"] == {"StringEquals": {"AWS:SourceArn": arn}}


def test_the_bucket_refuses_what_comes_unencrypted(made: Engine) -> None:
    *_, refused = readers(made)

    assert (refused["Effect"], refused["Action"]) == ("Deny", ["s3:*"])
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_bucket_is_closed_encrypted_and_keeps_old_versions_for_a_while(made: Engine) -> None:
    closed = made.only("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock").inputs
    (old,) = made.only("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs["rules"]
    (encrypted,) = made.only(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"
    ).inputs["rules"]

    assert {value for key, value in closed.items() if key != "bucket"} == {True}
    assert encrypted["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "AES256"}
    assert old["noncurrentVersionExpiration"] == {"noncurrentDays": 30}


def test_a_bucket_of_an_account_is_named_after_it_since_names_are_the_worlds(made: Engine) -> None:
    assert made.only("aws:s3/bucket:Bucket").inputs["bucket"] == "companion-page-123456789012-us-east-1"
