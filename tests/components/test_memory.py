"""What is remembered: the tables of the contract, and the domain of the reference."""

from __future__ import annotations

import json

import pytest

from components.configuration import Configuration
from components.memory import Memory, MemoryArgs
from runtime.adapters.aws import tables as expected
from tests.components.engine import Engine, Inputs
from tests.components.given import KEY, PLACEMENT, dev, platform, prod, role

DOMAIN, FUNCTION = "aws:opensearch/domain:Domain", "aws:lambda/function:Function"


def _memory(config: Configuration, key: str | None = None) -> Memory:
    placement = PLACEMENT if config.search.search_in_vpc else None
    args = MemoryArgs(keeping=config.keeping, search=config.search, placement=placement, pseudonym_key="x" * 64)
    return Memory(config.names.prefix, platform(config, key), args)


def _table(engine: Engine, title: str, config: Configuration) -> Inputs:
    engine.run(lambda: _memory(config))
    return engine.named(f"{config.names.prefix}-{title}").inputs


def _statements(engine: Engine, name: str) -> list[Inputs]:
    found: list[Inputs] = json.loads(engine.named(name).inputs["policy"])["Statement"]
    return found


def test_the_table_of_recent_exchanges_is_the_references(engine: Engine) -> None:
    table = _table(engine, "memories", prod())

    assert (table["name"], table["billingMode"]) == ("companion_memory", "PAY_PER_REQUEST")
    assert (table["hashKey"], table["rangeKey"]) == ("user_id", "ts")
    assert table["attributes"] == [{"name": "user_id", "type": "S"}, {"name": "ts", "type": "N"}]
    assert table["ttl"] == {"attributeName": "expires_at", "enabled": True}
    assert table["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}


@pytest.mark.parametrize(
    ("title", "shape"),
    [
        ("memories", expected.MEMORY),
        ("turns", expected.TURNS),
        ("connections", expected.CONNECTIONS),
        ("erased", expected.ERASED),
    ],
)
def test_tables_are_what_the_adapters_ask_for(engine: Engine, title: str, shape: expected.Shape) -> None:
    table = _table(engine, title, dev())

    keys = [key for key in (shape.partition, shape.sort) if key]
    keys += [key for key in (shape.index.partition, shape.index.sort) if key] if shape.index else []
    assert {one["name"]: one["type"] for one in table["attributes"]} == {key.name: key.kind for key in keys}
    assert (table["hashKey"], table.get("rangeKey")) == (shape.partition.name, shape.sort and shape.sort.name)
    assert table.get("ttl", {}).get("attributeName") == shape.expiry
    assert _indexes(table) == ([_index(shape.index)] if shape.index else [])


def test_backups_are_kept_of_what_cannot_be_made_again_and_of_all_in_production(engine: Engine) -> None:
    engine.run(lambda: (_memory(dev()), _memory(prod())))

    backed = {one.name for one in engine.registered if "pointInTimeRecovery" in one.inputs}
    assert backed == {
        *("companion-dev-memories", "companion-dev-erased"),
        *("companion-memories", "companion-turns", "companion-erased"),
    }


def test_production_is_protected_and_development_can_be_destroyed(engine: Engine) -> None:
    engine.run(lambda: (_memory(dev()), _memory(prod())))

    protected = {one.name for one in engine.registered if one.protected}
    assert protected == {
        f"companion-{what}" for what in ("memories", "turns", "connections", "erased", "vectors", "pseudonyms")
    }


def test_the_domain_is_the_references(engine: Engine) -> None:
    engine.run(lambda: _memory(prod(), KEY))

    domain = engine.only(DOMAIN).inputs
    assert (domain["domainName"], domain["engineVersion"]) == ("companion-vectors", "OpenSearch_2.15")
    assert domain["clusterConfig"] == {
        "instanceType": "r7g.large.search",
        "instanceCount": 3,
        "zoneAwarenessEnabled": True,
        "zoneAwarenessConfig": {"availabilityZoneCount": 3},
    }
    assert domain["ebsOptions"] == {"ebsEnabled": True, "volumeType": "gp3", "volumeSize": 200}
    assert domain["domainEndpointOptions"] == {"enforceHttps": True, "tlsSecurityPolicy": "Policy-Min-TLS-1-2-2019-07"}
    assert domain["encryptAtRest"] == {"enabled": True, "kmsKeyId": KEY}
    assert domain["nodeToNodeEncryption"] == {"enabled": True}


def test_in_a_network_the_domain_is_asked_by_what_calls_alone(engine: Engine) -> None:
    engine.run(lambda: _memory(prod()))

    rule = engine.only("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs
    assert (rule["referencedSecurityGroupId"], rule["toPort"]) == ("sg-1", 443)
    assert engine.only(DOMAIN).inputs["vpcOptions"]["subnetIds"] == ["subnet-1", "subnet-2", "subnet-3"]
    assert engine.only(FUNCTION).inputs["vpcConfig"]["subnetIds"] == ["subnet-1", "subnet-2", "subnet-3"]


def test_a_development_domain_is_one_small_node_that_only_roles_get_into(engine: Engine) -> None:
    engine.run(lambda: _memory(dev()))

    domain = engine.only(DOMAIN).inputs
    assert domain["clusterConfig"] == {
        "instanceType": "t3.small.search",
        "instanceCount": 1,
        "zoneAwarenessEnabled": False,
    }
    assert domain["advancedSecurityOptions"]["enabled"]
    assert not domain["advancedSecurityOptions"]["internalUserDatabaseEnabled"]
    assert "vpcOptions" not in domain


def test_the_index_is_made_by_the_domains_master_who_is_told_whom_to_let_in(engine: Engine) -> None:
    engine.run(lambda: _memory(dev()))

    told = engine.only(FUNCTION).inputs["environment"]["variables"]
    master = engine.only(DOMAIN).inputs["advancedSecurityOptions"]["masterUserOptions"]["masterUserArn"]
    assert master.endswith(":role/companion-dev-index")
    assert told["SEARCH_READERS"].endswith(":role/companion-dev-worker")
    assert told["SEARCH_ENDPOINT"].startswith("https://search-companion-dev-vectors-")


def test_the_index_is_made_once_its_maker_may_and_kept_up_every_day(engine: Engine) -> None:
    engine.run(lambda: _memory(dev()))

    made = engine.named("companion-dev-index-made")
    assert made.dependencies >= {"companion-dev-index-role-search", "companion-dev-index-role-rule"}
    assert engine.named("companion-dev-daily").inputs["scheduleExpression"] == "rate(1 day)"


def test_a_domain_that_exists_is_used_and_none_is_made(engine: Engine) -> None:
    there = {"searchEndpoint": "https://search.example.org", "searchDomainArn": "arn:aws:es:us-east-1:1:domain/theirs"}

    endpoint = engine.value(lambda: _memory(dev(**there)).search_endpoint)

    assert endpoint == "https://search.example.org"
    assert engine.created(DOMAIN) == []
    assert _statements(engine, "companion-dev-index-role-search")[0]["Resource"] == [there["searchDomainArn"] + "/*"]


def test_who_sees_the_erased_adds_none_unless_they_erase(engine: Engine) -> None:
    def build() -> None:
        memory = _memory(dev())
        memory.grant_erased(role())
        memory.grant_erase(role("companion-background"))

    engine.run(build)

    assert "dynamodb:PutItem" not in _statements(engine, "companion-worker-role-erased")[0]["Action"]
    assert "dynamodb:PutItem" in _statements(engine, "companion-background-role-erases")[0]["Action"]


def test_who_goes_through_everybody_goes_through_the_rows_of_users_alone(engine: Engine) -> None:
    engine.run(lambda: _memory(dev()).grant_everybody(role("companion-background")))

    (scan,) = _statements(engine, "companion-background-role-everybody")
    assert scan["Action"] == ["dynamodb:Scan"]
    assert [arn.rpartition("/")[2] for arn in scan["Resource"]] == ["companion-dev-turns"]


def test_who_uses_a_table_under_our_key_uses_the_key_by_way_of_the_table_alone(engine: Engine) -> None:
    engine.run(lambda: _memory(prod(), KEY).grant_turns(role()))

    _, key = _statements(engine, "companion-worker-role-turns")
    assert key["Resource"] == [KEY]
    assert key["Condition"] == {"StringEquals": {"kms:ViaService": ["dynamodb.us-east-1.amazonaws.com"]}}


def test_the_key_of_pseudonyms_is_a_secret_that_never_changes(engine: Engine) -> None:
    engine.run(lambda: _memory(prod()))

    assert engine.named("companion-pseudonyms-key").secrets == {"secretString"}


def _indexes(table: Inputs) -> list[Inputs]:
    found: list[Inputs] = table.get("globalSecondaryIndexes", [])
    return found


def _index(index: expected.Index) -> Inputs:
    keys = [(index.partition, "HASH"), *([(index.sort, "RANGE")] if index.sort else [])]
    return {
        "name": index.name,
        "keySchemas": [{"attributeName": key.name, "keyType": kind} for key, kind in keys],
        "projectionType": "KEYS_ONLY",
    }
