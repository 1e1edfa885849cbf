"""`python -m bridge`, as who calls it sees it: what it writes, what it says, and its exit code."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bridge.__main__ import main
from tests.bridge import given


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "export.json").write_bytes(given.export({"url": "https://x", "pin": given.decrypted("hush")}))
    return tmp_path


def run(here: Path, *options: str, export: str = "export.json") -> int:
    return main(["outputs", "--stack-export", str(here / export), "--to", str(here / "x.tfstate"), *options])


def test_writing_twice_is_writing_once(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(here, "--show-secrets") == 0
    once = (here / "x.tfstate").stat()

    assert run(here, "--show-secrets") == 0

    again = (here / "x.tfstate").stat()
    assert (again.st_ino, again.st_mtime_ns) == (once.st_ino, once.st_mtime_ns)
    assert [line.split(", ")[:3:2] for line in capsys.readouterr().out.splitlines()] == [
        [f"{here}/x.tfstate: written", "serial 1"],
        [f"{here}/x.tfstate: unchanged", "serial 1"],
    ]


def test_a_refusal_writes_nothing_and_says_one(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(here) == 1

    assert capsys.readouterr().err.startswith("got:     output 'pin'")
    assert [file.name for file in here.iterdir()] == ["export.json"]


def test_a_diff_shows_no_secret_writes_nothing_and_says_whether_there_is_one(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(here, "--show-secrets", "--diff") == 4
    assert capsys.readouterr().out == '+ pin = (sensitive)\n+ url = "https://x"\n'
    assert [file.name for file in here.iterdir()] == ["export.json"]

    run(here, "--show-secrets")
    assert run(here, "--show-secrets", "--diff") == 0


def test_a_damaged_state_is_not_written_over(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "x.tfstate").write_bytes(b'{"version": 4')

    assert run(here, "--show-secrets") == 1

    assert "x.tfstate, which is not JSON: it ends too early" in capsys.readouterr().err
    assert (here / "x.tfstate").read_bytes() == b'{"version": 4'


def test_an_export_that_is_not_there_is_said(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(here, export="none.json") == 1

    assert "No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options", [["--to", "s3://bucket"], ["--to", "gs://bucket/key"], ["--lock-timeout", "30"], ["--lock-timeout", ""]]
)
def test_a_wrong_command_line_says_what_is_right(
    here: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        run(here, *options)

    said = capsys.readouterr().err
    assert "a state is a file, or s3://bucket/key" in said or "30s or 1m30s" in said


@pytest.mark.parametrize("given_time", ["0s", "500ms", "30s", "1m30s", "1.5h"])
def test_a_duration_reads_as_terraforms(here: Path, given_time: str) -> None:
    assert run(here, "--show-secrets", "--lock-timeout", given_time) == 0


def test_the_pulumi_cli_is_asked_for_a_stack_where_it_is_there(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program = here / "pulumi"
    program.write_text(f'#!/bin/sh\nprintf %s "$*" >{here}/asked\ncat {here}/export.json\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{here}:{os.defpath}")

    assert main(["outputs", "--stack", "dev", "--to", str(here / "x.tfstate"), "--show-secrets"]) == 0

    assert (here / "asked").read_text() == "stack export --stack dev --show-secrets"
    assert "2 outputs" in capsys.readouterr().out


def test_without_the_pulumi_cli_it_is_said_how_to_do_without(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(here))

    assert main(["outputs", "--stack", "dev", "--to", str(here / "x.tfstate")]) == 1

    assert capsys.readouterr().err.startswith("got:     --stack dev, and no pulumi on PATH")


def test_what_the_pulumi_cli_says_is_passed_on(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "pulumi").write_text("#!/bin/sh\necho no stack named dev found >&2\nexit 255\n")
    (here / "pulumi").chmod(0o755)
    monkeypatch.setenv("PATH", f"{here}:{os.defpath}")

    assert main(["outputs", "--stack", "dev", "--to", str(here / "x.tfstate")]) == 1

    assert "pulumi: no stack named dev found" in capsys.readouterr().err
