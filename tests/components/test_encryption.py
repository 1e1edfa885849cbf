"""Whose key encrypts: ours, by way of services that need it, or nobody's of ours."""

from __future__ import annotations

import json

from components.encryption import Encryption
from tests.components.cloud import ACCOUNT, REGION
from tests.components.engine import Engine

KEY = "aws:kms/key:Key"


def _encryption(*, ours: bool) -> Encryption:
    return Encryption("companion", ours=ours, account=ACCOUNT, region=REGION)


def test_a_key_of_ours_is_changed_every_year_and_kept_for_a_month_after_it_goes(engine: Engine) -> None:
    engine.run(lambda: _encryption(ours=True))

    key = engine.only(KEY).inputs
    assert (key["enableKeyRotation"], key["deletionWindowInDays"]) == (True, 30)


def test_logs_of_this_account_may_be_kept_with_it_and_its_alarms_told(engine: Engine) -> None:
    engine.run(lambda: _encryption(ours=True))

    _, logs, alarms = json.loads(engine.only(KEY).inputs["policy"])["Statement"]
    assert logs["Condition"] == {
        "ArnLike": {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:{REGION}:{ACCOUNT}:*"}
    }
    assert alarms["Condition"] == {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def test_without_one_there_is_none(engine: Engine) -> None:
    made = engine.run(lambda: _encryption(ours=False))

    assert made.key is None
    assert engine.created(KEY) == []
