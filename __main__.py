"""Companion on AWS: configuration in, layers in order, outputs out."""

import pulumi
import pulumi_aws as aws
from pulumi.runtime import get_config_env

from components import configuration, surroundings
from components.alarms import Alarms
from components.encryption import Encryption
from components.function import Platform
from components.identity import Identity
from components.memory import Memory, MemoryArgs
from components.moderation import Moderation
from components.networking import Networking
from runtime import policy

config = configuration.read(get_config_env(), pulumi.get_stack())
name, region = config.names.prefix, config.names.region

provider = aws.Provider(
    f"{name}-aws",
    region=region,
    default_tags=aws.ProviderDefaultTagsArgs(tags={"Project": "companion", "Stack": pulumi.get_stack()}),
)
here, asked = pulumi.ResourceOptions(providers=[provider]), pulumi.InvokeOptions(provider=provider)
account = aws.get_caller_identity(opts=asked).account_id
network, code = surroundings.network(config, asked), surroundings.code(config.functions)

encryption = Encryption(name, ours=config.keeping.customer_keys, account=account, region=region, opts=here)
alarms = Alarms(name, email=config.watch.alarm_email, account=account, key=encryption.key, opts=here)
platform = Platform(
    prefix=name,
    account=account,
    region=region,
    code=code,
    settings=config.functions,
    key=encryption.key,
)
networking = Networking(name, network, opts=here)
page_url, page_is_at = surroundings.known_later()
identity = Identity(
    name, platform, config.sign_in, page_url=page_url, protected=config.keeping.deletion_protection, opts=here
)
memory = Memory(
    name,
    platform,
    MemoryArgs(
        keeping=config.keeping,
        search=config.search,
        placement=networking.placement if config.search.search_in_vpc else None,
        pseudonym_key=surroundings.random_key(asked),
    ),
    opts=here,
)
moderation = Moderation(name, platform, policy.load(), alarms=alarms, opts=here)
page_is_at(pulumi.Output.from_input("http://localhost:8080/"))

pulumi.export("prefix", name)
pulumi.export("guardrailId", moderation.guardrail_id)
pulumi.export("guardrailVersion", moderation.guardrail_version)
pulumi.export("issuer", identity.issuer)
pulumi.export("memoryTable", memory.memory_table)
