"""The bench of facts says what is right, what is wrong and what was missed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import facts


def test_the_report_says_how_much_is_right_and_how_much_is_missed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = '[[dialogue]]\nsaid = ["I live in Graz. I like tea."]\nknown = ["I live in Graz.", "I am tall."]\n'
    (tmp_path / "told.toml").write_text(told)

    facts.main(["--dialogues", str(tmp_path / "told.toml"), "--errors"])

    report = json.loads(capsys.readouterr().out)
    assert (report["precision"], report["recall"], report["facts"]) == (0.5, 0.5, 2)
    assert (report["wrong"], report["missed"]) == ([[1, "I like tea."]], [[1, "I am tall."]])
