"""moto: what it is used for here works."""

from functools import partial

import pytest
from aiobotocore.session import get_session

from tests.parts.moto import Moto

pytestmark = pytest.mark.real


@pytest.mark.parametrize("_", ["first", "again"])
async def test_what_a_test_made_is_gone_for_the_next(moto: Moto, _: str) -> None:
    async with get_session().create_client("s3", **moto.arguments) as s3:
        before = await s3.list_buckets()
        await s3.create_bucket(Bucket="made")
        after = await s3.list_buckets()

    assert [bucket["Name"] for bucket in before["Buckets"]] == []
    assert [bucket["Name"] for bucket in after["Buckets"]] == ["made"]


async def test_a_condition_that_fails_refuses_the_write(moto: Moto) -> None:
    async with get_session().create_client("dynamodb", **moto.arguments) as dynamodb:
        await dynamodb.create_table(
            TableName="turns",
            AttributeDefinitions=[{"AttributeName": "turn", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "turn", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        put = partial(dynamodb.put_item, TableName="turns", ConditionExpression="attribute_not_exists(turn)")
        await put(Item={"turn": {"S": "1"}})

        with pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
            await put(Item={"turn": {"S": "1"}})
